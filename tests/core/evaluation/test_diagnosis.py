"""What a user would lose without a diagnosis: hours on a sick run, or trust in one that is well.

Every finding is produced on purpose by training, and none is made of runs that are well.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch.distributions import Normal, kl_divergence

from core.config import ImagesConfig, ModelConfig, RunConfig, changed
from core.evaluation.diagnosis import diagnose
from core.images.image_set import ImageSet
from core.latent.reports import MapMoved
from core.model.likelihoods import Bernoulli
from core.reports.evaluation import Finding
from core.reports.training import HeldOutDone, StepDone, TrainingStarted, Untrained
from core.training.time_share import TimeShare
from core.training.train import train
from tests.core.conftest import built

BITS = 1.0 / math.log(2.0)


@dataclass(frozen=True, eq=False)
class Trained:
    """A run's numbers, as its folder keeps them."""

    config: RunConfig
    steps: tuple[StepDone, ...]
    held_out: tuple[HeldOutDone, ...]
    kl_per_dim: np.ndarray
    images: int
    untrained: Untrained | None = None

    def found(self) -> dict[str, Finding]:
        """What is found, by name; whatever it changes can be filled into the form."""
        found = diagnose(self.config, self.steps, self.held_out, self.kl_per_dim, self.images, self.untrained)
        for finding in found:
            assert not finding.changes or changed(self.config, finding.changes) != self.config
        return {finding.name: finding for finding in found}


Teach = Callable[..., Trained]


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> ImageSet:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTSCAPE_HOME", str(tmp_path_factory.mktemp("faces")))
        return built("faces", ImagesConfig(image_size=16, channels=1))


