"""What is painted on the map besides the dots: axes, prior, cursor, hovered dot, dropped images, an open lasso."""

from collections.abc import Sequence
from math import atan2, ceil, cos, degrees, floor, log10, pi, sin

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPixmap, QPolygonF

from explorer.map.frame import Frame
from explorer.toolkit.theme import muted

LEFT_AXIS, BOTTOM_AXIS = 56, 42  # pixels beside and under the dots
_EDGE = 16  # pixels from the edge of the view to the arrow that stands for a cursor outside
_TICK_PIXELS = 90.0  # at least from one number to the next


def ticks(low: float, high: float, pixels: float) -> list[float]:
    """Round numbers between two, far enough apart to be read."""
    least = (high - low) * _TICK_PIXELS / max(pixels, 1.0)
    power = 10.0 ** floor(log10(least))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= least * 0.999)
    return [tick * step for tick in range(ceil(low / step), floor(high / step) + 1)]


def draw_lines(painter: QPainter, frame: Frame, palette: QPalette) -> None:
    """Faint lines at the axes' numbers."""
    painter.setPen(muted(palette, 0.08))
    for u in ticks(frame.left, frame.right, frame.width):
        x = round(frame.to_pixel(u, 0).x())
        painter.drawLine(x, 0, x, round(frame.height))
    for v in ticks(frame.bottom, frame.top, frame.height):
        y = round(frame.to_pixel(0, v).y())
        painter.drawLine(0, y, round(frame.width), y)


def draw_axes(painter: QPainter, frame: Frame, names: tuple[str, str], palette: QPalette) -> None:
    """The numbers along the left and under the dots, and what the axes are called; the dots' corner is the origin."""
    height, line = frame.height, painter.fontMetrics().height()
    painter.setPen(muted(palette, 0.25))
    painter.drawLine(0, 0, 0, round(height))
    painter.drawLine(0, round(height), round(frame.width), round(height))
    painter.setPen(muted(palette))
    for u in ticks(frame.left, frame.right, frame.width):
        place = QRectF(frame.to_pixel(u, 0).x() - 40, height + 3, 80, line)
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, as_tick(u))
    for v in ticks(frame.bottom, frame.top, frame.height):
        y = min(max(frame.to_pixel(0, v).y(), line / 2), height - line / 2)
        place = QRectF(-LEFT_AXIS, y - line / 2, LEFT_AXIS - 5, line)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, as_tick(v))
    _draw_names(painter, frame, names, line)


def _draw_names(painter: QPainter, frame: Frame, names: tuple[str, str], line: int) -> None:
    under = QRectF(0, frame.height + BOTTOM_AXIS - line - 3, frame.width, line)
    painter.drawText(under, Qt.AlignmentFlag.AlignHCenter, names[0])
    painter.save()
    painter.translate(-LEFT_AXIS + 1, frame.height / 2)
    painter.rotate(-90)
    painter.drawText(QRectF(-frame.height / 2, 0, frame.height, line), Qt.AlignmentFlag.AlignHCenter, names[1])
    painter.restore()


def as_tick(value: float) -> str:
    """A number on an axis, with a true minus sign."""
    return f"{value:.5g}".replace("-", "−") if abs(value) > 1e-9 else "0"


def draw_prior(painter: QPainter, frame: Frame, palette: QPalette, centre_at: tuple[float, float] = (0.0, 0.0)) -> None:
    """The prior N(0, I): rings one, two and three sigma from the point of z = 0."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    across, up = frame.scale
    centre = frame.to_pixel(*centre_at)
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


def at_edge(frame: Frame, place: QPointF) -> QPointF:
    """Where the way from the middle of the view to a pixel outside it leaves the view; a pixel inside, as it is."""
    half = QPointF(frame.width / 2 - _EDGE, frame.height / 2 - _EDGE)
    way = place - QPointF(frame.width / 2, frame.height / 2)
    if abs(way.x()) <= frame.width / 2 and abs(way.y()) <= frame.height / 2:
        return place
    share = min(max(side, 0.0) / max(abs(step), 1e-9) for side, step in ((half.x(), way.x()), (half.y(), way.y())))
    return place - way + way * share


def draw_cursor_away(painter: QPainter, edge: QPointF, place: QPointF, palette: QPalette) -> None:
    """At the edge of the view, an arrow to the place that is decoded."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    way = place - edge
    painter.save()
    painter.translate(edge)
    painter.rotate(degrees(atan2(way.y(), way.x())))
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Base), 2.5))
    painter.setBrush(palette.color(QPalette.ColorRole.Text))
    painter.drawPolygon(QPolygonF([QPointF(12, 0), QPointF(-8, 9), QPointF(-3, 0), QPointF(-8, -9)]))
    painter.restore()


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


def draw_area(painter: QPainter, corners: Sequence[QPointF], palette: QPalette) -> None:
    """A lasso or a box that is being drawn: filled a little, its outline in two colours, closed by a dashed line."""
    if len(corners) < 2:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    accent, polygon = palette.color(QPalette.ColorRole.Accent), QPolygonF(list(corners))
    fill = QColor(accent)
    fill.setAlphaF(0.14)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawPolygon(polygon, Qt.FillRule.WindingFill)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((palette.color(QPalette.ColorRole.Base), 4.0), (accent, 1.8)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(polygon)
    painter.setPen(QPen(accent, 1.2, Qt.PenStyle.DashLine))
    painter.drawLine(corners[-1], corners[0])


def box_corners(one: tuple[float, float], other: tuple[float, float]) -> NDArray[np.float64]:
    """The four corners (4, 2) of the box between two places."""
    (u, v), (across, up) = one, other
    return np.array([(u, v), (across, v), (across, up), (u, up)], float)
