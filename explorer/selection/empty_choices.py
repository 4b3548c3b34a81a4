"""What stands where a selection would be listed: how to make one, and buttons that do."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from explorer.toolkit.descriptions import describe
from explorer.toolkit.theme import set_tone
from explorer.toolkit.wrapping_row import WrappingRow
from explorer.workspace.spot import MANY

NO_MODEL = "Images that you select on the map are listed here. Open a folder of images, or a run, to see the map."
NOTHING = "No image is selected. Draw around some on the map (S: lasso, B: box), or begin with one of these:"

# what: (words, tooltip)
BEGINNINGS = {
    "lasso": ("Lasso", "Draw around images on the map; Shift adds, Alt takes away  (S)"),
    "near": (f"Nearest {MANY}", "The images nearest to the cursor  (N)"),
    "unusual": ("Most unusual images", f"The {MANY} images that have the fewest like them"),
    "duplicates": ("Duplicates", "The images whose picture another image shows too, or nearly"),
    "find": ("Find by name…", "Type a part of a file's name  (Ctrl+F)"),
}


class SelectionBeginnings(QWidget):
    """Without a map it only says how to come by one."""

    chosen = Signal(str)  # a key of BEGINNINGS

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        set_tone(self._words, "quiet")
        self._buttons = QWidget()
        row = WrappingRow(self._buttons)
        row.addStretch()
        for key in BEGINNINGS:
            row.addWidget(self._button(key))
        row.addStretch()
        column = QVBoxLayout(self)
        column.addStretch()
        column.addWidget(self._words)
        column.addWidget(self._buttons)
        column.addStretch()

    def show_map(self, has_map: bool) -> None:
        """Whether there is a map to select on."""
        self._words.setText(NOTHING if has_map else NO_MODEL)
        self._buttons.setVisible(has_map)

    def _button(self, key: str) -> QPushButton:
        words, tip = BEGINNINGS[key]
        button = QPushButton(words)
        describe(button, words.rstrip("…"), tip)
        button.clicked.connect(lambda: self.chosen.emit(key))
        return button
