"""No choice crashes another: random configurations are trained, saved, opened, used in every way and resumed."""

import csv
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core.config import RunConfig
from core.errors import ImagesError
from core.evaluation.figures import Chosen, evaluate
from core.export.code_table import write_codes
from core.images.image_set import ImageSet
from core.latent.latent_space import LatentSpace
from core.latent.open_run import open_run
from core.latent.reports import MapMoved
from core.latent.saved_space import load_latent_space
from core.reports.evaluation import Evaluated
from core.reports.training import HeldOutDone, StepDone, TrainingDone
from core.training.train import train
from core.verdicts import VERDICTS
from tests.core.conftest import built
from tests.core.training.test_train import changed, stop_after, weights

CHOICES = st.fixed_dictionaries(
    {
        "model": st.fixed_dictionaries(
            {
                "network": st.sampled_from(["linear", "mlp", "conv"]),
                "latent_dims": st.integers(1, 5),
                "width": st.just(4),
                "likelihood": st.sampled_from(
                    [
                        "bernoulli",
                        "continuous-bernoulli",
                        "gaussian",
                        "gaussian-learned",
                        "gaussian-optimal",
                        "discretised-logistic",
                    ]
                ),
                "sigma": st.sampled_from([0.05, 0.1, 1.0]),
                "posterior": st.sampled_from(["diagonal", "planar", "iaf"]),
                "flows": st.integers(1, 3),
                "conditional": st.sampled_from(["none", "class", "completion"]),
            }
        ),
        "training": st.fixed_dictionaries(
            {
                "objective": st.sampled_from(["elbo", "iwae", "autoencoder"]),
                "samples": st.integers(1, 3),
                "beta": st.sampled_from([0.0, 1.0, 4.0]),
                "free_bits": st.sampled_from([0.0, 0.5]),
                "capacity": st.sampled_from([None, 5.0]),
                "warm_up": st.sampled_from([0.0, 0.5, 3.0]),
                "warm_up_cycles": st.integers(1, 3),
                "precision": st.sampled_from(["float32", "bf16"]),
            }
        ),
    }
)


@pytest.fixture(autouse=True)
def every_step_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.training.meter.SOONEST", 0.0)
    monkeypatch.setattr("core.training.meter.SLOWING", 0.0)


