"""Directions: what some images have that others have not, made of two sets of them, each walked with a slider."""

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from explorer.directions.direction_rows import LONGEST_NAME, RULE, DirectionRow, Film
from explorer.directions.direction_slider import DirectionSlider
from explorer.directions.source_choice import SourceChoice
from explorer.toolkit.context_menu import MenuAsker
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.picture_sheet import PictureSheet
from explorer.toolkit.properties import having
from explorer.toolkit.theme import quiet, set_tone
from explorer.toolkit.wrapping_row import WrappingRow

EMPTY = "Directions can be made here once a model has learned something."
HOW = (
    "Select images that have something, say a smile, and set them as A; set others that have it not as B. "
    "The way from B to A is a direction: its pictures appear here, and its slider moves the cursor."
)
DOUBTFUL = ("weak", "no better than chance")
LIST_WIDTH = 300
SLOTS = {
    "A": ("Choose…", "Images that have something; the direction leads to them"),
    "B": ("Choose…", "Images that have it not; the direction leads away from them"),
    "C": ("The cursor", "Where A − B is added"),
}


class DirectionsPanel(QWidget):
    """Emits what A, B and C are to be, what to make of them, and what is done to each direction, by its name."""

    side_chosen = Signal(str, str, str)  # slot, kind, name
    swap_clicked = Signal()
    make_requested = Signal(str)
    sum_requested = Signal()
    slid = Signal(str, float)
    chosen = Signal(str)
    renamed = Signal(str, str)
    removed = Signal(str)
    mix_requested = Signal()
    reset_requested = Signal()
    menu_requested = Signal(object, QPoint)  # which picture of the film, a place on the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Directions")
        self._rows: list[DirectionSlider] = []
        self._shown: tuple[DirectionRow, ...] = ()
        self._current, self._amounts = "", tuple[float, ...]()
        self._build_making()
        self._build_buttons()
        self._film = PictureSheet("Film of the direction", "Click one to go there; right click for more", is_strip=True)
        self._film.clicked.connect(self._click_film)
        MenuAsker(self._film, self._film.picture_at).asked.connect(self.menu_requested)
        self._figures, self._start = ElidedLabel(), ElidedLabel()
        set_tone(self._start, "quiet")
        whole = having(QVBoxLayout(self), spacing=4)
        whole.setContentsMargins(8, 4, 8, 4)
        whole.addLayout(self._making_row())
        both = having(QHBoxLayout(), spacing=8)
        self._left = self._build_list()
        both.addWidget(self._left, 2)
        both.addLayout(self._film_column(), 3)
        whole.addLayout(both, 1)
        whole.addLayout(self._figures_row())
        self.show_nothing()

    def show_sources(self, sources: Sequence[tuple[str, str, str]]) -> None:
        """What A, B and C can be: (kind, name, words)."""
        for choice in self._slots.values():
            choice.show_sources(sources)

    def show_sides(self, sides: Mapping[str, str]) -> None:
        """What A, B and C are, in words; others are not chosen."""
        for slot, choice in self._slots.items():
            choice.show_chosen(sides.get(slot, ""))
        for button in (self._make, self._sum, self._swap):
            allow(button, "" if {"A", "B"} <= set(sides) else "Choose A and B first.")

    def show_rows(self, rows: tuple[DirectionRow, ...], current: str, start: str) -> None:
        """The directions, the one whose film is shown, and where all sliders start."""
        self._shown, self._current = rows, current
        while len(self._rows) < len(rows):
            self._add_row()
        for slider, row in zip(self._rows, rows, strict=False):
            slider.show_row(row, row.name == current)
            slider.show()
        for slider in self._rows[len(rows) :]:
            slider.hide()
        inner = self._area.widget()
        assert inner is not None
        least = inner.minimumSizeHint().width() + self._area.verticalScrollBar().sizeHint().width()
        self._left.setMinimumWidth(max(LIST_WIDTH, least))
        moved = sum(row.amount != 0 for row in rows)
        allow(self._mix, "" if moved > 1 else "Move two sliders first.")
        allow(self._reset, "" if moved else "All sliders are at 0.")
        for widget in (self._left, self._mix, self._reset, self._start):
            widget.setVisible(bool(rows))
        self._start.show_text(f"From {drawable(start)}, by so many times the direction:" if rows else "")
        self._say_current()

    def show_film(self, film: Film) -> None:
        """Pictures along the current direction."""
        self._amounts = film.amounts
        captions = [f"{amount:+g}".replace("-", "−") if amount else "0" for amount in film.amounts]
        self._film.show_pictures(film.pixels, captions)

    def show_no_film(self) -> None:
        """No direction is chosen."""
        self._film.show_sentence(HOW)

    def show_busy(self, is_busy: bool) -> None:
        """A direction is being measured."""
        self._film.show_old(is_busy)

    def show_word(self, words: str) -> None:
        """What is to be done first."""
        self._figures.show_text(words)
        set_tone(self._figures, "caution")

    def show_failure(self, sentence: str) -> None:
        """Why a direction could not be made, or its pictures not be shown."""
        self._figures.show_text(sentence)
        set_tone(self._figures, "failure")

    def show_nothing(self) -> None:
        """There is no model."""
        self.show_sources(())
        self.show_sides({})
        self.show_rows((), "", "")
        self._film.show_sentence(EMPTY)

    def make(self) -> None:
        """As if the button had been pressed."""
        self.make_requested.emit(self._name.text())
        self._name.clear()

    def _say_current(self) -> None:
        row = next((each for each in self._shown if each.name == self._current), None)
        set_tone(self._figures, "caution" if row is not None and row.trust in DOUBTFUL else "")
        self._figures.show_text("")
        if row is not None:
            self._figures.show_text(": ".join(filter(None, (row.trust.capitalize(), row.figures))))
        self._why.setVisible(row is not None)

    def _explain(self) -> None:
        QToolTip.showText(self._why.mapToGlobal(self._why.rect().bottomLeft()), RULE, self._why)

    def _click_film(self, index: int) -> None:
        if index < len(self._amounts):
            self.slid.emit(self._current, self._amounts[index])

    def _add_row(self) -> None:
        row = DirectionSlider()
        row.slid.connect(self.slid)
        row.chosen.connect(self.chosen)
        row.renamed.connect(self.renamed)
        row.removed.connect(self.removed)
        self._rows.append(row)
        self._list.insertWidget(len(self._rows) - 1, row)

    def _build_making(self) -> None:
        self._slots = {slot: SourceChoice(slot, tip, nothing) for slot, (nothing, tip) in SLOTS.items()}
        for slot, choice in self._slots.items():
            choice.chosen.connect(lambda kind, name, slot=slot: self.side_chosen.emit(slot, kind, name))
        self._swap = having(QToolButton(), text="⇄")
        self._swap.clicked.connect(self.swap_clicked)
        describe(self._swap, "Swap A and B", "Swap A and B: the direction leads the other way")
        self._name = QLineEdit(placeholderText="Name", maxLength=LONGEST_NAME)
        self._name.setMinimumWidth(self.fontMetrics().horizontalAdvance("smile, no hat") + 18)
        self._name.returnPressed.connect(self.make)
        describe(self._name, "Name of the direction", "What to call the direction from B to A")
        self._make = QPushButton("Make direction")
        self._make.clicked.connect(self.make)
        describe(self._make, "Make direction", "The mean of A minus the mean of B, and how reliable that is")
        self._sum = QPushButton("A − B + C")
        self._sum.clicked.connect(self.sum_requested)
        describe(self._sum, "Go to A − B + C", "Put the cursor at the mean of A minus that of B plus that of C")

    def _build_buttons(self) -> None:
        self._mix = QPushButton("Keep the mix")
        self._mix.clicked.connect(self.mix_requested)
        describe(self._mix, "Keep the mix", "The sum of all sliders as a direction of its own")
        self._reset = QPushButton("Reset")
        self._reset.clicked.connect(self.reset_requested)
        describe(self._reset, "Reset the sliders", "All sliders to 0: the cursor goes back to where they start")
        self._why = having(QToolButton(), text="?")
        self._why.clicked.connect(self._explain)
        describe(self._why, "What reliable means", RULE)

    def _making_row(self) -> WrappingRow:
        row = WrappingRow()
        for words, widget in (("A", self._slots["A"]), ("− B", self._slots["B"])):
            row.addWidget(_buddied(words, widget))
            row.addWidget(widget)
        row.addWidget(self._swap)
        row.addWidget(self._name, 1)
        row.addWidget(self._make)
        row.addSpacing(10)
        row.addWidget(_buddied("+ C", self._slots["C"]))
        row.addWidget(self._slots["C"])
        row.addWidget(self._sum)
        return row

    def _build_list(self) -> QWidget:
        inner = QWidget()
        self._list = having(QVBoxLayout(inner), spacing=2)
        self._list.setContentsMargins(0, 0, 8, 0)
        self._list.addStretch()
        self._area = having(QScrollArea(widgetResizable=True), widget=inner)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QWidget()
        whole.setMinimumWidth(LIST_WIDTH)
        column = having(QVBoxLayout(whole), spacing=4)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._area, 1)
        return whole

    def _film_column(self) -> QVBoxLayout:
        column = having(QVBoxLayout(), spacing=2)
        column.addWidget(self._start)
        column.addWidget(self._film, 1)
        return column

    def _figures_row(self) -> QHBoxLayout:
        row = having(QHBoxLayout(), spacing=6)
        for widget in (self._mix, self._reset, self._why):
            row.addWidget(widget)
        row.addWidget(self._figures, 1)
        return row


