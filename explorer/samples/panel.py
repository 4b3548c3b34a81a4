"""What the model makes of nothing: pictures decoded from z drawn from the prior, or from where the codes lie."""

from collections.abc import Container, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from core.verdicts import VERDICTS, WORDS, Verdict
from explorer.toolkit.class_choice import ClassChoice
from explorer.toolkit.context_menu import MenuAsker
from explorer.toolkit.descriptions import allow, describe, each_said
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.picture_sheet import PictureSheet
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone
from explorer.toolkit.wrapping_row import WrappingRow

EMPTY = "Pictures that the model makes up appear here once it has learned something."
DRAWING = "Drawing…"
_TIP = "Click one to go to its z"
_AWAY_TIP = (
    "Where no picture is near, the model never learned what to draw. "
    "Gaussians fitted to the codes draw z from where they lie."
)
_AWAY: tuple[Verdict, ...] = ("far", "between")
_CLASS_TIP = "Which class to draw: this model was told the class of each image."

# what is asked for: (text, tooltip)
PRIORS = {
    "mixture": (
        "Fitted to the codes",
        "z from a mixture of Gaussians fitted to the codes, each class its own: where the images really lie",
    ),
    "normal": (
        "N(0, I)",
        "z from the prior of the textbook (Kingma & Welling 2014): shows how far from it the codes have stayed",
    ),
}


class SamplesPanel(QWidget):
    """Emits what to draw; the same seed draws the same z, so that pictures can be watched as the model learns."""

    draw_requested = Signal(str, int, int)  # a key of PRIORS, the class or -1 for each in turn, the seed
    sample_clicked = Signal(int)
    save_requested = Signal()
    menu_requested = Signal(object, QPoint)  # which picture, a place on the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Samples")
        self._usual = ""  # the prior that the model is drawn from unless another is chosen
        self._sheet = PictureSheet("Samples", _TIP)
        self._sheet.clicked.connect(self.sample_clicked)
        MenuAsker(self._sheet, self._sheet.picture_at).asked.connect(self.menu_requested)
        self._note = ElidedLabel()
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._build_controls()
        whole = having(QVBoxLayout(self), spacing=4)
        whole.setContentsMargins(8, 4, 8, 4)
        whole.addLayout(self._control_row())
        whole.addWidget(self._sheet, 1)
        self.show_nothing()

    def show_classes(self, classes: Sequence[str], unlearned: Container[int] = ()) -> None:
        """The classes that can be asked for, but for those unlearned; none where the model knows of none."""
        self._class.show_classes(classes, unlearned=unlearned)
        self._controls_on(True)

    def show_prior(self, name: str, usual: str) -> None:
        """What the model's own prior is called, and which one is usual: drawn from where that was another's before."""
        self._prior.setItemText(self._prior.findData("normal"), name)
        if usual != self._usual:
            self._usual = usual
            self._prior.setCurrentIndex(self._prior.findData(usual))

    def show_samples(
        self, pixels: NDArray[np.uint8], captions: Sequence[str], step: int, verdicts: NDArray[np.int8]
    ) -> None:
        """uint8 (n, H, W, C), drawn with the model as it was at a step; how each stands (n,), as in VERDICTS."""
        self._sheet.show_pictures(pixels, captions)
        said = f"{len(pixels)} pictures at step {step:,}"
        counts = [(int(np.count_nonzero(verdicts == VERDICTS.index(name))), WORDS[name]) for name in _AWAY]
        away = ", ".join(f"{count} {words}" for count, words in counts if count)
        self._note.show_text(said)
        if away:
            self._note.show_text(f"{away}, step {step:,}", f"Of {len(pixels)} pictures. {_AWAY_TIP}")
        set_tone(self._note, "caution" if 2 * sum(count for count, _ in counts) > len(pixels) else "")
        self._controls_on(True)

    def show_busy(self) -> None:
        """Others are being drawn."""
        self._note.show_text(DRAWING)
        self._sheet.show_old(True)
        if not self._sheet.count:
            self._sheet.show_sentence(DRAWING)

    def show_failure(self, sentence: str) -> None:
        """Say in place of the pictures why there are none."""
        self._sheet.show_sentence(sentence, is_failure=True)
        self._note.show_text("")
        allow(self._save, sentence)

    def show_nothing(self) -> None:
        """There is no model to draw with."""
        self._sheet.show_sentence(EMPTY)
        self._note.show_text("")
        self._class.show_classes(())
        self._controls_on(False)

    def draw_again(self) -> None:
        """As if the button had been pressed: the next seed."""
        if self._again.isEnabled():
            self._seed.setValue(self._seed.value() + 1)

    def _build_controls(self) -> None:
        self._prior = QComboBox()
        for key, (text, tip) in PRIORS.items():
            self._prior.addItem(text, key)
            self._prior.setItemData(self._prior.count() - 1, plain_tip(tip), Qt.ItemDataRole.ToolTipRole)
        describe(
            self._prior,
            "Drawn from",
            each_said("Where z is drawn from", PRIORS.values()),
        )
        self._class = ClassChoice("Class", _CLASS_TIP, all_text="Each in turn")
        self._seed = QSpinBox(maximum=2**31 - 1, prefix="Seed ")
        self._seed.setFixedWidth(100)
        describe(self._seed, "Seed", "The same seed draws the same pictures again, from the same z")
        self._again = QPushButton("Draw again")
        describe(self._again, "Draw again", "Other pictures: the next seed")
        self._save = QPushButton("Save…")
        describe(self._save, "Save the samples", "Save these pictures on one sheet")
        self._save.clicked.connect(self.save_requested)
        self._prior.activated.connect(self._ask)
        self._class.chosen.connect(self._ask)
        self._seed.valueChanged.connect(self._ask)
        self._again.clicked.connect(self.draw_again)

    def _control_row(self) -> WrappingRow:
        words = QLabel("Drawn from")
        words.setBuddy(self._prior)
        row = WrappingRow()
        row.addWidget(words)
        row.addWidget(self._prior)
        row.addSpacing(6)
        row.addWidget(self._class)
        row.addWidget(self._note, 1)
        row.addWidget(self._seed)
        row.addWidget(self._again)
        row.addWidget(self._save)
        return row

    def _controls_on(self, is_on: bool) -> None:
        for widget in (self._prior, self._class, self._seed, self._again):
            allow(widget, "" if is_on else EMPTY)
        allow(self._save, "" if is_on and self._sheet.count else EMPTY)

    def _ask(self) -> None:
        self.draw_requested.emit(self._prior.currentData(), self._class.label, self._seed.value())


if __name__ == "__main__":
    from PySide6.QtWidgets import QApplication

    from explorer.toolkit.theme import apply_theme

    app = QApplication([])
    apply_theme(app)
    panel = SamplesPanel()
    panel.resize(820, 230)
    panel.show_classes([f"class {index}" for index in range(4)])
    noise = np.random.default_rng(0).integers(0, 256, (24, 28, 28, 1), np.uint8)
    panel.show_samples(noise, [f"class {i % 4}" for i in range(24)], 40, np.repeat(np.arange(4, dtype=np.int8), 6))
    panel.draw_requested.connect(print)
    panel.sample_clicked.connect(print)
    panel.show()
    app.exec()
