"""A list from which to choose a class of a model that is conditional on it."""

from collections.abc import Container, Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from explorer.toolkit.descriptions import describe_choice

_UNLEARNED = "{} (not learned)"
_UNLEARNED_TIP = "All images of this class were held out: the model never learned what they look like."
_LETTERS, _LEAST, _LIST_MOST = 10, 70, 420  # letters in the box; pixels across it, and across the open list


class ClassChoice(QWidget):
    """Hidden while there is no class to choose; `all_text` stands first, for -1, where it is given."""

    chosen = Signal(int)

    def __init__(self, label: str, tip: str, all_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first = [all_text] if all_text else []
        self._classes: list[str] = []
        self._box = QComboBox()
        self._box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(_LETTERS)
        self._box.setMinimumWidth(_LEAST)
        self._box.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        words = QLabel(label)
        words.setBuddy(self._box)
        words.setToolTip(tip)
        describe_choice(self._box, label, tip)
        row = QHBoxLayout(self)
        row.setSpacing(6)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(words)
        row.addWidget(self._box)
        self._box.activated.connect(lambda index: self.chosen.emit(index - len(self._first)))
        self.hide()

    @property
    def label(self) -> int:
        """The class that is chosen; -1: all of them, or none to choose."""
        return self._box.currentIndex() - len(self._first) if self._classes else -1

    def show_classes(self, classes: Sequence[str], label: int | None = None, unlearned: Container[int] = ()) -> None:
        """What can be chosen, none: nothing; and what is, None: as before where that is still there.

        Classes whose labels are in `unlearned` stand there and cannot be chosen.
        """
        kept = self.label
        texts = [_UNLEARNED.format(name) if label in unlearned else name for label, name in enumerate(classes)]
        if texts != self._classes:
            self._classes = texts
            self._box.clear()
            self._box.addItems(self._first + self._classes if self._classes else [])
            self._shut(place for place in range(len(classes)) if place in unlearned)
            widest = max(map(self.fontMetrics().horizontalAdvance, self._classes), default=0) + 40
            self._box.view().setMinimumWidth(min(_LIST_MOST, widest))
            kept = -1
        wanted = max(kept, -len(self._first)) if label is None else label
        self._box.setCurrentIndex(wanted + len(self._first) if wanted < len(self._classes) else 0)
        self.setVisible(bool(self._classes))

    def _shut(self, labels: Iterable[int]) -> None:
        model = self._box.model()
        assert isinstance(model, QStandardItemModel)
        for label in labels:
            item = model.item(label + len(self._first))
            item.setEnabled(False)
            item.setToolTip(_UNLEARNED_TIP)

    def open(self) -> None:
        """Show the list, for a key."""
        if self._classes:
            self._box.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._box.showPopup()
