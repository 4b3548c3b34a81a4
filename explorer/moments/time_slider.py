"""A slider of time: a tick for each moment, taller where it was kept for a finding, and now at its right end."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSlider, QToolTip, QWidget

from core.reports.moments import Moment
from explorer.moments.moment_words import kept_for
from explorer.toolkit.theme import CAUTION, is_dark, muted

FINE = 100  # values of the slider from one moment to the next
MARGIN, HANDLE = 9, 6.5  # pixels: at each end, and the handle's radius
FAR = 5  # moments that Page Up and Page Down go


class TimeSlider(QSlider):
    """Says where in time a hand is, in moments, and when it lets go."""

    sought = Signal(float)
    rested = Signal()
    stepped = Signal(int)  # moments on, below 0 back
    play_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._moments: Sequence[Moment] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSingleStep(FINE)
        self.setPageStep(FAR * FINE)
        self.setMinimumWidth(80)

    def show_moments(self, moments: Sequence[Moment]) -> None:
        """What there is to look at, before now."""
        self._moments = moments
        self.setMaximum(FINE * len(moments))
        self.update()

    def show_position(self, position: float) -> None:
        """Where in time it is."""
        self.setValue(round(FINE * position))

    def _x_of(self, position: float) -> float:
        last = max(1, len(self._moments))
        return MARGIN + position / last * (self.width() - 2 * MARGIN)

    def _position_at(self, x: float) -> float:
        return (x - MARGIN) / max(1, self.width() - 2 * MARGIN) * len(self._moments)

    # Qt

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there at once."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.sought.emit(self._position_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.sought.emit(self._position_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Come to rest at the moment that is nearest."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.rested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._moments)
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: 1,
            Qt.Key.Key_PageDown: -FAR,
            Qt.Key.Key_PageUp: FAR,
            Qt.Key.Key_Home: -last,
            Qt.Key.Key_End: last,
        }
        if (by := steps.get(Qt.Key(event.key()))) is not None:
            self.stepped.emit(by)
        elif event.key() == Qt.Key.Key_Space:
            self.play_pressed.emit()
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Over a tick, its moment is said."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._moments:
            nearest = round(self._position_at(event.pos().x()))
            if 0 <= nearest < len(self._moments):
                moment = self._moments[nearest]
                QToolTip.showText(event.globalPos(), f"Step {moment.step:,}: {kept_for(moment)}", self)
                return True
        return super().event(event)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter, middle = QPainter(self), self.height() / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        quiet, accent = muted(self.palette(), 0.35), self.palette().color(QPalette.ColorRole.Accent)
        at = self._x_of(self.value() / FINE)
        painter.setPen(QPen(quiet, 2))
        painter.drawLine(QPointF(MARGIN, middle), QPointF(self.width() - MARGIN, middle))
        painter.setPen(QPen(accent if self.isEnabled() else quiet, 2))
        painter.drawLine(QPointF(MARGIN, middle), QPointF(at, middle))
        self._paint_ticks(painter, middle, quiet)
        ring = 1.5 if self.hasFocus() else 0.0
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), ring) if ring else Qt.PenStyle.NoPen)
        painter.setBrush(accent if self.isEnabled() else quiet)
        painter.drawEllipse(QRectF(at - HANDLE, middle - HANDLE, 2 * HANDLE, 2 * HANDLE))

    def _paint_ticks(self, painter: QPainter, middle: float, quiet: QColor) -> None:
        for place, moment in enumerate(self._moments):
            is_finding = moment.why == "finding"
            reach = 8.0 if is_finding else 5.0 if moment.why in ("first", "last") else 3.5
            painter.setPen(QPen(QColor(CAUTION[is_dark(self.palette())]) if is_finding else quiet, 1.4))
            painter.drawLine(QPointF(self._x_of(place), middle - reach), QPointF(self._x_of(place), middle + reach))
        painter.setPen(QPen(quiet, 2))
        end = self._x_of(len(self._moments))
        painter.drawLine(QPointF(end, middle - 6), QPointF(end, middle + 6))

    def sizeHint(self) -> QSize:
        return QSize(260, 24)
