"""An imported decoder and encoder as a latent space asks for them: PyTorch's tensors go in and come out."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.autograd.function import once_differentiable

from core.errors import ConfigError, ModelError
from core.imported.networks import ImportedDecoder, ImportedEncoder
from core.imported.settings import ImportedSettings
from core.model.conditions import Given
from core.model.posteriors import DiagonalGaussian, Posterior

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


class ImportedModel:
    """A decoder, and an encoder where there is one, that were trained elsewhere. Any thread may use it.

    The class is a condition (N or 1, 1) of labels. Raises ModelError where a graph fails.
    """

    is_differentiable = False

    def __init__(self, settings: ImportedSettings, decoder: ImportedDecoder, encoder: ImportedEncoder | None) -> None:
        self.latent_dims, self.image_shape = settings.latent_dims, settings.image_shape
        self.conditional = "class" if settings.classes else "none"
        self.can_encode, self.has_standard_prior = encoder is not None, settings.prior == "normal"
        self._decoder, self._encoder = decoder, encoder

    def condition(self, x: Tensor, given: Given) -> Tensor | None:
        """The labels, (N, 1)."""
        if self.conditional == "none":
            return None
        labels = torch.zeros(len(x), dtype=torch.int64) if given.labels is None else given.labels
        return labels[:, None]

    def mean_image(self, z: Tensor, condition: Tensor | None = None) -> Tensor:
        """The picture, as its range has it; its gradient is found by differences."""
        labels = np.zeros(len(z), np.int64) if condition is None else condition.expand(len(z), 1)[:, 0].numpy()
        pictures: Tensor = _Decoded.apply(z, labels, self._decoder)
        return pictures

    def posterior(self, x: Tensor, given: Given) -> Posterior:
        """The code, with its variance where the encoder says one."""
        assert self._encoder is not None, "can_encode says so"
        pixels = x.permute(0, 2, 3, 1).mul(255.0).round_().to(torch.uint8).numpy()
        labels = np.zeros(len(x), np.int64) if given.labels is None else given.labels.numpy()
        with _in_a_sentence():
            means, log_variances = self._encoder.encode(pixels, labels)
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
    def forward(ctx: Any, z: Tensor, labels: NDArray[np.int64], decoder: ImportedDecoder) -> Tensor:
        ctx.save_for_backward(z)
        ctx.decode = lambda latents: _pictures(decoder, latents, labels)
        return _pictures(decoder, z, labels)

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


def _pictures(decoder: ImportedDecoder, z: Tensor, labels: NDArray[np.int64]) -> Tensor:
    with _in_a_sentence():
        return torch.from_numpy(decoder.picture(z.detach().numpy(), labels)).permute(0, 3, 1, 2)


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    """What a graph says of itself, though it was tried, is the end of one."""
    try:
        yield
    except ModelError as error:
        raise ModelError(f"The model cannot be run: {error}.") from error
