"""A picture in the fit dialog: the original with what a crop would cut away, or a square that it could become."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from explorer.toolkit.descriptions import allow
from explorer.toolkit.image_conversion import to_pixmap
from explorer.toolkit.theme import muted

SIDE, EDGE = 112, 4  # logical pixels: of a picture, and of the room around it for the mark of what is chosen
_SHADE = QColor(0, 0, 0, 150)  # over what a crop cuts away: seen on light pictures and on dark ones
_LINE = QColor(255, 255, 255, 230)

Pixels = NDArray[np.uint8]


class FitCell(QWidget):
    """A picture in the middle of a square; `shades` shows what a crop to its middle square would cut away."""

    clicked = Signal()

    def __init__(self, name: str, shades: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixels: Pixels | None = None
        self._shades, self._is_chosen = shades, False
        self.setFixedSize(self.sizeHint())
        self.setAccessibleName(name)
        if shades:
            allow(self, "The picture as it is: choose one of those beside it.")

    def show_pixels(self, pixels: Pixels | None) -> None:
        """A picture (h, w, 1 or 3); None: it is not there yet."""
        self._pixels = pixels
        self.update()

    def show_chosen(self, is_chosen: bool) -> None:
        """Whether this is how pictures become square."""
        self._is_chosen = is_chosen
        self.setAccessibleDescription("chosen" if is_chosen else "")
        self.update()

    def _paint_picture(self, painter: QPainter) -> None:
        assert self._pixels is not None
        pixmap = to_pixmap(self._pixels, SIDE, self.devicePixelRatioF())
        place = _centred(self.rect().toRectF(), pixmap)
        painter.drawPixmap(place.toAlignedRect(), pixmap)
        if self._shades:
            _paint_crop(painter, place)

    def _paint_frame(self, painter: QPainter) -> None:
        role = QPalette.ColorRole.Accent
        pen = QPen(self.palette().color(role) if self._is_chosen else muted(self.palette(), 0.2))
        pen.setWidth(2 if self._is_chosen else 1)
        painter.setPen(pen)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), 3, 3)

    def sizeHint(self) -> QSize:
        return QSize(SIDE + 2 * EDGE, SIDE + 2 * EDGE)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._shades:
            self._paint_frame(painter)
        if self._pixels is None:
            painter.setPen(muted(self.palette(), 0.5))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "…")
        else:
            self._paint_picture(painter)


def crop_of(width: float, height: float) -> QRectF:
    """The square in the middle that a crop keeps of a picture of this size."""
    side = min(width, height)
    return QRectF((width - side) / 2, (height - side) / 2, side, side)


def _paint_crop(painter: QPainter, place: QRectF) -> None:
    kept = crop_of(place.width(), place.height()).translated(place.topLeft())
    for gone in (
        QRectF(place.left(), place.top(), place.width(), kept.top() - place.top()),
        QRectF(place.left(), kept.bottom(), place.width(), place.bottom() - kept.bottom()),
        QRectF(place.left(), kept.top(), kept.left() - place.left(), kept.height()),
        QRectF(kept.right(), kept.top(), place.right() - kept.right(), kept.height()),
    ):
        painter.fillRect(gone, _SHADE)
    painter.setPen(QPen(_LINE, 1))
    painter.drawRect(kept.adjusted(0.5, 0.5, -0.5, -0.5))


def _centred(room: QRectF, pixmap: QPixmap) -> QRectF:
    size = pixmap.deviceIndependentSize()
    left, top = (room.width() - size.width()) / 2, (room.height() - size.height()) / 2
    return QRectF(round(left), round(top), size.width(), size.height())
