"""Latent spaces whose decoders are formulas, so that lengths and shortest ways are known."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from core.latent.latent_space import LatentSpace
from core.latent.plane import first_two_dims
from core.model.tensor_model import TorchModel


class Formula(nn.Module):
    """Stands where a VAE does: z (M, d) ↦ pixels (M, H · W · C) by a formula."""

    conditional = "none"
    can_encode, has_standard_prior, is_differentiable = False, True, True

    def __init__(self, decode: Callable[[Tensor], Tensor], latent_dims: int, image_shape: tuple[int, int, int]) -> None:
        super().__init__()
        self._decode, self.latent_dims, self.image_shape = decode, latent_dims, image_shape

    def condition(self, *_: object) -> None:
        return None

    def mean_image(self, z: Tensor, _: None = None) -> Tensor:
        height, width, channels = self.image_shape
        return self._decode(z).reshape(len(z), channels, height, width)


def space_of(
    decode: Callable[[Tensor], Tensor], codes: np.ndarray, image_shape: tuple[int, int, int] = (1, 1, 3)
) -> LatentSpace:
    """A latent space of these codes (N, d)."""
    codes = np.asarray(codes, np.float32)
    dims = codes.shape[1]
    formula = Formula(decode, dims, image_shape)
    return LatentSpace(TorchModel(formula), codes, np.ones(dims, np.float32), first_two_dims(dims), 7, draws=False)


def sphere(z: Tensor) -> Tensor:
    """Colatitude and longitude ↦ a place on the unit sphere: three pixels."""
    across, along = z[:, 0], z[:, 1]
    return torch.stack((across.sin() * along.cos(), across.sin() * along.sin(), across.cos()), dim=1)


def polar(z: Tensor) -> Tensor:
    """Radius and angle ↦ a place in the plane: its shortest ways are straight there, bent in z."""
    return torch.stack((z[:, 0] * z[:, 1].cos(), z[:, 0] * z[:, 1].sin(), torch.zeros(len(z))), dim=1)


def linear(z: Tensor) -> Tensor:
    """As many pixels as z is long, three."""
    return z @ torch.tensor([[0.2, 0.1, 0.0], [0.0, 0.3, 0.1], [0.1, 0.0, 0.2]])[: z.shape[1]]


def cubed(z: Tensor) -> Tensor:
    """Slow near 0, fast away from it."""
    return torch.cat((z**3, z**3, z**3), dim=1)
