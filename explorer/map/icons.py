"""Icons of the map's tools, drawn in the colour of the text."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPainterPath, QPalette, QPen, QPixmap

SIDE = 18


def tool_icon(name: str, palette: QPalette) -> QIcon:
    """The icon of "hand", "lasso" or "box", sharp on every screen."""
    icon = QIcon()
    for ratio in (1, 2, 3):
        pixmap = QPixmap(SIDE * ratio, SIDE * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(palette.color(QPalette.ColorRole.ButtonText), 1.5)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        _DRAWN[name](painter)
        painter.end()
        icon.addPixmap(pixmap)
    return icon


def _draw_hand(painter: QPainter) -> None:
    """The cursor: a ring with four arms, which is what the hand drags."""
    middle = QPointF(SIDE / 2, SIDE / 2)
    painter.drawEllipse(middle, 4, 4)
    for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        painter.drawLine(middle + QPointF(x, y) * 4, middle + QPointF(x, y) * 7.5)


def _draw_lasso(painter: QPainter) -> None:
    loop = QPainterPath(QPointF(5.5, 12))
    loop.cubicTo(QPointF(-1, 9), QPointF(2, 2), QPointF(9.5, 2.5))
    loop.cubicTo(QPointF(17.5, 3), QPointF(18, 10.5), QPointF(10.5, 12))
    loop.cubicTo(QPointF(8.5, 12.4), QPointF(7, 12.4), QPointF(5.5, 12))
    painter.drawPath(loop)
    painter.drawEllipse(QPointF(5.6, 12.6), 1.7, 1.7)
    tail = QPainterPath(QPointF(5.2, 14.3))
    tail.quadTo(QPointF(5.5, 16.4), QPointF(3.4, 17))
    painter.drawPath(tail)


def _draw_box(painter: QPainter) -> None:
    pen = painter.pen()
    pen.setStyle(Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([1.8, 2.0])
    painter.setPen(pen)
    painter.drawRect(QRectF(2.5, 3.5, 13, 11))


_DRAWN: dict[str, Callable[[QPainter], None]] = {"hand": _draw_hand, "lasso": _draw_lasso, "box": _draw_box}
