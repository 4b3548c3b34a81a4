"""Asking for a menu: by a right click at the pointer, by the Menu key or Shift+F10 where the keys are."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

Find = Callable[[QPoint | None], object]  # what is at a place of the widget, or, None, at the keys; None: nothing


class MenuAsker(QObject):
    """Belongs to a widget; says what was found there, and where on the screen a menu about it opens."""

    asked = Signal(object, QPoint)

    def __init__(self, widget: QWidget, find: Find) -> None:
        super().__init__(widget)
        self._widget, self._find = widget, find
        self._on = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
        for each in {widget, self._on}:
            each.installEventFilter(self)
        self.allow(True)

    def allow(self, has_something: bool) -> None:
        """Whether there is anything to ask about."""
        self._has_something = has_something
        policy = Qt.ContextMenuPolicy.CustomContextMenu if has_something else Qt.ContextMenuPolicy.DefaultContextMenu
        self._widget.setContextMenuPolicy(policy)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: take what asks for a menu, where there is something to ask about."""
        if isinstance(event, QContextMenuEvent) and self._has_something:
            by_keys = event.reason() == QContextMenuEvent.Reason.Keyboard
            return self._tell(None if by_keys else event.pos())
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        return self._has_something and _is_menu_key(event) and self._tell(None)

    def _tell(self, place: QPoint | None) -> bool:
        if (found := self._find(place)) is not None:
            at = self._on.rect().center() if place is None else place
            self.asked.emit(found, self._on.mapToGlobal(at))
        return True


def _is_menu_key(event: QKeyEvent) -> bool:
    with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    return event.key() == Qt.Key.Key_Menu or (event.key() == Qt.Key.Key_F10 and with_shift)
