"""What is painted on the map besides the dots: where things are, prior rings, cursor, hovered dot, dropped images."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from explorer.theme import muted

Points = NDArray[np.floating]

UNIT_VIEW = (-3.0, -3.0, 3.0, 3.0)  # left, bottom, right, top: where the prior's codes are


@dataclass(frozen=True)
class Frame:
    """The part of the plane in view, and its width and height in logical pixels; v grows upwards, pixels downwards."""

    left: float
    bottom: float
    right: float
    top: float
    width: float
    height: float

    @property
    def scale(self) -> tuple[float, float]:
        """Pixels a unit of latent space, across and up."""
        return self.width / (self.right - self.left), self.height / (self.top - self.bottom)

    def to_pixel(self, u: float, v: float) -> QPointF:
        """Where a point is in the view."""
        across, up = self.scale
        return QPointF((u - self.left) * across, (self.top - v) * up)

    def to_point(self, pixel: QPointF) -> tuple[float, float]:
        """The point a pixel shows."""
        across, up = self.scale
        return self.left + pixel.x() / across, self.top - pixel.y() / up


class Layer(QGraphicsObject):
    """One sheet over a view box, painted in the box's own pixels by `draw(painter)`."""

    def __init__(self, box: pg.ViewBox, draw: Callable[[QPainter], None], z: float) -> None:
        super().__init__(box)
        self._box, self._draw = box, draw
        self.setZValue(z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        box.sigResized.connect(self.prepareGeometryChange)

    def boundingRect(self) -> QRectF:
        """All of the view box."""
        return self._box.rect()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Nothing outside the view box."""
        painter.setClipRect(self._box.rect())
        self._draw(painter)


def draw_lines(painter: QPainter, frame: Frame, us: Sequence[float], vs: Sequence[float], palette: QPalette) -> None:
    """Faint lines at the axes' numbers; an axis's own grid costs ten times as much to paint."""
    painter.setPen(muted(palette, 0.08))
    for u in us:
        x = round(frame.to_pixel(u, 0).x())
        painter.drawLine(x, 0, x, round(frame.height))
    for v in vs:
        y = round(frame.to_pixel(0, v).y())
        painter.drawLine(0, y, round(frame.width), y)


def draw_prior(painter: QPainter, frame: Frame, palette: QPalette) -> None:
    """The prior N(0, I): rings one, two and three sigma from the origin."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    across, up = frame.scale
    centre = frame.to_pixel(0, 0)
    for sigma in (1, 2, 3):
        if sigma * max(across, up) > 20 * (frame.width + frame.height):
            continue  # an ellipse this large is a slow straight line
        painter.setPen(QPen(muted(palette, 0.34), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, sigma * across, sigma * up)
        painter.setPen(muted(palette, 0.6))
        painter.drawText(centre + QPointF(4, -sigma * up - 3), f"{sigma}σ")


def draw_ring(painter: QPainter, place: QPointF, palette: QPalette, fill: QColor) -> None:
    """The dot under the pointer, larger and ringed."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Base), 4))
    painter.drawEllipse(place, 7, 7)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 2))
    painter.drawEllipse(place, 7, 7)


def draw_cursor(painter: QPainter, place: QPointF, palette: QPalette) -> None:
    """The place that is decoded: a ring with four arms, readable on dots, picture and paper alike."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    x, y = place.x(), place.y()
    for role, width in ((QPalette.ColorRole.Base, 4.5), (QPalette.ColorRole.Text, 2.0)):
        painter.setPen(QPen(palette.color(role), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawEllipse(place, 9, 9)
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(QPointF(x + 9 * dx, y + 9 * dy), QPointF(x + 16 * dx, y + 16 * dy))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.Text))
    painter.drawEllipse(place, 1.5, 1.5)


def draw_star(painter: QPainter, place: QPointF, palette: QPalette, thumbnail: QPixmap) -> None:
    """Where a dropped image lies: a star, with the image beside it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Base), 1.5))
    painter.setBrush(palette.color(QPalette.ColorRole.Text))
    painter.drawPolygon(star(place, 11))
    side = thumbnail.deviceIndependentSize()
    corner = place + QPointF(14, -14 - side.height())
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 2))
    painter.drawRect(QRectF(corner, side).adjusted(-1, -1, 1, 1))
    painter.drawPixmap(corner, thumbnail)


def star(centre: QPointF, radius: float) -> QPolygonF:
    """A five-pointed star."""
    lengths = (radius if corner % 2 == 0 else 0.45 * radius for corner in range(10))
    angles = (pi * corner / 5 for corner in range(10))
    return QPolygonF(
        [
            centre + QPointF(length * sin(angle), -length * cos(angle))
            for length, angle in zip(lengths, angles, strict=True)
        ]
    )


def nearest(x: Points, y: Points, frame: Frame, place: QPointF, within: float) -> int:
    """Position in `x` and `y` of the point nearest to a pixel, -1 if none is `within` pixels."""
    if not len(x):
        return -1
    u, v = frame.to_point(place)
    across, up = frame.scale
    to_right, to_top = (x - x.dtype.type(u)) * x.dtype.type(across), (y - y.dtype.type(v)) * y.dtype.type(up)
    squared = to_right * to_right + to_top * to_top
    best = int(np.argmin(squared))
    return best if squared[best] <= within**2 else -1


def extent(x: Points, y: Points) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of finite points, and at least one sigma about their middle; three sigma of none."""
    if not len(x):
        return UNIT_VIEW
    low, high = np.array([x.min(), y.min()], float), np.array([x.max(), y.max()], float)
    middle, half = (low + high) / 2, np.maximum((high - low) / 2, 1.0)
    (left, bottom), (right, top) = middle - half, middle + half
    return float(left), float(bottom), float(right), float(top)


def has_outgrown(old: Sequence[float], new: Sequence[float], padding: float) -> bool:
    """Whether a side moved outwards by more than `padding` or inwards by more than a fifth of the old span."""
    span = max(old[2] - old[0], old[3] - old[1])
    outwards = np.subtract(new, old) * (-1, -1, 1, 1) / span
    return bool(outwards.max() > padding or outwards.min() < -0.2)
