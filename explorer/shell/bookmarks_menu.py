"""Nine places to come back to: a digit goes to one, Ctrl with it sets it to where the cursor is."""

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from core.exploration import BOOKMARKS
from explorer.toolkit.descriptions import allow

NO_MAP = "Train a model or open a run first."


class BookmarksMenu(QMenu):
    """Emits the number that was asked for."""

    go_requested = Signal(int)
    set_requested = Signal(int)
    forget_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("B&ookmarks", parent)
        self._goes = {number: self._go_action(number) for number in BOOKMARKS}
        self.addSeparator()
        self._sets = [self._set_action(number) for number in BOOKMARKS]
        self.addSeparator()
        self._forgets = {number: self._forget_action(number) for number in BOOKMARKS}
        self.show_bookmarks(())

    def show_bookmarks(self, numbers: Collection[int]) -> None:
        """Which are set: only to these can one go."""
        for number in BOOKMARKS:
            allow(self._goes[number], "" if number in numbers else f"Bookmark {number} is not set.")
            self._forgets[number].setVisible(number in numbers)

    def allow_setting(self, has_map: bool) -> None:
        """Whether there is a place to set one to."""
        for action in self._sets:
            allow(action, "" if has_map else NO_MAP)

    def _go_action(self, number: int) -> QAction:
        action = self.addAction(f"Go to bookmark &{number}", lambda: self.go_requested.emit(number))
        action.setShortcut(QKeySequence(str(number)))
        return action

    def _set_action(self, number: int) -> QAction:
        action = self.addAction(f"Set bookmark {number} here", lambda: self.set_requested.emit(number))
        action.setShortcut(QKeySequence(f"Ctrl+{number}"))
        return action

    def _forget_action(self, number: int) -> QAction:
        return self.addAction(f"Forget bookmark {number}", lambda: self.forget_requested.emit(number))
