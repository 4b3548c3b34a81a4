"""A list from which to choose what A, B or C is; it says what was chosen, which may be gone from the list since."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QWidget

from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.drawable_text import drawable

NOTHING_YET = "Train a model or open a run first."
_LETTERS = 8  # seen of what was chosen, where there is room
_NARROWEST = 70  # pixels: with three lists so narrow, the window fits on a screen of 1,280


class SourceChoice(QComboBox):
    """The first line is what was chosen; the others are what can be, by kind and name."""

    chosen = Signal(str, str)  # kind, name

    def __init__(self, slot: str, tip: str, nothing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slot, self._tip, self._nothing = slot, tip, nothing
        self._sources: list[tuple[str, str, str]] = []
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LETTERS)
        self.setMinimumWidth(_NARROWEST)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.addItem(nothing)
        self.activated.connect(self._choose)
        self.show_chosen("")
        allow(self, NOTHING_YET)

    def show_sources(self, sources: Sequence[tuple[str, str, str]]) -> None:
        """(kind, name, words) of all that can be chosen."""
        if list(sources) == self._sources:
            return
        self._sources, first = list(sources), self.itemText(0)
        self.clear()
        self.addItems([first, *(drawable(words) for _, _, words in self._sources)])
        allow(self, "" if self._sources else NOTHING_YET)

    def show_chosen(self, words: str) -> None:
        """What was chosen; empty: nothing yet."""
        said = drawable(words) or self._nothing
        self.setItemText(0, said)
        self.setCurrentIndex(0)
        describe(self, self._slot, f"{self._slot}: {said}\n{self._tip}")

    def _choose(self, index: int) -> None:
        self.setCurrentIndex(0)
        if index > 0:
            kind, name, _ = self._sources[index - 1]
            self.chosen.emit(kind, name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.showPopup()
        else:
            super().keyPressEvent(event)
