"""Draws the strips of a traversal: label, pictures, the mark where each starts, and its name."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.image_conversion import to_pixmap
from explorer.toolkit.theme import muted
from explorer.traversals.strip_places import StripPlaces
from explorer.traversals.strip_plan import StripPlan

Pixels = NDArray[np.uint8]

MARK = 4  # half the width of the mark under a strip, pixels
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class StripPainter:
    """Keeps a picture of each whole strip that is in view: they are painted over and over while it scrolls."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget  # whose palette, font and pixels these are
        self._pictures: dict[int, Pixels] = {}  # dimension: (B, n, H, W, C)
        self._pixmaps: dict[int, list[QPixmap]] = {}

    def keep(self, dimension: int, pixels: Pixels) -> None:
        """Draw these from now on."""
        self._pictures[dimension] = pixels
        self._pixmaps.pop(dimension, None)

    def keep_only(self, dimensions: tuple[int, ...]) -> None:
        """Forget the pictures of all others."""
        self._pictures = {each: pixels for each, pixels in self._pictures.items() if each in dimensions}
        self._pixmaps = {each: pixmaps for each, pixmaps in self._pixmaps.items() if each in dimensions}

    def resize(self) -> None:
        """Pictures are of another size now."""
        self._pixmaps = {}

    def has(self, dimension: int) -> bool:
        """Whether there are pictures of a dimension."""
        return dimension in self._pictures

    def paint_line(
        self, painter: QPainter, plan: StripPlan, places: StripPlaces, line: int, dimension: int, name: str
    ) -> None:
        """All strips of one dimension; the painter is moved to where the first line stands."""
        self._paint_label(painter, plan, places, line, dimension, name)
        strips = self._strips(dimension, places.side) if dimension in self._pictures else None
        for start in range(len(plan.names)):
            left, top, side = places.place_of(line, start, 0)
            whole = QRect(QPoint(left, top), QSize(side * plan.steps, side))
            if strips is None:
                painter.fillRect(whole, self._widget.palette().alternateBase())
            else:
                painter.drawPixmap(whole, strips[start])
            self._paint_mark(painter, whole, float(plan.at[start, dimension]), plan.values[dimension])
            if not places.is_beside and len(plan.names) > 1:
                area = QRect(whole.right() + 8, top, places.width - whole.right() - 12, side)
                self._paint_name(painter, area, plan.names[start])

    def paint_heading(self, painter: QPainter, plan: StripPlan, places: StripPlaces) -> None:
        """The names of strips side by side, over their columns."""
        painter.fillRect(QRect(0, 0, places.width, places.heading), self._widget.palette().base())
        for start, name in enumerate(plan.names):
            left, _, side = places.place_of(0, start, 0)
            self._paint_name(painter, QRect(left, 0, side * plan.steps, places.heading), name)

    def _strips(self, dimension: int, side: int) -> list[QPixmap]:
        ratio, known = self._widget.devicePixelRatioF(), self._pixmaps.get(dimension)
        if known is None or known[0].height() != max(1, round(side * ratio)):
            pixels = self._pictures[dimension]
            known = [to_pixmap(np.concatenate(list(strip), axis=1), side * len(strip), ratio) for strip in pixels]
            self._pixmaps[dimension] = known
        return known

    def _paint_label(
        self, painter: QPainter, plan: StripPlan, places: StripPlaces, line: int, dimension: int, name: str
    ) -> None:
        left, top, side = places.place_of(line, 0, 0)
        area = QRect(4, top, left - 14, max(side, places.text))
        painter.setPen(self._widget.palette().text().color())
        painter.drawText(area, int(_LEFT), name)
        painter.setPen(muted(self._widget.palette()))
        painter.drawText(area, int(_RIGHT), plan.nats_of(dimension))

    def _paint_mark(self, painter: QPainter, strip: QRect, value: float, values: NDArray[np.float32]) -> None:
        """A triangle under the strip where its start is; none where that is beyond both ends."""
        if not values[0] <= value <= values[-1]:
            return
        side = strip.width() / len(values)
        x = strip.left() + side * (0.5 + float(np.interp(value, values, np.arange(len(values)))))
        y = strip.bottom() + 1
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._widget.palette().accent())
        painter.drawPolygon(QPolygonF([QPointF(x, y - 1), QPointF(x - MARK, y + MARK), QPointF(x + MARK, y + MARK)]))

    def _paint_name(self, painter: QPainter, area: QRect, name: str) -> None:
        painter.setPen(muted(self._widget.palette()))
        metrics = self._widget.fontMetrics()
        painter.drawText(area, int(_LEFT), metrics.elidedText(drawable(name), Qt.TextElideMode.ElideLeft, area.width()))
