"""Strips over the foot of a window: each as wide as the window and as high as it needs to be, one above the other."""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QMainWindow

_GAP = 8  # pixels around each
_MOVES = (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.LayoutRequest)


class Foot(QObject):
    """Keeps one strip, which has a layout, where it belongs in its window."""

    def __init__(self, strip: QFrame, window: QMainWindow) -> None:
        super().__init__(strip)
        self._strip = strip
        strip.setFrameShape(QFrame.Shape.StyledPanel)
        strip.setAutoFillBackground(True)
        strip.hide()
        self._soon = QTimer(self, singleShot=True, interval=0)  # once Qt has laid out what is in it
        self._soon.timeout.connect(lambda: _stack(window))
        window.installEventFilter(self)
        strip.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: the window has another size, or the strip comes, goes or says something else."""
        is_of_strip = watched is self._strip
        if event.type() in _MOVES and (is_of_strip or self._strip.isVisible()):
            self._soon.start()
        return super().eventFilter(watched, event)


def _stack(window: QMainWindow) -> None:
    lowest = window.height() - window.statusBar().height()
    width = window.width() - 2 * _GAP
    for foot in window.findChildren(Foot):
        strip = foot._strip
        layout = strip.layout()
        if strip.isHidden() or layout is None:
            continue
        layout.activate()
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        lowest -= height + _GAP
        strip.setGeometry(_GAP, lowest, width, height)
        strip.raise_()
