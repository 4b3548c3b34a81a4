"""The list on the map's bar from which to choose what its colours tell apart."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

_LETTERS, _LEAST, _LIST_MOST = 16, 70, 420  # letters in the box; pixels across it, and across the open list


class ColourChoice(QWidget):
    """Keeps what the user chose, also while a map has no such column; opens at its action's key."""

    chosen = Signal()

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = ""  # of what was chosen, empty: nothing yet
        self._names: list[str] = []
        self._box = QComboBox(focusPolicy=Qt.FocusPolicy.TabFocus)
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(_LETTERS)
        self._box.setMinimumWidth(_LEAST)
        self._box.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        label = QLabel("Colour by")
        label.setBuddy(self._box)
        for widget in (label, self._box):
            widget.setToolTip(action.toolTip())
        self._box.setAccessibleName("Colour by")
        row = QHBoxLayout(self, spacing=6)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self._box)
        self._box.activated.connect(self._choose)
        action.triggered.connect(self._open)

    def show_names(self, names: Sequence[str]) -> None:
        """What can be chosen; the first of them where what was chosen is not there."""
        if list(names) != self._names:
            self._names = list(names)
            self._box.clear()
            self._box.addItems(self._names)
            widest = max(map(self.fontMetrics().horizontalAdvance, self._names), default=0) + 40
            self._box.view().setMinimumWidth(min(_LIST_MOST, widest))
        self._box.setCurrentIndex(self._names.index(self.name) if self.name in self._names else 0)

    def _choose(self, index: int) -> None:
        self.name = self._names[index]
        self.chosen.emit()

    def _open(self) -> None:
        self._box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._box.showPopup()
