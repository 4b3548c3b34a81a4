"""A panel in a dock that may become narrower than the panel: what is beyond is scrolled to."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

LEAST_WIDTH = 300


class Narrowing(QScrollArea):
    """As tall as the panel must be at least, and scrolled only across: the window fits on narrow screens."""

    def __init__(self, panel: QWidget) -> None:
        super().__init__()
        self._panel = panel
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(panel)
        panel.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: the panel needs more or less room."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """No taller than it is seen: a QScrollArea that sees to it gives lines that wrap all the height they like."""
        self._panel.resize(self.viewport().size().expandedTo(QSize(self._least().width(), 0)))

    def _least(self) -> QSize:
        return self._panel.minimumSizeHint().expandedTo(self._panel.minimumSize())

    def minimumSizeHint(self) -> QSize:
        least = self._least()
        bar = self.horizontalScrollBar()
        return QSize(min(least.width(), LEAST_WIDTH), least.height() + (bar.height() if bar.isVisible() else 0))

    def sizeHint(self) -> QSize:
        return self._panel.sizeHint()
