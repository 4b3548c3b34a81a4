"""What can be asked for: each action has its place in a menu, its keys, and what it needs to do anything."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from explorer.shell.menu_keys import MenuKeys
from explorer.toolkit.descriptions import allow
from explorer.toolkit.plain_text import plain_tip

MENUS = ("&File", "&Edit", "&View", "&Map", "&Explore", "&Training", "&Help")

# What there must be, by the words that are said while it is not there.
ANY_MAP = "Open a folder of images or a run first."
MODEL = "Train a model or open a run first."
IMAGES = "Open a folder of images first."
SELECTION = "Select images first."


@dataclass(frozen=True)
class Entry:
    """One action: its menu, its name, its words, its shortcuts, its tip; it is off while any of `needs` is missing."""

    menu: str
    name: str
    text: str
    shortcut: str = ""
    tip: str = ""
    needs: tuple[str, ...] = ()
    is_toggle: bool = False


class Actions(QObject):
    """The menus of a window, and all that stands in them; what is needed is missing until someone tells."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._by_name: dict[str, QAction] = {}
        self._needs: dict[str, tuple[str, ...]] = {}
        self._there: set[str] = set()
        self._menus = {title: window.menuBar().addMenu(title) for title in MENUS}  # Qt alone would let them die
        for menu in self._menus.values():
            menu.setToolTipsVisible(True)  # an entry that is off says why

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def menu(self, title: str) -> QMenu:
        """One of `MENUS`."""
        return self._menus[title]

    def add(self, entry: Entry, do: Callable[[], object] | None = None) -> QAction:
        """Put it into its menu, after those that are there; `do` when it is triggered."""
        action = QAction(entry.text, self._window, checkable=entry.is_toggle)
        action.setShortcuts([QKeySequence(keys) for keys in entry.shortcut.split("; ")])
        action.setStatusTip(entry.tip)
        action.setToolTip(plain_tip(entry.tip))
        self._menus[entry.menu].addAction(action)
        self._by_name[entry.name], self._needs[entry.name] = action, entry.needs
        if do is not None:
            action.triggered.connect(lambda: do())
        if entry.needs:
            self._show(entry.name)
        return action

    def take(self, title: str, made: dict[str, QAction]) -> None:
        """Actions that somebody made otherwise stand in a menu too, by their names."""
        self._menus[title].addActions(list(made.values()))
        self._by_name |= made

    def trigger(self, name: str) -> None:
        """As if it had been chosen; nothing where no feature has it."""
        if name in self._by_name:
            self._by_name[name].trigger()

    def tell(self, need: str, is_there: bool) -> None:
        """Whether there is now what some of them need."""
        if is_there == (need in self._there):
            return
        (self._there.add if is_there else self._there.discard)(need)
        for name, needs in self._needs.items():
            if need in needs:
                self._show(name)

    def watch_keys(self) -> None:
        """From now on every menu shows only the keys that work."""
        keys = MenuKeys(self._window)
        for menu in self._window.findChildren(QMenu):
            keys.watch(menu)

    def all(self) -> list[QAction]:
        """Everything in the menus and in those that open from them, in order."""
        return [action for title in MENUS for action in _actions_in(self._menus[title])]

    def _show(self, name: str) -> None:
        missing = (need for need in self._needs[name] if need not in self._there)
        allow(self._by_name[name], next(missing, ""))


def _actions_in(menu: QMenu) -> Sequence[QAction]:
    found = [_actions_in(below) if isinstance(below := action.menu(), QMenu) else [action] for action in menu.actions()]
    return [action for part in found for action in part]
