"""What a diagnosis looks at: the numbers of a run, in nats per image, gathered from its history."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.config import ModelConfig, RunConfig, TrainingConfig
from core.reports import HeldOutDone, StepDone, Terms

RISING_STEPS = 200  # the learning rate climbs to its height over these: before, nothing can be judged
UNTRAINED_STEPS = 10  # with a learning rate of a twentieth of its height at most
SETTLED_SHARE = 0.3  # of the training; and the warm-up must be over
LAST = 0.1  # this share of the reports says how training stands now
FLOOR = 0.001  # of a variance, so that none is divided by


@dataclass(frozen=True, eq=False)
class Symptoms:
    """One run's numbers; `images` are those learned from, `kl_per_dim` (d,) is averaged over images.

    With a flow `kl_per_dim` is that of the Gaussian under it, and says nothing of single dimensions of z.
    """

    config: RunConfig
    steps: Sequence[StepDone]
    held_out: Sequence[HeldOutDone]
    kl_per_dim: NDArray[np.float64]
    images: int

    @property
    def model(self) -> ModelConfig:
        """Its model."""
        return self.config.model

    @property
    def training(self) -> TrainingConfig:
        """How it learns."""
        return self.config.training

    @property
    def values(self) -> int:
        """Numbers in an image: H · W · C."""
        size, channels = self.config.images.image_size, self.config.images.channels
        return 0 if size == "auto" or channels == "auto" else size * size * channels

    @property
    def beta(self) -> float:
        """The weight of KL that the run ends with; importance weighting knows none, an autoencoder has no KL."""
        return {"elbo": self.training.beta, "iwae": 1.0, "autoencoder": 0.0}[self.training.objective]

    @property
    def has_kl(self) -> bool:
        """Whether the codes are held near a prior at all."""
        return self.training.objective != "autoencoder"

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
    def reconstruction(self) -> NDArray[np.float64]:
        """Of every report, averaged over its steps."""
        return np.array([report.mean.reconstruction for report in self.steps])

    @cached_property
    def objective(self) -> NDArray[np.float64]:
        """Of every report, weighed as at the end of the run, so that a warm-up does not look like learning."""
        return np.array([self.weighed(report.mean) for report in self.steps])

    @cached_property
    def kl(self) -> float:
        """As training stands now."""
        return float(np.mean([report.mean.kl for report in self.lately]))

    @property
    def lately(self) -> Sequence[StepDone]:
        """The last tenth of the reports."""
        return self.steps[-max(1, round(LAST * len(self.steps))) :]

    @property
    def untrained(self) -> float:
        """The highest reconstruction of the first steps: what a model that has learned nothing reaches.

        One batch would not do: batches of pictures of many kinds differ more than a model learns in a few steps.
        """
        first = [report for report in self.steps if report.step <= UNTRAINED_STEPS] or self.steps[:1]
        return max(report.high.reconstruction for report in first)

    def weighed(self, terms: Terms) -> float:
        """Reconstruction + β · KL at the β that the run ends with, nats per image."""
        return terms.reconstruction + self.beta * terms.kl

    @property
    def residual(self) -> float | None:
        """The mean squared error that a fixed σ leaves, from log p(x|z) = −Σ(x − x̂)²/2σ² − D·log(σ√2π); else None."""
        if self.model.likelihood != "gaussian" or not self.values:
            return None
        sigma, lately = self.model.sigma, float(np.mean([report.mean.reconstruction for report in self.lately]))
        squares = lately / self.values - math.log(sigma) - 0.5 * math.log(2 * math.pi)
        return max(2.0 * sigma**2 * squares, FLOOR**2)

    @property
    def pressure(self) -> float:
        """How many nats of reconstruction a nat of code must buy, against a σ that fits: β · σ² / mean squared error.

        A fixed σ above the error left weighs KL as a higher β does (Rybkin et al. 2021, §3.1).
        """
        residual = self.residual
        return self.beta if residual is None else self.beta * self.model.sigma**2 / residual
