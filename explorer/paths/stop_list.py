"""The stops of a path, in their order: each a picture; drag, buttons or keys move and remove them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.image_conversion import to_pixmap
from explorer.toolkit.properties import having
from explorer.toolkit.wrapping_row import WrappingRow

SIDE = 30
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_EARLIER = QKeySequence(Qt.KeyboardModifier.AltModifier | Qt.Key.Key_Up)
_LATER = QKeySequence(Qt.KeyboardModifier.AltModifier | Qt.Key.Key_Down)

# how stops are added: (text, tooltip)
SOURCES = {
    "cursor": ("The cursor's &place", "The place that is decoded now becomes the next stop"),
    "selection": ("The &selected images", "Each becomes a stop, followed by the one nearest to it"),
    "bookmarks": ("The &bookmarks", "By their numbers, 1 to 9"),
}


class StopList(QWidget):
    """Emits what is to be done to stops, by their place in the order; shows only what it is told."""

    add_requested = Signal(str)  # a key of SOURCES
    adding_toggled = Signal(bool)
    clicked = Signal(int)
    removed = Signal(int)
    moved = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list = _List()
        self._list.setIconSize(QSize(SIDE, SIDE))
        self._list.setUniformItemSizes(True)
        self._list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        describe(self._list, "Stops", "Click one to go there; drag it, or press Alt with an arrow, to move it; Delete")
        self._list.itemClicked.connect(lambda item: self.clicked.emit(self._list.row(item)))
        self._list.entered_row.connect(self.clicked)
        self._list.remove_pressed.connect(self.remove)
        self._list.move_pressed.connect(self._move_by)
        self._list.model().rowsMoved.connect(self._take_drag)
        self._list.currentRowChanged.connect(lambda _: self._allow())
        whole = having(QVBoxLayout(self), spacing=4)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(self._build_buttons())
        whole.addWidget(self._list, 1)
        self._allow()

    def show_stops(self, words: Sequence[str], pictures: Sequence[NDArray[np.uint8]] = ()) -> None:
        """What each is called, and, where they are known, the pictures there."""
        kept = min(self._list.currentRow(), len(words) - 1)
        if len(words) != self._list.count():
            self._list.clear()
            for _ in words:
                item = QListWidgetItem()
                item.setSizeHint(QSize(SIDE, SIDE + 2))  # as high without a picture
                self._list.addItem(item)
        ratio = self.devicePixelRatioF()
        for row, text in enumerate(words):
            item = self._list.item(row)
            item.setText(text)
            item.setIcon(QIcon(to_pixmap(pictures[row], SIDE, ratio)) if len(pictures) == len(words) else QIcon())
        self._list.setCurrentRow(kept)
        self._allow()

    def show_adding(self, is_adding: bool) -> None:
        """Whether clicks on the map add stops."""
        self._clicking.setChecked(is_adding)

    def remove(self) -> None:
        """The current stop."""
        if self._list.currentRow() >= 0:
            self.removed.emit(self._list.currentRow())

    def _move_by(self, step: int) -> None:
        row = self._list.currentRow()
        if row >= 0 and 0 <= row + step < self._list.count():
            self._list.setCurrentRow(row + step)  # it stays current where it is going
            self.moved.emit(row, row + step)

    def _take_drag(self, _: QModelIndex, first: int, __: int, ___: QModelIndex, before: int) -> None:
        to = before - 1 if before > first else before
        self._list.setCurrentRow(to)
        self.moved.emit(first, to)

    def _allow(self) -> None:
        row, count = self._list.currentRow(), self._list.count()
        chosen = "" if row >= 0 else "Choose a stop first."
        allow(self._earlier, chosen or ("" if row > 0 else "It is the first."))
        allow(self._later, chosen or ("" if row < count - 1 else "It is the last."))
        allow(self._remove, chosen)

    def _build_buttons(self) -> WrappingRow:
        self._add = having(QToolButton(popupMode=QToolButton.ToolButtonPopupMode.MenuButtonPopup), text="Add stop")
        describe(self._add, "Add stop", "The cursor's place becomes the next stop; the arrow has more to choose from")
        menu = QMenu(self._add)
        menu.setToolTipsVisible(True)
        for key, (text, tip) in SOURCES.items():
            action = QAction(text, menu, toolTip=tip)
            action.triggered.connect(lambda _=False, chosen=key: self.add_requested.emit(chosen))
            menu.addAction(action)
        self._add.setMenu(menu)
        self._add.clicked.connect(lambda: self.add_requested.emit("cursor"))
        self._clicking = having(QToolButton(), text="By clicking", checkable=True)
        describe(self._clicking, "Add stops by clicking", "While this is on, each click on the map adds a stop")
        self._clicking.toggled.connect(self.adding_toggled)
        self._earlier = self._button("↑", "Earlier", "Move the stop up (Alt+Up)", lambda: self._move_by(-1))
        self._later = self._button("↓", "Later", "Move the stop down (Alt+Down)", lambda: self._move_by(1))
        self._remove = self._button("✕", "Remove stop", "Take the stop away (Delete)", self.remove)
        row = WrappingRow(spacing=1)
        for button in (self._add, self._clicking):
            row.addWidget(button)
        row.addStretch()
        for button in (self._earlier, self._later, self._remove):
            row.addWidget(button)
        return row

    def _button(self, text: str, name: str, tip: str, do: object) -> QToolButton:
        button = having(QToolButton(), text=text)
        button.clicked.connect(do)
        describe(button, name, tip)
        return button


class _List(QListWidget):
    """Its keys are those of a list of stops."""

    entered_row = Signal(int)
    remove_pressed = Signal()
    move_pressed = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = QKeySequence(event.keyCombination())
        if event.matches(QKeySequence.StandardKey.Delete) or event.key() == Qt.Key.Key_Backspace:
            self.remove_pressed.emit()
        elif keys in (_EARLIER, _LATER):
            self.move_pressed.emit(-1 if keys == _EARLIER else 1)
        elif event.key() in _ENTER and self.currentRow() >= 0:
            self.entered_row.emit(self.currentRow())
        else:
            super().keyPressEvent(event)
