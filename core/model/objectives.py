"""What training makes small, in nats per image."""

from typing import NamedTuple

from torch import Tensor

from core.model.posteriors import DiagonalGaussian
from core.model.vae import VAE


class Objective(NamedTuple):
    """The terms of each image, (N,), and of each dimension: objective = reconstruction + β · KL."""

    objective: Tensor
    reconstruction: Tensor
    kl: Tensor
    kl_per_dim: Tensor
    posterior: DiagonalGaussian


def elbo(vae: VAE, x: Tensor, noise: Tensor, beta: float = 1.0) -> Objective:
    """E_q[−log p(x|z)] + β·KL(q(z|x) ‖ p(z)), one sample of z an image.

    Kingma & Welling 2014, eq. 7; β: Higgins et al. 2017.
    `x` are pixels in [0, 1], (N, C, H, W); `noise` is from N(0, I), (N, latent_dims).
    """
    posterior = vae.posterior(x)
    posterior = DiagonalGaussian(posterior.mean.float(), posterior.log_variance.float())
    reconstruction = -vae.log_likelihood(x, posterior.sample(noise))
    kl_each = posterior.kl()
    kl = kl_each.sum(1)
    return Objective(reconstruction + beta * kl, reconstruction, kl, kl_each.mean(0), posterior)
