"""The hand on the map: what mouse and keys do, with each of its tools; the view shows, the hand decides."""

from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt, SignalInstance
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from explorer.map.camera import MapCamera
from explorer.map.frame import Frame
from explorer.map.plot_painter import box_corners

Tool = Literal["hand", "lasso", "box"]
TOOLS: tuple[Tool, ...] = ("hand", "lasso", "box")
PICK_PIXELS = 14.0
_CLICK_PIXELS = 4.0
_LASSO_PIXELS = 3.0  # from one corner of a lasso to the next: finer than a hand is
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Down: (0, -1), Qt.Key.Key_Up: (0, 1)}
_ZOOMS = {Qt.Key.Key_Plus: 0.8, Qt.Key.Key_Equal: 0.8, Qt.Key.Key_Minus: 1.25}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_LESS = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier  # many desktops keep Alt to move windows


class Canvas(Protocol):
    """What the hand is on: it is told what was done there."""

    area_selected: SignalInstance
    selection_cleared: SignalInstance

    @property
    def camera(self) -> MapCamera: ...

    @property
    def frame(self) -> Frame: ...

    @property
    def cursor_place(self) -> tuple[float, float] | None: ...

    def ask_menu(self, place: QPointF, at: QPoint) -> None: ...

    def click(self, place: QPointF) -> None: ...

    def drag_to(self, u: float, v: float) -> None: ...

    def hover(self, place: QPointF | None) -> None: ...

    def setCursor(self, shape: Qt.CursorShape) -> None: ...

    def unsetCursor(self) -> None: ...

    def update(self) -> None: ...

    def fit(self) -> None: ...

    def on_screen(self, place: QPointF) -> QPoint: ...


