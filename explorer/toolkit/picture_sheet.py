"""Pictures side by side, each over its caption, as large as the room allows; a click or Enter chooses one."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QToolTip, QWidget

from explorer.toolkit.descriptions import allow
from explorer.toolkit.image_conversion import to_pixmap
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.theme import FAILURE, is_dark, muted

GAP = 6
LARGEST_TILE, LEAST_TILE = 160, 12
_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)

Pixels = NDArray[np.uint8]


class PictureSheet(QWidget):
    """A painted grid; arrow keys move between the pictures. Without pictures it says why there are none."""

    clicked = Signal(int)

    def __init__(self, name: str, tip: str, parent: QWidget | None = None, is_strip: bool = False) -> None:
        super().__init__(parent)
        self._is_strip = is_strip  # all in one row
        self._pixels: Sequence[Pixels] = ()
        self._captions: tuple[str, ...] = ()
        self._pixmaps: list[QPixmap] = []
        self._sentence, self._is_failure, self._current, self._is_old = "", False, 0, False
        self.setMinimumSize(160, 90)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_pictures(self, pixels: Sequence[Pixels] | Pixels, captions: Sequence[str] = ()) -> None:
        """uint8 (n, H, W, C), each with a caption, or none of them."""
        self._pixels, self._captions, self._pixmaps = list(pixels), tuple(captions), []
        self._current = min(self._current, max(0, len(pixels) - 1))
        self._is_failure = self._is_old = False
        allow(self, "" if self.count else self._sentence or " ")
        self._say_current()
        self.update()

    def show_sentence(self, sentence: str, is_failure: bool = False) -> None:
        """Say in place of the pictures why there are none."""
        self._pixels, self._captions, self._pixmaps = (), (), []
        self._sentence, self._is_failure = sentence, is_failure
        allow(self, sentence or " ")  # there is nothing to click
        self.setAccessibleDescription(sentence)
        self.update()

    def show_old(self, is_old: bool) -> None:
        """Whether newer pictures are on their way: those shown are drawn faint."""
        self._is_old = is_old
        self.update()

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return len(self._pixels)

    def picture_at(self, position: QPoint | None) -> int | None:
        """The picture nearest to a place of the widget, or, None, the one that the keys are at."""
        if not self.count or position is None:
            return self._current if self.count else None
        away = [(place.center() - position).manhattanLength() for place in self._places()]
        return away.index(min(away))

    def _caption_height(self) -> int:
        return self.fontMetrics().height() + 1 if any(self._captions) else 0

    def _grid(self) -> tuple[int, int]:
        if self._is_strip:
            across, down = self.width() // max(1, self.count) - GAP, self.height() - 2 * GAP - self._caption_height()
            return max(1, self.count), max(LEAST_TILE, min(across, down, LARGEST_TILE))
        return sheet_grid(self.count, self.width(), self.height(), self._caption_height())

    def _places(self) -> list[QRect]:
        """Where each picture stands, without its caption."""
        if not self.count:
            return []
        columns, side = self._grid()
        rows, down = -(-self.count // columns), side + self._caption_height() + GAP
        left = (self.width() - columns * (side + GAP) + GAP) // 2
        top = max(GAP, (self.height() - rows * down + GAP) // 2)
        return [
            QRect(left + i % columns * (side + GAP), top + i // columns * down, side, side) for i in range(self.count)
        ]

    def _at(self, position: QPoint) -> int:
        below = self._caption_height()
        hits = (i for i, place in enumerate(self._places()) if place.adjusted(0, 0, 0, below).contains(position))
        return next(hits, -1)

    def _move_to(self, index: int) -> None:
        self._current = index
        self._say_current()
        self.update()

    def _say_current(self) -> None:
        where = f"{self._current + 1} of {self.count} pictures"
        caption = f", {self._captions[self._current]}" if self._captions else ""
        self.setAccessibleDescription(where + caption if self.count else self._sentence)

    def _fit_pixmaps(self, side: int) -> None:
        ratio = self.devicePixelRatioF()
        if not self._pixmaps or max(self._pixmaps[0].width(), self._pixmaps[0].height()) != max(1, round(side * ratio)):
            self._pixmaps = [to_pixmap(pixels, side, ratio) for pixels in self._pixels]

    def _paint_sentence(self, painter: QPainter) -> None:
        palette = self.palette()
        palette.setCurrentColorGroup(QPalette.ColorGroup.Active)  # as easy to read as any other text
        painter.setPen(QColor(FAILURE[is_dark(palette)]) if self._is_failure else muted(palette))
        words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(24, 12, -24, -12), int(words), self._sentence)

    def _paint_caption(self, painter: QPainter, place: QRect, caption: str) -> None:
        short = self.fontMetrics().elidedText(caption, Qt.TextElideMode.ElideMiddle, place.width() + GAP - 2)
        area = QRect(place.left() - GAP // 2, place.bottom() + 1, place.width() + GAP, self._caption_height())
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, short)

    def sizeHint(self) -> QSize:
        """Wide and low, for a bottom tab."""
        return QSize(480, 200)

    def event(self, event: QEvent) -> bool:
        """The tooltip has the whole caption of the picture under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._at(event.pos())
            caption = self._captions[index] if index >= 0 and self._captions else ""
            QToolTip.showText(event.globalPos(), plain_tip(f"{caption}\n{self.toolTip()}".strip()), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self.count:
            return self._paint_sentence(painter)
        places = self._places()
        self._fit_pixmaps(places[0].width())
        painter.setOpacity(0.45 if self._is_old else 1.0)
        painter.setPen(muted(self.palette()))
        for place, pixmap, caption in zip(places, self._pixmaps, self._captions or [""] * self.count, strict=True):
            painter.drawPixmap(place.topLeft(), pixmap)
            self._paint_caption(painter, place, caption)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().accent().color(), 2))
            painter.drawRect(places[self._current].adjusted(-2, -2, 1, 1))
        return None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._move_to(index)
            self.clicked.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and self.count:
            self.clicked.emit(self._current)
        elif event.key() in _STEPS and self.count:
            across, down = _STEPS[Qt.Key(event.key())]
            wanted = self._current + across + down * self._grid()[0]
            self._move_to(wanted if 0 <= wanted < self.count else self._current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


def sheet_grid(count: int, width: int, height: int, caption: int) -> tuple[int, int]:
    """(columns, tile side) that make the tiles largest when `count` of them fill width × height, captions below."""

    def side_for(columns: int) -> int:
        rows = -(-count // columns)
        across = (width - GAP) // columns - GAP
        down = (height - GAP) // rows - GAP - caption
        return max(LEAST_TILE, min(across, down, LARGEST_TILE))

    widest = max(range(1, max(count, 1) + 1), key=side_for)
    rows = -(-max(count, 1) // widest)
    columns = -(-max(count, 1) // rows)  # no more than the rows need: the last is as full as the others
    return columns, side_for(columns)
