"""What windows without a frame share: a line around them, and their place over the window."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget


def draw_line_around(widget: QWidget) -> None:
    """Without it, it would melt into the window; to be called while it is painted."""
    painter = QPainter(widget)
    painter.setPen(widget.palette().dark().color())
    painter.drawRect(widget.rect().adjusted(0, 0, -1, -1))


def place_over_parent(widget: QWidget) -> None:
    """In the middle, over the upper part of the window."""
    if (parent := widget.parentWidget()) is not None:
        widget.move(parent.mapToGlobal(QPoint((parent.width() - widget.width()) // 2, parent.height() // 8)))
