"""The map as a picture: dots in the colours of their classes, and a ring around the place that is followed."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from core.palette import class_colours, rgb

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Sides = tuple[float, float, float]  # the middle (u, v) of what is seen, and how far it reaches to each side of that

PAPER, INK = "#ffffff", "#202428"
FINER = 2  # times: drawn larger, then averaged
FEW, MANY = 3_000, 30_000  # dots: up to the first they are large, from the second on small
MARGIN, ALL_BUT = 1.12, 0.002  # of what is seen beyond the dots; the share of them that may lie outside


def colours_of(labels: NDArray[np.int64]) -> Pixels:
    """The colours (N, 3) of images by their classes (N,), as the window has them."""
    return class_colours(int(labels.max(initial=0)) + 1)[labels]


def sides_of(points: list[Floats]) -> Sides:
    """What is to be seen of several maps, each (N, 2): nearly all dots of all of them, as a square."""
    ends = []
    for each in points:
        seen = each[np.isfinite(each[:, 0])]
        if len(seen):
            ends.append(np.quantile(seen, [ALL_BUT, 1.0 - ALL_BUT], axis=0))
    if not ends:
        return 0.0, 0.0, 1.0
    low, high = np.min(ends, axis=0)[0], np.max(ends, axis=0)[1]
    u, v = (low + high) / 2
    return float(u), float(v), max(1e-6, MARGIN * float((high - low).max()) / 2)


def draw_dots(
    points: Floats, colours: Pixels, sides: Sides, side: int, place: tuple[float, float] | None = None
) -> Pixels:
    """A picture (side, side, 3) of points (N, 2), NaN where there is none; a ring is about `place`.

    They lie over each other in an order that is the same every time and has nothing to do with their classes.
    """
    size = FINER * side
    picture = np.empty((size, size, 3), np.uint8)
    picture[:] = rgb(PAPER)[0]
    order = np.random.default_rng(0).permutation(len(points))
    order = order[np.isfinite(points[order, 0])]
    columns, rows = _pixels_of(points[order], sides, size)
    radius = FINER * (2.2 if len(order) <= FEW else 1.5 if len(order) <= MANY else 1.0)
    reach = int(np.ceil(radius))
    for down in range(-reach, reach + 1):
        for across in range(-reach, reach + 1):
            if across**2 + down**2 <= radius**2:
                x, y = columns + across, rows + down
                is_in = (x >= 0) & (x < size) & (y >= 0) & (y < size)
                picture[y[is_in], x[is_in]] = colours[order[is_in]]
    image = Image.fromarray(picture)
    if place is not None:
        _draw_ring(image, place, sides)
    return np.asarray(image.reduce(FINER))


def _draw_ring(image: Image.Image, place: tuple[float, float], sides: Sides) -> None:
    columns, rows = _pixels_of(np.array([place], np.float32), sides, image.width)
    x, y, radius = int(columns[0]), int(rows[0]), 8 * FINER
    draw = ImageDraw.Draw(image)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=PAPER, width=4 * FINER)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=INK, width=2 * FINER)


def _pixels_of(points: Floats, sides: Sides, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Columns and rows (n,), v upwards; far outside, where no pixel is, they are cut."""
    u, v, reach = sides
    scale = size / (2 * reach)
    columns = size / 2 + (points[:, 0].astype(np.float64) - u) * scale
    rows = size / 2 - (points[:, 1].astype(np.float64) - v) * scale
    return tuple(np.clip(each, -size, 2 * size).astype(np.int64) for each in (columns, rows))  # type: ignore[return-value]
