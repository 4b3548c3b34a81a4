"""How marks are drawn over the dots: ellipses, contours, sets, arrows, a route, bookmarks."""

from collections.abc import Sequence
from math import atan2, cos, pi, sin

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPalette, QPen, QPolygonF

from explorer.map.frame import Frame
from explorer.toolkit.theme import muted
from explorer.workspace.marks import Floats, Marks, Route, Style

_TURN = np.linspace(0, 2 * pi, 73)
_CIRCLE = np.stack([np.cos(_TURN), np.sin(_TURN)])  # (2, 73)
_SIGMAS = (2, 1)
_MOST_RINGS = 30  # of one set: more of them hide its dots
_MOST = 0.9  # of a large set is what its line goes around, those nearest to its middle
_RING, _PLATE = 7.0, 11.0  # pixels: radius of a ring, half the side of a letter's plate
_PATTERNS = {"A": Qt.PenStyle.SolidLine, "B": Qt.PenStyle.DashLine, "C": Qt.PenStyle.DotLine}
_BEAD = 1.8  # radius
_HEAD = 11.0  # pixels of an arrow's head
_PIN, _STEM = 9.0, 26.0  # of a bookmark: its radius, and how high it stands over the cursor's arms


def paint_marks(painter: QPainter, marks: Marks, frame: Frame, palette: QPalette) -> None:
    """All of them but the bookmarks, contours first."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for name, (lines, style) in marks.contours.items():
        _draw_contours(painter, [frame.to_pixels(line) for line in lines], name, style, palette)
    for centre, covariance, is_strong in marks.ellipses:
        _draw_ellipse(painter, frame, centre, covariance, is_strong, palette)
    for trail in marks.trails:
        _draw_trail(painter, frame.to_pixels(trail), palette)
    for letter, points in marks.sets:
        _draw_set(painter, frame, letter, points, palette)
    if marks.route is not None:
        _draw_route(painter, frame, marks.route, palette)
    for begin, end, name in marks.arrows:
        first, last = frame.to_pixels(np.stack([begin, end]))
        _draw_arrow(painter, QPointF(*first), QPointF(*last), name, palette)


def paint_pins(painter: QPainter, marks: Marks, frame: Frame, palette: QPalette) -> None:
    """The bookmarks, over the cursor: one is set where it is."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number, place in marks.pins:
        _draw_pin(painter, frame.to_pixel(*place), number, palette)


def ellipse_points(centre: Floats, covariance: Floats, sigma: float) -> NDArray[np.float64]:
    """The curve (73, 2) on which a Gaussian's Mahalanobis distance is `sigma`."""
    values, vectors = np.linalg.eigh(np.asarray(covariance, np.float64))
    axes = vectors * np.sqrt(np.maximum(values, 0.0))
    points: NDArray[np.float64] = np.asarray(centre, np.float64) + sigma * (axes @ _CIRCLE).T
    return points


def outline(points: Floats) -> Floats:
    """Corners (73, 2) of the convex hull of most of the points (k, 2), those nearest to their middle."""
    off = points - np.median(points, axis=0)
    distance = np.hypot(off[:, 0], off[:, 1])
    near = points[distance <= np.quantile(distance, _MOST)]
    corners: Floats = near[np.argmax(near @ _CIRCLE, axis=0)]
    return corners


def _polygon(pixels: NDArray[np.float64]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in pixels.tolist()])


def _strokes(
    painter: QPainter, palette: QPalette, width: float, colour: QColor, pattern: Qt.PenStyle = Qt.PenStyle.SolidLine
) -> list[QPen]:
    """A halo in the colour of the paper, then the line: readable over dots and pictures alike."""
    halo = QColor(palette.color(QPalette.ColorRole.Base))
    halo.setAlphaF(0.75)
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setBrush(Qt.BrushStyle.NoBrush)
    return [QPen(halo, width + 2.5, Qt.PenStyle.SolidLine, cap, join), QPen(colour, width, pattern, cap, join)]


def _draw_contours(
    painter: QPainter, lines: Sequence[NDArray[np.float64]], name: str, style: Style, palette: QPalette
) -> None:
    is_prior = style == "prior"
    pattern = Qt.PenStyle.DashLine if is_prior else Qt.PenStyle.SolidLine
    polygons = [_polygon(line) for line in lines if len(line) > 1]
    for pen in _strokes(
        painter, palette, 1.2 if is_prior else 1.6, muted(palette, 0.55 if is_prior else 0.85), pattern
    ):
        painter.setPen(pen)
        for polygon in polygons:
            painter.drawPolyline(polygon)
    if polygons:
        longest = max(lines, key=len)
        _draw_words(painter, QPointF(*longest[longest[:, 1].argmin()]) + QPointF(4, -4), name, palette)


def _draw_trail(painter: QPainter, pixels: NDArray[np.float64], palette: QPalette) -> None:
    """A line that is faint where it begins, and a bead at each moment."""
    ink = palette.color(QPalette.ColorRole.Text)
    for place in range(1, len(pixels)):
        ink.setAlphaF(0.25 + 0.65 * place / (len(pixels) - 1))
        begin, end = (QPointF(*pixels[each]) for each in (place - 1, place))
        painter.setPen(QPen(ink, 1.4))
        painter.drawLine(begin, end)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(end, _BEAD, _BEAD)


