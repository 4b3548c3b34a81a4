"""The list on the map's bar from which to choose what its colours tell apart."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from explorer.toolkit.descriptions import describe_choice
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.properties import having

_LETTERS, _LEAST, _LIST_MOST = 16, 70, 420  # letters in the box; pixels across it, and across the open list


class ColourChoice(QWidget):
    """Keeps what the user chose, also while a map has no such column; opens at its action's key."""

    chosen = Signal()

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = ""  # of what was chosen, empty: nothing yet
        self._parts: list[dict[str, str]] = []
        self._box = having(QComboBox(), focusPolicy=Qt.FocusPolicy.TabFocus)
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(_LETTERS)
        self._box.setMinimumWidth(_LEAST)
        self._box.setMaxVisibleItems(24)
        self._box.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        label = QLabel("Colour by")
        label.setBuddy(self._box)
        label.setToolTip(action.toolTip())
        describe_choice(self._box, "Colour by", action.toolTip())
        row = having(QHBoxLayout(self), spacing=6)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self._box)
        self._box.activated.connect(self._choose)
        action.triggered.connect(self._open)

    def show_names(self, *parts: dict[str, str]) -> None:
        """What can be chosen, with what it tells, in parts; the first of all where what was chosen is not there."""
        shown = [part for part in parts if part]
        if shown != self._parts:
            self._parts = shown
            self._box.clear()
            for part in shown:
                if self._box.count():
                    self._box.insertSeparator(self._box.count())
                self._add(part)
            names = [name for part in shown for name in part]
            widest = max(map(self.fontMetrics().horizontalAdvance, names), default=0) + 40
            self._box.view().setMinimumWidth(min(_LIST_MOST, widest))
        self._box.setCurrentIndex(max(0, self._box.findText(self.name)) if self.name else 0)

    def choose(self, name: str) -> None:
        """As if it had been chosen from the list; nothing where it is not there."""
        if (place := self._box.findText(name)) >= 0:
            self._box.setCurrentIndex(place)
            self._choose(place)

    def _add(self, part: dict[str, str]) -> None:
        for name, tip in part.items():
            self._box.addItem(name)
            if tip:
                self._box.setItemData(self._box.count() - 1, plain_tip(tip), Qt.ItemDataRole.ToolTipRole)

    def _choose(self, index: int) -> None:
        self.name = self._box.itemText(index)
        self.chosen.emit()

    def _open(self) -> None:
        self._box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._box.showPopup()
