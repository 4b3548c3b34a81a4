"""Find an image by a part of its name, and go to its dot."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.floating_dialog import FloatingDialog, moves_in
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone

_IMAGE = Qt.ItemDataRole.UserRole
_CTRL = Qt.KeyboardModifier.ControlModifier


class FindImage(FloatingDialog):
    """Type to search, Enter to go there, Ctrl+Enter to select all that were found, Esc to leave."""

    asked = Signal(str)  # the query
    chosen = Signal(int)  # an image
    all_chosen = Signal(str)  # every image that was found, and the query

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Find an image", parent)
        self._total = 0
        self._build()
        row = QHBoxLayout()
        row.addWidget(self._count, 1)
        row.addWidget(self._all)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self._edit)
        column.addWidget(self._list, 1)
        column.addLayout(row)
        self.resize(560, 380)

    def show_found(self, query: str, rows: Sequence[tuple[int, str, str]], total: int) -> None:
        """The first of `total` images found, (index, name, class); nothing where the query is another one by now."""
        if query != self._edit.text():
            return
        self._total = total
        self._list.clear()
        for index, name, class_name in rows:
            item = QListWidgetItem("   ·   ".join(filter(None, (drawable(name), drawable(class_name)))))
            item.setData(_IMAGE, index)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        allow(self._all, "" if total else "No image is found.")
        self._count.setText(self._counted(len(rows)))

    def _counted(self, listed: int) -> str:
        if not self._edit.text().strip():
            return "A part of the name; several words in any order"
        if not self._total:
            return "No image is called that"
        return f"{self._total:,} found" + (f", the first {listed:,} listed" if listed < self._total else "")

    def _build(self) -> None:
        self._edit = QLineEdit(placeholderText="Find an image by its name")
        describe(self._edit, "Find an image", "A part of the file's name or folder; several words in any order")
        self._edit.textChanged.connect(self.asked)
        self._edit.installEventFilter(self)
        self._list = having(QListWidget(), frameShape=QListWidget.Shape.NoFrame, uniformItemSizes=True)
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        describe(self._list, "Images found", "Enter or a click goes there on the map")
        self._list.itemClicked.connect(lambda _: self._choose())
        self._count = QLabel(self._counted(0))
        set_tone(self._count, "quiet")
        self._all = having(QPushButton("Select all of them"), enabled=False)
        describe(self._all, "Select all of them", "Every image that was found becomes the selection  (Ctrl+Enter)")
        self._all.clicked.connect(self._choose_all)

    def _choose(self) -> None:
        if (item := self._list.currentItem()) is not None:
            self.chosen.emit(item.data(_IMAGE))
            self.accept()

    def _choose_all(self) -> None:
        if self._total:
            self.all_chosen.emit(self._edit.text())
            self.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that move in the list, and Enter, while the keyboard stays in the text."""
        if moves_in(self._list, event):
            return True
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self._choose_all if event.modifiers() & _CTRL else self._choose)()
            return True
        return False

    def showEvent(self, event: QShowEvent) -> None:
        """Ready to type in, over the upper part of the window."""
        self.place_over_parent()
        self._edit.setFocus()
        self.activateWindow()  # not every window manager gives the keyboard to a window without a frame
        super().showEvent(event)