def _draw_ellipse(
    painter: QPainter, frame: Frame, centre: Floats, covariance: Floats, is_strong: bool, palette: QPalette
) -> None:
    colour = palette.color(QPalette.ColorRole.Text) if is_strong else muted(palette, 0.6)
    for sigma in _SIGMAS:
        polygon = _polygon(frame.to_pixels(ellipse_points(centre, covariance, sigma)))
        width = (2.0 if is_strong else 1.2) * (1.0 if sigma == 1 else 0.7)
        for pen in _strokes(painter, palette, width, colour):
            painter.setPen(pen)
            painter.drawPolygon(polygon)


def _draw_route(painter: QPainter, frame: Frame, route: Route, palette: QPalette) -> None:
    pixels = frame.to_pixels(route.points)
    accent = palette.color(QPalette.ColorRole.Accent)
    if len(pixels) > 1:
        for pen in _strokes(painter, palette, 2.4, accent):
            painter.setPen(pen)
            painter.drawPolyline(_polygon(pixels))
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Base), 1.5))
    painter.setBrush(accent)
    for x, y in frame.to_pixels(route.stops).tolist():
        painter.drawRect(QRectF(x - 4, y - 4, 8, 8))
    if route.at is not None and len(pixels):
        painter.setPen(QPen(accent, 2.5))
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawEllipse(QPointF(*along(pixels, route.at)), 6.5, 6.5)


def along(points: NDArray[np.float64], share: float) -> tuple[float, float]:
    """The place at a share of a way's points, 0 its first and 1 its last: by frames, not by length."""
    at = min(max(share, 0.0), 1.0) * (len(points) - 1)
    before = int(at)
    after = min(before + 1, len(points) - 1)
    x, y = points[before] + (at - before) * (points[after] - points[before])
    return float(x), float(y)


def _draw_arrow(painter: QPainter, begin: QPointF, end: QPointF, name: str, palette: QPalette) -> None:
    step = end - begin
    if step.manhattanLength() < 2:
        return
    angle = atan2(step.y(), step.x())
    shape = QPainterPath(begin)
    shape.lineTo(end)
    for turn in (2.7, -2.7):
        shape.moveTo(end)
        shape.lineTo(end + QPointF(cos(angle + turn), sin(angle + turn)) * _HEAD)
    for pen in _strokes(painter, palette, 2.2, palette.color(QPalette.ColorRole.Text)):
        painter.setPen(pen)
        painter.drawPath(shape)
    _draw_words(painter, end + QPointF(8, 4), name, palette)


def _draw_set(painter: QPainter, frame: Frame, letter: str, points: Floats, palette: QPalette) -> None:
    """Rings or a line of the letter's own pattern, and the letter on a plate."""
    for pen in _strokes(painter, palette, 1.6, palette.color(QPalette.ColorRole.Text), _PATTERNS[letter]):
        painter.setPen(pen)
        if len(points) > _MOST_RINGS:
            painter.drawPolygon(_polygon(frame.to_pixels(outline(points))))
        elif len(points) > 1:
            for x, y in frame.to_pixels(points).tolist():
                painter.drawEllipse(QPointF(x, y), _RING, _RING)
    middle = QPointF(*frame.to_pixels(np.median(points, axis=0)[np.newaxis])[0].tolist())
    plate = QRectF(middle.x() - _PLATE, middle.y() - _PLATE, 2 * _PLATE, 2 * _PLATE)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Base), 2))
    painter.setBrush(palette.color(QPalette.ColorRole.Accent))
    painter.drawRoundedRect(plate, 4, 4)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, letter)


def _draw_pin(painter: QPainter, place: QPointF, number: int, palette: QPalette) -> None:
    """A drop whose point is at the place, with its number."""
    head = place + QPointF(0, -_STEM)
    shape = QPainterPath(place)
    shape.lineTo(head + QPointF(-_PIN * 0.8, _PIN * 0.6))
    shape.lineTo(head + QPointF(_PIN * 0.8, _PIN * 0.6))
    shape.closeSubpath()
    shape.addEllipse(head, _PIN, _PIN)
    shape.setFillRule(Qt.FillRule.WindingFill)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Base), 1.5))
    painter.setBrush(palette.color(QPalette.ColorRole.Text))
    painter.drawPath(shape.simplified())
    painter.setPen(palette.color(QPalette.ColorRole.Base))
    painter.drawText(
        QRectF(head.x() - _PIN, head.y() - _PIN, 2 * _PIN, 2 * _PIN), Qt.AlignmentFlag.AlignCenter, str(number)
    )


def _draw_words(painter: QPainter, place: QPointF, words: str, palette: QPalette) -> None:
    """Text with a halo."""
    if not words:
        return
    shape = QPainterPath()
    shape.addText(place, painter.font(), words)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Base), 3.5))
    painter.drawPath(shape)
    painter.setPen(palette.color(QPalette.ColorRole.Text))
    painter.drawText(place, words)
