"""Which of some images a run has learned from: told by their pixels, wherever their files lie now."""

import hashlib

import numpy as np
from numpy.typing import NDArray

from core.images.image_set import ImageSet

_DIGEST = 16  # bytes: of a million images two different ones share none


def learned_before(images: ImageSet, learned: ImageSet) -> NDArray[np.bool_]:
    """Whether each image (N,) is, pixel for pixel, one that `learned` does not hold out.

    Both must be read in the same way: size, channels, fit. Copies that were encoded anew are not recognised.
    """
    known = {_digest(learned.pixels[row]) for row in np.flatnonzero(~learned.held_out).tolist()}
    return np.fromiter((_digest(pixels) in known for pixels in images.pixels), np.bool_, len(images))


def _digest(pixels: NDArray[np.uint8]) -> bytes:
    return hashlib.blake2b(np.ascontiguousarray(pixels).data, digest_size=_DIGEST).digest()