@settings(
    max_examples=18,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(choices=CHOICES)
@pytest.mark.long
def test_no_choice_crashes_another(image_set: ImageSet, choices: dict[str, dict[str, object]]) -> None:
    fixed = {"epochs": 1, "batch_size": 6, "device": "cpu"}  # 18 images: three steps
    content = {
        "source": image_set.source,
        "images": {"image_size": 16, "held_out": 0.25, "channels": 3},
        "model": choices["model"],
        "training": {**choices["training"], **fixed},
    }
    try:
        config = RunConfig.model_validate(content)
    except ValidationError:
        return  # refused with a sentence
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        reports = list(train(image_set, config, run))
        check_terms(reports, steps=3)
        moved = [report.latent_space for report in reports if isinstance(report, MapMoved)]
        for space in (moved[-1], open_run(run).latent_space):
            check_judging(space, image_set, config)
        check_viewing(load_latent_space(run), image_set, run)
        check_evaluating(load_latent_space(run), image_set, open_run(run).config)
        check_terms(list(train(image_set, changed(config, epochs=2), run)), steps=3)


def check_terms(reports: list[object], steps: int) -> None:
    done = [report for report in reports if isinstance(report, StepDone)]
    tested = [report for report in reports if isinstance(report, HeldOutDone)]
    terms = [part for report in done for part in (report.mean, report.low, report.high)]
    assert len(done) == steps
    assert np.isfinite([list(asdict(each).values()) for each in (*terms, *(each.terms for each in tested))]).all()
    assert isinstance(reports[-1], TrainingDone)
    assert tested[-1].terms == reports[-1].held_out


def check_viewing(space: LatentSpace, image_set: ImageSet, run: Path) -> None:
    labels = image_set.labels if space.conditional == "class" else None
    codes, log_variances = space.encode(image_set.pixels, labels)
    assert np.isfinite(log_variances).all()
    np.testing.assert_allclose(space.codes, codes, rtol=1e-4, atol=1e-4)
    for prior in ("normal", "mixture"):
        z = space.sample(5, 0, prior)
        assert z.shape == (5, space.latent_dims)
        assert space.with_label(len(space.classes) - 1).decode(z).shape == (5, 16, 16, 3)
    if space.conditional == "completion":
        visible = np.arange(16) < 8
        mask = np.broadcast_to(visible, (16, 16))
        drawn = space.complete(image_set.pixels[0], mask, 3, seed=0)
        assert (drawn[:, mask] == image_set.pixels[0][mask]).all()
    list(write_codes(run / "codes.csv", space, image_set))
    with (run / "codes.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert np.isfinite([float(row["reconstruction_error"]) for row in rows]).all()


def check_judging(space: LatentSpace, image_set: ImageSet, config: RunConfig) -> None:
    """What a verdict comes from is the same while a run learns and when it is opened."""
    is_told = config.model.conditional == "class"
    assert (None if space.labels is None else space.labels.tolist()) == (image_set.labels.tolist() if is_told else None)
    is_noisy = config.training.objective != "autoencoder"
    wide = space.scatter(space.codes[:5])
    assert np.isfinite(wide).all()
    assert ((wide > 0) == is_noisy).all()
    assert (space.support.verdicts(space.codes) < len(VERDICTS)).all()


def check_evaluating(space: LatentSpace, image_set: ImageSet, config: RunConfig) -> None:
    chosen = Chosen(image_set.pixels, image_set.labels, np.flatnonzero(image_set.held_out))
    evaluated = list(evaluate(space.vae, chosen, config, importance_samples=3))[-1]
    assert isinstance(evaluated, Evaluated)
    numbers = [value for value in asdict(evaluated).values() if isinstance(value, float)]
    assert np.isfinite(numbers).all(), evaluated


RESUMED = {
    "flow-and-iwae": ({"posterior": "iaf", "flows": 2}, {"objective": "iwae", "samples": 3}),
    "planar": ({"posterior": "planar"}, {"samples": 2, "free_bits": 0.2}),
    "class": ({"conditional": "class"}, {"capacity": 4.0}),
    "completion": ({"conditional": "completion", "likelihood": "gaussian-optimal"}, {"warm_up_cycles": 3}),
}


@pytest.mark.parametrize("choice", RESUMED)
def test_resuming_is_bit_exact_whatever_was_chosen(
    image_set: ImageSet, config: RunConfig, choice: str, tmp_path: Path
) -> None:
    config = chosen(config, *RESUMED[choice])
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    list(train(image_set, config, whole))
    for steps in (3, 7, 10):  # in the middle of epochs, and across their ends
        stop_after(image_set, config, broken, steps)
    resumed = list(train(image_set, config, broken))
    assert resumed[0].step == 10
    expected, found = weights(whole), weights(broken)
    assert expected.keys() == found.keys()
    for name, value in expected.items():
        assert torch.equal(found[name], value), name


@pytest.mark.parametrize("choice", RESUMED)
def test_looking_at_held_out_images_changes_nothing_of_what_is_learned(
    image_set: ImageSet, config: RunConfig, choice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = chosen(config, *RESUMED[choice])
    list(train(image_set, config, tmp_path / "unwatched"))
    monkeypatch.setattr("core.training.train.TimeShare.is_due", lambda _: True)
    list(train(image_set, config, tmp_path / "watched"))
    for name, value in weights(tmp_path / "unwatched").items():
        assert torch.equal(weights(tmp_path / "watched")[name], value), name


def test_a_class_run_goes_on_by_the_names_of_its_classes(folder: Path, config: RunConfig, tmp_path: Path) -> None:
    pictures = shutil.copytree(folder, tmp_path / "pictures")
    config = chosen(config.model_copy(update={"source": str(pictures)}), {"conditional": "class"}, {})
    run = tmp_path / "run"
    list(train(built(str(pictures), config.images), config, run))
    (pictures / "red").rename(pictures / "also_red")  # the run knows no such class
    with pytest.raises(ImagesError, match=r"learned no class also_red.*blue, red"):
        list(train(built(str(pictures), config.images), changed(config, epochs=5), run))
    (pictures / "also_red").rename(pictures / "red")
    shutil.rmtree(pictures / "blue")  # all that is left is of the run's second class, the set's first
    image_set = built(str(pictures), config.images)
    list(train(image_set, changed(config, epochs=5), run))
    space = load_latent_space(run)
    assert space.classes == ("blue", "red")
    codes, _ = space.encode(image_set.pixels, np.ones(len(image_set), np.int64))
    np.testing.assert_allclose(space.codes, codes, atol=1e-5)


def chosen(config: RunConfig, model: dict[str, object], training: dict[str, object]) -> RunConfig:
    groups = {
        "model": config.model.model_copy(update=model),
        "training": config.training.model_copy(update=training),
    }
    return config.model_copy(update=groups)
