"""The frame that lessons are drawn in: a heading, axes with round numbers, and places turned into pixels."""

from dataclasses import dataclass
from math import ceil, floor, log10

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPalette
from PySide6.QtWidgets import QWidget

from explorer.toolkit.theme import muted

LEFT, RIGHT, GAP = 58, 26, 6  # pixels
_TICK_PIXELS = 46.0  # at least from one number to the next
_MOST_DECADES = 12


@dataclass(frozen=True)
class PlotArea:
    """What lies between two numbers along and two up, in a rectangle of a widget."""

    area: QRectF
    left: float
    right: float
    bottom: float
    top: float
    is_log: bool = False  # along

    def pixel(self, x: float, y: float) -> QPointF:
        """Where a place is."""
        return QPointF(
            self.across(x), self.area.bottom() - (y - self.bottom) / (self.top - self.bottom) * self.area.height()
        )

    def across(self, x: float) -> float:
        """How far along."""
        low, high, at = (log10(each) if self.is_log else each for each in (self.left, self.right, x))
        return self.area.left() + (at - low) / (high - low) * self.area.width()

    def place(self, pixel: QPointF) -> tuple[float, float]:
        """What place a pixel is; the axes are not logarithmic."""
        x = self.left + (pixel.x() - self.area.left()) / self.area.width() * (self.right - self.left)
        y = self.bottom + (self.area.bottom() - pixel.y()) / self.area.height() * (self.top - self.bottom)
        return x, y

    def ticks_along(self) -> list[float]:
        """Round numbers below the plot."""
        if self.is_log:
            first, last = ceil(log10(self.left) - 1e-9), floor(log10(self.right) + 1e-9)
            return [10.0**power for power in range(first, min(last, first + _MOST_DECADES) + 1)]
        return ticks(self.left, self.right, self.area.width())


def area_below(widget: QWidget, top: float) -> QRectF:
    """What is left of a widget for a plot below its heading, with room for the numbers of both axes."""
    below = 2 * widget.fontMetrics().height() + GAP
    return QRectF(LEFT, top, max(1.0, widget.width() - LEFT - RIGHT), max(1.0, widget.height() - top - below))


def ticks(low: float, high: float, pixels: float) -> list[float]:
    """Round numbers between two, far enough apart to be read."""
    least = (high - low) * _TICK_PIXELS / max(pixels, 1.0)
    power = 10.0 ** floor(log10(least))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= least * 0.999)
    return [tick * step for tick in range(ceil(low / step), floor(high / step) + 1)]


def as_tick(value: float) -> str:
    """A number on an axis, with a true minus sign."""
    if abs(value) < 1e-9:
        return "0"
    return (f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.5g}").replace("-", "−")


def heading_height(widget: QWidget) -> float:
    """The height that the heading of a view takes."""
    return widget.fontMetrics().height() + GAP


def draw_heading(painter: QPainter, widget: QWidget, title: str) -> float:
    """The title of a view at its top; returns the height it takes."""
    usual = painter.font()
    bold = QFont(usual)
    bold.setBold(True)
    painter.setFont(bold)
    short = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, widget.width())
    painter.setPen(widget.palette().color(QPalette.ColorRole.Text))
    line = QRectF(0, 0, widget.width(), painter.fontMetrics().height())
    painter.drawText(line, Qt.AlignmentFlag.AlignHCenter, short)
    painter.setFont(usual)
    return heading_height(widget)


def draw_axes(
    painter: QPainter, plot: PlotArea, axes: tuple[str, str], palette: QPalette, has_along: bool = True
) -> None:
    """Faint lines at round numbers, the numbers, and what lies along and up."""
    line, area = painter.fontMetrics().height(), plot.area
    for y in ticks(plot.bottom, plot.top, area.height()):
        at = plot.pixel(plot.left, y).y()
        painter.setPen(muted(palette, 0.12))
        painter.drawLine(QPointF(area.left(), at), QPointF(area.right(), at))
        painter.setPen(muted(palette))
        words = QRectF(area.left() - LEFT, at - line / 2, LEFT - 5, line)
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, as_tick(y))
    for x in plot.ticks_along() if has_along else ():
        painter.drawText(
            QRectF(plot.across(x) - 40, area.bottom() + 3, 80, line), Qt.AlignmentFlag.AlignHCenter, as_tick(x)
        )
    painter.setPen(muted(palette, 0.35))
    painter.drawLine(area.bottomLeft(), area.bottomRight())
    painter.setPen(muted(palette))
    under = QRectF(area.left(), area.bottom() + 3 + line, area.width(), line)
    painter.drawText(under, Qt.AlignmentFlag.AlignHCenter, axes[0])
    painter.drawText(
        QRectF(area.left() - LEFT, area.top() - line - 2, area.width(), line), Qt.AlignmentFlag.AlignLeft, axes[1]
    )
