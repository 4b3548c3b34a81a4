"""The shapes of dots, which tell classes apart beside their colours: drawn large for legends."""

from math import cos, pi, sin

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF, QTransform

SHAPES = ("circle", "square", "triangle", "diamond", "cross", "star", "triangle down", "plus")
_ARM = 0.42  # half the width of a cross's arms, of its radius
# (corners, radius of all, radius of every other corner or 0, turn): of about the area of a disc of radius 1
_CORNERS = {
    "square": (4, 1.26, 0.0, 0.25 * pi),
    "triangle": (3, 1.45, 0.0, 0.0),
    "triangle down": (3, 1.45, 0.0, pi),
    "diamond": (4, 1.32, 0.0, 0.0),
    "star": (10, 1.55, 0.68, 0.0),
}


def outline(shape: int, centre: QPointF, radius: float) -> QPainterPath:
    """The path of a shape, an index into SHAPES that begins again after the last, as large as a disc of `radius`."""
    name = SHAPES[shape % len(SHAPES)]
    path = QPainterPath()
    if name == "circle":
        path.addEllipse(centre, radius, radius)
    elif name in _CORNERS:
        corners, outer, inner, turn = _CORNERS[name]
        lengths = [radius * (inner if inner and corner % 2 else outer) for corner in range(corners)]
        path.addPolygon(_polygon(centre, lengths, turn))
        path.closeSubpath()
    else:
        path = _arms(centre, 1.25 * radius, 0.0 if name == "plus" else 45.0)
    return path


def chip(shape: int, colour: QColor, is_filled: bool, side: float, ratio: float) -> QPixmap:
    """A shape of one colour, filled or as a line, `side` pixels across at a device's pixel ratio."""
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.2) if not is_filled else Qt.PenStyle.NoPen)
    painter.setBrush(colour if is_filled else Qt.BrushStyle.NoBrush)
    middle = QPointF(side / 2, side / 2 + (1.0 if SHAPES[shape % len(SHAPES)] == "triangle" else 0.0))
    painter.drawPath(outline(shape, middle, 0.36 * side))
    painter.end()
    return pixmap


def _polygon(centre: QPointF, lengths: list[float], turn: float) -> QPolygonF:
    angles = [turn + 2 * pi * corner / len(lengths) for corner in range(len(lengths))]
    return QPolygonF(
        [
            centre + QPointF(length * sin(angle), -length * cos(angle))
            for length, angle in zip(lengths, angles, strict=True)
        ]
    )


def _arms(centre: QPointF, reach: float, turn: float) -> QPainterPath:
    """Two bars across each other, as one outline: of two, the middle would be a hole."""
    half = _ARM * reach
    corners = [QPointF(half, half), QPointF(half, reach), QPointF(-half, reach)]
    quarters = [QTransform().rotate(turn + 90 * quarter) for quarter in range(4)]
    path = QPainterPath()
    path.addPolygon(QPolygonF([quarter.map(corner) for quarter in quarters for corner in corners]))
    path.closeSubpath()
    return path.translated(centre)
