"""Whether what is found on a run made bad on purpose is mended by the remedy that *Try it* fills in; prints the table.

Before and after have the same images, seed and steps, so that they take the same time; the two that stop a run early or
make its network narrower take less. What they come to on held-out images is compared as in the window.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.config import ImagesConfig, RunConfig, changed, preset
from core.evaluation.diagnosis import diagnose
from core.evaluation.remedy_trial import Outcome, said_of_trial
from core.images.image_set import ImageSet
from core.latent.reports import MapMoved
from core.reports.evaluation import Finding
from core.reports.training import HeldOutDone, StepDone, TrainingStarted, Untrained
from core.training.train import train
from tests.core.conftest import built

LEARNED = {"model.likelihood": "gaussian-learned"}
# finding, which images, and what makes the run bad
BAD: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("learning rate too high", "faces", {"training.learning_rate": 0.3}),
    ("exploding variance", "faces", {"training.beta": 0.0}),
    ("collapsed posterior", "faces", {"training.beta": 50.0}),
    ("over-regularised blur", "faces", {"training.beta": 8.0} | LEARNED),
    ("over-regularised blur", "faces", {"model.likelihood": "gaussian", "model.sigma": 1.0}),
    (
        "over-regularised blur",
        "faces",
        {"training.beta": 40.0, "training.capacity": 1.0} | LEARNED,
    ),
    ("overfitting", "clouds", {"model.latent_dims": 16} | LEARNED),
)
STEPS = 300


@pytest.fixture(scope="module")
def image_sets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ImageSet]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTSCAPE_HOME", str(tmp_path_factory.mktemp("home")))
        grey = ImagesConfig(image_size=16, channels=1)
        return {
            "faces": built("faces", grey),
            "clouds": built(str(_clouds(tmp_path_factory.mktemp("clouds"))), grey),
        }


def _clouds(folder: Path) -> Path:
    """A hundred pictures that have nothing in common."""
    random = np.random.default_rng(0)
    for number in range(100):
        coarse = Image.fromarray(random.integers(0, 256, (4, 4), np.uint8))
        coarse.resize((16, 16), Image.Resampling.BICUBIC).save(folder / f"{number}.png")
    return folder


@pytest.mark.parametrize(("name", "images", "bad"), BAD)
def test_what_is_found_is_mended_by_its_remedy(
    name: str, images: str, bad: dict[str, Any], image_sets: dict[str, ImageSet], tmp_path: Path
) -> None:
    image_set = image_sets[images]
    per_epoch = -(-int((~image_set.held_out).sum()) // 128)
    usual = changed(
        preset("quick", image_set.source),
        {"images.image_size": 16, "images.channels": 1, "model.latent_dims": 8, "training.device": "cpu"},
    )
    before, found = _trained(image_set, changed(usual, {"training.epochs": STEPS // per_epoch} | bad), tmp_path / "bad")
    finding = next(each for each in found if each.name == name)
    after, left = _trained(image_set, changed(before.config, finding.changes), tmp_path / "tried")
    said = said_of_trial(before, after)
    print(f"\n{name}: {said}\n  then found: {', '.join(each.name for each in left) or 'nothing'}")
    assert said.endswith(" better.")


def _trained(image_set: ImageSet, config: RunConfig, run: Path) -> tuple[Outcome, tuple[Finding, ...]]:
    reports = list(train(image_set, config, run))
    steps, held_out = (tuple(each for each in reports if isinstance(each, kind)) for kind in (StepDone, HeldOutDone))
    [started], [untrained] = (
        [each for each in reports if isinstance(each, kind)] for kind in (TrainingStarted, Untrained)
    )
    kl_per_dim = [each for each in reports if isinstance(each, MapMoved)][-1].latent_space.kl_per_dim
    found = diagnose(started.config, steps, held_out, kl_per_dim, started.images, untrained)
    return Outcome(started.config, held_out[-1]), found
