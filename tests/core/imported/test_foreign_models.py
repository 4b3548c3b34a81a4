"""A model that was trained elsewhere and cannot be looked at, or is looked at wrongly, is of no use here."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from core.errors import ConfigError, ModelError
from core.imported.examination import examine
from core.imported.import_model import ImportPlan, import_model
from core.imported.trial import Tried
from core.latent.open_run import open_run, reopen
from core.latent.reports import MapMoved
from core.latent.saved_space import load_latent_space
from core.returned import returned
from tests.foreign_models import Foreign, export, sure

Runs = Callable[[str], Path]
NAMES = ("conv", "flat", "gan", "class", "pythae")


def pictures_of(name: str, network: torch.nn.Module, z: np.ndarray, label: int = 0) -> np.ndarray:
    """What PyTorch itself makes of latents (M, d), uint8 (M, H, W, C)."""
    shapes = {"conv": (4, 8, 8), "gan": (16, 1, 1)}
    rows = torch.from_numpy(z).reshape(len(z), *shapes.get(name, z.shape[1:]))
    with torch.inference_mode():
        match name:
            case "class":
                found = network(rows, torch.full((len(z),), label)).permute(0, 3, 1, 2)
            case "pythae":
                found = network(rows)["reconstruction"]
            case "flat":
                found = (network(rows).reshape(-1, 1, 16, 16) + 1) / 2
            case "gan":
                found = (network(rows) + 1) / 2
            case _:
                found = network(rows)
    return found.mul(255).round().byte().permute(0, 2, 3, 1).numpy()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_decoded_is_what_pytorch_decodes(name: str, foreign: dict[str, Foreign], opened_as_run: Runs) -> None:
    space = open_run(opened_as_run(name)).latent_space
    z = np.random.default_rng(3).standard_normal((19, space.latent_dims)).astype(np.float32)
    expected = pictures_of(name, foreign[name].network, z, space.label)
    assert expected.std() > 20  # pictures that say something
    found = space.decode(z)
    assert found.shape == expected.shape
    assert np.abs(found.astype(int) - expected).max() <= 1
    assert np.abs(space.decode(z[7:8]).astype(int) - expected[7:8]).max() <= 1


def test_what_the_graph_says_is_understood(tried: dict[str, Tried]) -> None:
    said = {name: each.settings for name, each in tried.items()}
    assert {name: each.range for name, each in said.items()} == {
        "conv": "0..1", "flat": "-1..1", "gan": "-1..1", "class": "0..1", "pythae": "0..1",
    }  # fmt: skip
    assert [said[name].latent_dims for name in NAMES] == [256, 6, 16, 3, 2]
    assert [said[name].image_shape for name in NAMES] == [
        (32, 32, 3), (16, 16, 1), (16, 16, 3), (16, 16, 3), (16, 16, 1),
    ]  # fmt: skip
    assert (said["flat"].decoder.batch, said["conv"].decoder.batch) == (3, 0)
    assert said["class"].decoder.told_as == "index"
    assert said["class"].encoder.told_as == "one-hot"
    assert said["class"].classes == 2
    assert said["gan"].encoder is None


def test_mean_and_variance_are_told_apart(tried: dict[str, Tried]) -> None:
    pythae, flat, told = (tried[name].settings.encoder for name in ("pythae", "flat", "class"))
    assert (pythae.output, pythae.spread, pythae.spread_as) == ("embedding", "log_covariance", "log-variance")
    assert flat.joined
    assert told.spread_as == "none"


def test_codes_are_those_that_pytorch_encodes(foreign: dict[str, Foreign], opened_as_run: Runs, folder: Path) -> None:
    opened = open_run(opened_as_run("pythae"))
    from core.images.decoding.decode import decode
    from core.images.decoding.target import Target

    pixels = np.stack([decode(folder / name, Target.of(opened.config.images, 16, 1)).pixels for name in opened.names])
    x = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
    with torch.inference_mode():
        found = foreign["pythae"].encoding(x)
    np.testing.assert_allclose(opened.latent_space.codes, found["embedding"].numpy(), atol=1e-4)
    codes, log_variances = opened.latent_space.encode(pixels)
    np.testing.assert_allclose(codes, opened.latent_space.codes, atol=1e-5)
    np.testing.assert_allclose(log_variances, found["log_covariance"].numpy(), atol=1e-4)
    mean, spread = found["embedding"].double(), found["log_covariance"].double()
    prior = torch.distributions.Normal(0.0, 1.0)
    kl = torch.distributions.kl_divergence(torch.distributions.Normal(mean, (spread / 2).exp()), prior).mean(0)
    np.testing.assert_allclose(opened.latent_space.kl_per_dim, kl.numpy(), rtol=1e-4)


def test_classes_are_called_as_those_of_the_images(foreign: dict[str, Foreign], opened_as_run: Runs) -> None:
    space = open_run(opened_as_run("class")).latent_space
    assert space.classes == ("blue", "red")
    z = np.ones((1, 3), np.float32)
    for label in (0, 1):
        expected = pictures_of("class", foreign["class"].network, z, label)
        assert np.abs(space.with_label(label).decode(z).astype(int) - expected).max() <= 1
    assert not np.array_equal(space.decode(z), space.with_label(1).decode(z))


def test_the_exporter_of_now_writes_what_can_be_opened(
    foreign: dict[str, Foreign],
) -> None:
    """The others are by the one of before, `dynamo=False`, for this one takes its time: its file is kept.

    It is `export_anew(path, sure(ClassDecoder()), [torch.zeros(2, 3), torch.zeros(2, dtype=torch.int64)])`, without
    the places of its code.
    """
    network, path = foreign["class"].network, Path(__file__).parent / "exported_anew.onnx"
    settings = returned(examine(path)).settings
    assert (settings.classes, settings.image_shape, settings.range) == (2, (16, 16, 3), "0..1")
    space = load_latent_space(returned(import_model(ImportPlan(path, None, settings))))
    z = np.random.default_rng(1).standard_normal((5, 3)).astype(np.float32)
    expected = pictures_of("class", network, z, 1)
    assert np.abs(space.with_label(1).decode(z).astype(int) - expected).max() <= 1


def test_pictures_need_not_be_square(tmp_path: Path) -> None:
    decoder = sure(torch.nn.Sequential(torch.nn.Linear(2, 24 * 40), torch.nn.Unflatten(1, (1, 24, 40))), gain=40.0)
    path = export(tmp_path / "wide.onnx", decoder, [torch.zeros(2, 2)])
    with pytest.raises(ModelError, match=r"choose its range"):  # nothing says it
        returned(examine(path))
    settings = returned(examine(path, wanted="0..255")).settings
    space = load_latent_space(returned(import_model(ImportPlan(path, None, settings))))
    assert space.image_shape == (24, 40, 1)
    z = np.ones((1, 2), np.float32)
    expected = decoder(torch.from_numpy(z)).detach().clamp(0, 255).round().numpy().reshape(24, 40, 1)
    np.testing.assert_allclose(space.decode(z)[0], expected, atol=1)


def test_images_that_are_others_now_are_encoded_anew(
    foreign: dict[str, Foreign], tried: dict[str, Tried], folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "pictures"
    shutil.copytree(folder, copy)
    model = foreign["pythae"]
    plan = ImportPlan(model.decoder, model.encoder, tried["pythae"].settings, str(copy))
    run = returned(import_model(plan))
    before = load_latent_space(run).codes
    (copy / "red" / "0.png").unlink()
    moved = [each for each in reopen(run) if isinstance(each, MapMoved)]
    assert len(moved) == 1
    assert len(moved[0].latent_space.codes) == len(open_run(run).names) == len(before) - 1
    assert not [each for each in reopen(run) if isinstance(each, MapMoved)]  # they are kept


def test_leaving_it_half_way_leaves_nothing_behind(
    foreign: dict[str, Foreign], tried: dict[str, Tried], folder: Path, home: Path
) -> None:
    model = foreign["pythae"]
    for reports in range(1, 30):
        work = import_model(ImportPlan(model.decoder, model.encoder, tried["pythae"].settings, str(folder)))
        if any(next(work, None) is None for _ in range(reports)):
            break
        work.close()
        assert not list((home / "runs").glob("*")) if (home / "runs").exists() else True
    assert reports > 2
    assert [each.name for each in (home / "runs").iterdir()] == ["pythae"]


def test_a_generator_shows_samples_and_places_nothing(opened_as_run: Runs) -> None:
    space = open_run(opened_as_run("gan")).latent_space
    assert space.codes.shape == (2000, 16)
    assert abs(float(space.codes.std()) - 1.0) < 0.02
    assert space.usual_prior == "normal"
    assert space.unjudged
    assert space.support.verdict(space.codes[0]) is None
    with pytest.raises(ConfigError, match="without an encoder"):
        space.encode(np.zeros((1, 16, 16, 3), np.uint8))
    with pytest.raises(ConfigError, match="trained elsewhere"):
        space.vae  # noqa: B018
