"""The variational autoencoder: an encoder, a decoder and a likelihood."""

from typing import cast

from torch import Tensor, nn

from core.config import ModelConfig
from core.model.likelihoods import LIKELIHOODS, Likelihood
from core.model.networks import build_networks
from core.model.posteriors import DiagonalGaussian


class VAE(nn.Module):
    """q(z|x) and p(x|z) for images of shape (H, W, C); the prior is N(0, I) (Kingma & Welling 2014)."""

    def __init__(self, config: ModelConfig, image_shape: tuple[int, int, int]) -> None:
        super().__init__()
        self.latent_dims = config.latent_dims
        self.image_shape = image_shape
        self.encoder, self.decoder = build_networks(config, image_shape)
        self.likelihood = LIKELIHOODS[config.likelihood]()

    def posterior(self, x: Tensor) -> DiagonalGaussian:
        """q(z|x) of pixels in [0, 1], (N, C, H, W)."""
        return DiagonalGaussian.of(self.encoder(x))

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """log p(x|z) in nats per image, (N,)."""
        return cast(Likelihood, self.likelihood).log_prob(self.decoder(z).float(), x)

    def mean_image(self, z: Tensor) -> Tensor:
        """E[x|z] in [0, 1], (N, C, H, W)."""
        return cast(Likelihood, self.likelihood).mean(self.decoder(z).float())
