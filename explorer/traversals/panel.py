"""Traversals: what each latent dimension does to a picture, or to several, from one end to the other."""

from collections.abc import Iterable
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.toolkit.descriptions import allow, describe, each_said
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone
from explorer.toolkit.wrapping_row import WrappingRow
from explorer.traversals.strip_plan import StripPlan
from explorer.traversals.strip_sheet import StripSheet

EMPTY = "A strip of pictures for each latent dimension appears here once a model has learned something."
SIGMAS = (0.5, 10.0)

# what is asked for: (text, tooltip)
AROUND = {
    "cursor": ("The cursor", "Strips start from where the cursor is, and follow it"),
    "selection": ("Selected images", "A strip for each of up to six selected images: does a dimension do the same?"),
    "bookmarks": ("Bookmarks", "A strip for each bookmark, up to six (Ctrl+1 to Ctrl+9 set them)"),
}
RULES = {
    "prior": ("Prior, 1–99 %", "The middle 98 % of what z is drawn from"),
    "data": ("As far as the images", "From the least to the greatest of all codes"),
    "sigma": ("± σ of the images", "So many standard deviations either side of the mean of the codes"),
}


class TraversalsPanel(QWidget):
    """Emits what to show and where to go; pictures come a dimension at a time."""

    wished = Signal(str, str, float, bool)  # keys of AROUND and RULES, sigmas, whether changes are shown
    seen = Signal(object)  # tuple of dimensions
    picture_clicked = Signal(int, int, int)  # start, dimension, step
    menu_requested = Signal(object, QPoint)  # (start, dimension, step), a place on the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Traversals")
        self._sheet = StripSheet()
        self._sheet.clicked.connect(self.picture_clicked)
        self._sheet.menu.asked.connect(self.menu_requested)
        self._sheet.seen.connect(self.seen)
        self._note = ElidedLabel()
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        set_tone(self._note, "quiet")
        self._build_controls()
        whole = having(QVBoxLayout(self), spacing=4)
        whole.setContentsMargins(8, 4, 8, 4)
        whole.addLayout(self._control_row())
        whole.addWidget(self._sheet, 1)
        self.show_nothing()

    def show_plan(self, plan: StripPlan) -> None:
        """What the strips are of."""
        self._set_controls(True)
        self._arrange.setVisible(len(plan.names) > 1)
        self._sheet.show_plan(plan)
        self._name_fold(len(plan.dead))
        self._note.show_text(plan.note or f"{len(plan.alive):,} dimension{'s' * (len(plan.alive) != 1)}")

    def show_strip(self, dimension: int, pixels: NDArray[np.uint8]) -> None:
        """Pictures uint8 (B, n, H, W, C) of one dimension."""
        self._sheet.show_strip(dimension, pixels)

    def show_obstacle(self, sentence: str) -> None:
        """Say what must be chosen first."""
        self._set_controls(True)
        self._say(sentence)

    def show_failure(self, sentence: str) -> None:
        """Say in place of the pictures why there are none."""
        self._say(sentence, is_failure=True)

    def show_nothing(self) -> None:
        """There is no model."""
        self._set_controls(False)
        self._say(EMPTY)

    def _say(self, sentence: str, is_failure: bool = False) -> None:
        self._sheet.show_sentence(sentence, is_failure)
        self._note.show_text("")
        self._arrange.hide()
        self._name_fold(0)

    def _name_fold(self, dead: int) -> None:
        is_open = self._fold.isChecked()
        self._fold.setText(f"{dead:,} dead dimension{'s' * (dead != 1)} {'▾' if is_open else '▸'}")
        self._fold.setVisible(dead > 0)

    def _build_controls(self) -> None:
        self._around = _choice(AROUND, "From", "Where the strips start")
        self._rule = _choice(RULES, "How far", "How far each dimension goes")
        self._sigmas = QDoubleSpinBox(decimals=1, singleStep=0.5, value=3.0, prefix="± ", suffix=" σ")
        self._sigmas.setRange(*SIGMAS)
        describe(self._sigmas, "Standard deviations", "How many standard deviations of the codes, either way")
        self._sigmas.hide()
        self._arrange = QCheckBox("Side by side")
        describe(self._arrange, "Side by side", "Strips of one dimension side by side, not one under the other")
        self._change = QCheckBox("Only what changes")
        describe(self._change, "Only what changes", "How each picture differs from its start: grey where it does not")
        self._fold = having(QToolButton(), checkable=True)
        describe(self._fold, "Dead dimensions", "Dimensions whose KL is below 0.01 nats say nothing about an image")
        self._around.activated.connect(self._wish)
        self._rule.activated.connect(self._wish)
        self._sigmas.valueChanged.connect(self._wish)
        self._change.toggled.connect(self._wish)
        self._arrange.toggled.connect(self._sheet.show_beside)
        self._fold.toggled.connect(self._unfold)

    def _control_row(self) -> WrappingRow:
        row = WrappingRow()
        for words, box in (("From", self._around), ("How far", self._rule)):
            label = QLabel(words)
            label.setBuddy(box)
            row.addWidget(label)
            row.addWidget(box)
        for widget in (self._sigmas, self._arrange, self._change):
            row.addWidget(widget)
        row.addWidget(self._note, 1)
        row.addWidget(self._fold)
        return row

    def _unfold(self, is_open: bool) -> None:
        self._fold.setText(self._fold.text()[:-1] + ("▾" if is_open else "▸"))
        self._sheet.show_unfolded(is_open)

    def _set_controls(self, is_on: bool) -> None:
        for widget in (self._around, self._rule, self._sigmas, self._change):
            allow(widget, "" if is_on else EMPTY)

    def _wish(self) -> None:
        rule = self._rule.currentData()
        self._sigmas.setVisible(rule == "sigma")
        self.wished.emit(self._around.currentData(), rule, self._sigmas.value(), self._change.isChecked())

    def choose(self, around: Literal["cursor", "selection", "bookmarks"]) -> None:
        """As if it had been chosen in the list."""
        with QSignalBlocker(self._around):
            self._around.setCurrentIndex(self._around.findData(around))
        self._wish()