@pytest.fixture(scope="module")
def usual(faces: ImageSet, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A run that is well."""
    return _trained(faces, {}, tmp_path_factory.mktemp("usual") / "run")


@pytest.fixture
def teach(faces: ImageSet, tmp_path: Path) -> Iterator[Teach]:
    def taught(image_set: ImageSet = faces, **asked: Any) -> Trained:
        return _trained(image_set, asked, tmp_path / "run")

    threads = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        yield taught
    torch.set_num_threads(threads)


def _trained(image_set: ImageSet, asked: dict[str, Any], run: Path) -> Trained:
    height, _, channels = image_set.shape
    model = {"latent_dims": 2, "network": "mlp", "width": 4}
    training: dict[str, Any] = {"epochs": 5, "batch_size": 64, "learning_rate": 0.005, "device": "cpu"}
    training |= {"precision": "float32"}
    for key, value in asked.items():
        (model if key in ModelConfig.model_fields else training)[key] = value
    images = {"image_size": height, "channels": channels}
    config = RunConfig.model_validate(
        {"source": image_set.source, "images": images, "model": model, "training": training}
    )
    reports = list(train(image_set, config, run))
    started = next(report for report in reports if isinstance(report, TrainingStarted))
    return Trained(
        started.config,
        tuple(report for report in reports if isinstance(report, StepDone)),
        tuple(report for report in reports if isinstance(report, HeldOutDone)),
        [report for report in reports if isinstance(report, MapMoved)][-1].latent_space.kl_per_dim,
        started.images,
        next(report for report in reports if isinstance(report, Untrained)),
    )


@pytest.mark.parametrize(
    "asked",
    [
        {"likelihood": "gaussian-learned", "latent_dims": 4},
        {"network": "linear", "latent_dims": 4},
        {"posterior": "iaf", "flows": 2, "likelihood": "continuous-bernoulli"},
        {"objective": "autoencoder", "latent_dims": 3},
    ],
    ids=lambda asked: " ".join(map(str, asked.values())),
)
def test_nothing_is_cried_on_a_run_that_is_well(teach: Teach, asked: dict[str, Any]) -> None:
    assert teach(**asked).found() == {}


def test_nothing_is_cried_on_the_usual_run(usual: Trained) -> None:
    assert usual.found() == {}


def test_a_collapsed_posterior_is_recognised(teach: Teach) -> None:
    found = teach(beta=50.0, epochs=4).found()
    assert set(found) == {"collapsed posterior"}
    assert found["collapsed posterior"].changes == {"training.beta": 1.0}


def test_a_sigma_too_large_is_recognised_as_the_beta_it_amounts_to(teach: Teach) -> None:
    run = teach(likelihood="gaussian", sigma=0.5)
    found = run.found()
    name = next(iter(found.keys() & {"collapsed posterior", "over-regularised blur"}))
    assert found[name].changes["model.likelihood"] == "gaussian-optimal"


@pytest.fixture
def thirty(tmp_path: Path) -> ImageSet:
    """Thirty images to learn from and ten held out, that have nothing in common."""
    random = np.random.default_rng(0)
    for number in range(40):
        coarse = Image.fromarray(random.integers(0, 256, (4, 4), np.uint8))
        (tmp_path / "clouds").mkdir(exist_ok=True)
        coarse.resize((16, 16), Image.Resampling.BICUBIC).save(tmp_path / "clouds" / f"{number}.png")
    return built(str(tmp_path / "clouds"), ImagesConfig(image_size=16, channels=1, held_out=0.25))


def test_overfitting_is_recognised(teach: Teach, thirty: ImageSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "core.training.train.TimeShare", lambda seconds, share, first=None: TimeShare(min(seconds, 0.1), 10 * share)
    )
    run = teach(thirty, epochs=150, batch_size=10, width=16, latent_dims=16, likelihood="gaussian-learned")
    assert "30 images learned from" in run.found()["overfitting"].sentence
    alone = replace(run, held_out=run.held_out[-1:]).found()["overfitting"]  # no curve: only how far apart both are
    assert "of what was learned holds for the first alone" in alone.sentence


@pytest.mark.parametrize("spread", [0.5, 3.0, 30.0])
def test_what_no_image_needs_is_how_far_all_codes_lie_from_the_prior(spread: float) -> None:
    """Mean KL less log N against KL(q(z) ‖ p(z)) of the mixture of all posteriors, by quadrature."""
    means = torch.linspace(-1.0, 1.0, 12).double() * spread
    posteriors, prior = Normal(means, 0.05), Normal(torch.zeros(()).double(), 1.0)
    z = torch.linspace(-spread - 2.0, spread + 2.0, 200_001).double()
    together = torch.logsumexp(posteriors.log_prob(z[:, None]), 1) - math.log(len(means))
    away = torch.trapezoid(together.exp() * (together - prior.log_prob(z)), z)
    excess = kl_divergence(posteriors, prior).mean() - math.log(len(means))
    assert excess <= away + 1e-6


@pytest.mark.parametrize(("factor", "said"), [(1 / 256, "mean over pixels"), (BITS, "bits"), (-1.0, "never below 0")])
def test_numbers_that_are_no_nats_per_image_are_recognised(
    teach: Teach, monkeypatch: pytest.MonkeyPatch, factor: float, said: str
) -> None:
    """The mistakes of many a tutorial, made in the likelihood itself: a mean over pixels, base 2, the wrong sign."""
    right = Bernoulli.log_prob

    def wrong(self: Any, output: torch.Tensor, x: torch.Tensor, *more: Any, **named: Any) -> torch.Tensor:
        return right(self, output, x, *more, **named) * factor

    monkeypatch.setattr(Bernoulli, "log_prob", wrong)
    found = teach(epochs=4).found()
    assert set(found) == {"objective not in nats"}  # nothing else can be said of such numbers
    assert said in " ".join(found["objective not in nats"].sentence.split())


def test_nothing_is_said_before_there_is_anything_to_see() -> None:
    assert diagnose(RunConfig(source="faces"), (), (), np.zeros(2), 10) == ()
