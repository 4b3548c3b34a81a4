"""*What am I looking at?*: one sheet over the window that names its parts where they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

_CARD_WIDTH, _GAP = 290, 8
_VEIL = 175  # opacity of the sheet, of 255: what is beneath is seen, and does not disturb the words
_FOOT = "Esc, F1 or a click closes this. Ctrl+K finds every command by its name."


@dataclass(frozen=True)
class Part:
    """A part of the window, and what it is in a sentence or two."""

    widget: QWidget
    title: str
    words: str


class Overlay(QWidget):
    """Covers its parent until a key or a click; parts that are not in view are left out."""

    def __init__(self, parts: Sequence[Part], parent: QWidget) -> None:
        super().__init__(parent)
        self._whole = parent
        self.setAccessibleName("What am I looking at?")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._parts = [part for part in parts if self._is_in_view(part)]
        self._cards = [_card(part.title, part.words, self) for part in self._parts]
        self._foot = _card("", _FOOT, self)
        self.setAccessibleDescription("\n".join(f"{part.title}: {part.words}" for part in self._parts))
        parent.installEventFilter(self)
        self._lay_out()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        self.setGeometry(self._whole.rect())
        self._foot.adjustSize()
        self._foot.move((self.width() - self._foot.width()) // 2, _GAP)
        taken = [self._foot.geometry()]
        for part, card in zip(self._parts, self._cards, strict=True):
            card.setFixedWidth(min(_CARD_WIDTH, max(200, self._place_of(part).width() - 2 * _GAP)))
            card.adjustSize()
            card.move(_free(card.rect(), self._place_of(part), taken, self.rect()))
            taken.append(card.geometry())

    def _is_in_view(self, part: Part) -> bool:
        """Not by visibleRegion: what is covered by its own children has none."""
        if not part.widget.isVisible() or part.widget.window() is not self._whole.window():
            return False
        return self._whole.rect().intersects(self._place_of(part))

    def _place_of(self, part: Part) -> QRect:
        return QRect(part.widget.mapTo(self._whole, QPoint(0, 0)), part.widget.size())

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        veil = QColor(self.palette().window().color())
        veil.setAlpha(_VEIL)
        painter.fillRect(self.rect(), veil)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().accent().color(), 2))
        for part in self._parts:
            painter.drawRoundedRect(self._place_of(part).adjusted(2, 2, -2, -2), 6, 6)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._lay_out()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.close()


def _card(title: str, words: str, parent: QWidget) -> QLabel:
    card = QLabel(f"<b>{title}</b><br>{words}" if title else words, parent, wordWrap=bool(title))
    card.setTextFormat(Qt.TextFormat.RichText)
    card.setObjectName("card")
    card.setContentsMargins(10, 6, 10, 6)
    card.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return card


def _free(card: QRect, over: QRect, taken: Sequence[QRect], within: QRect) -> QPoint:
    """In the middle of its part, or as far up or down from there as others leave room."""
    middle = over.center() - card.center()
    left = min(max(_GAP, middle.x()), within.width() - card.width() - _GAP)
    lowest = within.height() - card.height() - _GAP
    for step in range(0, within.height(), 4):
        for top in (middle.y() - step, middle.y() + step):
            place = QRect(QPoint(left, top), card.size())
            if _GAP <= top <= lowest and not any(place.adjusted(-4, -4, 4, 4).intersects(each) for each in taken):
                return place.topLeft()
    return QPoint(left, min(max(_GAP, middle.y()), lowest))
