"""A wall of thumbnails that fills the width it has."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.toolkit.context_menu import MenuAsker
from explorer.toolkit.image_conversion import to_pixmap

MOST_THUMBNAILS = 48


class ThumbnailWall(QWidget):
    """Thumbnails in as many columns as fit, all of them seen, at whole device pixels."""

    GAP, SIDE = 3, 34

    clicked = Signal(int)  # which of those shown

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Some of the images")
        self.setToolTip("Some of the images, as the model sees them. Click one to go to it on the map.")
        # Not fixed: then it would be as high as its size hint, of another width, and its last row cut.
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._pixels: NDArray[np.uint8] = np.zeros((0, 1, 1, 1), np.uint8)
        self.menu = MenuAsker(self, self.thumbnail_at)
        self.menu.allow(False)

    @property
    def count(self) -> int:
        """How many thumbnails there are."""
        return len(self._pixels)

    def show_images(self, pixels: NDArray[np.uint8]) -> None:
        """At most 48 of (n, H, W, C)."""
        self._pixels = np.array(pixels[:MOST_THUMBNAILS])
        self.menu.allow(self.count > 0)
        self.updateGeometry()
        self.update()

    def _columns(self, width: int) -> int:
        return max(1, (width + self.GAP) // (self.SIDE + self.GAP))

    def _side(self, width: int) -> int:
        columns = self._columns(width)
        return (width - self.GAP * (columns - 1)) // columns

    def _at(self, place: QPoint) -> int:
        """Which thumbnail is there, -1: none."""
        columns, pitch = self._columns(self.width()), self._side(self.width()) + self.GAP
        column, row = place.x() // pitch, place.y() // pitch
        index = row * columns + column
        return index if column < columns and 0 <= index < self.count else -1

    def thumbnail_at(self, place: QPoint | None) -> int | None:
        """Which thumbnail is at a place, the last where none is; None: there are none. The wall has no keys."""
        if place is None or not self.count:
            return None
        index = self._at(place)
        return index if index >= 0 else self.count - 1

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self.clicked.emit(index)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-self.count // self._columns(width))
        return rows * (self._side(width) + self.GAP)

    def sizeHint(self) -> QSize:
        return QSize(300, self.heightForWidth(300))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, side, columns = QPainter(self), self._side(self.width()), self._columns(self.width())
        for i, pixels in enumerate(self._pixels):
            row, column = divmod(i, columns)
            pixmap = to_pixmap(pixels, side, self.devicePixelRatioF())
            painter.drawPixmap(column * (side + self.GAP), row * (side + self.GAP), pixmap)