def _buddied(words: str, widget: QWidget) -> QLabel:
    label = quiet(words)
    label.setBuddy(widget)
    return label


def _open_alone() -> None:
    import sys

    from PySide6.QtWidgets import QApplication

    from explorer.toolkit.theme import apply_theme

    app = QApplication(sys.argv)
    apply_theme(app)
    panel, rng = DirectionsPanel(), np.random.default_rng(0)
    panel.show_sources([("selection", "", "The 47 selected images"), ("class", "bald", "Class bald")])
    panel.show_sides({"A": "47 images", "B": "bald"})
    rows = (
        DirectionRow("smile", "47 images − bald: 47 and 52 images", "reliable", "separation 0.93, turns 4°", 1.0),
        DirectionRow("tall", "12 images − 9 images", "weak", "separation 0.70, turns 14°", 0.0),
        DirectionRow("odd", "12 images − 9 images", "no better than chance", "separation 0.55, turns 19°", 0.0),
    )
    panel.show_rows(rows, "smile", "the cursor")
    amounts = (-2.0, -1.0, 0.0, 1.0, 2.0)
    panel.show_film(Film("smile", amounts, rng.integers(0, 256, (5, 28, 28, 3), np.uint8), "the cursor"))
    for signal in (panel.slid, panel.chosen, panel.renamed, panel.removed, panel.make_requested, panel.side_chosen):
        signal.connect(print)
    panel.resize(1000, 230)
    panel.show()
    sys.exit(app.exec())


if __name__ == "__main__":
    _open_alone()
