"""Pictures in a grid under a heading; nothing of them can be pressed."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from core.reports.lessons import Pictures
from explorer.lessons.plot_area import draw_heading
from explorer.toolkit.image_conversion import to_pixmap
from explorer.toolkit.picture_sheet import GAP, sheet_grid
from explorer.toolkit.theme import muted


class PicturesView(QWidget):
    """As large as the room allows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: Pictures | None = None
        self._pixmaps: list[QPixmap] = []
        self.setMinimumSize(110, 150)

    def show_view(self, view: Pictures) -> None:
        """Draw these."""
        self._view, self._pixmaps = view, []
        self.setAccessibleName(view.title)
        self.setAccessibleDescription(", ".join(view.captions) or f"{len(view.pixels)} pictures")
        self.update()

    def sizeHint(self) -> QSize:
        """As high as a plane."""
        return QSize(240, 300)

    def paintEvent(self, event: QPaintEvent) -> None:
        if (view := self._view) is None:
            return
        painter = QPainter(self)
        top = draw_heading(painter, self, view.title)
        caption = self.fontMetrics().height() + 1 if view.captions else 0
        columns, side = self._grid(view.pixels, top, caption)
        if not self._pixmaps or round(self._pixmaps[0].deviceIndependentSize().width()) != side:
            self._pixmaps = [to_pixmap(each, side, self.devicePixelRatioF()) for each in view.pixels]
        rows, down = -(-len(view.pixels) // columns), side + GAP + caption
        left = (self.width() - columns * (side + GAP) + GAP) / 2
        first = top + max(0.0, (self.height() - top - rows * down) / 2)
        painter.setPen(muted(self.palette()))
        for number, pixmap in enumerate(self._pixmaps):
            place = QPointF(left + number % columns * (side + GAP), first + number // columns * down)
            painter.drawPixmap(place, pixmap)
            if view.captions:
                under = QRectF(place.x() - GAP / 2, place.y() + side, side + GAP, caption)
                short = self.fontMetrics().elidedText(view.captions[number], Qt.TextElideMode.ElideRight, side + GAP)
                painter.drawText(under, Qt.AlignmentFlag.AlignCenter, short)

    def _grid(self, pixels: NDArray[np.uint8], top: float, caption: int) -> tuple[int, int]:
        return sheet_grid(len(pixels), self.width(), max(1, round(self.height() - top)), caption)
