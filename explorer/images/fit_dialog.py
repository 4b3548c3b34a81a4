"""How pictures become square: the least square ones as they are, cropped, padded and stretched, to choose from."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from explorer.images.fit_cells import SIDE, FitCell
from explorer.images.fit_previews import Squares
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.properties import having
from explorer.toolkit.theme import quiet, set_tone
from explorer.workspace.run_in_hand import BUSY

MOST_ROWS = 4
# fit: (what it is called, what it does)
FITS = {
    "crop": ("Crop", "cuts the ends off"),
    "pad": ("Pad", "adds a border"),
    "stretch": ("Stretch", "bends it"),
}
BACKGROUNDS = {"white": "White", "black": "Black"}


class FitDialog(QDialog):
    """Shows what each way makes of some pictures; emits the way to take once the user has decided."""

    background_chosen = Signal(str)  # to be shown; nothing is decided yet
    decided = Signal(str, str)  # fit, background

    def __init__(self, fit: str, background: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("How pictures become square")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._in_use = fit, background
        self._rows: list[_Row] = []
        self._fits = {name: QRadioButton(text) for name, (text, _) in FITS.items()}
        self._backgrounds = {name: QRadioButton(text) for name, text in BACKGROUNDS.items()}
        self._note = QLabel(wordWrap=True)
        set_tone(self._note, "quiet")
        self._build_choices(fit, background)
        self._lay_out()
        self._see_choice()

    def show_files(self, names: Sequence[str]) -> None:
        """As many rows as there are pictures, at most four, each empty until it is decoded."""
        for row, name in enumerate(map(drawable, names[:MOST_ROWS]), start=2):
            self._rows.append(_Row(self._grid, row, name))
            for fit, cell in self._rows[-1].squares.items():
                cell.clicked.connect(self._fits[fit].click)
        self._see_choice()
        self._grow()

    def show_squares(self, row: int, squares: Squares) -> None:
        """One picture: as it is, and what each fit makes of it."""
        if row < len(self._rows):
            self._rows[row].show_pictures(squares)

    def show_failure(self, row: int, sentence: str) -> None:
        """Why there is no picture in this row."""
        if row < len(self._rows):
            self._rows[row].show_failure(sentence)

    def show_state(self, state: str) -> None:
        """What the session is at: while it trains, its images cannot be read another way."""
        self._are_allowed = state not in BUSY
        self._see_choice()

    def leave(self) -> None:
        """These pictures are no longer what is open."""
        self.reject()

    def _build_choices(self, fit: str, background: str) -> None:
        self._are_allowed = True
        for chosen, buttons in ((fit, self._fits), (background, self._backgrounds)):
            group = QButtonGroup(self)
            for button in buttons.values():
                group.addButton(button)
            buttons[chosen].setChecked(True)
        for name, button in self._fits.items():
            describe(button, FITS[name][0], f"{FITS[name][0]}: {FITS[name][1]}.")
            button.toggled.connect(self._see_choice)
        for name, button in self._backgrounds.items():
            describe(button, f"{BACKGROUNDS[name]} background", "What pads, and what shows through transparency.")
            button.toggled.connect(self._take_background)

    def _lay_out(self) -> None:
        content = QWidget()
        self._grid = having(QGridLayout(content), horizontalSpacing=14, verticalSpacing=4)
        self._grid.addWidget(QLabel("As it is"), 0, 0)
        self._grid.addWidget(quiet("shaded: cut off"), 1, 0)
        for place, (name, button) in enumerate(self._fits.items(), start=1):
            self._grid.addWidget(button, 0, place)
            self._grid.addWidget(quiet(FITS[name][1]), 1, place)
        self._grid.setRowStretch(2 + MOST_ROWS, 1)
        self._scroll = having(QScrollArea(widgetResizable=True), frameShape=QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(content)
        column = having(QVBoxLayout(self), spacing=10)
        column.addWidget(self._scroll, 1)
        column.addLayout(self._background_row())
        column.addLayout(self._button_row())

    def _background_row(self) -> QHBoxLayout:
        row = having(QHBoxLayout(), spacing=12)
        row.setContentsMargins(9, 0, 9, 0)
        row.addWidget(QLabel("Background"))
        for button in self._backgrounds.values():
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _button_row(self) -> QHBoxLayout:
        self._use = QPushButton()
        self._use.setProperty("primary", True)
        describe(self._use, "Use this", "Read the folder again with pictures made square this way.")
        self._use.clicked.connect(self._decide)
        close = QPushButton("Close", autoDefault=False)
        describe(close, "Close", "Leave everything as it is.")
        close.clicked.connect(self.reject)
        row = having(QHBoxLayout(), spacing=6)
        row.setContentsMargins(9, 0, 9, 0)
        row.addWidget(self._note, 1)
        row.addWidget(close)
        row.addWidget(self._use)
        return row

    def _choice(self) -> tuple[str, str]:
        fit = next(name for name, button in self._fits.items() if button.isChecked())
        return fit, next(name for name, button in self._backgrounds.items() if button.isChecked())

    def _see_choice(self) -> None:
        fit, background = self._choice()
        for row in self._rows:
            for name, cell in row.squares.items():
                cell.show_chosen(name == fit)
        is_new = (fit, background) != self._in_use
        self._use.setText(f"Use {fit} on {background}")
        allow(self._use, "" if is_new and self._are_allowed else _why_not(is_new))
        self._note.setText("" if is_new and self._are_allowed else _why_not(is_new))

    def _take_background(self, is_checked: bool) -> None:
        if is_checked:
            self._see_choice()
            self.background_chosen.emit(self._choice()[1])

    def _decide(self) -> None:
        self.decided.emit(*self._choice())
        self.accept()

    def _grow(self) -> None:
        """As large as its rows, if the screen is."""
        content = self._scroll.widget()
        assert content is not None
        inside = content.sizeHint()
        room = self.screen().availableSize() * 0.85
        self._scroll.setMinimumWidth(inside.width() + 16)
        around = self.sizeHint().height() - self._scroll.sizeHint().height()
        self.resize(self.sizeHint().width(), min(inside.height() + around + 8, room.height()))


class _Row:
    """The cells of one picture, and its name below them."""

    def __init__(self, grid: QGridLayout, row: int, name: str) -> None:
        self.whole = FitCell(f"{name} as it is", shades=True)
        self.whole.setToolTip(plain_tip(name))
        self.squares = {fit: FitCell(f"{name}, {fit}") for fit in FITS}
        self.name, self.failure = quiet(""), QLabel(wordWrap=True)
        set_tone(self.failure, "failure")
        self.failure.hide()
        self.name.setText(self.name.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, SIDE))
        self.name.setToolTip(plain_tip(name))
        column = having(QVBoxLayout(), spacing=0)
        column.addWidget(self.whole)
        column.addWidget(self.name)
        grid.addLayout(column, row, 0)
        for place, cell in enumerate(self.squares.values(), start=1):
            cell.setToolTip(plain_tip(f"{name}: {FITS[list(FITS)[place - 1]][1]}"))
            grid.addWidget(cell, row, place, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.failure, row, 1, 1, len(FITS))

    def show_pictures(self, squares: Squares) -> None:
        self.whole.show_pixels(squares.whole)
        for fit, pixels in squares.squares.items():
            self.squares[fit].show_pixels(pixels)

    def show_failure(self, sentence: str) -> None:
        for cell in self.squares.values():
            cell.hide()
        self.failure.setText(sentence)
        self.failure.show()


def _why_not(is_new: bool) -> str:
    return "Training has these images in hand: stop it first." if is_new else "This is how it is now."
