"""z → the picture there, by NumPy."""

import numpy as np
from numpy.typing import NDArray

from core.config import ModelConfig
from core.errors import RunError
from core.model.by_numpy.layers import silu
from core.model.by_numpy.means import read_mean
from core.model.by_numpy.networks import Encoder, read_decoder, read_encoder
from core.model.by_numpy.taps import Floats, Weights

Pixels = NDArray[np.uint8]
Labels = NDArray[np.int64]

AT_ONCE = 16  # latents in one pass: what lies between two layers stays in the processor's cache


class NumpyDecoder:
    """The decoder, likelihood and condition of a trained VAE of images (H, W, C), from the weights of a checkpoint.

    Sums are rounded in another order than PyTorch's: pixels may differ from its own by one level of 255. Any thread may
    use it. Raises RunError where the weights are of another model.
    """

    def __init__(
        self, config: ModelConfig, image_shape: tuple[int, int, int], weights: Weights, classes: int = 1
    ) -> None:
        self.latent_dims, self.image_shape = config.latent_dims, image_shape
        self._is_told_a_class, self._classes = config.conditional == "class", classes
        try:
            self._network = read_decoder(config, image_shape, weights, "decoder")
            self._mean = read_mean(config, weights)
            self._told = np.zeros((1, 0), np.float32)
            if config.conditional == "completion":
                self._told = self._features(read_encoder(config, weights, "conditions.network"))
            self.decode(np.zeros((1, config.latent_dims), np.float32))
        except (KeyError, ValueError) as error:
            raise RunError("The checkpoint is of another model than the run's configuration.") from error

    def decode(self, z: Floats, label: int | Labels = 0) -> Pixels:
        """The mean of p(x|z) for latents (M, d), as uint8 (M, H, W, C).

        `label` is the class of all, or the classes (M,), for a class-conditional model; a model of completion is shown
        nothing.
        """
        inputs = np.concatenate((np.asarray(z, np.float32), self.condition(len(z), label)), axis=1)
        parts = [self._decode(inputs[start : start + AT_ONCE]) for start in range(0, len(z), AT_ONCE)]
        return np.concatenate([np.zeros((0, *self.image_shape), np.uint8), *parts])

    def _decode(self, inputs: Floats) -> Pixels:
        with np.errstate(over="ignore", invalid="ignore"):  # far away a network overflows, by NumPy as by PyTorch
            levels = np.rint(self._mean(self._network(inputs)) * np.float32(255.0))
            pixels: Pixels = levels.astype(np.uint8)
        return pixels.reshape(len(inputs), *self.image_shape)

    def condition(self, count: int, label: int | Labels) -> Floats:
        """What the networks are told beside z, or beside a picture, (M, F)."""
        if self._is_told_a_class:
            labels = np.broadcast_to(label, count)
            return np.asarray(labels[:, None] == np.arange(self._classes), np.float32)
        return np.broadcast_to(self._told, (count, self._told.shape[1]))

    def _features(self, reader: Encoder) -> Floats:
        """What a model of completion makes of a picture of which nothing is visible, (1, F)."""
        height, width, channels = self.image_shape
        nothing = np.zeros((1, height, width, channels + 1), np.float32)
        return silu(reader(nothing, np.zeros((1, 0), np.float32))[:, 2 * self.latent_dims :])
