"""Which codes are drawn on the map, in which order, and the picture of them as it was last painted."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from explorer.dots import DotRaster, dot_opacity, dot_radius
from explorer.map_layers import Frame


class CodeDots:
    """The drawn codes, `indices` into all with their `x` and `y`: shuffled, so that no class lies over another."""

    def __init__(self) -> None:
        self.hidden: frozenset[int] = frozenset()
        self.indices = np.zeros(0, np.intp)
        self.x, self.y = np.zeros((2, 0), np.float32)
        self._colours = np.zeros(0, np.uint32)
        self._shuffle = np.zeros(0, np.intp)
        self._raster, self._picture, self._margin = DotRaster(), QImage(), 0
        self._picture_of: object = None

    def choose(self, points: NDArray[np.float32], levels: NDArray[np.int64], colours: NDArray[np.uint8]) -> None:
        """Of all codes (N, 2), those that are seen and not of a hidden level; `colours` are those of the levels."""
        if len(points) != len(self._shuffle):
            self._shuffle = np.random.default_rng(0).permutation(len(points))
        x, y = np.ascontiguousarray(points.T)
        is_drawn = np.isfinite(x) & np.isfinite(y)
        if self.hidden:
            is_drawn &= ~np.isin(levels, list(self.hidden))
        order = self._shuffle if is_drawn.all() else self._shuffle[is_drawn[self._shuffle]]
        rgb = colours.astype(np.uint32)
        packed = 0xFF000000 | rgb[:, 0] << 16 | rgb[:, 1] << 8 | rgb[:, 2]
        self.indices, self.x, self.y = order, x[order], y[order]
        self._colours = packed[levels[order]]

    def count_in(self, frame: Frame) -> int:
        """How many are in view."""
        across = (self.x >= frame.left) & (self.x <= frame.right)
        return int(np.count_nonzero(across & (self.y >= frame.bottom) & (self.y <= frame.top)))

    def forget_picture(self) -> None:
        """Draw anew when next painted."""
        self._picture_of = None

    def paint(self, painter: QPainter, frame: Frame, ratio: float, outline: QColor | None) -> None:
        """All dots, in device pixels; ringed with `outline` where a picture lies behind them."""
        if self._picture_of != (frame, ratio):
            self._rasterise(frame, ratio, outline)
            self._picture_of = (frame, ratio)
        painter.setOpacity(1.0 if outline is None else 0.85)
        painter.drawImage(QPointF(-self._margin / ratio, -self._margin / ratio), self._picture)

    def _rasterise(self, frame: Frame, ratio: float, outline: QColor | None) -> None:
        across, up = frame.scale
        x = (self.x - np.float32(frame.left)) * np.float32(across * ratio)
        y = (np.float32(frame.top) - self.y) * np.float32(up * ratio)
        radius = dot_radius(self.count_in(frame), frame.width * frame.height)
        if outline is not None:  # smaller, to let the picture be seen
            radius = max(1.0, 0.75 * radius)
        width, height = round(frame.width * ratio), round(frame.height * ratio)
        ring = None if outline is None else outline.rgb()
        opacity = dot_opacity(radius)
        picture, self._margin = self._raster.draw(x, y, self._colours, width, height, radius * ratio, opacity, ring)
        rows, columns = picture.shape
        # No copy: the raster keeps the memory, and draws again only through here.
        self._picture = QImage(picture.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied)
        self._picture.setDevicePixelRatio(ratio)
