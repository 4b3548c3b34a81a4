"""An imported decoder and encoder as a latent space asks for them: arrays, and no PyTorch."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelError
from core.imported.networks import ImportedDecoder, ImportedEncoder
from core.imported.settings import ImportedSettings

if TYPE_CHECKING:
    from core.imported.tensors import ImportedTensors

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Labels = NDArray[np.int64]


class ImportedModel:
    """A decoder, and an encoder where there is one, that were trained elsewhere. Any thread may use it.

    Raises ModelError where a graph fails.
    """

    was_trained_here = False

    def __init__(self, settings: ImportedSettings, decoder: ImportedDecoder, encoder: ImportedEncoder | None) -> None:
        self.latent_dims, self.image_shape = settings.latent_dims, settings.image_shape
        self.conditional = "class" if settings.classes else "none"
        self.can_encode, self.has_standard_prior = encoder is not None, settings.prior == "normal"
        self._decoder, self._encoder = decoder, encoder

    def decode(self, z: Floats, labels: Labels) -> Pixels:
        """Pictures as the decoder's range has them."""
        with _in_a_sentence():
            return self._decoder.decode(z, labels)

    def picture(self, z: Floats, labels: Labels) -> Floats:
        """The same before they are rounded, in [0, 1]."""
        with _in_a_sentence():
            return self._decoder.picture(z, labels)

    def encode(self, pixels: Pixels, labels: Labels) -> tuple[Floats, Floats]:
        """Codes and log-variances; the least there is where the encoder says none."""
        assert self._encoder is not None, "can_encode says so"
        with _in_a_sentence():
            return self._encoder.encode(pixels, labels)

    def variances(self, pixels: Pixels, labels: Labels) -> Floats:
        """As the encoder says them."""
        return np.exp(self.encode(pixels, labels)[1])

    def tensors(self) -> "ImportedTensors":
        """The same on PyTorch's tensors."""
        from core.imported.tensors import ImportedTensors  # PyTorch, which nothing else here needs

        return ImportedTensors(self)

    def stay_on_one_core(self) -> None:
        """ONNX Runtime does: it was opened so."""


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    """What a graph says of itself, though it was tried, is the end of one."""
    try:
        yield
    except ModelError as error:
        raise ModelError(f"The model cannot be run: {error}.") from error
