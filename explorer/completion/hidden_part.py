"""Which pixels of an image are hidden from the model: shapes by name, boxes and strokes, as masks (H, W)."""

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Spot = tuple[float, float]  # column and row in pixels of the image

# what can be hidden by name: (left, top, right, bottom) as shares of the width and height
SHAPES = {
    "Right half": (0.5, 0.0, 1.0, 1.0),
    "Left half": (0.0, 0.0, 0.5, 1.0),
    "Lower half": (0.0, 0.5, 1.0, 1.0),
    "Upper half": (0.0, 0.0, 1.0, 0.5),
    "Middle": (0.25, 0.25, 0.75, 0.75),
    "Everything": (0.0, 0.0, 1.0, 1.0),
    "Nothing": (0.0, 0.0, 0.0, 0.0),
}


def shape(name: str, height: int, width: int) -> Mask:
    """The hidden pixels of one of `SHAPES`."""
    left, top, right, bottom = SHAPES[name]
    return box((left * width, top * height), (right * width, bottom * height), height, width)


def box(one: Spot, other: Spot, height: int, width: int) -> Mask:
    """The pixels between two corners, whichever way round they are."""
    (left, right), (top, bottom) = (sorted(round(corner[axis]) for corner in (one, other)) for axis in (0, 1))
    hidden = np.zeros((height, width), np.bool_)
    hidden[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = True
    return hidden


def stroke(one: Spot, other: Spot, radius: float, height: int, width: int) -> Mask:
    """The pixels whose middle a round brush covers on its straight way; the pixel it stands on at least."""
    rows, columns = np.mgrid[0:height, 0:width] + 0.5
    across, down = other[0] - one[0], other[1] - one[1]
    length = across**2 + down**2
    share = ((columns - one[0]) * across + (rows - one[1]) * down) / length if length else np.zeros((height, width))
    share = np.clip(share, 0.0, 1.0)
    off = np.hypot(columns - one[0] - share * across, rows - one[1] - share * down)
    covered: Mask = off <= max(radius, 0.71)
    return covered
