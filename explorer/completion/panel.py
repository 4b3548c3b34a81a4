"""Completion: hide a part of an image, and see what the model thinks could be there."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.completion.hidden_part import SHAPES, shape
from explorer.completion.mask_editor import MaskEditor, Tool
from explorer.toolkit.context_menu import MenuAsker
from explorer.toolkit.descriptions import allow, allow_choice, describe
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.picture_sheet import PictureSheet
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.properties import having
from explorer.toolkit.wrapping_row import WrappingRow

EMPTY = "A model that completes images fills in here what you hide of one."
NOT_TRAINED_FOR_IT = (
    "This model was not trained to complete images.\nIn the training form, under Advanced, "
    "choose Conditional: completion, and train a new model."
)
NO_IMAGE = "Click an image on the map, or drop one there, to complete it."
OBSTACLES = {"no model": EMPTY, "not trained for it": NOT_TRAINED_FOR_IT, "no image": NO_IMAGE}
THINKING = "Completing…"
PAINTED = "As painted"
PAINT_IT = "What you paint over on the image is hidden: this is how it is called, and cannot be chosen."
NO_BRUSH = "A box is as large as it is dragged: choose the brush or the eraser first."
NOTHING_HIDDEN = "Nothing is hidden, so there is nothing to draw: hide a part first."
_SHEET_TIP = "The likeliest completion, then others drawn from what the model thinks possible"

# name: (text, tooltip)
TOOLS = {
    "brush": ("Brush", "Paint what the model must not see"),
    "box": ("Box", "Drag a box over what the model must not see"),
    "eraser": ("Eraser", "Let the model see what you paint over"),
}

Mask = NDArray[np.bool_]


class CompletionPanel(QWidget):
    """Emits what is hidden and when to draw others; shows the image and its completions."""

    hidden_changed = Signal(object)  # (H, W) bool, True where the model sees nothing
    draw_requested = Signal()
    next_requested = Signal()
    menu_requested = Signal(object, QPoint)  # which completion, a place on the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Completion")
        self._editor = MaskEditor()
        self._sheet = PictureSheet("Completions", _SHEET_TIP)
        MenuAsker(self._sheet, self._sheet.picture_at).asked.connect(self.menu_requested)
        self._name = ElidedLabel()
        self._build_controls()
        self._stack = QStackedWidget()
        self._message = PictureSheet("Completion", "")
        self._stack.addWidget(self._message)
        self._stack.addWidget(self._work())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(8, 4, 8, 4)
        whole.addWidget(self._stack)
        self._editor.hidden_changed.connect(self._take_hidden)
        self.show_nothing(EMPTY)

    def show_image(self, name: str, pixels: NDArray[np.uint8], hidden: Mask) -> None:
        """The image to complete, uint8 (H, W, C), and which of its pixels (H, W) are hidden."""
        self._name.show_text(name)
        self._editor.show_image(pixels, hidden)
        self._stack.setCurrentIndex(1)
        self._show_hidden(hidden)

    def show_completions(self, best: NDArray[np.uint8], draws: Sequence[NDArray[np.uint8]]) -> None:
        """The best guess (H, W, C), and others (n, H, W, C)."""
        captions = ["best", *(f"draw {number}" for number in range(1, len(draws) + 1))]
        self._sheet.show_pictures([best, *draws], captions)

    def show_busy(self) -> None:
        """Completions are being drawn."""
        self._sheet.show_old(True)
        if not self._sheet.count:
            self._sheet.show_sentence(THINKING)

    def show_failure(self, sentence: str) -> None:
        """Say in place of the completions why there are none."""
        self._sheet.show_sentence(sentence, is_failure=True)

    def show_nothing(self, why: str) -> None:
        """Why no image can be completed now."""
        self._editor.show_nothing()
        self._sheet.show_sentence("")
        self._message.show_sentence(why)
        self._stack.setCurrentIndex(0)

    def draw_again(self) -> None:
        """As if the button had been pressed."""
        if self._stack.currentIndex() == 1 and self._again.isEnabled():
            self.draw_requested.emit()

    def _build_controls(self) -> None:
        self._shape = QComboBox()
        self._shape.addItems([*SHAPES, PAINTED])
        allow_choice(self._shape, len(SHAPES), False)
        self._shape.setItemData(len(SHAPES), plain_tip(PAINT_IT), Qt.ItemDataRole.ToolTipRole)
        self._shape.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._shape.setMinimumContentsLength(8)
        describe(self._shape, "Hide", "Hide this part, and nothing else")
        self._tools = QButtonGroup(self)
        for tool, (text, tip) in TOOLS.items():
            button = having(QToolButton(), text=text, checkable=True, checked=tool == "brush", objectName=tool)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            describe(button, text, tip)
            self._tools.addButton(button)
        self._size = having(QSlider(Qt.Orientation.Horizontal), minimum=2, maximum=25, value=10)
        self._size.setFixedWidth(52)
        describe(self._size, "Brush size", "How wide brush and eraser are")
        self._next = QPushButton("Next image")
        describe(self._next, "Next image", "Another of the held-out images")
        self._again = QPushButton("Draw again")
        describe(self._again, "Draw again", "Other completions of the same image")
        self._shape.textActivated.connect(self._editor.hide_shape)
        self._tools.buttonClicked.connect(lambda button: self._choose_tool(button.objectName()))
        self._size.valueChanged.connect(lambda value: self._editor.choose_radius(value / 100))
        self._next.clicked.connect(self.next_requested)
        self._again.clicked.connect(self.draw_again)

    def _work(self) -> QWidget:
        work = QWidget()
        pictures = having(QHBoxLayout(), spacing=8)
        pictures.addWidget(self._editor, 2)
        pictures.addWidget(self._sheet, 5)
        column = having(QVBoxLayout(work), spacing=4)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._control_row())
        column.addLayout(pictures, 1)
        return work

    def _control_row(self) -> WrappingRow:
        words = QLabel("Hide")
        words.setBuddy(self._shape)
        row = WrappingRow()
        row.addWidget(words)
        row.addWidget(self._shape)
        for button in self._tools.buttons():
            row.addWidget(button)
        row.addWidget(self._size)
        row.addSpacing(8)
        row.addWidget(self._name, 1)
        row.addWidget(self._next)
        row.addWidget(self._again)
        return row

    def _choose_tool(self, tool: Tool) -> None:
        self._editor.choose_tool(tool)
        allow(self._size, NO_BRUSH if tool == "box" else "")

    def _take_hidden(self, hidden: Mask) -> None:
        self._show_hidden(hidden)
        self.hidden_changed.emit(hidden)

    def _show_hidden(self, hidden: Mask) -> None:
        self._shape.setCurrentText(_name_of(hidden))
        allow(self._again, "" if hidden.any() else NOTHING_HIDDEN)


def _name_of(hidden: Mask) -> str:
    return next((name for name in SHAPES if np.array_equal(shape(name, *hidden.shape), hidden)), PAINTED)


if __name__ == "__main__":
    from PySide6.QtWidgets import QApplication

    from explorer.toolkit.theme import apply_theme

    app = QApplication([])
    apply_theme(app)
    random = np.random.default_rng(0)
    panel = CompletionPanel()
    panel.resize(820, 230)
    panel.show_image("coat/004.png", random.integers(0, 256, (28, 28, 1), np.uint8), shape("Right half", 28, 28))
    panel.show_completions(
        random.integers(0, 256, (28, 28, 1), np.uint8), list(random.integers(0, 256, (8, 28, 28, 1), np.uint8))
    )
    panel.hidden_changed.connect(lambda hidden: print(hidden.mean()))
    panel.show()
    app.exec()
