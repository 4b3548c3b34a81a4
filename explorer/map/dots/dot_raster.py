"""Codes become dots: a numpy raster, so that a million of them can be panned."""

from math import ceil, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from explorer.map.dots.shape_masks import PHASES, kernel
from explorer.map.dots.shapes import SHAPES

Floats = NDArray[np.floating]
Picture = NDArray[np.uint32]

DENSE = 0.25  # dots a pixel: from here on each is one pixel, and how many there are shows
_BLOCK = 1 << 16  # pixels blended at a time: what stays small stays in the cache, and costs no fresh memory
_THIN, _THICK = 0.42, 0.97  # opacity of the emptiest and of the fullest pixels of a density
_REACH = 8  # pixels beyond the edge within which a dot may still touch the picture


def dot_radius(count: int, area: float) -> float:
    """In the unit of `area`, pixels: dots side by side would cover a fifth of it, within what can be seen."""
    exact = sqrt(0.2 * area / (pi * max(1, count)))
    return min(5.0, max(1.0, round(4 * exact) / 4))  # in quarters, for each radius has a kernel


def dot_opacity(radius: float) -> float:
    """Small dots are many: let them add up, so that density shows."""
    return min(0.9, 0.5 + 0.13 * radius)


class DotRaster:
    """Draws dots into one picture after another; its memory is kept, for asking for it costs more than drawing."""

    def __init__(self) -> None:
        self._picture: Picture = np.zeros((0, 0), dtype=np.uint32)
        self._thickness: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self._margin, self._size, self._radius = 0, (0, 0), 0.0

    def begin(self, width: int, height: int, radius: float) -> None:
        """An empty picture for dots of this radius, all in device pixels."""
        self._radius, self._size = radius, (width, height)
        self._margin = 2 * ceil(radius) + _REACH
        shape = height + 2 * self._margin, width + 2 * self._margin
        if self._picture.shape != shape:
            self._picture = np.empty(shape, dtype=np.uint32)
            self._thickness = np.empty(shape[0] * shape[1], dtype=np.float32)
        self._picture.fill(0)
        self._thickness.fill(0)

    def stamp(
        self,
        x: Floats,
        y: Floats,
        rgb: Picture,
        opacity: float,
        outline: int | None = None,
        shapes: NDArray[np.uint8] | None = None,
    ) -> None:
        """Dots at (x, y), y down, over those there are, in the order they come; `shapes` says which each has.

        `rgb` is 0xFFRRGGBB, one a dot; so is `outline`, of a ring one pixel wide. Where dots overlap, the nearest
        centre gives the colour (so none is ever wholly covered; of equals the last wins) and all of them the opacity.
        """
        x, y, rgb, shapes = self._within(x, y, rgb, shapes)
        column, row, place = self._places(x, y)
        phase = ((y - row) * PHASES).astype(np.intp) * PHASES + ((x - column) * PHASES).astype(np.intp)
        if shapes is not None:
            phase += (shapes % len(SHAPES)).astype(np.intp) * PHASES**2
        drawn = kernel(self._radius, 0.0 if outline is None else 1.0, 1 if shapes is None else len(SHAPES))
        clear = np.log1p(-opacity * drawn.coverage)
        colour = self._picture.ravel()
        is_partial = shapes is not None
        for (dx, dy), weights, is_rim in zip(drawn.steps.tolist(), clear, drawn.is_rim, strict=True):
            pixels, weight = place + (dy * self._picture.shape[1] + dx), weights[phase]
            inks = rgb if outline is None or not is_rim.any() else np.where(is_rim[phase], np.uint32(outline), rgb)
            if is_partial:
                touched = np.flatnonzero(weight < -0.05)
                pixels, weight, inks = pixels[touched], weight[touched], inks[touched]
            colour[pixels] = inks
            np.add.at(self._thickness, pixels, weight)

    def stamp_density(self, x: Floats, y: Floats, rgb: Picture) -> None:
        """Dots of one pixel each: more of them are more opaque, and one of them by lot gives the colour."""
        x, y, rgb, _ = self._within(x, y, rgb, None)
        _, _, place = self._places(x, y)
        self._picture.ravel()[place] = rgb
        counts = np.bincount(place, minlength=self._picture.size)
        covered = np.flatnonzero(counts)
        if not len(covered):
            return
        many = np.log1p(counts[covered]).astype(np.float32)
        most = max(float(np.quantile(many[:: 1 + len(many) // 50_000], 0.995)), float(np.log(5)))
        opacity = _THIN + (_THICK - _THIN) * np.minimum(1, many / np.float32(most))
        self._thickness[covered] += np.log1p(-opacity)

    def finish(self) -> tuple[Picture, int]:
        """The picture as premultiplied ARGB with a margin all round, and that margin; valid until the next begins."""
        self._blend()
        return self._picture, self._margin

    def _within(
        self, x: Floats, y: Floats, rgb: Picture, shapes: NDArray[np.uint8] | None
    ) -> tuple[Floats, Floats, Picture, NDArray[np.uint8] | None]:
        """Those that touch the picture, where they are in it."""
        (width, height), reach = self._size, self._radius + 2
        inside = (x > -reach) & (x < width + reach) & (y > -reach) & (y < height + reach)
        if not inside.all():
            x, y, rgb = x[inside], y[inside], rgb[inside]
            shapes = shapes if shapes is None else shapes[inside]
        return x + np.float32(self._margin), y + np.float32(self._margin), rgb, shapes

    def _places(self, x: Floats, y: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        column, row = x.astype(np.intp), y.astype(np.intp)
        return column, row, row * self._picture.shape[1] + column

    def _blend(self) -> None:
        """Opaque colours (0 where there are none) get opacity 1 - exp(thickness), two channels at a time."""
        colour = self._picture.ravel()
        for start in range(0, len(colour), _BLOCK):
            covered = start + np.flatnonzero(colour[start : start + _BLOCK] != 0)
            if not len(covered):
                continue
            solid = colour[covered]
            alpha = (256.5 - 256 * np.exp(self._thickness[covered])).astype(np.uint32)
            red_blue = ((solid & 0xFF00FF) * alpha >> 8) & 0xFF00FF
            green = ((solid & 0x00FF00) >> 8) * alpha & 0x00FF00
            colour[covered] = red_blue | green | ((alpha * 255 >> 8) << 24)
