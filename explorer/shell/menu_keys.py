"""Menus that show only the keys that work now: none of what is off, no bare letter while a text is being typed."""

from PySide6.QtCore import QKeyCombination, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QMenu, QMenuBar, QPlainTextEdit, QWidget

_TYPED_IN = (QAbstractSpinBox, QLineEdit, QPlainTextEdit)


class MenuKeys(QObject):
    """Takes keys away while a menu is open, which hears none of them, and gives them back when it closes."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._taken: dict[QAction, list[QKeySequence]] = {}
        self._is_typing = False
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow_focus)

    def watch(self, menu: QMenu) -> None:
        """Whenever it opens from now on."""
        menu.aboutToShow.connect(lambda: self._take(menu))
        menu.aboutToHide.connect(self._give_back)

    def _take(self, menu: QMenu) -> None:
        for action in menu.actions():
            keys = action.shortcuts()
            is_deaf = not action.isEnabled() or (self._is_typing and any(is_bare(each) for each in keys))
            if keys and is_deaf:
                self._taken[action] = keys
                action.setShortcuts([])

    def _give_back(self) -> None:
        for action, keys in self._taken.items():
            action.setShortcuts(keys)
        self._taken.clear()

    def _follow_focus(self, _: QWidget | None, now: QWidget | None) -> None:
        """A menu that is opened by keys takes the keyboard itself."""
        if not isinstance(now, QMenuBar):
            self._is_typing = isinstance(now, _TYPED_IN) and not now.isReadOnly()


def is_bare(keys: QKeySequence) -> bool:
    """A letter or a digit alone, which a text field takes for itself."""
    if keys.isEmpty():
        return False
    pressed: QKeyCombination = keys[0]  # type: ignore[index]  # the stubs know no index
    return pressed.keyboardModifiers() == Qt.KeyboardModifier.NoModifier and pressed.key() < Qt.Key.Key_Escape
