"""What can be done with an image or a place, wherever it is seen: features say what, and one menu offers it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from explorer.toolkit.descriptions import allow
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.plain_text import name_action
from explorer.workspace.spot import Spot
from explorer.workspace.workspace import Workspace

NAME_MOST = 40  # letters
GROUPS = ("see", "keep", "select", "take")  # from top to bottom
PLACE = "This place"
NOT_ON_THE_MAP = "These images are not on the map yet: they are being arranged."
More = Sequence[tuple[str, Callable[[], object]]]  # entries of whoever opens the menu


def always(_: Spot) -> str:
    """Nothing stands against it."""
    return ""


@dataclass(frozen=True)
class SpotAction:
    """`words` of a spot, empty: there is no such thing with it; `why_not` it cannot be done now, empty: it can."""

    key: str
    group: str  # one of GROUPS
    words: Callable[[Spot], str]
    do: Callable[[Spot], object]
    why_not: Callable[[Spot], str] = always


class SpotMenus:
    """Knows all that can be done, and opens the menu of it over one window."""

    def __init__(self, window: QWidget, workspace: Workspace, say: Callable[[str], object]) -> None:
        self._window, self._workspace, self._say = window, workspace, say
        self._actions: dict[str, SpotAction] = {}

    def offer(self, action: SpotAction) -> None:
        """From now on this can be done too."""
        self._actions[action.key] = action

    def do(self, key: str, spot: Spot) -> None:
        """What the entry of that key does, if it can be done."""
        action = self._actions[key]
        if action.words(spot) and not action.why_not(spot):
            action.do(spot)

    def open(self, spot: Spot, at: QPoint, more: More = ()) -> None:
        """The menu of an image or a place, where it was asked for."""
        table = self._workspace.viewing.table
        if spot.index >= len(table.names) or (spot.kind == "picture" and spot.pixels is None):
            self._say(NOT_ON_THE_MAP)
            return
        menu = QMenu(self._window, toolTipsVisible=True)
        title = menu.addAction("")
        name_action(title, short(table.names[spot.index] if spot.is_image else spot.name or PLACE))
        title.setEnabled(False)
        for group in GROUPS:
            menu.addSeparator()
            for action in self._actions.values():
                if action.group == group:
                    _add(menu, action, spot)
        if more:
            menu.addSeparator()
        for words, do in more:
            menu.addAction(words, do)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)


def _add(menu: QMenu, action: SpotAction, spot: Spot) -> None:
    if words := action.words(spot):
        entry = menu.addAction("", lambda: action.do(spot))
        name_action(entry, words)
        entry.setToolTip("")
        allow(entry, action.why_not(spot))


def short(name: str) -> str:
    """Its end, which tells it from others."""
    name = drawable(name)
    return name if len(name) <= NAME_MOST else f"…{name[-NAME_MOST:]}"
