"""The map: every image a dot, coloured by what is known; drag anywhere to decode the picture that would live there."""

from collections.abc import Container, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from core.exploration import Group
from core.reports.images import Column
from explorer.map.actions import ACTIONS, make_actions
from explorer.map.backdrop.heat import Heat, HeatKey
from explorer.map.bar import MapBar
from explorer.map.colours.colour_key import ColourKey
from explorer.map.colours.colourings import Colouring
from explorer.map.colours.number_scale import Scale
from explorer.map.colours.offered_numbers import Measured
from explorer.map.empty_message import MapMessage
from explorer.map.hover_card import HoverCard
from explorer.map.mouse_tools import TOOLS
from explorer.map.plane.plane_bar import PlaneBar
from explorer.map.plane.plane_words import explained
from explorer.map.status_line import IMAGE, Shown, words
from explorer.map.view import MapView
from explorer.toolkit.class_choice import ClassChoice
from explorer.toolkit.descriptions import allow
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.image_conversion import to_pixmap
from explorer.workspace.marks import Marks

_THUMBNAIL = 52
_FEW_LEVELS = 8  # up to here each has a shape of its own, unless someone said otherwise
_GAP = 10
_PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".ppm", ".pgm", ".avif", ".jp2", ".ico"}


_NO_MAP = "Open a folder of images or a run first."
_NO_MODEL = "There is no model yet that draws: train one first."
_NEED_MODEL = ("grid", "save", "prior", "contours", "class")
_NO_SELECTION = "Select images first."
_ONE_CLASS = "This model knows no classes: choose Conditional: class in the training form for one that does."
_NO_PLANE = "The prior has no rings on a map that is no plane"


