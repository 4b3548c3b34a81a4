"""One decoded picture as large as fits; or a placed image, its reconstruction, and where that is wrong."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.toolkit.descriptions import describe
from explorer.toolkit.image_conversion import to_qimage
from explorer.toolkit.theme import FAILURE, is_dark, muted

Pixels = NDArray[np.uint8]
MARGIN = 12
GAP = 8
RAMP_HEIGHT = 5
ROOM_FOR_WORDS = 112  # pixels to each side that the facts need
CAPTIONS = ("Original", "Reconstruction", "Error, 0 to 1")


class PictureView(QWidget):
    """A square; the setters only store, the newest pixels are converted when painted.

    `ramp` (256, 3) are the colours of errors from 0 to 1.
    """

    def __init__(self, empty: str, ramp: Pixels) -> None:
        super().__init__()
        self._ramp = ramp
        self.setMinimumSize(160, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._pictures: tuple[Pixels, ...] = ()
        self._facts: tuple[str, ...] = ()
        self._name, self._sentence, self._is_failure, self.is_smooth = "", "", False, False
        self.show_sentence(empty)

    def show_picture(self, pixels: Pixels) -> None:
        """The decoder's picture, uint8 (H, W, C)."""
        self._store((pixels,), "", "")

    def show_image(self, name: str, pixels: Pixels, said: str) -> None:
        """A real image, uint8 (H, W, C), as it is; and what is said of it."""
        self._store((pixels,), name, said)

    def show_placed(
        self, name: str, original: Pixels, reconstruction: Pixels, error: NDArray[np.float32], facts: Sequence[str]
    ) -> None:
        """A real image beside what the model makes of it, the error (H, W) in [0, 1] as a heat map, what is said."""
        if len(self._pictures) > 1 and self._pictures[1] is reconstruction and self._facts == tuple(facts):
            return
        heat = self._ramp[np.clip(error * 255.0, 0, 255).astype(int)]
        self._facts = tuple(facts)
        self._store((original, reconstruction, heat), name, "\n".join(facts))

    def show_sentence(self, sentence: str, is_failure: bool = False) -> None:
        """In place of a picture."""
        self._store((), "", sentence)
        self._is_failure = is_failure

    def show_smooth(self, is_smooth: bool) -> None:
        """Blend the pixels instead of showing each as a square."""
        self.is_smooth = is_smooth
        self.update()

    def _store(self, pictures: tuple[Pixels, ...], name: str, sentence: str) -> None:
        self._pictures, self._is_failure = pictures, False
        if (name, sentence) != (self._name, self._sentence):
            self._name, self._sentence = name, sentence
            describe(self, name or "Decoded picture", f"{name}\n{sentence}".strip())
            self.setAccessibleDescription(sentence)
        self.update()

    def _paint_frame(self, painter: QPainter, square: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self.palette().base())
        painter.setPen(self.palette().mid().color())
        painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setPen(muted(self.palette()))

    def _paint_sentence(self, painter: QPainter, square: QRectF) -> None:
        if self._is_failure:
            painter.setPen(QColor(FAILURE[is_dark(self.palette())]))
        words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(square.adjusted(24, 24, -24, -24), int(words), self._sentence)

    def _paint_pixels(self, painter: QPainter, area: QRectF, pixels: Pixels) -> QRectF:
        box = fitted(pixels, area, self.devicePixelRatioF())
        shrinks = pixels.shape[0] > box.height() * self.devicePixelRatioF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.is_smooth or shrinks)
        painter.drawImage(box, to_qimage(pixels))
        return box

    def _paint_placed(self, painter: QPainter, room: QRectF) -> None:
        """Three in a row with what is said below; in four quarters, one of them for words, where that is larger."""
        line = self.fontMetrics().height()
        half = min((room.width() - 3 * GAP) / 2, (room.height() - 2 * (line + RAMP_HEIGHT) - 4 * GAP) / 2)
        if half >= ROOM_FOR_WORDS:
            tiles, words = _quarters(room, half, line)
        else:
            widest = max(map(self.fontMetrics().horizontalAdvance, CAPTIONS))
            tiles, words = _row(room, line, (len(self._facts) + 1) * line, widest)
        pitch = tiles[1].left() - tiles[0].left()
        for area, pixels, caption in zip(tiles, self._pictures, CAPTIONS, strict=True):
            self._paint_pixels(painter, area, pixels)
            short = self.fontMetrics().elidedText(caption, Qt.TextElideMode.ElideRight, int(pitch))
            below = QRectF(area.center().x() - pitch / 2, area.bottom() + 2, pitch, line)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, short)
        scale = QRectF(tiles[2].left(), tiles[2].bottom() + line + 3, tiles[2].width(), RAMP_HEIGHT)
        painter.drawImage(scale, to_qimage(self._ramp[None]))
        self._paint_facts(painter, words, line)

    def _paint_facts(self, painter: QPainter, area: QRectF, line: int) -> None:
        painter.setPen(self.palette().text().color())
        name = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, int(area.width()))
        painter.drawText(area, Qt.AlignmentFlag.AlignHCenter, name)
        painter.setPen(muted(self.palette()))
        words = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area.adjusted(0, line, 0, 0), int(words), "\n".join(self._facts))

    def resizeEvent(self, event: QResizeEvent) -> None:
        # A tall dock must not part the picture from what is said about it.
        self.setMaximumHeight(max(self.width(), self.minimumHeight()))
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(316, 316)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = min(self.width(), self.height())
        square = QRectF((self.width() - side) // 2, 0, side, side)
        if len(self._pictures) == 1:
            self._paint_pixels(painter, QRectF(self.rect()), self._pictures[0])
            return
        self._paint_frame(painter, QRectF(self.rect()) if self._pictures else square)
        if self._pictures:
            self._paint_placed(painter, QRectF(self.rect()))
        else:
            self._paint_sentence(painter, square)


def _quarters(room: QRectF, side: float, line: int) -> tuple[list[QRectF], QRectF]:
    """Where three pictures of this side stand, and where words do."""
    left = room.center().x() - side - GAP / 2
    below = room.top() + GAP + side + line + GAP
    places = [
        (left, room.top() + GAP),
        (left + side + GAP, room.top() + GAP),
        (left, below),
        (left + side + GAP, below),
    ]
    *tiles, words = (QRectF(x, y, side, side) for x, y in places)
    return tiles, words


def _row(room: QRectF, line: int, words: int, widest: float) -> tuple[list[QRectF], QRectF]:
    """The same, as large as leaves room for so much text below, and as far apart as the widest caption needs."""
    across, down = (room.width() - 4 * GAP) / 3, room.height() - 2 * line - RAMP_HEIGHT - GAP - words
    side = max(8.0, min(across, down))
    pitch = min(across, max(side, widest)) + GAP
    left = room.center().x() - side / 2 - pitch
    tiles = [QRectF(left + column * pitch, room.top() + GAP, side, side) for column in range(3)]
    return tiles, room.adjusted(GAP, GAP + side + line + RAMP_HEIGHT + 8, -GAP, 0)


def fitted(pixels: Pixels, area: QRectF, ratio: float) -> QRectF:
    """The largest box of the picture's shape in the area, on whole device pixels: centred across, at the top."""
    height, width = pixels.shape[:2]
    scale = min(area.width() / width, area.height() / height)
    box_width, box_height = (max(1, int(scale * side * ratio)) / ratio for side in (width, height))
    left = round((area.left() + (area.width() - box_width) / 2) * ratio) / ratio
    return QRectF(left, area.top(), box_width, box_height)