class MapHand:
    """Left drags with the tool; right, middle and, with the hand, Shift and left pan; a right click asks for a menu."""

    def __init__(self, view: Canvas) -> None:
        self._view = view
        self.tool: Tool = "hand"
        self.area: list[tuple[float, float]] = []  # corners so far, on the plane
        self._press: QPointF | None = None
        self._pan: QPointF | None = None
        self._panned_from: QPointF | None = None
        self._is_click = False

    @property
    def corners(self) -> NDArray[np.float64]:
        """Of the lasso or box that is being drawn, (k, 2) on the plane."""
        if self.tool == "box" and len(self.area) > 1:
            return box_corners(self.area[0], self.area[-1])
        return np.array(self.area, float).reshape(-1, 2)

    def choose(self, tool: Tool) -> None:
        """Take another tool; it stays until the next is taken."""
        self.tool = tool
        self.drop_area()

    @property
    def is_busy(self) -> bool:
        """Whether a button is down."""
        return self._press is not None or self._pan is not None

    def drop_area(self) -> bool:
        """Forget the lasso or box that is being drawn; whether there was one."""
        had_area, self.area = bool(self.area), []
        self._view.update()
        return had_area

    # the mouse

    def press(self, event: QMouseEvent, place: QPointF) -> None:
        """Left uses the tool at once; right, middle and Shift with left of the hand pan."""
        self._view.hover(None)
        is_left = event.button() == Qt.MouseButton.LeftButton
        if not is_left or (self.tool == "hand" and event.modifiers() & _SHIFT):
            self._pan = self._panned_from = place
            return
        self._press, self._is_click = place, True
        if self.tool == "hand":
            self._view.drag_to(*self._view.frame.to_point(place))

    def move(self, place: QPointF) -> None:
        """Drag, draw, pan or hover."""
        if self._pan is not None:
            self._pan_to(place)
            return
        if self._press is None:
            self._view.hover(place)
            return
        if self._is_click and (place - self._press).manhattanLength() < _CLICK_PIXELS:
            return
        if self._is_click and self.tool != "hand":
            self.area = [self._view.frame.to_point(self._press)]
        self._is_click = False
        self._view.hover(None)
        self._drag(place)

    def release(self, event: QMouseEvent, place: QPointF) -> None:
        """Ends what was begun: a click picks the code under it, a right click asks for its menu."""
        press, start = self._press, self._panned_from
        self._press = self._pan = self._panned_from = None
        self._view.unsetCursor()
        if start is not None:
            is_click = (place - start).manhattanLength() < _CLICK_PIXELS
            if is_click and event.button() == Qt.MouseButton.RightButton:
                self._view.ask_menu(place, event.globalPosition().toPoint())
        elif press is not None and self._is_click:
            self._view.click(press)
        elif press is not None and self.area:
            self._finish(event.modifiers())

    def wheel(self, event: QWheelEvent, place: QPointF) -> None:
        """Zoom at the pointer."""
        self._view.camera.zoom(0.85 ** (event.angleDelta().y() / 120), *self._view.frame.to_point(place))

    def _pan_to(self, place: QPointF) -> None:
        assert self._pan is not None
        across, up = self._view.frame.scale
        step, self._pan = place - self._pan, place
        self._view.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._view.camera.pan(-step.x() / across, step.y() / up)

    def _drag(self, place: QPointF) -> None:
        point = self._view.frame.to_point(place)
        if self.tool == "hand":
            self._view.drag_to(*point)
            return
        last = self._view.frame.to_pixel(*self.area[-1])
        if self.tool == "box":
            self.area = [self.area[0], point]
        elif (place - last).manhattanLength() >= _LASSO_PIXELS:
            self.area.append(point)
        self._view.update()

    # the keys

    def key(self, event: QKeyEvent) -> bool:
        """Arrows move the cursor by a tenth of sigma, with Shift by one; + and - zoom, Home fits. True: ours."""
        key, view = event.key(), self._view
        if key in _ZOOMS:
            view.camera.zoom(_ZOOMS[Qt.Key(key)], *view.frame.middle)
        elif key == Qt.Key.Key_Home:
            view.fit()
        elif key in _ARROWS:
            step = 1.0 if event.modifiers() & _SHIFT else 0.1
            (du, dv), (u, v) = _ARROWS[Qt.Key(key)], view.cursor_place or (0.0, 0.0)
            view.camera.bring_into_view(u + du * step, v + dv * step, glides=False)
            view.drag_to(u + du * step, v + dv * step)
            self._stretch()
        elif key in _ENTER:
            self._enter(event.modifiers())
        elif key == Qt.Key.Key_Escape:
            self._press = None
            if not self.drop_area():
                view.selection_cleared.emit()
        elif key == Qt.Key.Key_Menu or (key == Qt.Key.Key_F10 and event.modifiers() & _SHIFT):
            place = view.frame.to_pixel(*(view.cursor_place or view.frame.middle))
            view.ask_menu(place, view.on_screen(place))
        else:
            return False
        return True

    def _stretch(self) -> None:
        """A box whose first corner was set by key reaches to the cursor."""
        if self.tool == "box" and self.area and self._view.cursor_place is not None:
            self.area = [self.area[0], self._view.cursor_place]

    def _enter(self, modifiers: Qt.KeyboardModifier) -> None:
        """With the hand a click at the cursor; with the others a corner there, the last of them twice."""
        place = self._view.cursor_place
        if place is None:
            return
        if self.tool == "hand":
            self._view.click(self._view.frame.to_pixel(*place))
        elif (self.tool == "box" and len(self.area) > 1) or (self.area and place == self.area[-1]):
            self._finish(modifiers)
        else:
            self.area.append(place)
            self._view.update()

    def _finish(self, modifiers: Qt.KeyboardModifier) -> None:
        corners = self.corners
        self.drop_area()
        if len(corners) > 2:
            self._view.area_selected.emit(corners, _mode(modifiers))


def _mode(modifiers: Qt.KeyboardModifier) -> str:
    if modifiers & _SHIFT:
        return "add"
    return "subtract" if modifiers & _LESS else "replace"


def offset(event: QMouseEvent | QWheelEvent, corner: QPoint) -> QPointF:
    """Where an event is, in pixels of the plot whose corner is given."""
    return event.position() - QPointF(corner)
