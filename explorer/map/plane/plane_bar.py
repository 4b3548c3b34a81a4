"""The second row of the map's bar: which plane it shows, how that is moved, and what lies behind the dots."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from explorer.map.backdrop.backdrop_choice import BackdropChoice
from explorer.map.plane.plane_mover import FADE_TIP, IN_THE_MIDDLE, PlaneMover, Way
from explorer.toolkit.descriptions import allow, allow_choice, describe, describe_choice
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.properties import having
from explorer.toolkit.wrapping_row import WrappingRow

__all__ = ["PlaneBar", "PlaneShown", "Way"]

# kind: (text, tooltip, why it cannot be chosen)
KINDS = {
    "sheet": (
        "Curved sheet",
        "A sheet over the two widest directions that follows the codes: a hand on it stays among the pictures",
        "",
    ),
    "principal": ("Widest (PCA)", "The two directions in which the codes spread most; it follows the model", ""),
    "dimensions": ("Two dimensions", "Two latent dimensions as they are", ""),
    "directions": ("Two directions", "Two of the directions that you saved", "Save two directions first"),
    "images": ("Three images", "The plane through the three selected images", "Select exactly three images first"),
    "projection": ("UMAP (not exact)", "Near codes are put near: between dots a hand sees those around blended", ""),
}

_TINT_TIP = "A veil far from any picture, thinner between groups, thin near few pictures"

# name: (text, tooltip, key on the map, is a toggle)
ACTIONS = {
    "plane": ("Plane…", "Which plane of latent space the map shows", "P", False),
    "move": ("Move the plane…", "Move the plane along what it does not show", "Shift+P", False),
    "middle": ("Plane back to the middle", "Back to where the plane was made", "", False),
    "fade": ("Faint dots far from the plane", FADE_TIP, "W", True),
    "backdrop": ("Backdrop…", "What lies behind the dots", "K", False),
    "empty": ("Tint where no pictures are", _TINT_TIP, "E", True),
}

NO_MAP = "Train a model or open a run first."
ONE_PLANE = "A model of two latent dims has one plane: all of it is on the map."
NOT_EXACT = "UMAP is no plane."
NO_WAY = "A sheet lies where the codes are: choose Widest (PCA) to move a plane."
STILL = {"projection": NOT_EXACT, "sheet": NO_WAY}


@dataclass(frozen=True)
class PlaneShown:
    """What the bar says: `dimensions` is empty while there is only one plane; `strongest` of them are offered first."""

    has_map: bool = False
    kind: str = "principal"
    names: tuple[str, str] = ("", "")
    dimensions: tuple[str, ...] = ()
    strongest: tuple[int, int] = (0, 1)
    directions: tuple[str, ...] = ()
    has_three: bool = False
    ways: tuple[Way, ...] = ()
    moved: float = 0.0  # how far the plane is from where it was made


class PlaneBar(QWidget):
    """Hidden while there is no map; the plane's part hidden while there is only one plane."""

    sheet_chosen = Signal()
    flat_chosen = Signal()
    dimensions_chosen = Signal(int, int)
    directions_chosen = Signal(str, str)
    images_chosen = Signal()
    projection_chosen = Signal()
    projection_cancelled = Signal()
    moved = Signal(int, float)
    middle_chosen = Signal()
    fade_toggled = Signal(bool)
    backdrop_chosen = Signal(str)
    empty_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Plane and backdrop")
        self._shown = PlaneShown()
        self._kinds, self._across, self._up = QComboBox(), QComboBox(), QComboBox()
        self._move = having(QToolButton(), focusPolicy=Qt.FocusPolicy.TabFocus)
        self._cancel = QPushButton("Cancel")
        self._said = ElidedLabel()
        self._note, self._doing = "", ""
        self._mover = PlaneMover(self)
        self.backdrop = BackdropChoice()
        self.actions_by_name = {name: self._action(name) for name in ACTIONS}
        self._build()
        self._lay_out()
        self._connect()
        self.show_plane(self._shown)

    def show_plane(self, shown: PlaneShown) -> None:
        """Which plane the map shows, and which others there are."""
        self._shown = shown
        has_planes = bool(shown.dimensions)
        self.setVisible(shown.has_map)
        self._plane_part.setVisible(has_planes)
        self._kinds.setCurrentIndex(self._kinds.findData(shown.kind))
        self._allow("directions", len(shown.directions) > 1)
        self._allow("images", shown.has_three or shown.kind == "images")
        self._show_axes()
        self._move.setText(f"Moved {shown.moved:.2f} ▾" if shown.moved else "Move ▾")
        is_plane = has_planes and shown.kind not in STILL
        why_still = self._why_still()
        allow(self.actions_by_name["move"], why_still)
        allow(self.actions_by_name["fade"], "" if why_still == NO_WAY else why_still)
        allow(self.actions_by_name["middle"], why_still or ("" if shown.moved else IN_THE_MIDDLE))
        self._move.setVisible(is_plane)
        allow(self._move, "" if shown.ways else ONE_PLANE)
        allow(self.actions_by_name["plane"], "" if has_planes else ONE_PLANE if shown.has_map else NO_MAP)
        allow(self.actions_by_name["backdrop"], "" if shown.has_map else NO_MAP)
        allow(self.actions_by_name["empty"], NO_MAP if not shown.has_map else NOT_EXACT * (shown.kind == "projection"))
        self.backdrop.show_plane(shown.kind != "projection")
        self._mover.show_ways(shown.ways)

    def show_backdrop(self, kind: str) -> None:
        """What lies behind the dots: one of backdrop_choice.BACKDROPS."""
        self.backdrop.show_kind(kind)

    def show_note(self, note: str) -> None:
        """Why there is no backdrop yet; empty: nothing to say."""
        self._note = note
        self._say()

    def show_projecting(self, doing: str) -> None:
        """How far UMAP is; empty: it is not at work."""
        self._doing = doing
        self._say()

    def _build(self) -> None:
        for kind, (text, tip, _) in KINDS.items():
            self._kinds.addItem(text, kind)
            self._kinds.setItemData(self._kinds.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        describe(self._kinds, "Plane", "Which plane of latent space the map shows  (P)")
        describe_choice(self._across, "Across", "What the map shows from left to right")
        describe_choice(self._up, "Up", "What the map shows from bottom to top")
        describe(self._cancel, "Cancel UMAP", "The map stays as it is")
        self._move.setAccessibleName("Move the plane")
        self._move.setToolTip(f"{ACTIONS['move'][1]}  (Shift+P)")
        longest = max(len(text) for text, _, _ in KINDS.values())
        for box, letters in ((self._kinds, longest), (self._across, 4), (self._up, 4)):
            box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(letters)
            box.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)

    def _lay_out(self) -> None:
        self._plane_part = QWidget()
        inner = having(QHBoxLayout(self._plane_part), spacing=6)
        inner.setContentsMargins(0, 0, 0, 0)
        label = QLabel("Plane")
        label.setBuddy(self._kinds)
        for widget in (label, self._kinds, self._across, self._up, self._move):
            inner.addWidget(widget)
        row = WrappingRow(self)
        row.setContentsMargins(10, 0, 6, 4)
        row.addWidget(self._plane_part)
        row.addWidget(self._said, 1)
        row.addWidget(self._cancel)
        row.addWidget(self.backdrop)
        empty = having(QToolButton(), focusPolicy=Qt.FocusPolicy.TabFocus)
        empty.setDefaultAction(self.actions_by_name["empty"])
        empty.setAccessibleName("Tint where no pictures are")
        self.actions_by_name["empty"].setIconText("Tint")
        row.addWidget(empty)

    def _connect(self) -> None:
        action = self.actions_by_name
        self._kinds.activated.connect(self._choose_kind)
        self._across.activated.connect(lambda _: self._choose_axes(self._across))
        self._up.activated.connect(lambda _: self._choose_axes(self._up))
        self._move.clicked.connect(lambda: self._mover.open_below(self._move))
        self._mover.moved.connect(self.moved)
        self._mover.middle_clicked.connect(self.middle_chosen)
        self._mover.fade_toggled.connect(action["fade"].setChecked)
        action["fade"].toggled.connect(self._mover.fade.setChecked)
        action["fade"].toggled.connect(self.fade_toggled)
        action["plane"].triggered.connect(lambda: self._open(self._kinds))
        action["move"].triggered.connect(self._move.click)
        action["middle"].triggered.connect(lambda: self.middle_chosen.emit())
        action["backdrop"].triggered.connect(self.backdrop.open)
        action["empty"].toggled.connect(self.empty_toggled)
        self.backdrop.chosen.connect(self.backdrop_chosen)
        self._cancel.clicked.connect(self.projection_cancelled)

    def _action(self, name: str) -> QAction:
        text, tip, key, is_toggle = ACTIONS[name]
        action = QAction(text, self, checkable=is_toggle)
        action.setIconText(text)  # else a button drops the three dots
        action.setShortcut(QKeySequence(key))
        action.setToolTip(f"{tip}  ({key})" if key else tip)
        return action

    def _allow(self, kind: str, can_be: bool) -> None:
        index = self._kinds.findData(kind)
        _, tip, why_not = KINDS[kind]
        allow_choice(self._kinds, index, can_be)
        self._kinds.setItemData(index, tip if can_be else why_not, Qt.ItemDataRole.ToolTipRole)

    def _show_axes(self) -> None:
        """The two lists, where there is something to choose from."""
        choices: Sequence[str] = {"dimensions": self._shown.dimensions, "directions": self._shown.directions}.get(
            self._shown.kind, ()
        )
        for box, name in zip((self._across, self._up), self._shown.names, strict=True):
            if [box.itemText(index) for index in range(box.count())] != list(choices):
                box.clear()
                box.addItems(choices)
            box.setCurrentIndex(box.findText(name))
            box.setVisible(bool(choices))

    def _choose_kind(self, index: int) -> None:
        """Ask for it; the list goes on saying what the map shows."""
        kind, shown = self._kinds.itemData(index), self._shown
        self._kinds.setCurrentIndex(self._kinds.findData(shown.kind))
        if kind == "dimensions":
            self.dimensions_chosen.emit(*shown.strongest)
        elif kind == "directions":
            self.directions_chosen.emit(*shown.directions[:2])
        elif kind != shown.kind or kind == "images":
            {
                "sheet": self.sheet_chosen,
                "principal": self.flat_chosen,
                "images": self.images_chosen,
                "projection": self.projection_chosen,
            }[kind].emit()

    def _choose_axes(self, changed: QComboBox) -> None:
        """The other axis takes the place of what was chosen twice."""
        across, up = self._across, self._up
        if across.currentIndex() == up.currentIndex():
            other, name = (up, self._shown.names[0]) if changed is across else (across, self._shown.names[1])
            other.setCurrentIndex(other.findText(name))
        if self._shown.kind == "dimensions":
            self.dimensions_chosen.emit(across.currentIndex(), up.currentIndex())
        else:
            self.directions_chosen.emit(across.currentText(), up.currentText())

    def _why_still(self) -> str:
        """Why the plane cannot be moved; empty: it can."""
        if not self._shown.has_map:
            return NO_MAP
        if not self._shown.dimensions:
            return ONE_PLANE
        return STILL.get(self._shown.kind, "")

    def _say(self) -> None:
        self._said.show_text(self._doing or self._note)
        self._cancel.setVisible(bool(self._doing))

    def _open(self, box: QComboBox) -> None:
        box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        box.showPopup()