def _choice(table: dict[str, tuple[str, str]], name: str, tip: str) -> QComboBox:
    box = QComboBox()
    for key, (text, words) in table.items():
        box.addItem(text, key)
        box.setItemData(box.count() - 1, words, Qt.ItemDataRole.ToolTipRole)
    describe(box, name, each_said(tip, table.values()))
    return box


def _open_alone() -> None:
    import sys

    from PySide6.QtWidgets import QApplication

    from explorer.toolkit.theme import apply_theme

    app = QApplication(sys.argv)
    apply_theme(app)
    panel, rng = TraversalsPanel(), np.random.default_rng(0)
    kl = np.sort(rng.exponential(1.0, 20).astype(np.float32))[::-1] - 0.4
    values = np.tile(np.linspace(-2.3, 2.3, 11, dtype=np.float32), (20, 1))
    alive = tuple(int(each) for each in np.flatnonzero(kl > 0.01))
    dead = tuple(range(len(alive), 20))
    at = rng.standard_normal((2, 20)).astype(np.float32)

    def draw(seen: Iterable[int]) -> None:
        for each in seen:
            panel.show_strip(each, rng.integers(0, 256, (2, 11, 16, 16, 1), np.uint8))

    panel.seen.connect(draw)
    panel.show_plan(StripPlan(alive, dead, np.maximum(kl, 0), values, ("one.png", "two.png"), at))
    panel.picture_clicked.connect(print)
    panel.wished.connect(print)
    panel.resize(900, 260)
    panel.show()
    sys.exit(app.exec())


if __name__ == "__main__":
    _open_alone()
