"""A model on PyTorch's tensors, trained here or elsewhere, and what a latent space asks of it by way of these."""

import copy
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.model.conditions import Given
from core.model.one_core import use_one_core
from core.model.posteriors import Posterior
from core.model.vae import VAE
from core.model.viewed_model import Described

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Labels = NDArray[np.int64]

DRAWS = 64  # of a posterior that has no variances of its own


class Prior(Protocol):
    """What latents are drawn from."""

    def sample(self, noise: Tensor) -> Tensor:
        """Latents (N, d) of noise ε ~ N(0, I)."""


class TensorModel(Described, Protocol):
    """z → picture, and picture → z where `can_encode`; the rest is what of it has no meaning for each model."""

    @property
    def is_differentiable(self) -> bool:
        """Whether PyTorch knows how a picture changes with z; else it is found by differences."""

    def condition(self, x: Tensor, given: Given) -> Tensor | None:
        """What the decoder gets beside z, for images (N, C, H, W) in [0, 1]."""

    def mean_image(self, z: Tensor, condition: Tensor | None = None) -> Tensor:
        """The picture at latents (N, d), in [0, 1], (N, C, H, W); a condition may be one row for all z."""

    def posterior(self, x: Tensor, given: Given) -> Posterior:
        """q(z|x) of images (N, C, H, W) in [0, 1]. Raises ConfigError where the model cannot encode."""

    def prior(self, x: Tensor, given: Given) -> Prior:
        """What latents are drawn from, for each image (N, C, H, W)."""


class TorchModel:
    """A model that learns no more, looked at by PyTorch on the CPU."""

    def __init__(self, network: TensorModel) -> None:
        self._network = network
        self.latent_dims, self.image_shape = network.latent_dims, network.image_shape
        self.conditional, self.has_standard_prior = network.conditional, network.has_standard_prior
        self.can_encode, self.was_trained_here = network.can_encode, isinstance(network, VAE)

    @torch.inference_mode()
    def decode(self, z: Floats, labels: Labels) -> Pixels:
        """The mean of p(x|z)."""
        condition = self._network.condition(blank(self.image_shape), Given(labels=torch.from_numpy(labels)))
        return to_pixels(self._network.mean_image(torch.from_numpy(z), condition))

    @torch.inference_mode()
    def encode(self, pixels: Pixels, labels: Labels) -> tuple[Floats, Floats]:
        """Codes, and the log-variances of the Gaussians that they come from."""
        posterior = self._posterior(pixels, labels)
        return posterior.code.numpy(), posterior.log_variance.numpy()

    @torch.inference_mode()
    def variances(self, pixels: Pixels, labels: Labels) -> Floats:
        """Of draws about the code."""
        posterior = self._posterior(pixels, labels)
        variances = posterior.log_variance.exp()
        if posterior.is_flow:
            noise = torch.randn((DRAWS, *posterior.code.shape), generator=torch.Generator().manual_seed(0))
            variances = (posterior.sample(noise)[0] - posterior.code).square().mean(0)
        found: Floats = variances.numpy()
        return found

    def tensors(self) -> TensorModel:
        """The network itself."""
        return self._network

    def stay_on_one_core(self) -> None:
        """PyTorch counts cores for each thread."""
        use_one_core()

    def _posterior(self, pixels: Pixels, labels: Labels) -> Posterior:
        return self._network.posterior(to_tensor(pixels), Given(labels=torch.from_numpy(labels)))


def frozen(vae: VAE) -> TorchModel:
    """A copy of a VAE as it is now, in float32."""
    return TorchModel(copy.deepcopy(vae).to("cpu", torch.float32).eval().requires_grad_(False))


def blank(image_shape: tuple[int, int, int]) -> Tensor:
    """One picture (1, C, H, W) of which nothing is seen."""
    height, width, channels = image_shape
    return torch.zeros((1, channels, height, width))


def to_tensor(pixels: Pixels) -> Tensor:
    """uint8 (N, H, W, C) → float32 (N, C, H, W) in [0, 1], channels last in memory: convolutions on a CPU like it."""
    return torch.from_numpy(np.require(pixels, requirements=("C", "W"))).permute(0, 3, 1, 2).float().div_(255.0)


def to_pixels(mean: Tensor) -> Pixels:
    """float32 (N, C, H, W) in [0, 1] → uint8 (N, H, W, C)."""
    pixels: Pixels = mean.mul(255.0).round_().to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()
    return pixels
