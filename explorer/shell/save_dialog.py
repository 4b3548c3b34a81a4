"""One dialog for all that is saved as a picture or a film: how large, as what, where; and what will come of it."""

import os
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.byte_sizes import bytes_said
from core.export.look import BACKGROUNDS, Background, Look
from explorer.toolkit.descriptions import allow, allow_choice, describe
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.image_conversion import to_qimage
from explorer.toolkit.picture_view import fitted
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone
from explorer.workspace.savable import Drawn, Format, Savable

PREVIEW = 260  # pixels
DRAWING = "Drawing it…"
WORDS = {"white": "White", "black": "Black", "none": "None: transparent"}
SQUARES = 8  # pixels of the chequered paper under what is transparent


class SaveDialog(QDialog):
    """Emits what is wished; setters say what that would be, or why it cannot."""

    look_chosen = Signal(object)  # Look
    place_clicked = Signal()  # another place is to be chosen
    save_clicked = Signal(str, bool)  # the path; whether it may take the place of a file that is there

    def __init__(self, savable: Savable, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(savable.title)
        self._savable, self._folder, self._agreed = savable, folder, ""
        self._preview, self._facts, self._said = _Preview(), QLabel(DRAWING), QLabel(wordWrap=True)
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._build(savable)
        self._lay_out(savable)
        self._path.setText(_free(folder, savable.name, self._format.suffix))
        self._connect()
        self._show_choices()

    @property
    def look(self) -> Look:
        """What is chosen."""
        background: Background = self._background.currentData() if self._savable.has_background else "white"
        return Look(self._format.key, self._sizes.currentData(), self._smooth.isChecked(), background)

    @property
    def path(self) -> str:
        """Where it will be saved; what is typed without a folder lies in the one that was shown."""
        return os.path.join(self._folder, self._path.text())

    @property
    def suffix(self) -> str:
        """What its name ends in."""
        return self._format.suffix

    def show_drawn(self, drawn: Drawn) -> None:
        """As it would be saved."""
        self._preview.show_picture(drawn)
        self._facts.setText(facts_in_words(drawn))

    def show_path(self, path: str) -> None:
        """It was chosen, and whether a file there may be replaced was asked."""
        self._path.setText(path)
        self._folder, self._agreed = str(Path(path).parent), path
        self._show_word("")

    def show_failure(self, sentence: str) -> None:
        """Why it cannot be, or was not saved."""
        self._facts.setText("")
        self._show_word(sentence)

    def _build(self, savable: Savable) -> None:
        self._sizes, self._formats, self._background = QComboBox(), QComboBox(), QComboBox()
        height, width = savable.shape
        for scale in savable.scales:
            times = f"{scale} times larger" if scale > 1 else "as decoded"
            self._sizes.addItem(f"{scale * width:,} × {scale * height:,} pixels, {times}", scale)
        self._sizes.setCurrentIndex(max(0, self._sizes.findData(savable.scale)))
        for each in savable.formats:
            self._formats.addItem(each.words, each)
            place = self._formats.count() - 1
            self._formats.setItemData(place, each.why_not or each.tip, Qt.ItemDataRole.ToolTipRole)
            allow_choice(self._formats, place, not each.why_not)
        for key in BACKGROUNDS:
            self._background.addItem(WORDS[key], key)
        self._smooth = QCheckBox("Blend the pixels")
        self._path = having(QLineEdit(), minimumWidth=260)
        self._choose = QPushButton("Choose…")
        describe(self._sizes, "Size", "In pixels of the file; larger ones have every pixel as a square, or blended")
        describe(self._formats, "Format", "What kind of file it is")
        describe(self._background, "Background", "What is between the pictures, and where the last row ends")
        describe(self._smooth, "Blend the pixels", "Blend each pixel into the next instead of showing it as a square")
        describe(self._path, "File", "Where it is saved")
        describe(self._choose, "Choose where", "Choose another folder or name")

    def _lay_out(self, savable: Savable) -> None:
        form = QFormLayout()
        form.addRow("&Size", self._sizes)
        form.addRow("", self._smooth)
        form.addRow("&Format", self._formats)
        form.addRow("&Background", self._background)
        form.setRowVisible(self._background, savable.has_background)
        form.setRowVisible(self._smooth, savable.can_be_smooth)
        place = having(QHBoxLayout(), spacing=6)
        place.addWidget(self._path, 1)
        place.addWidget(self._choose)
        label = QLabel("F&ile")
        label.setBuddy(self._path)
        form.addRow(label, place)
        form.addRow("", self._facts)
        form.addRow(self._said)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        for button in self._buttons.buttons():
            button.setIcon(QIcon())  # as all others
        right = QVBoxLayout()
        right.addLayout(form)
        right.addStretch()
        right.addWidget(self._buttons)
        row = having(QHBoxLayout(self), spacing=16)
        row.addWidget(self._preview, 1)
        row.addLayout(right)

    def _connect(self) -> None:
        self._sizes.activated.connect(self._tell_look)
        self._smooth.toggled.connect(self._tell_look)
        self._background.activated.connect(self._tell_look)
        self._formats.activated.connect(self._change_format)
        self._choose.clicked.connect(lambda: self.place_clicked.emit())
        self._path.textEdited.connect(self._take_name)
        self._buttons.accepted.connect(self._save)
        self._buttons.rejected.connect(self.reject)

    @property
    def _format(self) -> Format:
        found: Format = self._formats.currentData()
        return found

    def _take_name(self, typed: str) -> None:
        """The format is that of the ending that was typed, where it is one of those that can be."""
        self._show_word("")
        for place in range(self._formats.count()):
            each: Format = self._formats.itemData(place)
            is_meant = bool(each.suffix) and typed.lower().endswith(each.suffix) and not each.why_not
            if is_meant and each is not self._format:
                self._formats.setCurrentIndex(place)
                self._tell_look()

    def _change_format(self) -> None:
        path, known = self.path, [each.suffix for each in self._savable.formats if each.suffix]
        ending = next((suffix for suffix in known if path.lower().endswith(suffix)), "")
        stem = Path(path[: len(path) - len(ending)])
        self._path.setText(_free(str(stem.parent), stem.name, self._format.suffix))
        self._tell_look()

    def _tell_look(self) -> None:
        self._facts.setText(DRAWING)
        self._show_word("")
        self._show_choices()
        self.look_chosen.emit(self.look)

    def _show_choices(self) -> None:
        is_jpeg = self._format.key == "jpeg"
        none = self._background.findData("none")
        allow_choice(self._background, none, not is_jpeg)
        if is_jpeg and self._background.currentIndex() == none:
            self._background.setCurrentIndex(0)
        allow(self._smooth, "" if self._sizes.currentData() > 1 else "As decoded there is nothing to blend.")
        self._formats.setToolTip(self._format.tip)

    def _save(self) -> None:
        """At once where nothing is there; else when it was asked about."""
        path = self.path
        if self._format.suffix and not path.lower().endswith(self._format.suffix):
            path += self._format.suffix
        self._path.setText(path)
        if os.path.lexists(path) and self._agreed != path and self._format.suffix:
            self._agreed = path
            self._show_word(f"{drawable(Path(path).name)} is there already: press Save again to write over it.")
            return
        self.save_clicked.emit(path, self._agreed == path)

    def _show_word(self, words: str) -> None:
        self._said.setText(words)
        set_tone(self._said, "failure" if words else "")


class _Preview(QWidget):
    """What will be saved, fitted; on chequered paper where it is transparent."""

    def __init__(self) -> None:
        super().__init__()
        self._drawn: Drawn | None = None
        self.setMinimumSize(PREVIEW, PREVIEW)
        describe(self, "Preview", "As it will be saved")

    def show_picture(self, drawn: Drawn) -> None:
        self._drawn = drawn
        width, height = drawn.size
        self.setAccessibleDescription(f"{width} × {height} pixels")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(PREVIEW, PREVIEW)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drawn is None:
            return
        painter, pixels = QPainter(self), self._drawn.pixels
        box = fitted(pixels, self.rect().toRectF(), self.devicePixelRatioF())
        if pixels.shape[2] == 4:
            painter.setClipRect(box)
            for x in range(0, self.width(), SQUARES):
                for y in range(0, self.height(), SQUARES):
                    shade = 205 if (x + y) // SQUARES % 2 else 245
                    painter.fillRect(x, y, SQUARES, SQUARES, QColor(shade, shade, shade))
        shrinks = pixels.shape[0] > box.height() * self.devicePixelRatioF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrinks)
        painter.drawImage(box, to_qimage(pixels))


def facts_in_words(drawn: Drawn) -> str:
    """As "1,024 × 1,024 pixels, 96 kB (96,213 bytes)" or "256 × 256 pixels, 60 frames, about 1.2 MB"."""
    width, height = drawn.size
    frames = f", {drawn.frames:,} frames" if drawn.frames > 1 else ""
    said = bytes_said(drawn.count)
    exactly = f"exactly {drawn.count:,} bytes" if drawn.is_exact else f"about {said}, estimated from some of its frames"
    return f"{width:,} × {height:,} pixels{frames}\n{exactly}"


def _free(folder: str, stem: str, suffix: str) -> str:
    """The first of "name.png", "name-2.png" … that is not there."""
    number, path = 1, os.path.join(folder, stem + suffix)
    while os.path.lexists(path):
        number += 1
        path = os.path.join(folder, f"{stem}-{number}{suffix}")
    return path
