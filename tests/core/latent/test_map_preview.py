"""What is seen of a run before PyTorch is loaded is what is there once it is."""

from pathlib import Path

import numpy as np
import pytest

from core.config import RunConfig
from core.images.image_set import ImageSet
from core.latent.map_preview import see_map
from core.latent.open_run import open_run
from core.latent.reports import MapMoved
from core.latent.saved_space import load_latent_space
from core.latent.sheet import sheet_over
from core.places import bundled_run
from core.reports.training import StepDone
from core.training import moving_codes
from core.training.train import train


@pytest.mark.parametrize("network", ["linear", "mlp", "conv"])
@pytest.mark.parametrize("conditional", ["none", "class", "completion"])
@pytest.mark.parametrize("posterior", ["diagonal", "iaf"])
def test_a_run_is_seen_as_it_opens(
    image_set: ImageSet, config: RunConfig, network: str, conditional: str, posterior: str, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    kind = {"network": network, "conditional": conditional, "posterior": posterior}
    model = config.model.model_copy(update=kind)
    list(train(image_set, config.model_copy(update={"model": model}), run))
    _is_seen_as_it_opens(run)


def test_the_bundled_run_is_seen_as_it_opens() -> None:
    _is_seen_as_it_opens(bundled_run())


def test_a_sheet_stays_with_the_run_until_it_learns_on(
    image_set: ImageSet, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving_codes, "plane_to_drag_on", sheet_over)
    run = tmp_path / "run"
    reports = list(train(image_set, config, run))
    moved = next(each for each in reversed(reports) if isinstance(each, MapMoved)).latent_space
    opened = open_run(run).latent_space
    _is_seen_as_it_opens(run)
    assert [each.plane.kind for each in (moved, opened, load_latent_space(run))] == 3 * ["sheet"]
    points = np.random.default_rng(0).standard_normal((20, 2)).astype(np.float32)
    np.testing.assert_allclose(moved.plane.to_latent(points), opened.plane.to_latent(points), atol=1e-5)
    longer = config.model_copy(update={"training": config.training.model_copy(update={"epochs": 8})})
    learning = train(image_set, longer, run)
    next(each for each in learning if isinstance(each, StepDone))
    learning.close()  # which saves it as it is now
    _is_seen_as_it_opens(run)
    assert open_run(run).latent_space.plane.kind == "principal"


def test_nothing_is_seen_of_damaged_weights(image_set: ImageSet, config: RunConfig, tmp_path: Path) -> None:
    run = tmp_path / "run"
    list(train(image_set, config, run))
    (weights,) = run.glob("checkpoints/*/model.safetensors")
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert see_map(run) is None


def _is_seen_as_it_opens(run: Path) -> None:
    seen, opened = see_map(run), open_run(run).latent_space
    assert seen is not None
    for name in ("step", "latent_dims", "image_shape", "classes", "label", "unlearned", "draws", "fingerprint"):
        assert getattr(seen.space, name) == getattr(opened, name), name
    assert seen.space.plane.names == opened.plane.names
    points = np.random.default_rng(0).standard_normal((20, 2)).astype(np.float32)
    z = seen.space.plane.to_latent(points)
    np.testing.assert_allclose(z, opened.plane.to_latent(points), atol=1e-4)
    np.testing.assert_array_equal(seen.space.codes, opened.codes)
    pictures = opened.decode(z)
    differ = np.abs(seen.space.decode(z).astype(int) - pictures)
    assert differ.max() <= 1
    np.testing.assert_array_equal(seen.space.first_place, opened.first_place)
    if not seen.space.can_encode:  # a flow's posterior is known to PyTorch alone
        assert seen.space.unjudged
        return
    for ours, theirs in zip(seen.space.encode(pictures), opened.encode(pictures), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-3)
    places = np.concatenate((z, opened.sample(40, 0), 3.0 * opened.sample(40, 1)))
    assert (seen.space.support.verdicts(places) == opened.support.verdicts(places)).mean() > 0.97