class MapPanel(QWidget):
    """The centre of the window; setters in, what the user did out."""

    point_dragged = Signal(float, float)
    code_picked = Signal(int)
    code_hovered = Signal(int)
    view_changed = Signal(float, float, float, float)
    grid_toggled = Signal(bool)
    grid_save_requested = Signal()
    image_dropped = Signal(str)
    class_chosen = Signal(int)
    clicked = Signal(float, float, int)  # a press and release that did not move: the place, and the code there or -1
    area_selected = Signal(object, str)  # polygon (k, 2) in units of the plane; "replace", "add" or "subtract"
    menu_requested = Signal(int, object, object)  # on the code, or -1; the place (u, v); QPoint on the screen
    selection_cleared = Signal()  # Escape
    nearest_requested = Signal()  # N: the 50 nearest to the cursor
    filter_toggled = Signal(bool)  # H: only the selected are drawn, or all and the others faint
    thumbnails_wanted = Signal(object)  # indices (n,): answer with `show_thumbnails`
    contours_toggled = Signal(bool)
    number_chosen = Signal(str)  # what colours the map, where it must be measured or put in bins; empty: nothing such
    measure_again_clicked = Signal()
    level_selected = Signal(str, object, int, str)  # its name, the levels of all images (N,), which; and the mode
    drawn_changed = Signal(object)  # which images (N,) the legend or bar does not hide; None: all of them

    def __init__(self, marks: Marks | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Map")
        self.setAcceptDrops(True)
        self._count, self._seen, self._note, self._failure = 0, 0, "", ""
        self._beside = ""  # how the cursor lies to the plane
        self._selected = (0, False)  # how many, and whether only they are drawn
        self._has_shapes: bool | None = None  # None: nobody has said
        self._doing, self._measuring = "", ""  # beside each other in the pill
        self._told = -1  # the image on the card
        self._points, self._labels = np.zeros((0, 2), np.float32), np.zeros(0, np.int64)
        self._label: int | None = None  # the class that is decoded
        self._has_model = True  # whether the codes are those of a model
        self._why_no_prior = ""
        self._noun = IMAGE
        self._view = MapView(marks or Marks(self))
        self.setFocusProxy(self._view)
        self.actions_by_name = make_actions(self)
        self._build_overlays()
        self._decode_as = ClassChoice("Decode as", self.actions_by_name["class"].toolTip())
        self._lay_out()
        self._connect()
        self.show_classes((), 0)
        self._show_state()

    # setters

    def show_codes(
        self,
        points: NDArray[np.float32],
        labels: NDArray[np.int64],
        classes: Sequence[str],
        is_held_out: NDArray[np.bool_] | None = None,
        columns: Sequence[Column] = (),
    ) -> None:
        """Points (N, 2), NaN where an image has not been seen yet; labels (N,), indices into `classes`.

        They can be coloured by class, by which are held out (N,), and by `columns`.
        """
        is_first = not self._count and len(points)
        if len(points) != self._count:
            self._card.hide()
            self._view.show_encoded([])
        is_seen = np.isfinite(points[:, 0])  # of a code all numbers are known, or none
        self._count, self._seen = len(points), int(np.count_nonzero(is_seen))
        self._points, self._labels, self._failure = points, labels, ""
        self._key.show_images(labels, classes, is_held_out, columns, None if self._seen == self._count else is_seen)
        self._draw()
        self._show_state()
        if is_first:
            self._view.fit(glides=False)
            self._view.setFocus()
            self._view.tell_view()

    def show_way(self, points: NDArray[np.float32]) -> None:
        """The same codes elsewhere, (N, 2): on their way from one moment of training to another."""
        if len(points) == self._count and points is not self._points:
            self._points = points
            self._draw()

    def hold_view(self, is_held: bool) -> None:
        """Whether the view stays though the codes grow or shrink."""
        self._view.camera.hold(is_held)

    def show_classes(self, classes: Sequence[str], label: int, unlearned: Container[int] = ()) -> None:
        """The classes that can be decoded, none where the model knows none; dots of others than `label` are faint."""
        self._decode_as.show_classes(classes, label, unlearned)
        before, self._label = self._label, label if classes else None
        if self._label != before:
            self._draw()
        self._allow_actions()
        self._show_line()

    def show_model(self, has_model: bool) -> None:
        """Whether there is a model behind the dots; without one, what needs it is off."""
        self._has_model = has_model
        if not has_model:
            self._why_no_prior = _NO_MODEL
            self._view.show_prior(False)
        self._allow_actions()

    def show_axes(self, across: str, up: str) -> None:
        """What the plane's axes are called: `z₁` and `z₂`, or `PC 1` and `PC 2`."""
        self._view.show_axes(across, up)

    def show_cursor(self, u: float, v: float, is_followed: bool = False) -> None:
        """The place that is decoded; the view comes after one that `is_followed`."""
        self._view.show_cursor(u, v, is_followed)

    def show_ring(self, index: int) -> None:
        """Ring the dot of an image, as if the pointer were over it; -1: none."""
        self._view.show_ring(index)

    def show_grid(self, pixels: NDArray[np.uint8] | None, left: float, bottom: float, right: float, top: float) -> None:
        """The decoded plane behind the dots, (H, W, 1 or 3), its first row at `top`; None: no picture."""
        self._view.show_grid(pixels, left, bottom, right, top)

    def show_prior(self, is_shown: bool) -> None:
        """The rings one, two and three sigma from the origin."""
        self.actions_by_name["prior"].setChecked(is_shown)

    def show_other_prior(self, why_no_rings: str) -> None:
        """Why rings about the origin would mislead; empty where the prior is N(0, I)."""
        self._why_no_prior = why_no_rings
        self._allow_actions()
        self._view.show_prior(self.actions_by_name["prior"].isChecked() and not why_no_rings)

    def show_dots_as(self, noun: str) -> None:
        """What the dots are: images, or samples of the prior."""
        self._noun = noun
        self._show_line()

    def show_prior_centre(self, centre: tuple[float, float] | None) -> None:
        """Where z = 0 lies on the map, the middle of the prior's rings; None: the map is no plane and has none."""
        if centre is not None:
            self._view.show_prior_centre(*centre)
            return
        self._why_no_prior = _NO_PLANE
        self._allow_actions()
        self._view.show_prior(False)

    def show_card(self, index: int, pixels: NDArray[np.uint8] | None, name: str, class_name: str) -> None:
        """What the dot with the ring is, beside it; index -1: nothing; another than that: it is too late."""
        place = self._view.place_of(index) if index == self._view.ringed else None
        if place is None or pixels is None:
            self._card.hide()
            return
        self._told = index
        self._card.show_image(pixels, name, class_name, place, self._key.said(index))

    def show_encoded(self, points: NDArray[np.float32], thumbnails: Sequence[NDArray[np.uint8]]) -> None:
        """Where dropped images lie, (M, 2), and what they look like; none: the stars go."""
        ratio = self.devicePixelRatioF()
        pictures = [to_pixmap(pixels, _THUMBNAIL, ratio) for pixels in thumbnails]
        self._view.show_encoded([(float(u), float(v), one) for (u, v), one in zip(points, pictures, strict=True)])

    def show_beside(self, said: str) -> None:
        """How the cursor lies to the plane; empty: on it."""
        if said != self._beside:
            self._beside = said
            self._show_line()

    def describe_cursor(self, verdict: str | None = None, near: str | None = None) -> None:
        """For readers of the screen: "among the pictures", and the name of the nearest image; None: as it was."""
        self._view.describe_cursor(verdict, near)

    def show_selection(self, indices: NDArray[np.int64], is_filter: bool) -> None:
        """The chosen images: the others are faint, or, with `is_filter`, not drawn. None: all as they are."""
        self._selected = (len(indices), is_filter)
        self.actions_by_name["filter"].setChecked(is_filter)
        self._view.show_selection(indices, is_filter)
        self._allow_actions()
        self._show_line()
        self._key.show_selection(indices)

    def show_groups(self, groups: Sequence[Group]) -> None:
        """The images that a person put together: they can be coloured by."""
        self._key.show_groups(groups)

    def offer_numbers(self, numbers: Sequence[Measured]) -> None:
        """What can be measured of each image, to colour by."""
        self._key.offer_numbers(numbers)

    def show_scale(self, scale: Scale | None) -> None:
        """The number that was chosen, as far as it is known."""
        self._key.show_scale(scale)

    def show_scale_note(self, note: str, is_failure: bool = False) -> None:
        """Why that number is not known, or not yet; empty: nothing to say."""
        self._key.show_note(note, is_failure)

    def show_measuring(self, doing: str) -> None:
        """How far the measuring of that number is; empty: nothing is being measured."""
        self._measuring = doing
        self._show_state()

    def show_nearness(self, nearness: NDArray[np.float32] | None) -> None:
        """How much of its colour each dot keeps, (N,) in [0, 1], as it is near the plane; None: all of it."""
        self._view.show_nearness(nearness)

    def show_heat(
        self,
        values: NDArray[np.floating] | None,
        extent: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0),
        name: str = "",
        unit: str = "",
        low: float = 0.0,
        high: float = 1.0,
    ) -> None:
        """Values (h, w), first row at the top, over left, bottom, right, top; colours from `low` to `high`; or none."""
        heat = None if values is None else Heat(values, extent, name, unit, low, high)
        self._view.show_heat(heat)
        self._heat_key.show_heat(heat)
        self._place_overlays()
        self._show_line()

    def show_tint(
        self,
        strength: NDArray[np.floating] | None,
        extent: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0),
    ) -> None:
        """A veil where no pictures are, (h, w) in [0, 1], first row at the top, under the dots; None: none."""
        self._view.show_tint(strength, extent)

    def forget_thumbnails(self) -> None:
        """The images are others, or have only now been read: ask for those in view."""
        self._view.forget_thumbnails()

    def show_thumbnails(self, indices: NDArray[np.int64], pixels: NDArray[np.uint8]) -> None:
        """Pictures (n, H, W, C) of images that were wanted."""
        self._view.show_thumbnails(indices, pixels)

    @property
    def doing(self) -> str:
        """What was said last of what is being done."""
        return self._doing

    def show_busy(self, doing: str) -> None:
        """A few words on what is being done; empty: nothing is."""
        if doing != self._doing:
            self._doing = doing
            self._show_state()

    def show_failure(self, sentence: str) -> None:
        """What went wrong, where the map would be, until codes are shown again."""
        self._failure = sentence
        self._show_state()

    def show_note(self, note: str) -> None:
        """More to say beside what is shown."""
        self._note = note
        self._show_line()

    def stop(self) -> None:
        """Leave the threads that draw a great many dots."""
        self._view.stop()

    # inside

    def _build_overlays(self) -> None:
        self._key = ColourKey(self.actions_by_name["colour"], self._view)
        self._card, self._heat_key = HoverCard(self._view), HeatKey(self._view)
        self._busy = QLabel(self._view, textFormat=Qt.TextFormat.PlainText)
        self._busy.setObjectName("card")
        self._busy.setContentsMargins(10, 5, 10, 5)
        self._busy.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _lay_out(self) -> None:
        self._bar = MapBar(self.actions_by_name, (self._decode_as, self._key.choice))
        self.plane_bar = PlaneBar()
        self.actions_by_name |= self.plane_bar.actions_by_name
        self.addActions(list(self.plane_bar.actions_by_name.values()))
        self._line = ElidedLabel()  # a long line does not press on the panels beside the map
        self._line.setContentsMargins(10, 3, 10, 5)
        self._line.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self._message, self._stack = MapMessage(), QStackedWidget()
        self._stack.addWidget(self._view)
        self._stack.addWidget(self._message)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self.plane_bar)
        column.addWidget(self._stack, 1)
        column.addWidget(self._line)

    def _connect(self) -> None:
        self._view.dragged.connect(self.point_dragged)
        self._view.picked.connect(self.code_picked)
        self._view.hovered.connect(self.code_hovered)
        self._view.ring_moved.connect(self._move_card)
        self._view.settled.connect(self._settled)
        self._view.dots_changed.connect(self._show_line)
        self._view.tool_chosen.connect(lambda tool: self.actions_by_name[tool].setChecked(True))
        for name in ("clicked", "area_selected", "menu_requested", "selection_cleared", "thumbnails_wanted"):
            getattr(self._view, name).connect(getattr(self, name))
        self._key.recoloured.connect(self._recolour)
        self._key.resized.connect(self._place_overlays)
        self._key.number_chosen.connect(self.number_chosen)
        self._key.again_clicked.connect(self.measure_again_clicked)
        self._key.level_selected.connect(self.level_selected)
        self._key.drawn_changed.connect(self.drawn_changed)
        self._decode_as.chosen.connect(self.class_chosen)
        action = self.actions_by_name
        action["fit"].triggered.connect(lambda: self._view.fit())
        action["grid"].toggled.connect(self._toggle_grid)
        action["class"].triggered.connect(self._decode_as.open)
        action["save"].triggered.connect(lambda: self.grid_save_requested.emit())
        action["prior"].toggled.connect(self._view.show_prior)
        action["legend"].toggled.connect(lambda _: self._place_overlays())
        action["thumbnails"].toggled.connect(self._view.allow_thumbnails)
        action["contours"].toggled.connect(self.contours_toggled)
        action["shapes"].triggered.connect(self._choose_shapes)
        action["nearest"].triggered.connect(lambda: self.nearest_requested.emit())
        action["filter"].triggered.connect(self.filter_toggled)
        for tool in TOOLS:
            action[tool].triggered.connect(lambda _=False, chosen=tool: self._view.choose_tool(chosen))
        self._view.installEventFilter(self)

    def _toggle_grid(self, is_on: bool) -> None:
        if not is_on:
            self.show_grid(None, 0.0, 0.0, 0.0, 0.0)
        self._show_line()
        self.grid_toggled.emit(is_on)

    def _settled(self, left: float, bottom: float, right: float, top: float) -> None:
        self._show_line()
        if self._count:
            self.view_changed.emit(left, bottom, right, top)

    @property
    def _colouring(self) -> Colouring:
        """What colours the dots now: levels, their colours and shapes."""
        return self._key.colouring

    def _move_card(self) -> None:
        """It stays beside its dot, and goes with it."""
        place = self._view.place_of(self._told) if self._told == self._view.ringed else None
        if place is None or not self._view.plot_area().contains(place.toPoint()):
            self._card.hide()
        elif self._card.isVisible():
            self._card.move_beside(place)

    def _recolour(self) -> None:
        self._card.hide()
        self._draw()
        self._show_line()
        self._place_overlays()

    def _draw(self) -> None:
        now = self._colouring
        has_shapes = self._has_shapes if self._has_shapes is not None else len(now.colours) <= _FEW_LEVELS
        has_shapes = has_shapes and now.scale is None
        self.actions_by_name["shapes"].setChecked(has_shapes)
        self._key.show_shapes(has_shapes)
        is_faint = None if self._label is None else self._labels != self._label
        shapes = now.shapes if has_shapes else None
        self._view.show_codes(self._points, now.column.codes, now.colours, shapes, self._key.hidden, is_faint)

    def _choose_shapes(self, has_shapes: bool) -> None:
        self._has_shapes = has_shapes
        self._draw()

    def _show_state(self) -> None:
        """The map, or the words that stand in its place."""
        has_map = bool(self._count) and not self._failure
        self._stack.setCurrentWidget(self._view if has_map else self._message)
        self._allow_actions()
        self._message.show_state(self._failure, self._doing)
        self._show_line()
        self._place_overlays()

    def _allow_actions(self) -> None:
        """What would change nothing is off, and says why."""
        has_map = bool(self._count) and not self._failure
        whys = {"class": "" if self._label is not None else _ONE_CLASS, "prior": self._why_no_prior}
        whys |= {} if self._has_model else dict.fromkeys(_NEED_MODEL, _NO_MODEL)
        whys["filter"] = "" if self._selected[0] or self._selected[1] else _NO_SELECTION
        self._bar.allow("" if has_map else _NO_MAP)
        for name in ACTIONS:
            allow(self.actions_by_name[name], whys.get(name, "") if has_map else _NO_MAP)

    def _show_line(self) -> None:
        """Always says what is shown and what is left out."""
        has_map = bool(self._count) and not self._failure
        said = words(self._shown(), self._note, self._beside) if has_map else self._note
        self._line.show_text(said, explained(said))
        self._line.setVisible(bool(said))

    def _shown(self) -> Shown:
        view, in_view = self._view, self._view.count_in_view()
        pixels = view.frame.width * view.frame.height
        return Shown(
            noun=self._noun,
            images=self._count,
            seen=self._seen,
            drawn=view.count_drawn(),
            in_view=in_view,
            density=in_view / pixels if view.has_density() else 0.0,
            thumbnails=view.count_thumbnails(),
            selected=self._selected[0],
            is_filter=self._selected[1],
            other_classes=0 if self._label is None else int((self._labels != self._label).sum()),
            has_picture=view.has_picture,
            hidden=self._key.left_out(),
        )

    def _place_overlays(self) -> None:
        area = self._view.plot_area()
        self._key.setVisible(self.actions_by_name["legend"].isChecked() and self._key.is_needed)
        size = self._key.wanted_size(most=max(60, round(0.6 * area.height())))
        width = min(size.width(), round(0.5 * area.width()))
        self._key.setGeometry(area.right() - width - _GAP, area.top() + _GAP, width, size.height())
        self._heat_key.resize(self._heat_key.sizeHint())
        self._heat_key.move(area.left() + _GAP, area.bottom() - self._heat_key.height() - _GAP)
        self._busy.setText("  ·  ".join(filter(None, (self._doing, self._measuring))))
        self._busy.setVisible(bool(self._busy.text()))
        self._busy.adjustSize()
        self._busy.move(area.left() + _GAP, area.top() + _GAP)

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep legend and pill in their corners."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._place_overlays()
        return super().eventFilter(watched, event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Image files are for the map; folders are left to the window."""
        if self._count and _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Say which files they are."""
        for path in _dropped(event):
            self.image_dropped.emit(path)
        event.acceptProposedAction()


def _dropped(event: QDropEvent) -> list[str]:
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [str(path) for path in paths if path.is_file() and path.suffix.lower() in _PICTURES]


def _made_up(count: int, classes: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    generator = np.random.default_rng(1)
    labels = generator.integers(0, classes, count)
    centres = generator.normal(0, 1.1, (classes, 2))
    return (centres[labels] + generator.normal(0, 0.35, (count, 2))).astype(np.float32), labels


if __name__ == "__main__":
    from PySide6.QtWidgets import QApplication

    from explorer.toolkit.theme import apply_theme

    app = QApplication([])
    apply_theme(app)
    panel = MapPanel()
    panel.resize(900, 700)
    panel.show_axes("z₁", "z₂")
    panel.show_codes(*_made_up(4000, 10), [f"class {index}" for index in range(10)])
    panel.point_dragged.connect(lambda u, v: panel.show_note(f"({u:.2f}, {v:.2f})"))
    panel.code_hovered.connect(
        lambda i: panel.show_card(i, np.full((32, 32, 3), i % 255, np.uint8), f"{i}.png", "class")
    )
    panel.show()
    app.aboutToQuit.connect(panel.stop)
    app.exec()
