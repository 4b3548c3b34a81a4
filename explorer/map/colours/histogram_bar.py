"""A histogram in the colours of its numbers, between two ends that can be dragged."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.palette import ramp
from explorer.map.colours.number_scale import ABOVE, BELOW, BINS, Scale
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.theme import as_colour, muted

ALL = (-1, BINS + 1)  # from the edge before all that lies below to the one after all that lies above
_COLUMNS = 64
_HEIGHT, _STRIP = 42, 7  # pixels of the histogram, and of the colours below it
_TAIL, _GAP, _END = 9, 3, 13  # pixels: what lies beyond an end, the space before it, the width of a handle
_STEPS = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1,
    Qt.Key.Key_PageDown: -16, Qt.Key.Key_PageUp: 16,
}  # fmt: skip


class HistogramBar(QWidget):
    """The edges (first, last) between which images are shown, 0 to 256; -1 and 257 take in what lies beyond."""

    range_changed = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale: Scale | None = None
        self._selected: NDArray[np.int64] | None = None
        self.range = ALL
        self._held: tuple[float, tuple[int, int]] | None = None  # where the range was taken, and what it was
        self.ends = (_End("Lowest that is shown", self), _End("Highest that is shown", self))
        for place, end in enumerate(self.ends):
            end.dragged.connect(lambda x, at=place: self._move_end(at, self.edge_at(x)))
            end.stepped.connect(lambda step, at=place: self._move_end(at, self.range[at] + step))
            end.let_out.connect(lambda at=place: self._move_end(at, ALL[at]))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def show_scale(self, scale: Scale, selected: NDArray[np.int64] | None) -> None:
        """What to draw, and how many selected images each level has, (259,), where some are."""
        self._scale, self._selected = scale, selected
        self._place_ends()
        self.update()

    def show_range(self, first: int, last: int) -> None:
        """Other ends, of which nothing is said."""
        self.range = (first, last)
        self._place_ends()
        self.update()

    def edge_at(self, x: float) -> int:
        """The edge nearest to a pixel, -1 to 257."""
        left, width = self._span()
        if x < left - _GAP:
            return ALL[0]
        if x > left + width + _GAP:
            return ALL[1]
        return round(float(np.clip((x - left) / width, 0, 1)) * BINS)

    def x_of(self, edge: int) -> float:
        """Where an edge is, in pixels."""
        left, width = self._span()
        if edge in ALL:
            return left - _GAP - _TAIL if edge < 0 else left + width + _GAP + _TAIL
        return left + width * edge / BINS

    def _span(self) -> tuple[float, float]:
        """Where the bins begin, and how wide all of them are."""
        left = _END / 2 + _TAIL + _GAP
        return left, max(1.0, self.width() - 2 * left)

    def _move_end(self, place: int, edge: int) -> None:
        """At least one bin stays between the ends."""
        first, last = self.range
        if place == 0:
            first = int(np.clip(edge, ALL[0], min(last, BINS) - 1))
        else:
            last = int(np.clip(edge, max(first, 0) + 1, ALL[1]))
        self._tell((first, last))

    def _move_both(self, x: float) -> None:
        assert self._held is not None
        begun, (first, last) = self._held
        step = self.edge_at(x) - self.edge_at(begun)
        step = int(np.clip(step, -max(0, first), max(0, BINS - last)))
        self._tell((first + step, last + step))

    def _tell(self, wished: tuple[int, int]) -> None:
        if wished != self.range:
            self.show_range(*wished)
            self.range_changed.emit(*wished)

    def _place_ends(self) -> None:
        for end, edge in zip(self.ends, self.range, strict=True):
            end.setGeometry(round(self.x_of(edge) - _END / 2), 0, _END, _HEIGHT + _STRIP + 8)
            if self._scale is not None:
                number = self._scale.edges[int(np.clip(edge, 0, BINS))]
                beyond = ", and all beyond" if edge in ALL else ""
                end.setAccessibleDescription(f"{self._scale.text(number)} {self._scale.unit}{beyond}")

    # painting

    def _bars(self, counts: NDArray[np.int64]) -> list[tuple[QRectF, int, int]]:
        """Each bar's place with room to the top, how many it stands for, and its first edge."""
        left, width = self._span()
        per_column = BINS // _COLUMNS
        inner = counts[:BINS].reshape(_COLUMNS, per_column).sum(axis=1).tolist()
        wide = width / _COLUMNS
        bars = [
            (QRectF(left + wide * column, 0, wide + 0.3, _HEIGHT), count, column * per_column)
            for column, count in enumerate(inner)
        ]
        beyond = width + _GAP
        bars.append((QRectF(left - _GAP - _TAIL, 0, _TAIL, _HEIGHT), int(counts[BELOW]), ALL[0]))
        bars.append((QRectF(left + beyond, 0, _TAIL, _HEIGHT), int(counts[ABOVE]), BINS))
        return bars

    def _colour(self, edge: int) -> QColor:
        """Of the bar that begins at an edge; grey outside the range."""
        first, last = self.range
        inside = first <= edge < last
        if not inside:
            return muted(self.palette(), 0.22)
        low, high = max(first, 0), min(last, BINS)
        place = np.clip((edge + 2 - low) / max(1, high - low), 0, 1)
        return as_colour(ramp(BINS)[round(float(place) * (BINS - 1))])

    def _paint_bars(self, painter: QPainter, counts: NDArray[np.int64]) -> None:
        """In their colours, and those colours by themselves below."""
        bars = self._bars(counts)
        highest = max(1, *(count for _, count, _ in bars))
        for room, count, edge in bars:
            colour, height = self._colour(edge), max(float(count > 0), count / highest * _HEIGHT)
            painter.fillRect(QRectF(room.left(), _HEIGHT - height, room.width(), height), colour)
            painter.fillRect(QRectF(room.left(), _HEIGHT + 2, room.width(), _STRIP), colour)

    def _paint_selected(self, painter: QPainter, counts: NDArray[np.int64]) -> None:
        """A line over the bars, at a scale of its own: few are selected, and still they can be compared with all."""
        bars = self._bars(counts)
        highest = max(1, *(count for _, count, _ in bars))
        for ink, width in ((self.palette().base().color(), 3.2), (self.palette().text().color(), 1.4)):
            painter.setPen(QPen(ink, width))
            for part in (bars[:_COLUMNS], bars[_COLUMNS:-1], bars[-1:]):
                steps = [(x, count / highest) for room, count, _ in part for x in (room.left(), room.right())]
                painter.drawPolyline([QPointF(x, _HEIGHT - share * (_HEIGHT - 2)) for x, share in steps])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: all that is known."""
        if self._scale is None:
            return
        painter = QPainter(self)
        self._paint_bars(painter, self._scale.counts)
        if self._selected is not None:
            self._paint_selected(painter, self._selected)
        painter.setPen(QPen(muted(self.palette(), 0.4), 1))
        painter.drawLine(QPointF(_END / 2, _HEIGHT + 0.5), QPointF(self.width() - _END / 2, _HEIGHT + 0.5))

    # Qt

    def sizeHint(self) -> QSize:
        """Qt: wide enough to aim at."""
        return QSize(220, _HEIGHT + _STRIP + 8)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the ends stay at their numbers."""
        super().resizeEvent(event)
        self._place_ends()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Between the ends takes both of them; elsewhere brings the nearer one."""
        x = event.position().x()
        if self.range != ALL and self.x_of(self.range[0]) < x < self.x_of(self.range[1]):
            self._held = (x, self.range)
            return
        nearer = int(abs(x - self.x_of(self.range[1])) < abs(x - self.x_of(self.range[0])))
        self._move_end(nearer, self.edge_at(x))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The range follows the hand."""
        if self._held is not None:
            self._move_both(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """All are shown again."""
        self._tell(ALL)


class _End(QWidget):
    """One end of the range: dragged, or moved by arrow keys; Home lets it out as far as it goes."""

    dragged = Signal(float)  # x in the bar
    stepped = Signal(int)
    let_out = Signal()

    def __init__(self, name: str, bar: HistogramBar) -> None:
        super().__init__(bar)
        self.setAccessibleName(name)
        tip = f"{name}: drag it, or use the arrow keys; Home shows all. What lies outside is hidden."
        self.setToolTip(plain_tip(tip))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line with a grip, thicker with the keyboard on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, middle = self.palette(), self.width() / 2
        ink = palette.color(palette.ColorRole.Accent) if self.hasFocus() else palette.text().color()
        painter.setPen(QPen(ink, 2.0 if self.hasFocus() else 1.2))
        painter.drawLine(QPointF(middle, 1), QPointF(middle, self.height() - 9))
        painter.setBrush(palette.base().color())
        painter.drawRoundedRect(QRectF(middle - 4, self.height() - 14, 8, 12), 3, 3)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: arrows, Page keys and Home."""
        if event.key() in _STEPS:
            self.stepped.emit(_STEPS[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Home:
            self.let_out.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Taken in hand."""
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """It follows the hand."""
        self.dragged.emit(float(self.mapToParent(event.position()).x()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """As far out as it goes."""
        self.let_out.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Seen."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Left."""
        super().focusOutEvent(event)
        self.update()
