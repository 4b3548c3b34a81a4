"""q(z|x): where an image may lie in latent space."""

from typing import NamedTuple

import torch
from torch import Tensor

LOWEST_LOG_VARIANCE, HIGHEST_LOG_VARIANCE = -20.0, 10.0  # σ from 4.5e-5 to 148: past this exp() endangers float32


class DiagonalGaussian(NamedTuple):
    """N(mean, diag(exp(log_variance))), both (N, latent_dims)."""

    mean: Tensor
    log_variance: Tensor

    @classmethod
    def of(cls, encoded: Tensor) -> "DiagonalGaussian":
        """Split an encoder's output (N, 2·latent_dims)."""
        mean, log_variance = encoded.chunk(2, dim=1)
        return cls(mean, log_variance.clamp(LOWEST_LOG_VARIANCE, HIGHEST_LOG_VARIANCE))

    def sample(self, noise: Tensor) -> Tensor:
        """z = μ + σ·ε for ε ~ N(0, I): the reparameterisation (Kingma & Welling 2014, eq. 10)."""
        return torch.addcmul(self.mean, torch.exp(0.5 * self.log_variance), noise)

    def kl(self) -> Tensor:
        """KL to N(0, I) in nats of each image and dimension, (N, latent_dims): ½(σ² + μ² − 1 − log σ²)."""
        return 0.5 * (self.log_variance.exp() + self.mean.square() - 1.0 - self.log_variance)
