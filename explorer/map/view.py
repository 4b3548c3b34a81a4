"""The plot inside the map: everything on the plane, painted in one go, and the part of it that is in view."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from explorer.map.backdrop.backdrop_painter import MapBackdrop
from explorer.map.backdrop.heat import Heat
from explorer.map.camera import MapCamera
from explorer.map.dots.dot_choice import DotQuestion
from explorer.map.dots.dot_sheet import DotSheet
from explorer.map.dots.thumbnails import Thumbnails
from explorer.map.frame import Extent, Frame
from explorer.map.marks.marks_painter import paint_marks, paint_pins
from explorer.map.mouse_tools import PICK_PIXELS, MapHand, Tool, offset
from explorer.map.plot_painter import (
    BOTTOM_AXIS,
    LEFT_AXIS,
    at_edge,
    draw_area,
    draw_axes,
    draw_cursor,
    draw_cursor_away,
    draw_lines,
    draw_prior,
    draw_ring,
    draw_star,
)
from explorer.map.pointer import MapCursor, MapRing
from explorer.map.status_line import place_in_words
from explorer.toolkit.theme import as_colour
from explorer.workspace.marks import Marks

_RING_REACH, _CURSOR_REACH = 12, 20  # pixels about a mark that it covers


class MapView(QWidget):
    """Points in latent units, y up, both axes at one scale."""

    dragged = Signal(float, float)
    picked = Signal(int)
    hovered = Signal(int)
    ring_moved = Signal()
    settled = Signal(float, float, float, float)
    dots_changed = Signal()  # which are drawn, or how
    clicked = Signal(float, float, int)  # a press and release that did not move: the place, and the code there or -1
    area_selected = Signal(object, str)  # polygon (k, 2) in units of the plane; "replace", "add" or "subtract"
    menu_requested = Signal(int, object, object)  # on the code, or -1; the place (u, v); QPoint on the screen
    selection_cleared = Signal()
    thumbnails_wanted = Signal(object)  # indices (n,)
    tool_chosen = Signal(str)

    def __init__(self, marks: Marks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks = marks
        self.setAccessibleName("Map of the codes")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._asked = DotQuestion()
        self._axes = ("", "")
        self._encoded: list[tuple[float, float, QPixmap]] = []
        self._has_prior, self._has_thumbnails = True, True
        self._prior_centre = (0.0, 0.0)
        self.camera = MapCamera(self)
        self._backdrop, self._thumbnails = MapBackdrop(), Thumbnails()
        self._sheet, self._hand = DotSheet(self), MapHand(self)
        self._ring, self._cursor = MapRing(self), MapCursor(self)
        self._still: QPixmap | None = None  # all but the marks, while only they move
        self._connect()
        self._pointer: QPointF | None = None  # in the plot's pixels, while it rests on the plot
        self._followed: object = None  # the points that the view was last fitted to
        self._dress()

    # what to show

    def show_codes(
        self,
        points: NDArray[np.float32],
        levels: NDArray[np.integer],
        colours: NDArray[np.uint8],
        shapes: NDArray[np.integer] | None = None,
        hidden: frozenset[int] = frozenset(),
        is_faint: NDArray[np.bool_] | None = None,
    ) -> None:
        """All codes, (N, 2), NaN where an image has not been seen, in colours, (levels, 3), and shapes of their levels.

        Levels that are `hidden` are left out; codes that are `is_faint`, (N,), lie under the others. The view stays
        unless it still follows the data.
        """
        if len(points) != len(self._asked.points):
            self._thumbnails.forget()
        if len(points) != len(self._asked.points):
            self._ring.move(-1)
        self._ask(points=points, levels=levels, colours=colours, shapes=shapes, hidden=hidden, is_faint=is_faint)

    def show_selection(self, indices: NDArray[np.int64], is_filter: bool) -> None:
        """The chosen codes: the others are faint or, with `is_filter`, not drawn. None chosen: all as they are."""
        self._ask(selection=indices, is_filter=is_filter)

    def show_nearness(self, nearness: NDArray[np.float32] | None) -> None:
        """How much of its colour each dot keeps, (N,) in [0, 1]; None: all of it."""
        self._ask(nearness=nearness)

    def show_axes(self, across: str, up: str) -> None:
        """What the axes are called."""
        self._axes = (across, up)
        self._renew()

    def show_cursor(self, u: float, v: float, is_followed: bool = False) -> None:
        """The place that is decoded; the view comes after one that `is_followed`, unless a button is down on it."""
        self._cursor.move(u, v)
        if is_followed and not self._hand.is_busy:
            self.camera.bring_into_view(u, v, self.isVisible())

    def describe_cursor(self, verdict: str | None = None, near: str | None = None) -> None:
        """In words, where the cursor is: "among the pictures", and the name of the nearest image; None: as it was."""
        self._cursor.describe(verdict, near)

    def show_ring(self, index: int) -> None:
        """Ring the dot of an image, as if the pointer were over it; -1: none."""
        self._ring.move(index)

    def show_grid(self, pixels: NDArray[np.uint8] | None, left: float, bottom: float, right: float, top: float) -> None:
        """A picture behind the dots, its first row at the top, or none."""
        self._backdrop.show_grid(pixels, (left, bottom, right, top))
        self._renew()

    def show_heat(self, heat: Heat | None) -> None:
        """A heat map behind the dots, or none."""
        self._backdrop.show_heat(heat)
        self._renew()

    def show_tint(self, strength: NDArray[np.floating] | None, extent: Extent) -> None:
        """A veil, (h, w) in [0, 1], first row at the top, under the dots; None: none."""
        self._backdrop.show_veil(strength, extent)
        self._renew()

    def show_encoded(self, places: Sequence[tuple[float, float, QPixmap]]) -> None:
        """Stars with a thumbnail, where dropped images lie."""
        self._encoded = list(places)
        self.update()

    def show_prior_centre(self, u: float, v: float) -> None:
        """Where z = 0 lies on the plane: the middle of the prior's rings."""
        if (u, v) != self._prior_centre:
            self._prior_centre = (u, v)
            self._renew()

    def show_prior(self, is_shown: bool) -> None:
        """The rings one, two and three sigma from the origin."""
        self._has_prior = is_shown
        self._renew()

    def allow_thumbnails(self, is_allowed: bool) -> None:
        """Whether images stand at their dots when few are in view."""
        self._has_thumbnails = is_allowed
        self._choose_thumbnails()
        self._renew()

    def show_thumbnails(self, indices: NDArray[np.int64], pixels: NDArray[np.uint8]) -> None:
        """Pictures (n, H, W, C) that were wanted, at their dots."""
        self._thumbnails.add(indices, pixels, self.devicePixelRatioF())
        self.dots_changed.emit()
        self._renew()

    def forget_thumbnails(self) -> None:
        """The images are others: what was shown of them goes."""
        self._thumbnails.forget()
        self.tell_view()

    def choose_tool(self, tool: Tool) -> None:
        """What the left button does: "hand", "lasso" or "box"."""
        if tool != self._hand.tool:
            self._hand.choose(tool)
            self._show_tool()
            self.tool_chosen.emit(tool)

    def fit(self, glides: bool = True) -> None:
        """All codes in view, and the view follows them again."""
        dots = self._sheet.dots
        self.camera.fit(dots.extent if dots.count else None, glides and self.isVisible())

    def stop(self) -> None:
        """Leave the threads that draw a great many dots."""
        self._sheet.stop()

    # what is shown

    @property
    def frame(self) -> Frame:
        """The part of the plane in view."""
        return self.camera.frame

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture behind the dots."""
        return self._backdrop.has_picture

    @property
    def cursor_place(self) -> tuple[float, float] | None:
        """The place that is decoded."""
        return self._cursor.place

    @property
    def ringed(self) -> int:
        """The dot with the ring, -1: none."""
        return self._ring.index

    def place_of(self, index: int) -> QPointF | None:
        """Where a code is, in this widget's pixels; None while it has none."""
        points = self._asked.points
        if not 0 <= index < len(points) or not np.isfinite(points[index]).all():
            return None
        return self.frame.to_pixel(*map(float, points[index])) + self._corner()

    def count_in_view(self) -> int:
        """How many dots are in view."""
        return self._sheet.dots.count_in(self.frame.extent)

    def count_drawn(self) -> int:
        """How many dots there are, in view or not."""
        return self._sheet.dots.count

    def count_thumbnails(self) -> int:
        """How many dots have their image beside them."""
        return self._thumbnails.count() if self._has_thumbnails else 0

    def has_density(self) -> bool:
        """Whether there are so many dots that their density is drawn."""
        return self._sheet.sheet is not None and self._sheet.sheet.is_density

    def plot_area(self) -> QRect:
        """Where the dots are, inside the axes, in this widget's pixels."""
        wide, high = max(1, self.width() - LEFT_AXIS), max(1, self.height() - BOTTOM_AXIS)
        return QRect(LEFT_AXIS, 0, wide, high)

    def on_screen(self, place: QPointF) -> QPoint:
        """Where a pixel of the plot is on the screen."""
        return self.mapToGlobal((place + self._corner()).toPoint())

    def tell_view(self) -> None:
        """Say what is in view once it has settled, even if it did not move."""
        self.camera.tell()

    # what the hand does

    def drag_to(self, u: float, v: float) -> None:
        """The cursor goes here."""
        self.show_cursor(u, v)
        self.dragged.emit(u, v)

    def click(self, place: QPointF) -> None:
        """A press that did not move: the code there is picked, if one is near."""
        index = self._nearest(place)
        u, v = self.frame.to_point(place)
        if index >= 0:
            u, v = map(float, self._asked.points[index])
            self.show_cursor(u, v)
            self.picked.emit(index)
        elif self._hand.tool != "hand":
            self.drag_to(u, v)
        self.clicked.emit(u, v, index)

    def hover(self, place: QPointF | None) -> None:
        """The pointer is here, in the plot's pixels, with no button down; None: not on the plot."""
        is_here = place is not None and QRectF(0, 0, self.frame.width, self.frame.height).contains(place)
        self._pointer = place if is_here else None
        self._ring.move(self._nearest(place) if place is not None and is_here else -1)

    def ask_menu(self, place: QPointF, on_screen: QPoint) -> None:
        """What can be done with the code here, or with the place."""
        self.menu_requested.emit(self._nearest(place), self.frame.to_point(place), on_screen)

    # inside

    def _connect(self) -> None:
        self.camera.moved.connect(self._renew)
        self.camera.moved.connect(self._point_again)
        self.camera.settled.connect(self._settle)
        self._marks.changed.connect(self.update)
        self._sheet.chosen.connect(self._dots_chosen)
        self._sheet.drawn.connect(self._renew)
        self.destroyed.connect(self._sheet.stop)
        self._ring.moved.connect(self._move_ring)
        self._ring.hovered.connect(self.hovered)
        self._cursor.moved.connect(self._move_cursor)
        self._cursor.rested.connect(self._say_cursor)

    def _ask(self, **fields: Any) -> None:
        self._asked = replace(self._asked, **fields)
        self._sheet.choose(self._asked)

    def _dots_chosen(self) -> None:
        dots = self._sheet.dots
        if dots.count and dots.points is not self._followed:  # hiding a class does not move the view
            self._followed = dots.points
            self.camera.follow(dots.extent, self.isVisible())
        self._choose_thumbnails()
        self._point_again()
        self.dots_changed.emit()
        self._renew()

    def _point_again(self) -> None:
        """The dots have moved, under a pointer that has not, or other ones are drawn."""
        if self._pointer is not None:
            self._ring.move(self._nearest(self._pointer))
        self.ring_moved.emit()

    def _settle(self, left: float, bottom: float, right: float, top: float) -> None:
        self._choose_thumbnails()
        self.settled.emit(left, bottom, right, top)

    def _choose_thumbnails(self) -> None:
        if self._has_thumbnails:
            wanted = self._thumbnails.choose(self._sheet.dots, self.frame)
            self._renew()
            if len(wanted):
                self.thumbnails_wanted.emit(wanted)

    def _move_ring(self, before: int, now: int) -> None:
        for place in (self.place_of(before), self.place_of(now)):
            if place is not None:
                self._repaint_about(place, _RING_REACH)
        self.ring_moved.emit()

    def _move_cursor(self, *places: tuple[float, float] | None) -> None:
        """Only what the cursor covered, and covers now, is painted."""
        for place in places:
            if place is not None:
                self._repaint_about(at_edge(self.frame, self.frame.to_pixel(*place)) + self._corner(), _CURSOR_REACH)

    def _say_cursor(self) -> None:
        cursor = self._cursor
        if cursor.place is not None:
            words = place_in_words(cursor.place, self._axes, cursor.verdict, cursor.near)
            self.setAccessibleDescription(words)

    def _repaint_about(self, place: QPointF, reach: int) -> None:
        self.update(QRect(round(place.x()) - reach, round(place.y()) - reach, 2 * reach, 2 * reach))

    def _corner(self) -> QPointF:
        return QPointF(self.plot_area().topLeft())

    def _nearest(self, place: QPointF) -> int:
        return self._sheet.dots.nearest(self.frame, place, PICK_PIXELS)

    def _show_tool(self) -> None:
        shape = Qt.CursorShape.ArrowCursor if self._hand.tool == "hand" else Qt.CursorShape.CrossCursor
        self.setCursor(shape)

    # painting

    def _renew(self) -> None:
        """Paint all of it anew."""
        self._still = None
        self.update()

    def _painted(self) -> QPixmap:
        """All but the marks, to paint parts from."""
        ratio = self.devicePixelRatioF()
        still = QPixmap((QSizeF(self.size()) * ratio).toSize())
        still.setDevicePixelRatio(ratio)
        painter = QPainter(still)
        self._paint_still(painter, self.rect())
        painter.end()
        return still

    def _paint_still(self, painter: QPainter, part: QRect) -> None:
        area = self.plot_area()
        painter.fillRect(part, self.palette().color(QPalette.ColorRole.Base))
        painter.save()
        painter.translate(area.topLeft())
        draw_axes(painter, self.frame, self._axes, self.palette())
        painter.setClipRect(area.intersected(part).translated(-area.topLeft()))
        self._paint_plot(painter)
        painter.restore()

    def _paint_plot(self, painter: QPainter) -> None:
        frame, palette = self.frame, self.palette()
        has_picture = self._backdrop.has_picture
        self._backdrop.paint(painter, frame)
        if not has_picture:
            draw_lines(painter, frame, palette)
        if self._has_prior:
            draw_prior(painter, frame, palette, self._prior_centre)
        outline = palette.color(QPalette.ColorRole.Base).rgb() if has_picture else None
        ring = palette.color(QPalette.ColorRole.Text).rgb()
        self._sheet.paint(painter, frame, self.devicePixelRatioF(), outline, ring)
        if self._has_thumbnails:
            self._thumbnails.paint(painter, frame)

    def _paint_marks(self, painter: QPainter) -> None:
        frame, palette = self.frame, self.palette()
        for u, v, thumbnail in self._encoded:
            draw_star(painter, frame.to_pixel(u, v), palette, thumbnail)
        paint_marks(painter, self._marks, frame, palette)
        self._paint_cursor(painter)
        paint_pins(painter, self._marks, frame, palette)
        index = self._ring.index
        if 0 <= index < len(self._asked.points):
            place = frame.to_pixel(*map(float, self._asked.points[index]))
            draw_ring(painter, place, palette, as_colour(self._asked.colours[self._asked.levels[index]]))
        draw_area(painter, [frame.to_pixel(*place) for place in self._hand.corners.tolist()], palette)

    def _paint_cursor(self, painter: QPainter) -> None:
        if self._cursor.place is None:
            return
        place = self.frame.to_pixel(*self._cursor.place)
        if self.frame.holds_place(*self._cursor.place):
            draw_cursor(painter, place, self.palette())
        else:
            draw_cursor_away(painter, at_edge(self.frame, place), place, self.palette())

    def _dress(self) -> None:
        colours = (self.palette().color(role) for role in (QPalette.ColorRole.Base, QPalette.ColorRole.Text))
        paper, ink = ((each.red(), each.green(), each.blue()) for each in colours)
        self._backdrop.show_paper(paper, ink)
        self._ask(paper=paper)
        self._renew()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        """Axes, then the plot inside them; a frame about it while it has the keyboard.

        While a cursor moves, what lies under it is painted from a picture.
        """
        painter, area, part = QPainter(self), self.plot_area(), event.rect()
        if self._still is not None and self._still.devicePixelRatio() != self.devicePixelRatioF():
            self._still = None
        if self._still is None and part.height() * part.width() < 0.5 * self.height() * self.width():
            self._still = self._painted()
        if self._still is None:
            self._paint_still(painter, part)
        else:
            ratio = self._still.devicePixelRatio()
            source = QRectF(part.x() * ratio, part.y() * ratio, part.width() * ratio, part.height() * ratio)
            painter.drawPixmap(QRectF(part), self._still, source)
        painter.save()
        painter.translate(area.topLeft())
        painter.setClipRect(area.intersected(part).translated(-area.topLeft()))
        self._paint_marks(painter)
        painter.restore()
        if self.hasFocus():
            accent = QColor(self.palette().color(QPalette.ColorRole.Accent))
            painter.setPen(QPen(accent, 1))
            painter.drawRect(QRectF(area).adjusted(1, 1, -1, -1))

    def changeEvent(self, event: QEvent) -> None:
        """Light and dark may change while the window is open."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_sheet"):
            self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A view that follows the data goes on showing all of it; another keeps its middle and its scale."""
        super().resizeEvent(event)
        area = self.plot_area()
        self.camera.resize(float(area.width()), float(area.height()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Nothing on the axes."""
        if self.plot_area().contains(event.position().toPoint()):
            self._hand.press(event, offset(event, self.plot_area().topLeft()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, draw, pan or hover."""
        self._hand.move(offset(event, self.plot_area().topLeft()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of what was begun."""
        self._hand.release(event, offset(event, self.plot_area().topLeft()))
        self._show_tool()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go there, with whatever tool."""
        if event.button() == Qt.MouseButton.LeftButton and self.plot_area().contains(event.position().toPoint()):
            self.click(offset(event, self.plot_area().topLeft()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        self._hand.wheel(event, offset(event, self.plot_area().topLeft()))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        super().leaveEvent(event)
        self.hover(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the hand knows; the rest is the window's."""
        if not self._hand.key(event):
            event.ignore()
