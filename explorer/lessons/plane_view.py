"""A plane: a cloud of dots or of arrows, and marks that have names."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from core.palette import class_colours
from core.reports.lessons import Arrows, Cloud, Mark
from explorer.lessons.plot_area import PlotArea, draw_heading, heading_height
from explorer.toolkit.theme import HELD_OUT, TRAINING, as_colour, muted

_FAINT, _DOT, _MARK = 2.6, 4.4, 7.0  # pixels across


class PlaneView(QWidget):
    """As large a square as there is room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view: Cloud | Arrows | None = None
        self.setMinimumSize(150, 150)

    def show_view(self, view: Cloud | Arrows) -> None:
        """Draw this."""
        self.view = view
        self.setAccessibleName(view.title)
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(300, 300)

    def plot(self) -> PlotArea:
        """Where the plane is, below the heading."""
        top = heading_height(self)
        side = max(1.0, min(self.width() - 2.0, self.height() - top - 2.0))
        area = QRectF((self.width() - side) / 2, top + max(0.0, (self.height() - top - side) / 2), side, side)
        reach = 1.0 if self.view is None else self.view.reach
        return PlotArea(area, -reach, reach, -reach, reach)

    def marks(self) -> tuple[Mark, ...]:
        """Those of the cloud that is shown."""
        return self.view.marks if isinstance(self.view, Cloud) else ()

    def edge(self) -> QPen:
        """What the plane is framed by."""
        return QPen(muted(self.palette(), 0.25), 1)

    # inside

    def _paint_cloud(self, painter: QPainter, plot: PlotArea, view: Cloud) -> None:
        if view.has_rings:
            _paint_rings(painter, plot, self.palette())
        colours = class_colours(int(view.groups.max(initial=0)) + 1)
        for group in range(-1, len(colours)):
            colour = muted(self.palette(), 0.5) if group < 0 else as_colour(colours[group])
            painter.setPen(_round_pen(colour, _FAINT if group < 0 else _DOT))
            painter.drawPoints(_pixels(plot, view.dots[view.groups == group]))
        for mark in self.marks():
            _paint_mark(painter, plot, mark, self.palette())

    def _paint_arrows(self, painter: QPainter, plot: PlotArea, view: Arrows) -> None:
        zero, colour = plot.pixel(0, 0), QColor(TRAINING)
        colour.setAlphaF(0.45)
        painter.setPen(QPen(colour, 1.2))
        for tip in _pixels(plot, view.tips).toList():
            painter.drawLine(zero, tip)
        painter.setPen(_round_pen(QColor(TRAINING), 3.6))
        painter.drawPoints(_pixels(plot, view.tips))
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), 3))
        painter.drawLine(zero, plot.pixel(*view.mean))
        painter.setPen(muted(self.palette()))
        line = painter.fontMetrics().height()
        right, above = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(plot.area.left(), zero.y() + 2, plot.area.width() - 4, line), right, view.axes[0])
        painter.drawText(QRectF(zero.x() + 4, plot.area.top() + 2, plot.area.width() / 2, line), above, view.axes[1])

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.view is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_heading(painter, self, self.view.title)
        plot = self.plot()
        painter.fillRect(plot.area, self.palette().color(QPalette.ColorRole.Base))
        painter.setPen(muted(self.palette(), 0.15))
        painter.drawLine(plot.pixel(plot.left, 0), plot.pixel(plot.right, 0))
        painter.drawLine(plot.pixel(0, plot.bottom), plot.pixel(0, plot.top))
        painter.save()
        painter.setClipRect(plot.area)
        if isinstance(self.view, Cloud):
            self._paint_cloud(painter, plot, self.view)
        else:
            self._paint_arrows(painter, plot, self.view)
        painter.restore()
        painter.setPen(self.edge())
        painter.drawRect(plot.area)


def _pixels(plot: PlotArea, places: NDArray[np.float32]) -> QPolygonF:
    """Places (N, 2) as pixels."""
    low, size = np.array((plot.left, plot.bottom)), np.array((plot.right - plot.left, plot.top - plot.bottom))
    share = (places - low) / size
    x = plot.area.left() + share[:, 0] * plot.area.width()
    y = plot.area.bottom() - share[:, 1] * plot.area.height()
    return QPolygonF([QPointF(*each) for each in zip(x.tolist(), y.tolist(), strict=True)])


def _round_pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)


def _paint_rings(painter: QPainter, plot: PlotArea, palette: QPalette) -> None:
    """N(0, I): one, two and three σ from 0."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = plot.area.width() / (plot.right - plot.left)
    for sigma in (1, 2, 3):
        painter.setPen(QPen(muted(palette, 0.34), 1, Qt.PenStyle.DashLine))
        painter.drawEllipse(plot.pixel(0, 0), sigma * radius, sigma * radius)
        painter.setPen(muted(palette, 0.6))
        painter.drawText(plot.pixel(0, sigma) + QPointF(3, -2), f"{sigma}σ")


def _paint_mark(painter: QPainter, plot: PlotArea, mark: Mark, palette: QPalette) -> None:
    """What is asked: a ring; a guess: a square on its corner; what is true: a full dot; its name beside it."""
    base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
    place = plot.pixel(mark.u, mark.v)
    colour = {"asked": text, "guess": QColor(HELD_OUT), "truth": QColor(TRAINING)}[mark.kind]
    for pen in (QPen(base, 5.5), QPen(colour, 2.4)):
        painter.setPen(pen)
        painter.setBrush(colour if mark.kind == "truth" else base)
        if mark.kind == "guess":
            far = 1.2 * _MARK
            corners = (QPointF(0, -far), QPointF(far, 0), QPointF(0, far), QPointF(-far, 0))
            painter.drawPolygon(QPolygonF([place + corner for corner in corners]))
        else:
            painter.drawEllipse(place, _MARK, _MARK)
    width, height = painter.fontMetrics().horizontalAdvance(mark.name), painter.fontMetrics().height()
    at = place + QPointF(1.7 * _MARK, -height / 2)
    if at.x() + width + 8 > plot.area.right():
        at = place - QPointF(1.7 * _MARK + width + 6, height / 2)
    words = QRectF(at, QSize(width + 6, height))
    painter.setOpacity(0.8)
    painter.fillRect(words, base)
    painter.setOpacity(1.0)
    painter.setPen(text)
    painter.drawText(words, Qt.AlignmentFlag.AlignCenter, mark.name)
