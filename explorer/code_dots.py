"""Which codes are drawn on the map, in which order, and the picture of them as it was last painted."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from explorer.dots import DotRaster, dot_opacity, dot_radius
from explorer.map_layers import Frame

FAINT = 0.16  # of its own colour is left of a faint dot


class CodeDots:
    """The drawn codes, `indices` into all with their `x` and `y`: shuffled, so that no class lies over another."""

    def __init__(self) -> None:
        self.hidden: frozenset[int] = frozenset()
        self.is_faint: NDArray[np.bool_] | None = (
            None  # (N,) which are drawn under the others, in a colour near `paper`
        )
        self.paper = QColor("white")
        self.indices = np.zeros(0, np.intp)
        self.x, self.y = np.zeros((2, 0), np.float32)
        self._colours = np.zeros(0, np.uint32)
        self._faint_count = 0  # of the drawn codes, the first
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
        packed = _packed(colours)[levels[order]]
        self._faint_count = 0
        if self.is_faint is not None and len(self.is_faint) == len(points):
            faint = self.is_faint[order]
            packed = np.where(faint, _packed(_towards(self.paper, colours))[levels[order]], packed)
            under = np.argsort(~faint, kind="stable")
            order, packed = order[under], packed[under]
            self._faint_count = int(faint.sum())
        self.indices, self.x, self.y, self._colours = order, x[order], y[order], packed

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
        first = 0 if outline is None else self._faint_count  # over a picture only what is not faint: it is to be seen
        x = (self.x[first:] - np.float32(frame.left)) * np.float32(across * ratio)
        y = (np.float32(frame.top) - self.y[first:]) * np.float32(up * ratio)
        radius = dot_radius(self.count_in(frame), frame.width * frame.height)
        if outline is not None:  # smaller, to let the picture be seen
            radius = max(1.0, 0.75 * radius)
        width, height = round(frame.width * ratio), round(frame.height * ratio)
        ring = None if outline is None else outline.rgb()
        opacity = dot_opacity(radius)
        picture, self._margin = self._raster.draw(
            x, y, self._colours[first:], width, height, radius * ratio, opacity, ring
        )
        rows, columns = picture.shape
        # No copy: the raster keeps the memory, and draws again only through here.
        self._picture = QImage(picture.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied)
        self._picture.setDevicePixelRatio(ratio)


def _packed(rgb: NDArray[np.uint8]) -> NDArray[np.uint32]:
    wide = rgb.astype(np.uint32)
    packed: NDArray[np.uint32] = 0xFF000000 | wide[:, 0] << 16 | wide[:, 1] << 8 | wide[:, 2]
    return packed


def _towards(paper: QColor, colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Colours that are hardly there."""
    under = np.array(paper.getRgb()[:3])
    return (FAINT * colours + (1 - FAINT) * under).astype(np.uint8)
