"""How much of each pixel about a dot its shape covers."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from explorer.map.dots.shapes import outline
from explorer.toolkit.polygon import inside

PHASES = 4  # places within a pixel, each way: a dot is drawn where it is, not at the nearest pixel
_FINE = 5  # places within a pixel, each way, at which a shape is looked at

Floats = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Kernel:
    """The pixels about a dot, from the rim inwards: `steps` (K, 2) across and down; of each shape and phase:

    `coverage` (K, shapes × PHASES²), the share of the pixel that is covered, and `is_rim` (K, shapes × PHASES²),
    whether that is the outline's.
    """

    steps: NDArray[np.intp]
    coverage: NDArray[np.float32]
    is_rim: NDArray[np.bool_]


@lru_cache(maxsize=64)
def kernel(radius: float, rim: float, shapes: int) -> Kernel:
    """Of the first `shapes` shapes, with an outline `rim` pixels wide about them; radius 0 is one whole pixel."""
    if not radius:
        one = np.ones((1, shapes * PHASES**2), np.float32)
        return Kernel(np.zeros((1, 2), np.intp), one, one < 0)
    reach = ceil(1.6 * (radius + rim) + 0.5) if shapes > 1 else ceil(radius + rim + 0.5)
    step = np.arange(-reach, reach + 1)
    dy, dx = (part.ravel() for part in np.meshgrid(step, step, indexing="ij"))
    order = np.argsort(-np.hypot(dx, dy), kind="stable")
    dx, dy = dx[order], dy[order]
    inner = np.concatenate([_coverage(shape, radius, dx, dy) for shape in range(shapes)], axis=1)
    outer = np.concatenate([_coverage(shape, radius + rim, dx, dy) for shape in range(shapes)], axis=1)
    coverage = np.maximum(inner, outer) if rim else inner
    seen = coverage.max(axis=1) > 0.1
    return Kernel(
        np.stack([dx, dy], axis=1)[seen], coverage[seen].astype(np.float32), (outer[seen] > 0.1) & (inner[seen] < 0.5)
    )


def _coverage(shape: int, radius: float, dx: NDArray[np.intp], dy: NDArray[np.intp]) -> Floats:
    """The share of pixels (K,) about a dot that is covered, at each of its phases, (K, PHASES²)."""
    centre = (np.arange(PHASES) + 0.5) / PHASES - 0.5
    phase_y, phase_x = (part.ravel() for part in np.meshgrid(centre, centre, indexing="ij"))
    x, y = dx[:, None] - phase_x, dy[:, None] - phase_y
    if shape == 0:
        return np.clip(radius + 0.5 - np.hypot(x, y), 0, 1)
    fine = (np.arange(_FINE) + 0.5) / _FINE - 0.5
    fine_y, fine_x = np.meshgrid(fine, fine, indexing="ij")
    places = np.stack([x[..., None] + fine_x.ravel(), y[..., None] + fine_y.ravel()], axis=-1)
    found = inside(places.reshape(-1, 2), _corners(shape, radius))
    share: Floats = found.reshape(places.shape[:-1]).mean(axis=-1)
    return share


@lru_cache(maxsize=64)
def _corners(shape: int, radius: float) -> NDArray[np.float64]:
    """Of a shape about its middle, (k, 2), y down: as the legend draws it."""
    polygon = outline(shape, QPointF(0, 0), radius).toFillPolygon()
    return np.array([(corner.x(), corner.y()) for corner in polygon.toList()])
