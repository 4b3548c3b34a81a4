"""z → picture and picture → z by NumPy: a run is looked at before PyTorch is loaded."""

from functools import cached_property
from typing import Never

import numpy as np
from numpy.typing import NDArray

from core.config import ModelConfig
from core.errors import ConfigError
from core.model.by_numpy.decoder import AT_ONCE, NumpyDecoder
from core.model.by_numpy.networks import Encoder, read_encoder
from core.model.by_numpy.taps import Floats, Weights
from core.model.scale_limits import HIGHEST_LOG_VARIANCE, LOWEST_LOG_VARIANCE

Pixels = NDArray[np.uint8]
Labels = NDArray[np.int64]

NOT_LOADED = "PyTorch is still being loaded."


class NumpyModel:
    """A trained VAE of images (H, W, C) from the weights of a checkpoint, looked at without PyTorch.

    Pixels may differ by one level of 255 from PyTorch's, and codes in their last digits. The posterior of a flow is not
    known here: such a model only decodes. Raises RunError where the decoder's weights are of another model.
    """

    was_trained_here = True

    def __init__(
        self, config: ModelConfig, image_shape: tuple[int, int, int], weights: Weights, classes: int = 1
    ) -> None:
        self.latent_dims, self.image_shape, self.conditional = config.latent_dims, image_shape, config.conditional
        self.has_standard_prior, self.can_encode = config.conditional != "completion", config.posterior == "diagonal"
        self._decoder = NumpyDecoder(config, image_shape, weights, classes)
        self._config, self._weights = config, weights

    def decode(self, z: Floats, labels: Labels) -> Pixels:
        """The mean of p(x|z)."""
        return self._decoder.decode(z, labels)

    def encode(self, pixels: Pixels, labels: Labels) -> tuple[Floats, Floats]:
        """Means and log-variances of q(z|x)."""
        starts = range(0, len(pixels), AT_ONCE)
        parts = [self._encode(pixels[start : start + AT_ONCE], labels[start : start + AT_ONCE]) for start in starts]
        found = np.concatenate([np.zeros((0, 2 * self.latent_dims), np.float32), *parts])
        means, log_variances = found[:, : self.latent_dims], found[:, self.latent_dims :]
        return means, _softly_within(log_variances, LOWEST_LOG_VARIANCE, HIGHEST_LOG_VARIANCE)

    def variances(self, pixels: Pixels, labels: Labels) -> Floats:
        """Those of q(z|x)."""
        return np.exp(self.encode(pixels, labels)[1])

    def tensors(self) -> Never:
        """There are none yet."""
        raise ConfigError(NOT_LOADED)

    def stay_on_one_core(self) -> None:
        """Its products are small enough to stay there."""

    @cached_property
    def _encoder(self) -> Encoder:
        """Made when first asked for: the first picture does not wait for it."""
        return read_encoder(self._config, self._weights, "encoder")

    def _encode(self, pixels: Pixels, labels: Labels) -> Floats:
        x = pixels.astype(np.float32) / np.float32(255.0)
        if self.conditional == "completion":  # with the mask of what is visible: nothing
            x = np.concatenate((x, np.zeros_like(x[..., :1])), axis=-1)
        return self._encoder(x, self._decoder.condition(len(x), labels))


def _softly_within(value: Floats, low: float, high: float) -> Floats:
    """The value itself between two limits; beyond, it goes on as a logarithm."""
    below, above = np.maximum(np.float32(low) - value, 0), np.maximum(value - np.float32(high), 0)
    return np.asarray(value + (below - np.log1p(below)) - (above - np.log1p(above)), np.float32)
