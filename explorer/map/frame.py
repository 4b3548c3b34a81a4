"""The part of the plane that is in view: where points are in pixels, and how panning and zooming change it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

Points = NDArray[np.floating]
Extent = tuple[float, float, float, float]  # left, bottom, right, top

UNIT_VIEW: Extent = (-3.0, -3.0, 3.0, 3.0)  # where the prior's codes are
_INSIDE = 0.12  # of the view: how far from its edge a point stands that was brought into it
_NARROWEST, _WIDEST = 1e-4, 1e6  # units across: float32 has no more to show


@dataclass(frozen=True)
class Frame:
    """The part of the plane in view, and its width and height in logical pixels; v grows upwards, pixels downwards."""

    left: float
    bottom: float
    right: float
    top: float
    width: float
    height: float

    @property
    def scale(self) -> tuple[float, float]:
        """Pixels a unit of latent space, across and up."""
        return self.width / (self.right - self.left), self.height / (self.top - self.bottom)

    @property
    def middle(self) -> tuple[float, float]:
        """The point in the middle."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    @property
    def extent(self) -> Extent:
        """Its sides: left, bottom, right, top."""
        return self.left, self.bottom, self.right, self.top

    def to_pixel(self, u: float, v: float) -> QPointF:
        """Where a point is in the view."""
        across, up = self.scale
        return QPointF((u - self.left) * across, (self.top - v) * up)

    def to_pixels(self, points: Points) -> NDArray[np.float64]:
        """Where points (k, 2) are in the view, (k, 2)."""
        across, up = self.scale
        return (np.asarray(points, np.float64) - (self.left, self.top)) * (across, -up)

    def to_point(self, pixel: QPointF) -> tuple[float, float]:
        """The point a pixel shows."""
        across, up = self.scale
        return self.left + pixel.x() / across, self.top - pixel.y() / up

    def moved(self, du: float, dv: float) -> "Frame":
        """As large, elsewhere."""
        return Frame(self.left + du, self.bottom + dv, self.right + du, self.top + dv, self.width, self.height)

    def holds_place(self, u: float, v: float) -> bool:
        """Whether a point is in view."""
        return self.left <= u <= self.right and self.bottom <= v <= self.top

    def reaching(self, u: float, v: float) -> "Frame":
        """This frame where a point is in it; else the nearest as large that has the point a little inside its edge."""
        if self.holds_place(u, v):
            return self
        du, dv = _INSIDE * (self.right - self.left), _INSIDE * (self.top - self.bottom)
        across = min(0.0, u - self.left - du) + max(0.0, u - self.right + du)
        return self.moved(across, min(0.0, v - self.bottom - dv) + max(0.0, v - self.top + dv))

    def zoomed(self, factor: float, u: float, v: float) -> "Frame":
        """`factor` times as much of the plane, with (u, v) where it was."""
        wide = self.right - self.left
        factor = min(max(factor, _NARROWEST / wide), _WIDEST / wide)
        left, right = (u + (side - u) * factor for side in (self.left, self.right))
        bottom, top = (v + (side - v) * factor for side in (self.bottom, self.top))
        return Frame(left, bottom, right, top, self.width, self.height)

    def resized(self, width: float, height: float) -> "Frame":
        """The same middle at the same scale, in a view of another size."""
        (u, v), scale = self.middle, self.scale[0]
        return _about(u, v, scale, width, height)

    def widened(self, share: float) -> "Frame":
        """With this share of its width and height more on each side."""
        du, dv = share * (self.right - self.left), share * (self.top - self.bottom)
        sides = (self.left - du, self.bottom - dv, self.right + du, self.top + dv)
        return Frame(*sides, self.width * (1 + 2 * share), self.height * (1 + 2 * share))

    def holds(self, other: "Frame") -> bool:
        """Whether all of another frame is in this one."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.bottom <= other.bottom and other.top <= self.top


def fitted(where: Sequence[float], width: float, height: float) -> Frame:
    """The frame of this size in which a part of the plane just fits, both axes at one scale."""
    left, bottom, right, top = where
    wide, high = max(right - left, _NARROWEST), max(top - bottom, _NARROWEST)
    return _about((left + right) / 2, (bottom + top) / 2, min(width / wide, height / high), width, height)


def _about(u: float, v: float, scale: float, width: float, height: float) -> Frame:
    half_wide, half_high = width / scale / 2, height / scale / 2
    return Frame(u - half_wide, v - half_high, u + half_wide, v + half_high, width, height)


def extent(x: Points, y: Points) -> Extent:
    """Left, bottom, right, top of finite points, and at least one sigma about their middle; three sigma of none."""
    if not len(x):
        return UNIT_VIEW
    low, high = np.array([x.min(), y.min()], float), np.array([x.max(), y.max()], float)
    middle, half = (low + high) / 2, np.maximum((high - low) / 2, 1.0)
    (left, bottom), (right, top) = middle - half, middle + half
    return float(left), float(bottom), float(right), float(top)


def has_outgrown(old: Sequence[float], new: Sequence[float], padding: float) -> bool:
    """Whether a side moved outwards by more than `padding` or inwards by more than a fifth of the old span."""
    span = max(old[2] - old[0], old[3] - old[1])
    outwards = np.subtract(new, old) * (-1, -1, 1, 1) / span
    return bool(outwards.max() > padding or outwards.min() < -0.2)
