"""Lines over one axis, and levels across it: what was guessed, dashed, and what is true."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from core.reports.lessons import Curves, Level, Line
from explorer.lessons.plot_area import GAP, LEFT, PlotArea, area_below, as_tick, draw_axes, draw_heading
from explorer.toolkit.theme import HELD_OUT, TRAINING, muted

_COLOURS = (TRAINING, HELD_OUT)


class CurvesView(QWidget):
    """Its names stand above it, in their colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: Curves | None = None
        self.setMinimumSize(150, 150)

    def show_view(self, view: Curves) -> None:
        """Draw this."""
        self._view = view
        self.setAccessibleName(view.title)
        lines = (f"{line.name} ends at {as_tick(_last(line))}" for line in view.lines if line.name)
        self.setAccessibleDescription(
            "; ".join([*lines, *(f"{each.name}: {as_tick(each.value)}" for each in view.levels)])
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Wider than a plane."""
        return QSize(380, 300)

    def paintEvent(self, event: QPaintEvent) -> None:
        if (view := self._view) is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self.fontMetrics().height()
        top = draw_heading(painter, self, view.title)
        top += self._paint_names(painter, view, top) + line + GAP
        area = area_below(self, top)
        plot = PlotArea(area, float(view.x[0]), float(view.x[-1]), *_heights(view), view.is_log)
        draw_axes(painter, plot, view.axes, self.palette())
        if view.at is not None:
            painter.setPen(QPen(muted(self.palette(), 0.5), 1))
            painter.drawLine(QPointF(plot.across(view.at), area.top()), QPointF(plot.across(view.at), area.bottom()))
        painter.save()
        painter.setClipRect(area.adjusted(-4, -4, 4, 4))
        for each, colour in zip(view.lines, self._colours(view), strict=True):
            _paint_line(painter, plot, view, each, colour)
        painter.restore()
        self._paint_levels(painter, plot, view)

    def _colours(self, view: Curves) -> list[QColor]:
        """Faint ones share the colour of the first that is not, at less strength."""
        strong = iter(_COLOURS)
        colours = [QColor(TRAINING) if each.is_faint else QColor(next(strong)) for each in view.lines]
        for each, colour in zip(view.lines, colours, strict=True):
            colour.setAlphaF(0.35 if each.is_faint else 1.0)
        return colours

    def _paint_names(self, painter: QPainter, view: Curves, top: float) -> float:
        """A line for each curve that has a name; returns the height that takes."""
        height, count = self.fontMetrics().height(), 0
        for each, colour in zip(view.lines, self._colours(view), strict=True):
            if not each.name:
                continue
            at = top + count * height
            painter.setPen(QPen(colour, 2.4))
            painter.drawLine(QPointF(LEFT, at + height / 2), QPointF(LEFT + 18, at + height / 2))
            painter.setPen(self.palette().color(QPalette.ColorRole.Text))
            painter.drawText(QPointF(LEFT + 24, at + self.fontMetrics().ascent()), each.name)
            count += 1
        return float(count * height)

    def _paint_levels(self, painter: QPainter, plot: PlotArea, view: Curves) -> None:
        """Names at the right, each as near to its line as the one below it leaves room; of places along, at the top."""
        line, below, top = self.fontMetrics().height(), plot.area.bottom(), plot.area.top()
        for level in sorted(view.levels, key=lambda level: level.value):
            said = f"{level.name}: {_said(level)}"
            width = self.fontMetrics().horizontalAdvance(said) + 8
            if level.is_along:
                at = plot.across(min(max(level.value, plot.left), plot.right))
                ends = QPointF(at, plot.area.top()), QPointF(at, plot.area.bottom())
                left, top = min(at + 3, plot.area.right() - width), top + line
                words = QRectF(left, top - line, width, line - 1)
            else:
                at = plot.pixel(plot.right, min(max(level.value, plot.bottom), plot.top)).y()
                ends = QPointF(plot.area.left(), at), QPointF(plot.area.right(), at)
                below = min(at - 1, below - line if below < plot.area.bottom() else at - 1)
                words = QRectF(plot.area.right() - width, below - line, width, line - 1)
            self._paint_level(painter, level, ends, words, said)

    def _paint_level(
        self, painter: QPainter, level: Level, ends: tuple[QPointF, QPointF], words: QRectF, said: str
    ) -> None:
        text, is_guess = self.palette().color(QPalette.ColorRole.Text), level.kind == "guess"
        style = Qt.PenStyle.DashLine if is_guess else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(HELD_OUT) if is_guess else text, 1.6, style))
        painter.drawLine(*ends)
        painter.setOpacity(0.8)
        painter.fillRect(words, self.palette().color(QPalette.ColorRole.Window))
        painter.setOpacity(1.0)
        painter.setPen(text)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, said)


def _paint_line(painter: QPainter, plot: PlotArea, view: Curves, line: Line, colour: QColor) -> None:
    known = np.isfinite(line.y)
    points = [plot.pixel(x, y) for x, y in zip(view.x[known].tolist(), line.y[known].tolist(), strict=True)]
    painter.setPen(QPen(colour, 1.4 if line.is_faint else 2.2))
    painter.drawPolyline(QPolygonF(points))
    if view.has_dots:
        painter.setPen(QPen(colour, 8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPoints(QPolygonF(points))


def _heights(view: Curves) -> tuple[float, float]:
    """From what to what it goes; of lines that begin far off, what nine in ten of their points need, and all levels."""
    parts = [each.y[np.isfinite(each.y)] for each in view.lines]
    values = np.concatenate([*parts, np.array(_across(view))])
    low, high = float(np.quantile(values, 0.08)) if len(values) > 60 else float(values.min()), float(values.max())
    low, high = min([low, *_across(view)]), high if view.top is None else max(high, view.top)
    room = 0.1 * (high - low) or 0.5
    return low - room, high + room


def _across(view: Curves) -> list[float]:
    return [each.value for each in view.levels if not each.is_along]


def _last(line: Line) -> float:
    known = line.y[np.isfinite(line.y)]
    return float(known[-1]) if len(known) else float("nan")


def _said(level: Level) -> str:
    return f"{level.value:,.2f}".rstrip("0").rstrip(".").replace("-", "−")
