"""The plot inside the map: dots on the plane, the hand that drags, pans and zooms over them."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEasingCurve, QEvent, QPointF, QRect, QRectF, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPalette, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from explorer.class_colours import rgb
from explorer.code_dots import CodeDots
from explorer.map_layers import (
    UNIT_VIEW,
    Frame,
    Layer,
    draw_cursor,
    draw_lines,
    draw_prior,
    draw_ring,
    draw_star,
    extent,
    has_outgrown,
    nearest,
)
from explorer.theme import as_colour, muted

PICK_PIXELS = 14.0
_CLICK_PIXELS = 4.0
_HOVER_MS = 125
_SETTLE_MS = 120
_CURSOR_MS = 30  # painting the map costs ten times what the picture does, and training pays for it
_GLIDE_MS = 220
_PADDING = 0.08
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Down: (0, -1), Qt.Key.Key_Up: (0, 1)}
_ZOOMS = {Qt.Key.Key_Plus: 0.8, Qt.Key.Key_Equal: 0.8, Qt.Key.Key_Minus: 1.25}
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class MapView(pg.PlotWidget):
    """Points in latent units, y up, both axes at one scale."""

    dragged = Signal(float, float)
    picked = Signal(int)
    hovered = Signal(int)
    ring_moved = Signal()
    settled = Signal(float, float, float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Map of the codes")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._points = np.zeros((0, 2), np.float32)
        self._levels = np.zeros(0, np.int64)
        self._colours = rgb("#808080")
        self._codes = CodeDots()
        self._cursor: tuple[float, float] | None = None
        self._ring, self._told = -1, -1
        self._encoded: list[tuple[float, float, QPixmap]] = []
        self._has_prior, self._follows = True, True
        self._fitted: tuple[float, float, float, float] | None = None
        self._press: QPointF | None = None
        self._pan: QPointF | None = None
        self._is_click = False
        self._build_plot()
        self._build_timers()
        self._dress()

    # what to show

    def show_codes(self, points: NDArray[np.float32], levels: NDArray[np.int64], colours: NDArray[np.uint8]) -> None:
        """All codes, (N, 2), NaN where an image has not been seen, in the colours, (levels, 3), of their levels.

        The view stays unless it still follows the data.
        """
        if len(points) != len(self._points):
            self._set_ring(-1)
        self._points, self._levels, self._colours = points, levels, colours
        self._choose_dots()
        if self._follows:
            self._follow()

    def show_hidden(self, hidden: frozenset[int]) -> None:
        """Leave these levels out."""
        if hidden == self._codes.hidden:
            return
        self._set_ring(-1)
        self._codes.hidden = hidden
        self._choose_dots()

    def show_faint(self, is_faint: NDArray[np.bool_] | None) -> None:
        """Draw these codes (N,) faint and under the others; None: all as they are."""
        self._codes.is_faint = is_faint
        self._choose_dots()

    def show_cursor(self, u: float, v: float) -> None:
        """The place that is decoded."""
        self._cursor = (u, v)
        if not self._cursor_timer.isActive():
            self._cursor_timer.start()

    def show_grid(self, pixels: NDArray[np.uint8] | None, left: float, bottom: float, right: float, top: float) -> None:
        """A picture behind the dots, its first row at the top, or none."""
        self._backdrop.setVisible(pixels is not None)
        if pixels is not None:
            self._backdrop.setImage(pixels[::-1], levels=(0, 255))
            self._backdrop.setRect(QRectF(left, bottom, right - left, top - bottom))
        self._redraw_dots()

    def show_encoded(self, places: Sequence[tuple[float, float, QPixmap]]) -> None:
        """Stars with a thumbnail, where dropped images lie."""
        self._encoded = list(places)
        self._marks.update()

    def show_prior(self, is_shown: bool) -> None:
        """The rings one, two and three sigma from the origin."""
        self._has_prior = is_shown
        self._rings.update()

    def fit(self, glides: bool = True) -> None:
        """All codes in view, and the view follows them again."""
        self._follows = True
        self._fitted = extent(self._codes.x, self._codes.y)
        self._go_to(self._fitted, glides)

    # what is shown

    @property
    def frame(self) -> Frame:
        """The part of the plane in view."""
        (left, right), (bottom, top) = self._box.viewRange()
        area = self._box.rect()
        return Frame(left, bottom, right, top, max(1.0, area.width()), max(1.0, area.height()))

    def place_of(self, index: int) -> QPointF | None:
        """Where a code is, in this widget's pixels; None while it has none."""
        if not 0 <= index < len(self._points) or not np.isfinite(self._points[index]).all():
            return None
        return self.frame.to_pixel(*map(float, self._points[index])) + self._origin()

    def count_in_view(self) -> int:
        """How many dots are in view."""
        return self._codes.count_in(self.frame)

    def count_drawn(self) -> int:
        """How many dots there are, in view or not."""
        return len(self._codes.indices)

    def plot_area(self) -> QRect:
        """Where the dots are, inside the axes, in this widget's pixels."""
        return self._box.mapRectToScene(self._box.rect()).toRect()

    def tell_view(self) -> None:
        """Say what is in view once it has settled, even if it did not move."""
        self._settle_timer.start()

    # inside

    def _build_plot(self) -> None:
        self.hideButtons()
        self.getPlotItem().setContentsMargins(10, 0, 0, 2)
        self.setMenuEnabled(False)
        self._box: pg.ViewBox = self.getPlotItem().getViewBox()
        self._box.disableAutoRange()
        self._box.setAspectLocked(True)
        self._box.setLimits(minXRange=1e-4, minYRange=1e-4, maxXRange=1e6, maxYRange=1e6)
        self._backdrop = pg.ImageItem(axisOrder="row-major")
        self._backdrop.hide()
        self.addItem(self._backdrop)
        self._rings = Layer(self._box, self._paint_prior, 1)
        self._dots = Layer(self._box, self._paint_dots, 2)
        self._marks = Layer(self._box, self._paint_marks, 3)
        self._go_to(UNIT_VIEW, glides=False)

    def _build_timers(self) -> None:
        self._hover_timer = QTimer(self, singleShot=True, interval=_HOVER_MS)
        self._hover_timer.timeout.connect(self._tell_hovered)
        self._settle_timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._cursor_timer = QTimer(self, singleShot=True, interval=_CURSOR_MS)
        self._cursor_timer.timeout.connect(lambda: self._marks.update())
        self._settle_timer.timeout.connect(self._tell_settled)
        self._glide = QVariantAnimation(self, duration=_GLIDE_MS, startValue=0.0, endValue=1.0)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.valueChanged.connect(self._step_glide)
        self._box.sigRangeChanged.connect(self._view_moved)
        self._box.sigResized.connect(self._view_moved)

    def _follow(self) -> None:
        """Fit what is there for the first time, and again when it leaves the view or has shrunk by a fifth."""
        if not self.count_drawn():
            return
        where = extent(self._codes.x, self._codes.y)
        if self._fitted is None or has_outgrown(self._fitted, where, _PADDING):
            self._go_to(where, glides=self._fitted is not None)
            self._fitted = where

    def _go_to(self, where: tuple[float, float, float, float], glides: bool) -> None:
        pad = _PADDING * max(where[2] - where[0], where[3] - where[1])
        target = np.add(where, (-pad, -pad, pad, pad))
        if not glides or not self.isVisible():
            self._set_range(target)
            return
        frame = self.frame
        self._glide_from, self._glide_to = np.array([frame.left, frame.bottom, frame.right, frame.top]), target
        self._glide.start()

    def _step_glide(self, share: float) -> None:
        self._set_range((1 - share) * self._glide_from + share * self._glide_to)

    def _set_range(self, where: NDArray[np.float64]) -> None:
        left, bottom, right, top = map(float, where)
        self._box.setRange(xRange=(left, right), yRange=(bottom, top), padding=0)

    def _view_moved(self, *_: object) -> None:
        self._redraw_dots()
        self._settle_timer.start()

    def _choose_dots(self) -> None:
        self._codes.choose(self._points, self._levels, self._colours)
        self._redraw_dots()

    def _redraw_dots(self) -> None:
        self._codes.forget_picture()
        for layer in (self._rings, self._dots, self._marks):
            layer.update()

    def _tell_settled(self) -> None:
        frame = self.frame
        self.settled.emit(frame.left, frame.bottom, frame.right, frame.top)

    def _tell_hovered(self) -> None:
        self._told = self._ring
        self.hovered.emit(self._ring)

    def _set_ring(self, index: int) -> None:
        if index != self._ring:
            self._ring = index
            self.ring_moved.emit()
            self._marks.update()
        if index == -1:
            self._hover_timer.stop()
            if self._told != -1:
                self._tell_hovered()
        elif index != self._told:
            self._hover_timer.start()

    def _ticks(self, side: str) -> list[float]:
        """Where the axis has its numbers."""
        frame = self.frame
        low, high, size = (
            (frame.bottom, frame.top, frame.height) if side == "left" else (frame.left, frame.right, frame.width)
        )
        return [float(value) for value in self.getAxis(side).tickValues(low, high, size)[0][1]]

    def _origin(self) -> QPointF:
        return self._box.mapToScene(QPointF(0, 0))

    def _in_box(self, event: QMouseEvent | QWheelEvent) -> QPointF:
        return event.position() - self._origin()

    def _nearest(self, place: QPointF) -> int:
        found = nearest(self._codes.x, self._codes.y, self.frame, place, PICK_PIXELS)
        return found if found < 0 else int(self._codes.indices[found])

    def _drag_to(self, u: float, v: float) -> None:
        self.show_cursor(u, v)
        self.dragged.emit(u, v)

    def _zoom(self, factor: float, u: float, v: float) -> None:
        self._take_over()
        self._box.scaleBy((factor, factor), center=(u, v))

    def _take_over(self) -> None:
        """The hand moves the view: from now on it does not follow the data."""
        self._glide.stop()
        self._follows = False

    def _keep_in_view(self, u: float, v: float) -> None:
        frame = self.frame
        du = min(0.0, u - frame.left) + max(0.0, u - frame.right)
        dv = min(0.0, v - frame.bottom) + max(0.0, v - frame.top)
        if du or dv:
            self._take_over()
            self._box.translateBy(x=du * 1.2, y=dv * 1.2)

    # painting

    def _paint_prior(self, painter: QPainter) -> None:
        if not self._backdrop.isVisible():
            draw_lines(painter, self.frame, self._ticks("bottom"), self._ticks("left"), self.palette())
        if self._has_prior:
            draw_prior(painter, self.frame, self.palette())

    def _paint_dots(self, painter: QPainter) -> None:
        paper = self.palette().color(QPalette.ColorRole.Base) if self._backdrop.isVisible() else None
        self._codes.paint(painter, self.frame, self.devicePixelRatioF(), paper)

    def _paint_marks(self, painter: QPainter) -> None:
        frame, palette = self.frame, self.palette()
        for u, v, thumbnail in self._encoded:
            draw_star(painter, frame.to_pixel(u, v), palette, thumbnail)
        if self._cursor is not None:
            draw_cursor(painter, frame.to_pixel(*self._cursor), palette)
        if 0 <= self._ring < len(self._points):
            u, v = map(float, self._points[self._ring])
            colour = as_colour(self._colours[self._levels[self._ring]])
            draw_ring(painter, frame.to_pixel(u, v), palette, colour)

    def _dress(self) -> None:
        palette = self.palette()
        self.setBackground(palette.color(QPalette.ColorRole.Base))
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(muted(palette, 0.25))
            axis.setTextPen(muted(palette))
            axis.setStyle(tickLength=0, hideOverlappingLabels=True)
        self._codes.paper = palette.color(QPalette.ColorRole.Base)
        self._choose_dots()

    # Qt

    def changeEvent(self, event: QEvent) -> None:
        """Light and dark may change while the window is open."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_marks"):
            self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A view that follows the data goes on showing all of it."""
        super().resizeEvent(event)
        if hasattr(self, "_glide") and self._follows:
            self._go_to(self._fitted or UNIT_VIEW, glides=False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Left decodes at once; right, middle and Shift with left pan."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        if not self._box.rect().contains(self._in_box(event)):
            return
        if not is_left or event.modifiers() & _SHIFT:
            self._pan = self._in_box(event)
            self._take_over()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        self._press, self._is_click = self._in_box(event), True
        self._drag_to(*self.frame.to_point(self._press))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, pan or hover."""
        place = self._in_box(event)
        if self._pan is not None:
            across, up = self.frame.scale
            step, self._pan = place - self._pan, place
            self._box.translateBy(x=-step.x() / across, y=step.y() / up)
            return
        if self._press is None:
            self._set_ring(self._nearest(place) if self._box.rect().contains(place) else -1)
            return
        if self._is_click and (place - self._press).manhattanLength() < _CLICK_PIXELS:
            return
        self._is_click = False
        self._set_ring(-1)
        self._drag_to(*self.frame.to_point(place))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that did not move picks the code under it."""
        self.viewport().unsetCursor()
        press, self._press, self._pan = self._press, None, None
        if press is None or not self._is_click:
            return
        index = self._nearest(press)
        if index >= 0:
            self.show_cursor(*map(float, self._points[index]))
            self.picked.emit(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fit all."""
        self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        self._zoom(0.85 ** (event.angleDelta().y() / 120), *self.frame.to_point(self._in_box(event)))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        super().leaveEvent(event)
        self._set_ring(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the cursor by a tenth of sigma, with Shift by one; + and - zoom."""
        if event.key() in _ZOOMS:
            frame = self.frame
            self._zoom(_ZOOMS[event.key()], (frame.left + frame.right) / 2, (frame.bottom + frame.top) / 2)
            return
        if event.key() not in _ARROWS:
            event.ignore()
            return
        step = 1.0 if event.modifiers() & _SHIFT else 0.1
        (du, dv), (u, v) = _ARROWS[event.key()], self._cursor or (0.0, 0.0)
        self._keep_in_view(u + du * step, v + dv * step)
        self._drag_to(u + du * step, v + dv * step)
