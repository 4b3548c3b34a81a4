"""What a model from elsewhere was found to be, and why; what no graph says can be said here, before it is opened."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.imported.wish import ModelWish
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone
from explorer.toolkit.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from core.imported.trial import Tried

WIDTH = 620
RANGES = {"0..1": "0 to 1", "-1..1": "−1 to 1", "0..255": "0 to 255"}
PRIORS = {"normal": "N(0, 1) in each latent dimension", "uniform": "Evenly from −1 to 1"}
TRYING = "Trying it, in a process of its own…"
NO_ENCODER = "None: pictures cannot be placed, and the dots are samples of the prior"
NO_IMAGES = "None"
CHOOSE_IMAGES = "Choose the images that the encoder is to encode."
# under what is chosen the decisions that are about it, and why
NOTES = {"decoder": ("latent", "picture"), "encoder": ("encoder", "code"), "range": ("range",), "prior": ("prior",)}


class ModelDialog(QDialog):
    """Emits what is wished of a model; says what came of trying it once told."""

    wished = Signal(object)  # ModelWish: to be tried
    encoder_clicked = Signal()
    images_clicked = Signal()
    decided = Signal(object, object)  # ModelWish, ImportedSettings

    def __init__(self, wish: ModelWish, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Open a model")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._wish = wish
        self._tried: Tried | None = None
        self._build()
        self._lay_out()
        self.resize(WIDTH, self.sizeHint().height())
        self.show_trying()

    @property
    def wish(self) -> ModelWish:
        """What is wished now."""
        return replace(self._wish, name=self._name.text().strip())

    def show_trying(self) -> None:
        """It is being tried."""
        self._tried = None
        self._show_notes({})
        self._said.setText(TRYING)
        set_tone(self._said, "quiet")
        self._bar.show()
        self._refresh()

    def show_found(self, tried: "Tried") -> None:
        """What it is, and why that is thought."""
        self._tried = tried
        settings = tried.settings
        for box, value in ((self._range, settings.range), (self._prior, settings.prior)):
            box.setCurrentIndex(box.findData(value))
        self._show_notes(settings.why)
        dims, classes = settings.latent_dims, f" · {settings.classes} classes" if settings.classes else ""
        self._said.setText(f"{dims:,} latent dimensions{classes} · {tried.milliseconds:.1f} ms a picture")
        set_tone(self._said, "")
        self._bar.hide()
        self._refresh()

    def show_failure(self, sentence: str) -> None:
        """Why it cannot be opened."""
        self._tried = None
        self._show_notes({})
        self._said.setText(sentence)
        set_tone(self._said, "failure")
        self._bar.hide()
        self._refresh()

    def choose_encoder(self, path: Path | None) -> None:
        """The encoder that belongs to it, or none: then there are no images either."""
        self._change(encoder=path, data=self._wish.data if path else "")

    def choose_images(self, source: str) -> None:
        """What the encoder is to encode."""
        self._wish = replace(self._wish, data=source)
        self._refresh()

    def _build(self) -> None:
        self._decoder, self._encoder, self._images = ElidedLabel(), ElidedLabel(), ElidedLabel()
        self._choose_encoder = having(QPushButton("Choose…"), autoDefault=False)
        self._no_encoder = having(QPushButton("None"), autoDefault=False)
        self._choose_images = having(QPushButton("Choose…"), autoDefault=False)
        self._range, self._prior = QComboBox(), QComboBox()
        for box, words in ((self._range, RANGES), (self._prior, PRIORS)):
            for value, text in words.items():
                box.addItem(text, value)
        self._notes = {name: WrappedLabel() for name in NOTES}
        for note in self._notes.values():
            note.setTextFormat(Qt.TextFormat.PlainText)
            note.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            set_tone(note, "quiet")
        self._name = QLineEdit(self._wish.name or self._wish.decoder.stem)
        self._said = WrappedLabel()
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)  # it may be a line to run
        self._bar = QProgressBar(textVisible=False, minimum=0, maximum=0)
        self._bar.setAccessibleName("Trying the model")
        describe(self._choose_encoder, "Choose the encoder", "The ONNX file that makes codes of pictures")
        describe(self._no_encoder, "No encoder", "Open the decoder alone: the dots are samples of the prior")
        describe(self._choose_images, "Choose the images", "A folder of images, which are encoded and become the dots")
        describe(self._range, "Range", "What is black and what is white in the numbers of its pictures")
        describe(self._prior, "Prior", "What latents were drawn from while it learned: no file says it")
        describe(self._name, "Name", "What the run is called that it becomes")
        self._choose_encoder.clicked.connect(lambda: self.encoder_clicked.emit())
        self._no_encoder.clicked.connect(lambda: self.choose_encoder(None))
        self._choose_images.clicked.connect(lambda: self.images_clicked.emit())
        self._range.activated.connect(lambda _: self._change(range=self._range.currentData()))
        self._prior.activated.connect(lambda _: self._change(prior=self._prior.currentData()))

    def _lay_out(self) -> None:
        form = having(QFormLayout(), horizontalSpacing=12, verticalSpacing=8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow("Decoder", self._decoder)
        form.addRow("", self._notes["decoder"])
        form.addRow("Encoder", _row(self._encoder, self._choose_encoder, self._no_encoder))
        form.addRow("", self._notes["encoder"])
        form.addRow("Images", _row(self._images, self._choose_images))
        form.addRow("&Range", self._range)
        form.addRow("", self._notes["range"])
        form.addRow("&Prior", self._prior)
        form.addRow("", self._notes["prior"])
        form.addRow("&Name", self._name)
        self._form = form
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        for button in self._buttons.buttons():
            button.setIcon(QIcon())  # as all others
        self._open = self._buttons.button(QDialogButtonBox.StandardButton.Open)
        self._open.setProperty("primary", True)
        describe(self._open, "Open", "Copy it into a run of its own, encode the images, and look at it")
        self._buttons.accepted.connect(self._decide)
        self._buttons.rejected.connect(self.reject)
        column = having(QVBoxLayout(self), spacing=12)
        column.addLayout(form)
        column.addWidget(self._said)
        column.addWidget(self._bar)
        column.addStretch(1)
        column.addWidget(self._buttons)

    def _change(self, **said: object) -> None:
        """Something was said of it: it is tried again."""
        self._wish = replace(self._wish, **said)  # type: ignore[arg-type]
        self.show_trying()
        self.wished.emit(self._wish)

    def _show_notes(self, why: Mapping[str, str]) -> None:
        for name, about in NOTES.items():
            lines = [why[each] for each in about if each in why]
            self._notes[name].setText("\n".join(lines))
            self._form.setRowVisible(self._notes[name], bool(lines))

    def _refresh(self) -> None:
        wish = self._wish
        self._decoder.show_text(drawable(str(wish.decoder)))
        self._encoder.show_text(drawable(str(wish.encoder)) if wish.encoder else NO_ENCODER, shorter=("None",))
        self._images.show_text(drawable(wish.data) if wish.data else NO_IMAGES)
        for label, is_there in ((self._encoder, wish.encoder), (self._images, wish.data)):
            set_tone(label, "" if is_there else "quiet")
        allow(self._no_encoder, "" if wish.encoder else "There is none.")
        allow(self._choose_images, "" if wish.encoder else "Without an encoder images have no place.")
        allow(self._open, self._why_not())

    def _why_not(self) -> str:
        if self._tried is None:
            return "It has to be tried first." if self._bar.isVisibleTo(self) else "It cannot be opened like this."
        return CHOOSE_IMAGES if self._wish.encoder and not self._wish.data else ""

    def _decide(self) -> None:
        if self._tried is not None:
            self.decided.emit(self.wish, self._tried.settings)
            self.accept()


def _row(label: ElidedLabel, *buttons: QPushButton) -> QHBoxLayout:
    row = having(QHBoxLayout(), spacing=6)
    row.addWidget(label, 1)
    for button in buttons:
        row.addWidget(button)
    return row
