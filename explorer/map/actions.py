"""What can be done on the map, as one table: for its bar, its menu, the window's menus and the command palette."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

Place = Literal["tool", "bar", "show", ""]  # where on the bar it is


@dataclass(frozen=True)
class MapAction:
    """One action: words, tooltip, keys, its place on the bar, and, of a toggle, whether it is on at the start."""

    text: str
    tip: str
    keys: tuple[str, ...] = ()
    place: Place = ""
    is_on: bool | None = None


_DRAWN = "\nShift adds to the selection, Alt or Ctrl subtracts; right-drag pans. Keys: arrows, Enter for each corner."
ACTIONS = {
    "hand": MapAction(
        "Drag to decode", "Drag anywhere to decode it; Shift-drag and right-drag pan", ("V",), "tool", True
    ),
    "lasso": MapAction("Lasso", f"Draw around the dots to select.{_DRAWN}", ("S",), "tool", False),
    "box": MapAction("Box", f"Select the dots in a box.{_DRAWN}", ("B",), "tool", False),
    "nearest": MapAction("Nearest 50", "Select the 50 images nearest to the cursor", ("N",)),
    "filter": MapAction(
        "Only the selected", "Draw only what is selected, instead of all with the rest faint", ("H",), "", False
    ),
    "fit": MapAction("Fit", "Show all dots", ("F", "Home"), "bar"),
    "grid": MapAction("Grid", "Behind the dots, show what the model decodes at each place", ("G",), "show", False),
    "save": MapAction("Save grid…", "Save the decoded grid of this view as a picture", (), "show"),
    "prior": MapAction(
        "Prior rings", "Rings one, two and three σ from the origin: where the model expects codes", ("R",), "show", True
    ),
    "contours": MapAction(
        "Contours", "Lines of equal density: of all posteriors together, and of the prior", ("O",), "show", False
    ),
    "legend": MapAction(
        "Legend", "What the colours mean: click one to hide it, Alt-click to see it alone", ("L",), "show", True
    ),
    "shapes": MapAction(
        "Shapes", "Each colour a shape too, while dots are large enough to tell", ("A",), "show", False
    ),
    "thumbnails": MapAction(
        "Thumbnails", "When few dots are in view, the images themselves at their dots", ("T",), "show", True
    ),
    "class": MapAction(
        "Decode as…", "Which class the model decodes everywhere; dots of other classes are faint", ("D",)
    ),
    "colour": MapAction("Colour by…", "What the colours of the dots tell apart", ("C",)),
}


def make_actions(owner: QWidget) -> dict[str, QAction]:
    """The actions, their keys at work while `owner` or what is in it has the keyboard; the tools exclude each other."""
    made = {name: _make(entry, owner) for name, entry in ACTIONS.items()}
    tools = QActionGroup(owner)
    for name, entry in ACTIONS.items():
        if entry.place == "tool":
            tools.addAction(made[name])
    return made


def _make(entry: MapAction, owner: QWidget) -> QAction:
    action = QAction(entry.text, owner, checkable=entry.is_on is not None)
    action.setIconText(entry.text)  # else a button drops the three dots
    action.setChecked(bool(entry.is_on))
    action.setShortcuts([QKeySequence(key) for key in entry.keys])
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    show_tip(action, entry.tip)
    owner.addAction(action)
    return action


def show_tip(action: QAction, tip: str) -> None:
    """What it does, with its key."""
    keys = [shortcut.toString() for shortcut in action.shortcuts()]
    first, *more = tip.split("\n")
    action.setToolTip("\n".join([f"{first}  ({keys[0]})" if keys else first, *more]))
    action.setStatusTip(first)
