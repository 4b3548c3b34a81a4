"""A dialog without a frame over the upper part of a window, with a list that the keyboard moves in while one types."""

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class FloatingDialog(QDialog):
    """Gone once closed; a click beside it, or another program, closes it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(name)

    def place_over_parent(self) -> None:
        """In the middle, over the upper part of the window."""
        if (parent := self.parentWidget()) is not None:
            self.move(parent.mapToGlobal(QPoint((parent.width() - self.width()) // 2, parent.height() // 8)))

    def event(self, event: QEvent) -> bool:
        """Qt: the keyboard went elsewhere."""
        if event.type() == QEvent.Type.WindowDeactivate:
            self.reject()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: a line around it, without which it would melt into the window."""
        painter = QPainter(self)
        painter.setPen(self.palette().dark().color())
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def moves_in(view: QWidget, event: QEvent) -> bool:
    """Pass a press of a key that moves in a list on to it, while the keyboard stays in a text; False: it is another."""
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress or event.key() not in _MOVES:
        return False
    QApplication.sendEvent(view, event)
    return True
