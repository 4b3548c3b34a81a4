"""Codes become dots: a numpy raster, so that a million of them can be panned."""

from functools import lru_cache
from math import ceil, pi, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Places = NDArray[np.intp]
Picture = NDArray[np.uint32]

_PHASES = 4  # places within a pixel, each way: a dot is drawn where it is, not at the nearest pixel
_CROWD = 120_000  # dots; from here on each is one pixel
_BLOCK = 1 << 16  # pixels blended at a time: what stays small stays in the cache, and costs no fresh memory


def dot_radius(count: int, area: float) -> float:
    """In the unit of `area`, pixels: dots side by side would cover a fifth of it, within what can be seen."""
    return min(5.0, max(1.0, sqrt(0.2 * area / (pi * max(1, count)))))


def dot_opacity(radius: float) -> float:
    """Small dots are many: let them add up, so that density shows."""
    return min(0.9, 0.5 + 0.13 * radius)


class DotRaster:
    """Draws dots into pictures; its memory is kept from one to the next, for asking for it costs more than drawing."""

    def __init__(self) -> None:
        self._picture: Picture = np.zeros((0, 0), dtype=np.uint32)
        self._thickness: NDArray[np.float32] = np.zeros(0, dtype=np.float32)

    def draw(
        self,
        x: Floats,
        y: Floats,
        rgb: Picture,
        width: int,
        height: int,
        radius: float,
        opacity: float,
        outline: int | None = None,
    ) -> tuple[Picture, int]:
        """Dots at device pixels (x, y), y down, as premultiplied ARGB with a margin all round; and that margin.

        `rgb` is 0xFFRRGGBB, one a dot, in the order they are drawn; so is `outline`, of a ring one pixel wide.
        Where dots overlap, the nearest centre gives the colour (so none is ever wholly covered; of equals the last
        wins) and all of them the opacity. The picture is valid until the next is drawn.
        """
        margin = 2 * ceil(radius) + 4
        self._clear(height + 2 * margin, width + 2 * margin)
        reach = radius + 1  # a dot whose centre lies farther out does not touch the picture
        inside = (x > -reach) & (x < width + reach) & (y > -reach) & (y < height + reach)
        if not inside.all():
            x, y, rgb = x[inside], y[inside], rgb[inside]
        if len(x) > _CROWD:
            radius, outline = 0.0, None
        self._stamp(x + np.float32(margin), y + np.float32(margin), rgb, radius, opacity, outline)
        self._blend()
        return self._picture, margin

    def _clear(self, height: int, width: int) -> None:
        if self._picture.shape != (height, width):
            self._picture = np.empty((height, width), dtype=np.uint32)
            self._thickness = np.empty(height * width, dtype=np.float32)
        self._picture.fill(0)
        self._thickness.fill(0)

    def _stamp(self, x: Floats, y: Floats, rgb: Picture, radius: float, opacity: float, outline: int | None) -> None:
        """Every dot's rim first and its centre last: the nearest centre has the last word on a pixel's colour."""
        column, row = x.astype(np.intp), y.astype(np.intp)
        phase = ((y - row) * _PHASES).astype(np.intp) * _PHASES + ((x - column) * _PHASES).astype(np.intp)
        place = row * self._picture.shape[1] + column
        colour = self._picture.ravel()
        steps, distances, coverage = _disc(radius + (outline is not None))
        clear = np.log1p(-opacity * coverage).astype(np.float32)
        for (dx, dy), distance, weights in zip(steps, distances, clear, strict=True):
            pixels = place + (dy * self._picture.shape[1] + dx)
            colour[pixels] = outline if outline is not None and distance > radius else rgb
            np.add.at(self._thickness, pixels, weights.take(phase))

    def _blend(self) -> None:
        """Opaque colours (0 where there are none) get opacity 1 - exp(thickness), two channels at a time."""
        colour = self._picture.ravel()
        for start in range(0, len(colour), _BLOCK):
            covered = start + np.flatnonzero(colour[start : start + _BLOCK] != 0)
            solid = colour[covered]
            alpha = (256.5 - 256 * np.exp(self._thickness[covered])).astype(np.uint32)
            red_blue = ((solid & 0xFF00FF) * alpha >> 8) & 0xFF00FF
            green = ((solid & 0x00FF00) >> 8) * alpha & 0x00FF00
            colour[covered] = red_blue | green | ((alpha * 255 >> 8) << 24)


@lru_cache(maxsize=64)
def _disc(radius: float) -> tuple[Places, Floats, Floats]:
    """A disc's pixels from the rim inwards: steps (K, 2), distances (K,), share covered at each phase (K, phases²).

    A disc of radius 0 is one whole pixel.
    """
    reach = ceil(radius + 0.5) if radius else 0
    step = np.arange(-reach, reach + 1)
    dy, dx = (part.ravel() for part in np.meshgrid(step, step, indexing="ij"))
    centre = (np.arange(_PHASES) + 0.5) / _PHASES - 0.5
    phase_y, phase_x = (part.ravel() for part in np.meshgrid(centre, centre, indexing="ij"))
    off_centre = np.hypot(dx[:, None] - phase_x, dy[:, None] - phase_y)
    coverage = np.clip(radius + 0.5 - off_centre, 0, 1) if radius else np.ones_like(off_centre)
    distance = np.hypot(dx, dy)
    order = np.argsort(-distance, kind="stable")
    order = order[coverage[order].max(axis=1) > 0.1]
    return np.stack([dx, dy], axis=1)[order], distance[order], coverage[order]
