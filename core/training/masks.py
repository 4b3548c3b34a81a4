"""Which part of an image is given and which is to be completed: halves, boxes and blobs."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError

Floats = NDArray[np.float32]
Masks = NDArray[np.bool_]  # True where a pixel is visible
Numbers = NDArray[np.float64]

NUMBERS = 9  # uniform numbers that one mask is made from
SIDES = ("left", "right", "top", "bottom")
VISIBLE = (*SIDES, "border")  # what a user can name
WAVES = 3  # that make up a blob
LEAST, MOST = 0.2, 0.8  # of a side that a box may take


def random_masks(seed: int, step: int, count: int, height: int, width: int) -> Floats:
    """The masks of one training step, (N, 1, H, W), 1 where a pixel is visible: a function of seed and step."""
    numbers = np.random.default_rng((seed, step, NUMBERS)).random((count, NUMBERS))
    return _masks(numbers, height, width)


def fixed_masks(indices: NDArray[np.int64], height: int, width: int) -> Floats:
    """The mask that an image is always tested with, (N, 1, H, W): a function of its index alone."""
    return _masks(_scattered(indices), height, width)


def visible_part(name: str, height: int, width: int) -> Masks:
    """Where a named part lies, (H, W): a half, or the border around a box in the middle; raises ConfigError."""
    if name not in VISIBLE:
        raise ConfigError(f"There is no part called {name}: choose one of {', '.join(VISIBLE)}.")
    if name == "border":
        return outside_box((width // 4, height // 4, width - width // 4, height - height // 4), height, width)
    rows, columns = _places(height, width)
    visible = {"left": columns < 0.5, "right": columns > 0.5, "top": rows < 0.5, "bottom": rows > 0.5}[name]
    return np.broadcast_to(visible, (height, width)).copy()


def outside_box(box: tuple[int, int, int, int], height: int, width: int) -> Masks:
    """All but a box (left, top, right, bottom) in pixels, right and bottom not included, (H, W); raises ConfigError."""
    left, top, right, bottom = box
    if not (0 <= left < right <= width and 0 <= top < bottom <= height):
        raise ConfigError(
            f"The box {left} {top} {right} {bottom} does not lie in an image of {width} × {height} pixels: "
            "give LEFT TOP RIGHT BOTTOM in pixels of the run's images."
        )
    visible = np.ones((height, width), np.bool_)
    visible[top:bottom, left:right] = False
    return visible


def _masks(numbers: Numbers, height: int, width: int) -> Floats:
    """Each row of numbers in [0, 1) as a mask: its first number is the kind, the others say where."""
    masks = np.empty((len(numbers), height, width), np.float32)
    kinds = (numbers[:, 0] * len(KINDS)).astype(np.int64)
    rows, columns = _places(height, width)
    for kind, visible in enumerate(KINDS):
        chosen = kinds == kind
        masks[chosen] = visible(numbers[chosen, 1:, None, None], rows, columns)
    return masks[:, None]


def _places(height: int, width: int) -> tuple[Numbers, Numbers]:
    """The middles of all pixels, (H, 1) and (1, W), in shares of the side."""
    return (np.arange(height)[:, None] + 0.5) / height, (np.arange(width)[None] + 0.5) / width


def _nothing(numbers: Numbers, rows: Numbers, columns: Numbers) -> Masks:
    """So that the model is also one of whole images."""
    return np.zeros((len(numbers), rows.size, columns.size), np.bool_)


def _half(numbers: Numbers, rows: Numbers, columns: Numbers) -> Masks:
    side = (numbers[:, 0] * len(SIDES)).astype(np.int64)
    place = np.where(side < 2, columns, rows)
    visible: Masks = np.where(side % 2 == 0, place < 0.5, place > 0.5)
    return visible


def _box(numbers: Numbers, rows: Numbers, columns: Numbers) -> Masks:
    wide, high = (LEAST + (MOST - LEAST) * numbers[:, each] for each in (0, 1))
    left, top = numbers[:, 2] * (1 - wide), numbers[:, 3] * (1 - high)
    visible: Masks = (columns >= left) & (columns < left + wide) & (rows >= top) & (rows < top + high)
    return visible


def _outside(numbers: Numbers, rows: Numbers, columns: Numbers) -> Masks:
    return ~_box(numbers, rows, columns)


def _blob(numbers: Numbers, rows: Numbers, columns: Numbers) -> Masks:
    """Where a few slow waves in random directions add up to less than nothing: about half of the image."""
    angle, phase = 2 * np.pi * numbers[:, :WAVES], 2 * np.pi * numbers[:, WAVES : 2 * WAVES]
    speed = 2 * np.pi * (0.5 + np.arange(WAVES)[:, None, None] * numbers[:, -1:])
    waves = np.cos(speed * (np.cos(angle) * columns + np.sin(angle) * rows) + phase)
    visible: Masks = waves.sum(axis=1) < 0.0
    return visible


# A row of numbers (N, NUMBERS - 1, 1, 1), and where pixels lie, as masks (N, H, W); halves as often as boxes.
KINDS: tuple[Callable[[Numbers, Numbers, Numbers], Masks], ...] = (_nothing, _half, _half, _box, _outside, _blob)


def _scattered(indices: NDArray[np.int64]) -> Numbers:
    """Numbers in [0, 1) of each index, (N, NUMBERS), without order: SplitMix64 (Steele et al. 2014)."""
    counted = indices[:, None] * NUMBERS + np.arange(1, NUMBERS + 1)
    bits = np.multiply(counted.astype(np.uint64), 0x9E3779B97F4A7C15, dtype=np.uint64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
        bits = np.multiply(bits ^ (bits >> np.uint64(shift)), factor, dtype=np.uint64)
    scattered: Numbers = bits / 2.0**64
    return scattered
