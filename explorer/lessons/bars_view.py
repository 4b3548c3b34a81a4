"""Bars side by side, a group for each name; what is not alive is grey, and what the frame is about is marked."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from core.reports.lessons import Bars
from explorer.lessons.plot_area import GAP, LEFT, PlotArea, area_below, as_tick, draw_axes, draw_heading
from explorer.toolkit.theme import HELD_OUT, TRAINING, muted

_SERIES = (TRAINING, HELD_OUT)
_FEW = 20  # names that are written


class BarsView(QWidget):
    """From 0 up; values that are not known yet leave their place free."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: Bars | None = None
        self.setMinimumSize(150, 150)

    def show_view(self, view: Bars) -> None:
        """Draw this."""
        self._view = view
        self.setAccessibleName(view.title)
        self.setAccessibleDescription("; ".join(_said(view)))
        self.update()

    def sizeHint(self) -> QSize:
        """As high as a plane."""
        return QSize(300, 300)

    def paintEvent(self, event: QPaintEvent) -> None:
        if (view := self._view) is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self.fontMetrics().height()
        top = draw_heading(painter, self, view.title) + _paint_names(painter, self, view) + line + GAP
        area = area_below(self, top)
        known = view.values[np.isfinite(view.values)]
        highest = max(float(known.max(initial=0.0)), view.top, 1e-6)
        plot = PlotArea(area, 0, len(view.names), min(0.0, float(known.min(initial=0.0))), 1.06 * highest)
        draw_axes(painter, plot, ("", view.unit), self.palette(), has_along=False)
        for place in range(len(view.names)):
            _paint_group(painter, plot, view, place, self.palette())


def _said(view: Bars) -> list[str]:
    """The values of each name, for who listens."""
    return [
        f"{name}: " + ", ".join(as_tick(float(value)) for value in view.values[:, place] if np.isfinite(value))
        for place, name in enumerate(view.names)
    ]


def _paint_names(painter: QPainter, widget: QWidget, view: Bars) -> float:
    """What the colours stand for, a line each, where there are several; returns the height that takes."""
    if len(view.series) < 2:
        return 0.0
    line, top = widget.fontMetrics().height(), widget.fontMetrics().height() + GAP
    for number, name in enumerate(view.series):
        at = top + number * line
        painter.fillRect(QRectF(LEFT, at + line / 2 - 4, 8, 8), QColor(_SERIES[number]))
        painter.setPen(widget.palette().color(QPalette.ColorRole.Text))
        painter.drawText(QPointF(LEFT + 14, at + widget.fontMetrics().ascent()), name)
    return float(len(view.series) * line)


def _paint_group(painter: QPainter, plot: PlotArea, view: Bars, place: int, palette: QPalette) -> None:
    """The bars of one name, with the name below and, where there is room, their values above."""
    wide, line = plot.area.width() / len(view.names), painter.fontMetrics().height()
    left, zero = plot.area.left() + place * wide, plot.pixel(0, 0).y()
    if place == view.chosen:
        painter.fillRect(QRectF(left, plot.area.top(), wide, plot.area.height() + line + 2), muted(palette, 0.10))
    gap = min(6.0, 0.15 * wide)
    each = (wide - 2 * gap) / len(view.series)
    is_alive = view.alive is None or bool(view.alive[place])
    for number, value in enumerate(view.values[:, place].tolist()):
        if not np.isfinite(value):
            continue
        height = plot.pixel(0, value).y()
        bar = QRectF(left + gap + number * each, min(zero, height), max(1.0, each - 1), abs(zero - height))
        painter.fillRect(bar, QColor(_SERIES[number]) if is_alive else muted(palette, 0.3))
        words = f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
        if painter.fontMetrics().horizontalAdvance(words) <= each + 4:
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            above = QRectF(bar.left() - 20, bar.top() - line, bar.width() + 40, line)
            painter.drawText(above, Qt.AlignmentFlag.AlignHCenter, words.replace("-", "−"))
    if len(view.names) <= _FEW:
        painter.setPen(palette.color(QPalette.ColorRole.Text) if is_alive else muted(palette))
        below = QRectF(left - 20, plot.area.bottom() + 3, wide + 40, line)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, view.names[place])
