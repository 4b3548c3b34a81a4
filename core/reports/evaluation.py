"""Figures of a run, what is wrong with it, and how it compares."""

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from core.reports.training import HeldOutDone, StepDone, Untrained

if TYPE_CHECKING:
    from core.config import RunConfig

FindingName = Literal[
    "objective not in nats",
    "learning rate too high",
    "exploding variance",
    "collapsed posterior",
    "over-regularised blur",
    "overfitting",
    "images unlike all others",
]


@dataclass(frozen=True)
class SamplesJudged:
    """Pictures that a model made up, judged without the encoder.

    Distances are to the nearest image learned from: the root mean squared difference of pixels in [0, 1], reduced to
    at most 1,024 values; the median over pictures. What a decoder makes is blurred, and so nearer to every image: the
    fair comparison is with held-out images reconstructed. By chance 1 % of samples are copies and 5 % are off.
    """

    samples: int
    distance: float  # of samples
    held_out_distance: float  # of held-out images
    reconstruction_distance: float  # of held-out images, reconstructed
    copies: float  # share nearer than 99 of 100 reconstructions
    off: float  # share farther than 95 of 100 reconstructions
    classes: tuple[str, ...]  # empty where there is one class, or none
    balance: tuple[float, ...]  # share of samples that a small classifier puts in each class
    learned_balance: tuple[float, ...]  # share of the images learned from
    classifier_accuracy: float | None  # on held-out images
    as_asked: float | None  # share of a class-conditional model's samples classified as the class asked for
    prior: str = ""  # what their z were drawn from: "normal", "mixture"; empty where somebody else drew them


@dataclass(frozen=True)
class Evaluated:
    """How good a model is on images, in nats per image; the end of `evaluate`.

    `objective` is what the run makes small: reconstruction + beta · KL, with free bits and capacity of these images'
    mean KL, and the bound of as many samples as were trained with for a run of iwae.
    `log_px` is estimated by importance sampling from q(z|x), `naive_log_px` from the prior; their standard errors are
    of the mean over these images, and hold how low the logarithm of a mean is expected to be. Effective samples are how
    many of an image's samples count, averaged over images.
    """

    images: int
    objective: float
    reconstruction: float
    kl: float
    kl_per_dim: tuple[float, ...]
    active_units: int  # dimensions whose codes vary by more than 0.01 (Burda et al. 2016)
    log_px: float
    log_px_se: float
    effective_samples: float
    naive_log_px: float
    naive_log_px_se: float
    naive_effective_samples: float
    importance_samples: int
    bits_per_dim: float | None  # of the 8-bit levels' probability; None for a Bernoulli, which is of no grey levels
    likelihood: str
    beta: float
    formula: str = ""  # of the objective, in words
    untold: str = ""  # a sentence about images whose class a class-conditional run does not know
    samples: SamplesJudged | None = None  # None when not asked for
    learned_from: int | None = 0  # of these images; None where the run's own can no longer be read to tell
    learned_gone: int = 0  # images that the run learned from and that have gone: only exact copies are counted
    others: "Evaluated | None" = None  # the same figures of those that were not learned from, where some were

    @property
    def too_few_count(self) -> bool:
        """Whether so few samples weigh anything that log p(x) is higher than estimated, by more than the error says."""
        return self.effective_samples < 3.0

    @property
    def naive_said(self) -> str:
        """How far the samples of the prior miss, in plain words.

        Importance sampling needs about exp(KL) samples (Chatterjee & Diaconis 2018), here KL(q(z|x) ‖ p(z)).
        """
        counted = f"{self.naive_effective_samples:.1f} of {self.importance_samples:,} samples of the prior count"
        low, magnitude = self.log_px - self.naive_log_px, round(self.kl / math.log(10.0))
        if self.kl < math.log(self.importance_samples):
            return f"{counted}: {abs(low):,.2f} nats {'below' if low >= 0.0 else 'above'} the estimate from q(z|x)."
        return (
            f"Hopeless: {counted}, nearly all decode to another picture, and the estimate is {low:,.0f} nats too low; "
            f"it would take about 10^{max(1, magnitude)} samples an image."
        )


@dataclass(frozen=True, eq=False)
class ImageNumbers:
    """The terms of each image by itself, float32 (N,) in nats, NaN where it has not been measured.

    As of the model at `step`; `measured` of the images have numbers, of `wanted` that will have.
    """

    objective: NDArray[np.float32]
    reconstruction: NDArray[np.float32]
    kl: NDArray[np.float32]
    step: int
    measured: int
    wanted: int


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a run: a sentence with its numbers, and what to do about it.

    `changes` are fields of RunConfig, as {"training.beta": 1.0}, that a form can be filled with; empty when no
    setting mends it.
    """

    name: FindingName
    sentence: str
    remedy: str
    changes: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Compared:
    """One run among several; `differs` are the fields of RunConfig, as "training.beta", that the others have otherwise.

    `kl_per_dim` are the nats of each latent dimension at the last checkpoint, `active_units` how many dimensions
    have codes that vary; `parameters` are the numbers in the model's file.
    """

    run: Path
    name: str
    config: "RunConfig"
    differs: dict[str, object]
    steps: tuple[StepDone, ...]
    held_out: tuple[HeldOutDone, ...]
    seconds: float
    finished: bool
    parameters: int
    kl_per_dim: tuple[float, ...]
    active_units: int
    untrained: Untrained | None = None

    @property
    def label(self) -> str:
        """What tells this run from the others, as "latent dims 8, beta 4"; its name when nothing does."""
        return ", ".join(self.settings) or self.name

    @property
    def settings(self) -> tuple[str, ...]:
        """What the others have otherwise, in words, as "latent dims 8"; of the model and its training first."""
        keys = sorted(self.differs, key=lambda key: not key.startswith(("model.", "training.")))
        return tuple(f"{key.rsplit('.', 1)[-1].replace('_', ' ')} {_short(self.differs[key])}" for key in keys)


def _short(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if value is None:
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
