"""An imported decoder and encoder on PyTorch's tensors: for what needs to know how a picture changes with z."""

import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.autograd.function import once_differentiable

from core.errors import ConfigError
from core.imported.model import ImportedModel
from core.model.conditions import Given
from core.model.posteriors import DiagonalGaussian, Posterior
from core.model.tensor_model import to_pixels

STEP = 0.01  # in z: of differences, whose error is of its square
MOST_DIFFERENCES = 64  # latent dimensions in which the gradient is worth its time
NO_GRADIENT = (
    "The shortest way in pictures needs to know how they change with z, which an imported model does not say: it is "
    f"found by differences, in at most {MOST_DIFFERENCES} latent dimensions."
)


class Uniform:
    """Evenly between −1 and 1 in each dimension."""

    def sample(self, noise: Tensor) -> Tensor:
        """Noise ε ~ N(0, I) through its own distribution function: each row stays the row that it was."""
        return torch.erf(noise / math.sqrt(2.0))


class ImportedTensors:
    """A decoder, and an encoder where there is one, that were trained elsewhere. Any thread may use it.

    The class is a condition (N or 1, 1) of labels. Raises ModelError where a graph fails.
    """

    is_differentiable = False

    def __init__(self, model: ImportedModel) -> None:
        self.latent_dims, self.image_shape, self.conditional = model.latent_dims, model.image_shape, model.conditional
        self.can_encode, self.has_standard_prior = model.can_encode, model.has_standard_prior
        self._model = model

    def condition(self, x: Tensor, given: Given) -> Tensor | None:
        """The labels, (N, 1)."""
        if self.conditional == "none":
            return None
        labels = torch.zeros(len(x), dtype=torch.int64) if given.labels is None else given.labels
        return labels[:, None]

    def mean_image(self, z: Tensor, condition: Tensor | None = None) -> Tensor:
        """The picture, as its range has it; its gradient is found by differences."""
        labels = np.zeros(len(z), np.int64) if condition is None else condition.expand(len(z), 1)[:, 0].numpy()
        pictures: Tensor = _Decoded.apply(z, labels, self._model)
        return pictures

    def posterior(self, x: Tensor, given: Given) -> Posterior:
        """The code, with its variance where the encoder says one."""
        labels = np.zeros(len(x), np.int64) if given.labels is None else given.labels.numpy()
        means, log_variances = self._model.encode(to_pixels(x), labels)
        return Posterior(DiagonalGaussian(torch.from_numpy(means), torch.from_numpy(log_variances)))

    def prior(self, x: Tensor, given: Given) -> DiagonalGaussian | Uniform:
        """N(0, I), or evenly in −1..1."""
        del given
        return (
            DiagonalGaussian.standard(x.new_zeros(len(x), self.latent_dims)) if self.has_standard_prior else Uniform()
        )


class _Decoded(torch.autograd.Function):
    """z → pictures (N, C, H, W), with a gradient by central differences in each latent dimension."""

    @staticmethod
    def forward(ctx: Any, z: Tensor, labels: NDArray[np.int64], model: ImportedModel) -> Tensor:
        ctx.save_for_backward(z)
        ctx.decode = lambda latents: _pictures(model, latents, labels)
        return _pictures(model, z, labels)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, None, None]:
        (z,) = ctx.saved_tensors
        if z.shape[1] > MOST_DIFFERENCES:
            raise ConfigError(NO_GRADIENT)
        found = torch.empty_like(z)
        for dimension in range(z.shape[1]):
            step = torch.zeros_like(z)
            step[:, dimension] = STEP
            change = (ctx.decode(z + step) - ctx.decode(z - step)) / (2.0 * STEP)
            found[:, dimension] = (change * slope).flatten(1).sum(1)
        return found, None, None


def _pictures(model: ImportedModel, z: Tensor, labels: NDArray[np.int64]) -> Tensor:
    return torch.from_numpy(model.picture(z.detach().numpy(), labels)).permute(0, 3, 1, 2)
