"""What a diagnosis looks at: the numbers of a run, in nats per image, gathered from its history."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.config import ModelConfig, RunConfig, TrainingConfig
from core.reports.training import HeldOutDone, StepDone, Untrained
from core.training.loss import Loss, final_loss

RISING_STEPS = 200  # the learning rate climbs to its height over these: before, nothing can be judged
SETTLED_SHARE = 0.3  # of the training; and the warm-up must be over
LAST = 0.1  # this share of the steps says how training stands now
FLOOR = 0.001  # of a variance, so that none is divided by

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Symptoms:
    """One run's numbers; `images` are those learned from, `kl_per_dim` (d,) is averaged over images.

    With a flow `kl_per_dim` is that of the Gaussian under it, and says nothing of single dimensions of z. Reports come
    by the clock, more of them from a slow machine: so whatever is averaged or counted here is steps.
    """

    config: RunConfig
    steps: Sequence[StepDone]
    held_out: Sequence[HeldOutDone]
    kl_per_dim: Numbers
    images: int
    before: Untrained | None = None  # None of a run of an older version

    @property
    def model(self) -> ModelConfig:
        """Its model."""
        return self.config.model

    @property
    def training(self) -> TrainingConfig:
        """How it learns."""
        return self.config.training

    @cached_property
    def loss(self) -> Loss:
        """What it makes small in the end."""
        return final_loss(self.training)

    @property
    def beta(self) -> float:
        """The weight of KL that the run ends with."""
        return self.loss.beta

    @property
    def values(self) -> int:
        """Numbers in an image: H · W · C."""
        size, channels = self.config.images.image_size, self.config.images.channels
        return 0 if size == "auto" or channels == "auto" else size * size * channels

    @property
    def has_kl(self) -> bool:
        """Whether the codes are held near a prior at all."""
        return self.loss.kind != "autoencoder"

    @property
    def speaks_of_dims(self) -> bool:
        """Whether `kl_per_dim` is that of z to N(0, I): no flow, no learned prior."""
        return self.has_kl and self.model.posterior == "diagonal" and self.model.conditional != "completion"

    @property
    def is_settled(self) -> bool:
        """Whether the run is far enough to be judged: past the warm-up and a third of its way."""
        last = self.steps[-1]
        left = 0.0 if last.seconds_left is None else last.seconds_left
        share = last.seconds / max(last.seconds + left, 1e-9)
        is_warm = last.epoch >= self.training.warm_up or share >= 1.0
        return last.step >= RISING_STEPS and share >= SETTLED_SHARE and is_warm

    @cached_property
    def covered(self) -> Numbers:
        """How many steps each report is of."""
        return np.diff([0.0, *(report.step for report in self.steps)])

    @cached_property
    def reconstruction(self) -> Numbers:
        """Of every report, averaged over its steps."""
        return np.array([report.mean.reconstruction for report in self.steps])

    @cached_property
    def lowest_reconstruction(self) -> Numbers:
        """Of every report, of its best step: one odd batch does not count where others are as they should be."""
        return np.array([report.low.reconstruction for report in self.steps])

    def longest(self, of_reports: NDArray[np.bool_]) -> int:
        """Most steps in a row whose reports are marked."""
        longest = now = 0
        for is_marked, steps in zip(of_reports, self.covered, strict=True):
            now = (now + int(steps)) * bool(is_marked)
            longest = max(longest, now)
        return longest

    @cached_property
    def objective(self) -> Numbers:
        """Of every report, weighed as at the end of the run, so that a warm-up does not look like learning."""
        return np.array([self._weighed(report) for report in self.steps])

    @cached_property
    def kl(self) -> float:
        """As training stands now."""
        return self.lately([report.mean.kl for report in self.steps])

    def lately(self, of_reports: Sequence[float] | Numbers) -> float:
        """The mean over the last tenth of the steps of what each report says."""
        ends = np.cumsum(self.covered)
        within = np.minimum(ends - (1.0 - LAST) * ends[-1], self.covered).clip(min=0.0)
        return float(np.average(of_reports, weights=within))

    @property
    def untrained(self) -> float:
        """The highest reconstruction of a batch before the first step: what a model that has learned nothing reaches.

        Of a run that did not measure it, that of the first report: what comes after may have been thrown out already.
        """
        return self.steps[0].high.reconstruction if self.before is None else self.before.high.reconstruction

    @property
    def start(self) -> float:
        """The objective that learning began at."""
        return float(self.objective[0]) if self.before is None else self.before.mean.objective

    @property
    def learned(self) -> float:
        """How far the objective has come down on the images learned from; 0 or less where nothing was learned."""
        return self.start - self.lately(self.objective)

    def _weighed(self, report: StepDone) -> float:
        """The objective as weighed at the end; what the terms say of it while the weights are still others."""
        terms, loss = report.mean, self.loss
        if loss.capacity is None and report.beta == loss.beta:
            return terms.objective
        free = loss.free_nats([terms.kl / self.model.latent_dims]) * self.model.latent_dims  # at least so much
        return loss.weighed(terms.reconstruction, terms.kl, free)

    @property
    def residual(self) -> float | None:
        """The mean squared error that a fixed σ leaves, from log p(x|z) = −Σ(x − x̂)²/2σ² − D·log(σ√2π); else None.

        Not of a model that completes: its nats are of hidden pixels alone, and how many those were is not told.
        """
        if self.model.likelihood != "gaussian" or self.model.conditional == "completion" or not self.values:
            return None
        sigma = self.model.sigma
        squares = self.lately(self.reconstruction) / self.values - math.log(sigma) - 0.5 * math.log(2 * math.pi)
        return max(2.0 * sigma**2 * squares, FLOOR**2)

    @property
    def pressure(self) -> float:
        """How many nats of reconstruction a nat of code must buy, against a σ that fits: β · σ² / mean squared error.

        A fixed σ above the error left weighs KL as a higher β does (Rybkin et al. 2021, §3.1).
        """
        residual = self.residual
        return self.beta if residual is None else self.beta * self.model.sigma**2 / residual
