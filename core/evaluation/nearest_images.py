"""How far pictures are from the nearest of many real images."""

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from core.pace import Pace
from core.reports.progress import Progress

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

MOST_VALUES = 1024  # of an image as it is compared
AT_ONCE = 256  # images read in one pass


def reduced(pixels: Pixels) -> Floats:
    """Images (M, H, W, C) as rows of at most 1,024 values in [0, 1]: blocks of pixels averaged."""
    count, height, width, channels = pixels.shape
    block = block_side(pixels.shape[1:])
    blocks = pixels.reshape(count, height // block, block, width // block, block, channels)
    rows: Floats = blocks.mean((2, 4), dtype=np.float32).reshape(count, -1) / np.float32(255.0)
    return rows


def reduced_some(pixels: Pixels, indices: NDArray[np.int64]) -> Floats:
    """The same of some images of many, read a part at a time."""
    starts = range(0, len(indices), AT_ONCE)
    return np.concatenate([reduced(pixels[indices[start : start + AT_ONCE]]) for start in starts])


def nearest_distances(
    rows: Floats, pixels: Pixels, indices: NDArray[np.int64]
) -> Generator[Progress, None, NDArray[np.float64]]:
    """The root mean squared difference of pictures (M, F), as `reduced` makes them, from the nearest of some images.

    Reads the images a part at a time; returns the distances, (M,).
    """
    rows = rows - 0.5  # small numbers round less
    nearest = np.full(len(rows), np.inf, np.float32)  # squared, less |row|²
    pace = Pace("Looking for the nearest images", len(indices))
    for start in range(0, len(indices), AT_ONCE):
        others = reduced(pixels[indices[start : start + AT_ONCE]]) - 0.5
        away = np.square(others).sum(1)[:, None] - 2.0 * (others @ rows.T)
        np.minimum(nearest, away.min(0), out=nearest)
        yield from pace.reports(min(len(indices), start + AT_ONCE))
    squares = np.maximum(nearest.astype(np.float64) + np.square(rows).sum(1), 0.0)
    distances: NDArray[np.float64] = np.sqrt(squares / rows.shape[1])
    return distances


def block_side(image_shape: tuple[int, ...]) -> int:
    """The side of the blocks of pixels that are averaged in images (H, W, C); 1 where nothing divides them."""
    height, width, channels = image_shape
    sides = (side for side in range(1, min(height, width) + 1) if height % side == 0 == width % side)
    return next((side for side in sides if height * width * channels <= MOST_VALUES * side**2), 1)
