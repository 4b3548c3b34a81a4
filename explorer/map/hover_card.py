"""The small card beside a dot: its thumbnail, its file name, its class, and what colours it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.image_conversion import to_pixmap

_SIDE = 112
_GAP = 16


class HoverCard(QFrame):
    """Lets the mouse through; `show_at` puts it beside a point and inside its parent."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName("Image under the pointer")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._picture, self._name, self._class, self._more = QLabel(), QLabel(), QLabel(), QLabel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(7, 7, 7, 7)
        layout.setSpacing(3)
        for label in (self._picture, self._name, self._class, self._more):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
        font = self._name.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        for label in (self._name, self._class, self._more):
            label.setFont(font)
        self._class.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return "\n".join(label.text() for label in (self._name, self._class, self._more) if label.text())

    def show_image(self, pixels: NDArray[np.uint8], name: str, class_name: str, place: QPointF, more: str = "") -> None:
        """One image and a line more on it, beside `place` in the parent's pixels."""
        self._picture.setPixmap(to_pixmap(pixels, _SIDE, self.devicePixelRatioF()))
        for label, text in ((self._name, name), (self._class, class_name), (self._more, more)):
            label.setText(label.fontMetrics().elidedText(drawable(text), Qt.TextElideMode.ElideMiddle, _SIDE + 50))
            label.setVisible(bool(text))
        self.adjustSize()
        self.move_beside(place)
        self.show()
        self.raise_()

    def move_beside(self, place: QPointF) -> None:
        """Beside a place in the parent's pixels, and inside the parent."""
        parent = self.parentWidget()
        assert parent is not None
        room = parent.rect()
        x = place.x() + _GAP if place.x() + _GAP + self.width() < room.width() else place.x() - _GAP - self.width()
        y = min(max(4, place.y() - self.height() / 2), max(4, room.height() - self.height() - 4))
        self.move(round(max(4, x)), round(y))
