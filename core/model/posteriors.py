"""q(z|x): where an image may lie in latent space."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as nnf

from core.model.flows import Flow
from core.model.scale_limits import HIGHEST_LOG_VARIANCE, LOWEST_LOG_VARIANCE


class DiagonalGaussian(NamedTuple):
    """N(mean, diag(exp(log_variance))), both (N, latent_dims)."""

    mean: Tensor
    log_variance: Tensor

    @classmethod
    def of(cls, encoded: Tensor) -> "DiagonalGaussian":
        """Split an encoder's output (N, 2·latent_dims)."""
        mean, log_variance = encoded.chunk(2, dim=1)
        return cls(mean, _softly_within(log_variance, LOWEST_LOG_VARIANCE, HIGHEST_LOG_VARIANCE))

    @classmethod
    def standard(cls, like: Tensor) -> "DiagonalGaussian":
        """N(0, I) for each row of (N, latent_dims)."""
        return cls(torch.zeros_like(like), torch.zeros_like(like))

    def sample(self, noise: Tensor) -> Tensor:
        """z = μ + σ·ε for ε ~ N(0, I): the reparameterisation (Kingma & Welling 2014, eq. 10)."""
        return torch.addcmul(self.mean, torch.exp(0.5 * self.log_variance), noise)

    def log_prob(self, z: Tensor) -> Tensor:
        """Log-density in nats of latents (…, N, latent_dims), (…, N)."""
        distance = (z - self.mean).square() * torch.exp(-self.log_variance)
        return -0.5 * (distance + self.log_variance + math.log(2 * math.pi)).sum(-1)

    def kl(self, prior: "DiagonalGaussian | None" = None) -> Tensor:
        """KL to a prior in nats of each image and dimension, (N, latent_dims).

        None is N(0, I): ½(σ² + μ² − 1 − log σ²).
        """
        if prior is None:
            return 0.5 * (self.log_variance.exp() + self.mean.square() - 1.0 - self.log_variance)
        log_ratio = self.log_variance - prior.log_variance
        distance = (self.mean - prior.mean).square() * torch.exp(-prior.log_variance)
        return 0.5 * (log_ratio.exp() + distance - 1.0 - log_ratio)

    def detach(self) -> "DiagonalGaussian":
        """The same density, through which no gradient flows."""
        return DiagonalGaussian(self.mean.detach(), self.log_variance.detach())


@dataclass(frozen=True, eq=False)
class Posterior:
    """q(z|x) of N images: a diagonal Gaussian, and a flow that bends it where there is one.

    `context` (N, F) is what the encoder tells the flow of each image.
    """

    base: DiagonalGaussian
    flow: Flow | None = None
    context: Tensor | None = None

    @property
    def is_flow(self) -> bool:
        """Whether this is more than a diagonal Gaussian: then KL has no closed form."""
        return self.flow is not None

    @property
    def mean(self) -> Tensor:
        """The mean of the base Gaussian, (N, latent_dims): without a flow the code."""
        return self.base.mean

    @property
    def log_variance(self) -> Tensor:
        """That of the base Gaussian, (N, latent_dims)."""
        return self.base.log_variance

    @cached_property
    def code(self) -> Tensor:
        """Where the base's mean ends up, (N, latent_dims)."""
        return self._bent(self.base.mean)[0]

    def sample(self, noise: Tensor) -> tuple[Tensor, Tensor]:
        """Latents and log q(z|x) in nats of noise ε ~ N(0, I): (…, N, latent_dims) → the same and (…, N).

        The change of variables: log q(z) = log N(z₀) − Σ log |det| of the steps (Rezende & Mohamed 2015, eq. 7).
        """
        z, log_det = self._bent(self.base.sample(noise))
        log_base = -0.5 * (noise.square() + self.base.log_variance + math.log(2 * math.pi)).sum(-1)
        return z, log_base - log_det

    def _bent(self, z: Tensor) -> tuple[Tensor, Tensor]:
        if self.flow is None or self.context is None:
            return z, z.new_zeros(())
        return self.flow(z, self.context)  # type: ignore[no-any-return]


def _softly_within(value: Tensor, low: float, high: float) -> Tensor:
    """The value itself between two limits; beyond, it goes on as a logarithm, with a gradient that never ends."""
    below, above = nnf.relu(low - value), nnf.relu(value - high)
    return value + (below - torch.log1p(below)) - (above - torch.log1p(above))
