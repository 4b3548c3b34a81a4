"""An image on which the part to hide from the model is painted or boxed with the mouse."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from explorer.completion.hidden_part import Mask, Spot, box, shape, stroke
from explorer.toolkit.descriptions import describe
from explorer.toolkit.image_conversion import to_qimage
from explorer.toolkit.theme import blend, muted

Tool = Literal["brush", "box", "eraser"]
_TIP = "Paint what the model must not see.\nRight button: let it be seen again."


class MaskEditor(QWidget):
    """Left hides, right reveals; `hidden` is (H, W), True where the model sees nothing."""

    hidden_changed = Signal(object)  # (H, W) bool

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixels: NDArray[np.uint8] | None = None
        self._hidden: Mask = np.zeros((0, 0), np.bool_)
        self._tool: Tool = "brush"
        self._radius = 0.1  # of the image's height
        self._last: Spot | None = None  # where the stroke in hand was
        self._corner: Spot | None = None  # where the box in hand began
        self._pointer: QPointF | None = None
        self._reveals = False
        self.setMinimumSize(120, 90)
        self.setMouseTracking(True)
        describe(self, "Image to complete", _TIP)

    def show_image(self, pixels: NDArray[np.uint8], hidden: Mask) -> None:
        """uint8 (H, W, C), and which pixels are hidden."""
        self._pixels, self._hidden = pixels, hidden
        self._last = self._corner = None
        self._say_hidden()
        self.update()

    def show_nothing(self) -> None:
        """There is no image."""
        self._pixels, self._hidden = None, np.zeros((0, 0), np.bool_)
        self._last = self._corner = self._pointer = None
        self.update()

    def choose_tool(self, tool: Tool) -> None:
        """What the left button does."""
        self._tool = tool
        self.update()

    def choose_radius(self, radius: float) -> None:
        """The brush, as a share of the image's height."""
        self._radius = radius
        self.update()

    def hide_shape(self, name: str) -> None:
        """Hide one of `SHAPES`, and nothing else."""
        if self._pixels is not None:
            self._change(shape(name, *self._hidden.shape))

    @property
    def hidden(self) -> Mask:
        """(H, W), True where the model sees nothing."""
        return self._hidden

    def _change(self, hidden: Mask) -> None:
        self._hidden = hidden
        self._say_hidden()
        self.update()
        self.hidden_changed.emit(hidden)

    def _say_hidden(self) -> None:
        self.setAccessibleDescription(f"{self._hidden.mean():.0%} of it is hidden" if self._hidden.size else "")

    def _area(self) -> QRectF:
        """Where the image is, on whole pixels."""
        if self._pixels is None:
            return QRectF()
        height, width = self._pixels.shape[:2]
        scale = min((self.width() - 2) / width, (self.height() - 2) / height)
        across, down = int(scale * width), int(scale * height)
        return QRectF((self.width() - across) // 2, (self.height() - down) // 2, across, down)

    def _spot(self, place: QPointF) -> Spot:
        area, (height, width) = self._area(), self._hidden.shape
        return (place.x() - area.left()) / area.width() * width, (place.y() - area.top()) / area.height() * height

    def _paint_to(self, spot: Spot) -> None:
        height, width = self._hidden.shape
        covered = stroke(self._last or spot, spot, self._radius * height, height, width)
        self._last = spot
        is_shown = self._reveals or self._tool == "eraser"
        self._change(self._hidden & ~covered if is_shown else self._hidden | covered)

    def _take_box(self, spot: Spot) -> None:
        assert self._corner is not None
        covered = box(self._corner, spot, *self._hidden.shape)
        self._corner = None
        self._change(self._hidden & ~covered if self._reveals else self._hidden | covered)

    def _cover(self) -> QImage:
        """What lies over the hidden pixels."""
        paper, colour = self.palette().base().color(), np.zeros((*self._hidden.shape, 4), np.uint8)
        grey = blend(self.palette().text().color(), paper, 0.35)
        colour[self._hidden] = (grey.red(), grey.green(), grey.blue(), 235)
        height, width = self._hidden.shape
        return QImage(colour.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()

    def _draw_tool(self, painter: QPainter, area: QRectF) -> None:
        assert self._pointer is not None
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor("black"), 3), (QColor("white"), 1)):
            painter.setPen(QPen(colour, width))
            if self._corner is not None:
                height, columns = self._hidden.shape
                x, y = self._corner
                corner = QPointF(area.left() + x / columns * area.width(), area.top() + y / height * area.height())
                painter.drawRect(QRectF(corner, self._pointer).normalized())
            elif self._tool != "box":
                radius = self._radius * area.height()
                painter.drawEllipse(self._pointer, radius, radius)

    def sizeHint(self) -> QSize:
        return QSize(190, 190)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._pixels is None:
            return
        area = self._area()
        shrinks = self._pixels.shape[0] > area.height() * self.devicePixelRatioF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrinks)
        painter.drawImage(area, to_qimage(self._pixels))
        painter.drawImage(area, self._cover())
        painter.setPen(muted(self.palette(), 0.35))
        painter.drawRect(area.adjusted(-1, -1, 0, 0))
        if self._pointer is not None:
            painter.setClipRect(area)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_tool(painter, area)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._pixels is None or event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            return
        self._reveals, self._pointer = event.button() == Qt.MouseButton.RightButton, event.position()
        if self._tool == "box":
            self._corner = self._spot(event.position())
        else:
            self._last = None
            self._paint_to(self._spot(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if self._last is not None:
            self._paint_to(self._spot(event.position()))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._corner is not None:
            self._take_box(self._spot(event.position()))
        self._last = None

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._pointer = event.position()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._pointer = None
        self.update()
