"""Draw an image: it is encoded as it is drawn, and its place on the map follows."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QColorDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.outside.drawing_pad import LARGEST, Colour, DrawingPad
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.properties import having
from explorer.toolkit.theme import quiet

NO_STROKE = "Nothing is drawn yet."
EMPTY = "There is no model yet: open a run or train one, then draw here."
HINT = "Encoded as you draw: the star on the map and the picture follow."
BRUSH_LEAST = 72  # pixels that its slider has in the narrowest window
_PAD_TIP = (
    "Draw with the left button. By keys: arrows move the pen (Shift: by five), Space puts it down and lifts it, "
    "[ and ] choose the brush, Ctrl+Z takes a stroke back"
)
_GREYS = {
    "Black": (0, 0, 0),
    "Dark grey": (70, 70, 70),
    "Grey": (128, 128, 128),
    "Light grey": (190, 190, 190),
    "White": (255, 255, 255),
}
_COLOURS = {
    "Black": (0, 0, 0),
    "White": (255, 255, 255),
    "Grey": (128, 128, 128),
    "Red": (214, 40, 40),
    "Orange": (240, 140, 30),
    "Yellow": (250, 214, 40),
    "Green": (46, 140, 70),
    "Sky": (90, 180, 240),
    "Blue": (36, 80, 190),
    "Violet": (120, 60, 170),
    "Brown": (120, 76, 44),
    "Skin": (236, 188, 150),
}
_ACROSS = 6  # colours in a row
_SWATCH = 18


class DrawPanel(QWidget):
    """Emits what is drawn after every movement of the pen; cheap, so that the newest can win."""

    drawn = Signal(object)  # uint8 (side, side, C)
    start_requested = Signal()  # with the picture under the cursor

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Draw")
        self._shape: tuple[int, int, int] | None = None
        self._ink: Colour | None = None
        self._pad = DrawingPad()
        describe(self._pad, "Drawing pad", _PAD_TIP)
        self._pad.changed.connect(self._tell)
        self._pad.brush_wished.connect(lambda by: self._brush.setValue(self._brush.value() + by))
        self._note = quiet(EMPTY)
        self._note.setWordWrap(True)
        self._build_controls()
        whole = having(QHBoxLayout(self), spacing=14)
        whole.setContentsMargins(8, 6, 8, 6)
        whole.addWidget(self._pad, 2)
        whole.addLayout(self._controls(), 1)
        self.show_nothing()

    def show_shape(self, image_shape: tuple[int, int, int]) -> None:
        """Images are (H, W, C): a pad of that size, no larger than 128; what is drawn on one like it stays."""
        if image_shape == self._shape:
            return
        self._shape = image_shape
        side = min(image_shape[0], LARGEST)
        self._pad.begin(side)
        self._brush.setRange(1, max(4, side // 4))
        self._brush.setValue(max(2, side // 12))
        self._fill_colours(_GREYS if image_shape[2] == 1 else _COLOURS)
        scaled = f" Drawn at {side} × {side}, scaled to {image_shape[0]}." if side < image_shape[0] else ""
        self._note.setText(HINT + scaled)
        self._enable(True)

    def show_paper(self, paper: Colour) -> None:
        """What the images of the set are drawn on; the ink is the other end."""
        self._pad.show_paper(paper)
        if self._shape is not None and not self._pad.can_undo:
            self._choose_first_ink()

    def begin_with(self, pixels: NDArray[np.uint8]) -> None:
        """Go on from this picture, (H, W, C)."""
        if self._shape is not None:
            self._pad.show_picture(pixels)

    def show_nothing(self) -> None:
        """There is no model to encode with."""
        self._shape = None
        self._fill_colours({})
        self._note.setText(EMPTY)
        self._enable(False)

    def take_focus(self) -> None:
        """So that the pen follows the keys at once."""
        self._pad.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _build_controls(self) -> None:
        self._brush = having(QSlider(Qt.Orientation.Horizontal), minimum=1, maximum=8, value=2)
        self._brush.setMinimumWidth(BRUSH_LEAST)
        self._brush.valueChanged.connect(self._pad.choose_brush)
        describe(self._brush, "Brush", "How thick the brush is, in pixels of the image ([ and ] on the pad)")
        self._colours, self._swatches = QButtonGroup(self), QGridLayout()
        self._swatches.setSpacing(2)
        self._eraser = having(QToolButton(), text="Eraser", checkable=True)
        describe(self._eraser, "Eraser", "Leave paper instead of ink")
        self._eraser.toggled.connect(self._choose_ink)
        self._more = having(QToolButton(), text="Other…")
        self._more.clicked.connect(self._ask_colour)
        describe(self._more, "Another colour", "Choose any colour for the brush")
        self._undo = QPushButton("Undo stroke")
        self._undo.clicked.connect(self._pad.undo)
        describe(self._undo, "Undo stroke", "Take the last stroke back (Ctrl+Z on the pad)")
        self._clear = QPushButton("Clear")
        self._clear.clicked.connect(self._pad.clear)
        describe(self._clear, "Clear the pad", "Nothing but paper")
        self._start = QPushButton("Start from the cursor's picture")
        self._start.clicked.connect(self.start_requested)
        describe(self._start, "Start from the cursor's picture", "Draw on the picture that is decoded at the cursor")

    def _controls(self) -> QVBoxLayout:
        each: QWidget
        tools, buttons = having(QHBoxLayout(), spacing=6), having(QHBoxLayout(), spacing=6)
        for each in (quiet("Brush"), self._brush, self._eraser, self._more):
            tools.addWidget(each)
        for each in (self._undo, self._clear):
            buttons.addWidget(each)
        column = having(QVBoxLayout(), spacing=6)
        column.addLayout(tools)
        column.addLayout(self._swatches)
        column.addLayout(buttons)
        column.addWidget(self._start)
        column.addWidget(self._note)
        column.addStretch()
        return column

    def _fill_colours(self, colours: dict[str, Colour]) -> None:
        for button in self._colours.buttons():
            self._colours.removeButton(button)
            self._swatches.removeWidget(button)
            button.deleteLater()
        for place, (name, colour) in enumerate(colours.items()):
            button = having(QToolButton(), checkable=True)
            swatch = QPixmap(_SWATCH, _SWATCH)
            swatch.fill(QColor(*colour))
            button.setIcon(QIcon(swatch))
            button.setIconSize(QSize(_SWATCH, _SWATCH))
            describe(button, f"{name} ink", name)
            button.clicked.connect(lambda _=False, chosen=colour: self._take_ink(chosen))
            self._colours.addButton(button, place)
            self._swatches.addWidget(button, *divmod(place, _ACROSS))
        self._choose_first_ink()

    def _choose_first_ink(self) -> None:
        """The other end from the paper that there is, which is white until the images are read."""
        name = "White ink" if sum(self._pad.paper) < 384 else "Black ink"
        for button in self._colours.buttons():
            if button.accessibleName() == name:
                button.click()

    def _take_ink(self, colour: Colour) -> None:
        self._ink = colour
        self._eraser.setChecked(False)
        self._choose_ink()

    def _choose_ink(self) -> None:
        self._pad.choose_colour(None if self._eraser.isChecked() else self._ink or (0, 0, 0))

    def _ask_colour(self) -> None:
        chosen = QColorDialog.getColor(QColor(*(self._ink or (0, 0, 0))), self, "A colour for the brush")
        if chosen.isValid():
            if (checked := self._colours.checkedButton()) is not None:
                self._colours.setExclusive(False)
                checked.setChecked(False)
                self._colours.setExclusive(True)
            self._take_ink((chosen.red(), chosen.green(), chosen.blue()))

    def _enable(self, is_on: bool) -> None:
        controls = (self._pad, self._brush, self._eraser, self._more, self._start)
        for widget in (*controls, *self._colours.buttons()):
            allow(widget, "" if is_on else EMPTY)
        self._allow_back()

    def _allow_back(self) -> None:
        """What was drawn can be taken back, and cleared."""
        allow(self._undo, "" if self._shape is not None and self._pad.can_undo else NO_STROKE)
        allow(self._clear, "" if self._shape is not None and not self._pad.is_empty else NO_STROKE)

    def _tell(self) -> None:
        self._allow_back()
        if self._shape is not None:
            self.drawn.emit(self._pad.pixels(self._shape[2]))


if __name__ == "__main__":
    from PySide6.QtWidgets import QApplication

    from explorer.toolkit.theme import apply_theme

    app = QApplication([])
    apply_theme(app)
    panel = DrawPanel()
    panel.resize(820, 260)
    panel.show_shape((28, 28, 1))
    panel.show_paper((0, 0, 0))
    panel.drawn.connect(lambda pixels: print(pixels.shape, pixels.mean()))
    panel.show()
    app.exec()
