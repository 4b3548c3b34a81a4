"""One image as large as there is room: at once as the model sees it, then as its own file has it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.image_conversion import to_qimage
from explorer.toolkit.theme import muted, set_tone

_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Space: 1,
}


class LargePicture(QDialog):
    """Arrow keys go on to the next; Esc leaves. Not modal: the map can be looked at beside it."""

    stepped = Signal(int)  # 1 or -1

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.index = -1
        self._picture, self._words = _Picture(), ElidedLabel()
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self._picture, 1)
        column.addWidget(self._words)
        self.resize(720, 760)

    def show_image(self, index: int, pixels: NDArray[np.uint8] | None, name: str, class_name: str) -> None:
        """As the model sees it, (H, W, C) or nothing yet; its file may follow."""
        self.index = index
        self.setWindowTitle(drawable(name))
        self._say("  ·  ".join(filter(None, (drawable(name), drawable(class_name)))))
        self._picture.show_pixels(pixels, is_smooth=False)
        self._picture.setAccessibleName(f"Picture of {drawable(name)}")

    def show_file(self, index: int, pixels: NDArray[np.uint8]) -> None:
        """The picture of its own file, (h, w, 3)."""
        if index == self.index:
            self._picture.show_pixels(pixels, is_smooth=True)

    def show_failure(self, index: int, sentence: str) -> None:
        """Why its own file cannot be shown; what the model sees stays."""
        if index == self.index:
            self._say(sentence, is_failure=True)

    def _say(self, words: str, is_failure: bool = False) -> None:
        self._words.show_text(words)
        set_tone(self._words, "failure" if is_failure else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS:
            self.stepped.emit(_STEPS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class _Picture(QWidget):
    """Fitted into the room there is, whatever its shape."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: QImage | None = None
        self._is_smooth = False
        self.setMinimumSize(120, 120)

    def show_pixels(self, pixels: NDArray[np.uint8] | None, is_smooth: bool) -> None:
        self._picture, self._is_smooth = None if pixels is None else to_qimage(pixels), is_smooth
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._picture is None:
            painter.setPen(muted(self.palette()))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Reading the image…")
            return
        size: QSize = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(self.rect().center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._is_smooth)
        painter.drawImage(place, self._picture)
