"""A pad to draw a small image on, by mouse or by keys: a brush, an eraser, and strokes that can be taken back."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from explorer.toolkit.image_conversion import from_qimage, to_qimage
from explorer.toolkit.theme import muted

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]

LARGEST = 128  # pixels: what is larger is drawn at this and scaled
MOST_STROKES = 50  # that can be taken back
_STEPS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}


class DrawingPad(QWidget):
    """Square pixels, as large as the room allows. Arrows move the pen, Space puts it down and lifts it."""

    changed = Signal()
    brush_wished = Signal(int)  # one thicker or thinner: +1, −1

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QImage()
        self._past: list[QImage] = []
        self._paper: Colour = (255, 255, 255)
        self._colour, self._brush = QColor("black"), 2
        self._pen, self._is_down = QPointF(0, 0), False
        self._is_by_keys = False
        self.setMinimumSize(140, 140)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)

    @property
    def side(self) -> int:
        """How many pixels the pad has across; 0: there is nothing to draw."""
        return self._picture.width()

    @property
    def paper(self) -> Colour:
        """What is drawn on."""
        return self._paper

    @property
    def can_undo(self) -> bool:
        """Whether there is a stroke to take back."""
        return bool(self._past)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing but paper."""
        return bool((from_qimage(self._picture)[..., :3] == self._paper).all())

    def begin(self, side: int) -> None:
        """An empty pad of side × side pixels."""
        self._picture = QImage(side, side, QImage.Format.Format_RGB32)
        self._picture.fill(QColor(*self._paper))
        self._past, self._is_down = [], False
        self._pen = QPointF(side / 2, side / 2)
        self.update()

    def show_paper(self, paper: Colour) -> None:
        """What is drawn on; an empty pad takes it at once."""
        if paper != self._paper:
            self._paper = paper
            if self.side and not self._past:
                self.begin(self.side)

    def choose_colour(self, colour: Colour | None) -> None:
        """What the brush leaves; None: the paper, as an eraser does."""
        self._colour = QColor(*(self._paper if colour is None else colour))

    def choose_brush(self, brush: int) -> None:
        """How thick it is, in pixels of the image."""
        self._brush = brush
        self.update()

    def clear(self) -> None:
        """Nothing but paper; can be taken back."""
        self._keep()
        self._picture.fill(QColor(*self._paper))
        self._tell()

    def show_picture(self, pixels: Pixels) -> None:
        """Go on from this picture, (H, W, C); can be taken back."""
        self._keep()
        drawn = to_qimage(pixels).convertToFormat(QImage.Format.Format_RGB32)
        smooth = Qt.TransformationMode.SmoothTransformation
        self._picture = drawn.scaled(self.side, self.side, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        self._tell()

    def undo(self) -> None:
        """Take the last stroke back."""
        if self._past:
            self._picture = self._past.pop()
            self._tell()

    def pixels(self, channels: int) -> Pixels:
        """What is drawn, uint8 (side, side, channels)."""
        drawn = from_qimage(self._picture)[..., :3]
        return drawn if channels == 3 else drawn.mean(axis=2, keepdims=True).round().astype(np.uint8)

    def _keep(self) -> None:
        self._past = [*self._past[1 - MOST_STROKES :], self._picture.copy()]

    def _tell(self) -> None:
        self.update()
        self.changed.emit()

    def _put_down(self) -> None:
        self._keep()
        self._is_down = True
        self._draw_to(self._pen)

    def _draw_to(self, place: QPointF) -> None:
        """A line from where the pen is; a dot where it does not move."""
        painter = QPainter(self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        round_pen = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(QPen(self._colour, self._brush, *round_pen))
        if place == self._pen:
            painter.drawPoint(place)
        else:
            painter.drawLine(self._pen, place)
        painter.end()
        self._pen = place
        self._tell()

    def _move(self, place: QPointF) -> None:
        if self._is_down:
            self._draw_to(place)
        else:
            self._pen = place
            self.update()

    def _square(self) -> QRectF:
        side = min(self.width(), self.height()) - 2
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def _to_pad(self, position: QPointF) -> QPointF:
        square = self._square()
        return (position - square.topLeft()) * (self.side / square.width())

    def sizeHint(self) -> QSize:
        """Square."""
        return QSize(220, 220)

    def event(self, event: QEvent) -> bool:
        """The pad's own undo comes before the window's."""
        is_shortcut = event.type() == QEvent.Type.ShortcutOverride
        if is_shortcut and isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo):
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.side:
            self._is_by_keys, self._pen = False, self._to_pad(event.position())
            self._put_down()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.side and not (self._is_down and self._is_by_keys):
            self._is_by_keys = False
            self._move(self._to_pad(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._is_down = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, far = event.key(), 5 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif key in _STEPS and self.side:
            self._is_by_keys = True
            wanted = self._pen + _STEPS[Qt.Key(key)] * far
            self._move(QPointF(*(min(max(at, 0.0), float(self.side)) for at in (wanted.x(), wanted.y()))))
        elif key == Qt.Key.Key_Space and self.side and not event.isAutoRepeat():
            self._is_by_keys = True
            self._lift_or_put_down()
        elif event.text() in ("[", "]"):
            self.brush_wished.emit(1 if event.text() == "]" else -1)
        else:
            super().keyPressEvent(event)

    def _lift_or_put_down(self) -> None:
        if self._is_down:
            self._is_down = False
        else:
            self._put_down()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._is_down = False
        super().focusOutEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, square = QPainter(self), self._square()
        if self.side:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, square.width() < self.side)
            painter.drawImage(square, self._picture)
            self._paint_pen(painter, square)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.palette().accent().color(), 2) if self.hasFocus() else muted(self.palette(), 0.4))
        painter.drawRect(square)

    def _paint_pen(self, painter: QPainter, square: QRectF) -> None:
        """How thick the brush is, where it would draw: seen on every colour."""
        if not (self.underMouse() or self.hasFocus()):
            return
        scale = square.width() / self.side
        middle, radius = square.topLeft() + self._pen * scale, max(2.0, self._brush * scale / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(square)
        for width, colour in ((3.0, QColor(0, 0, 0, 140)), (1.2, QColor(255, 255, 255))):
            painter.setPen(QPen(colour, width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, radius, radius)
        painter.setClipping(False)


def paper_of(pixels: Pixels) -> Colour:
    """The colour that most rims of images (n, H, W, C) have: what they are drawn on."""
    rims = [pixels[:, 0], pixels[:, -1], pixels[:, :, 0], pixels[:, :, -1]]
    middle = np.median(np.concatenate([rim.reshape(-1, pixels.shape[3]) for rim in rims]), axis=0).round().astype(int)
    red, green, blue = np.broadcast_to(middle, 3).tolist() if len(middle) == 1 else middle.tolist()
    return red, green, blue
