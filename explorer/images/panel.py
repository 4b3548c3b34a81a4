"""The images a run learns from: which, how many, how they look, and each file that is not used, with its reason."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.config import ImagesConfig
from core.reports.images import NO_SUCH_IMAGE, Intake, Joined
from core.reports.progress import Progress
from core.skipped_file import Skipped
from explorer.images.class_table import ClassTable
from explorer.images.intake_rows import IntakeRows
from explorer.images.named_sets_menu import NamedSetsButton, OfferedSet
from explorer.images.reading_progress import ReadingProgress
from explorer.images.skipped_table import SkippedTable
from explorer.images.thumbnail_wall import ThumbnailWall
from explorer.toolkit.descriptions import describe
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone

Pixels = NDArray[np.uint8]

EMPTY = "No images yet.\nOpen a folder of pictures: its sub-folders become classes."
OPENING = "A run is being opened.\nIts images follow."
NOTHING_USABLE = "Nothing here can be used as a picture.\nWhat was left out, and why, is listed below."
NOTHING_THERE = "There is no file in this folder."


class ImagesPanel(QWidget):
    """Emits which images the user wants; shows them, what is being read, and what was left out."""

    open_folder_clicked = Signal()
    named_set_chosen = Signal(str)
    download_chosen = Signal(str)
    where_clicked = Signal()  # the images of a run are elsewhere now
    cancel_clicked = Signal()
    fit_clicked = Signal()
    read_anew_clicked = Signal()
    table_clicked = Signal()  # a file with metadata is to be chosen
    metadata_chosen = Signal(str)  # "auto" or "none"
    column_chosen = Signal(str, str)  # the name of a setting in ImagesConfig, its value
    classes_chosen = Signal(str, str)  # `class_column` and `classes_from` of ImagesConfig
    duplicates_clicked = Signal()
    show_in_folder_requested = Signal(object)  # a path, relative to the folder of images or absolute
    thumbnail_clicked = Signal(int)  # which of the sample of images
    menu_requested = Signal(object, QPoint)  # of one of them, a place on the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Images")
        self._build_buttons()
        self._source = ElidedLabel()
        self._source.setStyleSheet("font-weight: bold;")
        self._counts = QLabel(wordWrap=True)
        set_tone(self._counts, "quiet")
        self._wall = ThumbnailWall()
        self._wall.clicked.connect(self.thumbnail_clicked)
        self._wall.menu.asked.connect(self.menu_requested)
        self._message = having(QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter), minimumHeight=120)
        self._complaint = QLabel(wordWrap=True)
        set_tone(self._complaint, "failure")
        self._without = QPushButton("Open without it")
        describe(self._without, "Open without the table", "Learn from the images alone: classes are their sub-folders.")
        self._without.clicked.connect(lambda: self.metadata_chosen.emit("none"))
        self._intake = IntakeRows()
        self._classes = ClassTable()
        self._progress = ReadingProgress()
        self._skipped = SkippedTable()
        self._lay_out()
        self._connect()
        self.show_nothing()

    def show_named_sets(self, sets: Sequence[OfferedSet]) -> None:
        """What the menu offers."""
        self._named_sets.show_sets(sets)

    def show_progress(self, progress: Progress) -> None:
        """How far reading is; until images, a failure or nothing is shown."""
        self._progress.show_progress(progress)
        self._message.clear()
        self._show_only(self._progress, self._wall if self._wall.count else self._message)

    def show_preview(self, pixels: Pixels) -> None:
        """A few images as they come in: (n, H, W, C)."""
        self._wall.show_images(pixels)
        self._show_only(self._progress, self._wall)

    def show_image_set(
        self,
        source: str,
        pixels_sample: Pixels,
        shape: tuple[int, int, int],
        counts: Sequence[tuple[str, int]],
        held_out: int,
        skipped: Sequence[Skipped],
        joined: Joined | None = None,
    ) -> None:
        """The images as they will be learnt from: `shape` (H, W, C), `counts` by class, held-out ones too."""
        images = sum(count for _, count in counts)
        self._source.show_text(source)
        self._counts.setText(_in_words(shape, images, held_out))
        self._wall.show_images(pixels_sample)
        self._classes.show_classes(counts)
        self._skipped.show_files(skipped, joined.unmatched if joined else (), str(joined.path) if joined else "")
        seen = [self._source, self._counts, self._intake, self._wall if images else self._message]
        seen += [self._classes] if len(counts) > 1 else []
        seen += [] if self._skipped.is_empty else [self._skipped]
        if not images:
            self._say(NOTHING_THERE if self._skipped.is_empty else NOTHING_USABLE, failed=False)
            self._skipped.unfold()
        self._show_only(*seen)

    def show_intake(
        self,
        intake: Intake,
        joined: Joined | None,
        config: ImagesConfig,
        is_folder: bool,
        tables: Sequence[str] = (),
    ) -> None:
        """What was done to the files to make images of them, and what was chosen about that; `tables` may be."""
        self._intake.show_intake(intake, joined, config, is_folder, tables)

    def show_duplicates(self, words: str, examples: Sequence[str]) -> None:
        """How many images show a picture that another shows too; empty words for none."""
        self._intake.show_duplicates(words, examples)

    def allow_duplicates(self, are_allowed: bool) -> None:
        """Whether there is a map to select them on."""
        self._intake.allow_duplicates(are_allowed)

    def show_complaint(self, sentence: str, is_of_table: bool = False) -> None:
        """What went wrong though these images are there; until others are shown. They can do without a table."""
        self._complaint.setText(sentence)
        self._complaint.setVisible(bool(sentence))
        self._without.setVisible(bool(sentence) and is_of_table)
        if sentence:
            self._bring_into_view(self._complaint)

    def show_skipped(self) -> None:
        """Unfold the list of what was left out, and bring it into view."""
        self._skipped.unfold()
        self._bring_into_view(self._skipped)

    def allow_choices(self, are_allowed: bool) -> None:
        """Whether the images may be read another way now."""
        self._intake.allow_choices(are_allowed)
        self._without.setEnabled(are_allowed)

    def show_failure(self, sentence: str) -> None:
        """Say why there are no images, where they would be."""
        self._show_message(sentence, failed=True)

    def offer_to_look(self, is_offered: bool) -> None:
        """Beside the sentence that says so: whether the images of a run may be elsewhere."""
        self._where.setVisible(is_offered)

    def show_nothing(self) -> None:
        """No images have been chosen."""
        self._show_message(EMPTY, failed=False)

    def show_opening(self) -> None:
        """There are images, though none has been read."""
        self._show_message(OPENING, failed=False)

    def _build_buttons(self) -> None:
        self._open = QPushButton("Open folder…")
        self._open.setProperty("primary", True)
        self._open.setMinimumHeight(34)
        describe(self._open, "Open folder", "Choose a folder of pictures to learn from. They stay on this machine.")
        self._open.clicked.connect(self.open_folder_clicked)
        self._where = QPushButton("Where is it now?")
        describe(self._where, "Where is it now?", "Choose the folder that the images of this run are in now.")
        self._where.clicked.connect(self.where_clicked)
        self._named_sets = NamedSetsButton()
        self._named_sets.setMinimumHeight(34)

    def _lay_out(self) -> None:
        buttons = having(QHBoxLayout(), spacing=6)
        buttons.addWidget(self._open, 1)
        buttons.addWidget(self._named_sets)
        self._changing = (
            self._complaint, self._without, self._source, self._counts, self._progress, self._intake, self._wall,
            self._message, self._where, self._classes, self._skipped,
        )  # fmt: skip
        content = QWidget()
        column = having(QVBoxLayout(content), spacing=6)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in self._changing:
            column.addWidget(widget)
        column.addStretch(1)
        self._scroll = having(QScrollArea(widgetResizable=True), frameShape=QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(content)
        whole = having(QVBoxLayout(self), spacing=6)
        whole.setContentsMargins(10, 8, 10, 8)
        whole.addLayout(buttons)
        whole.addWidget(self._scroll, 1)

    def _connect(self) -> None:
        self._progress.cancel_clicked.connect(self.cancel_clicked)
        self._named_sets.chosen.connect(self.named_set_chosen)
        self._named_sets.download_chosen.connect(self.download_chosen)
        self._intake.fit_clicked.connect(self.fit_clicked)
        self._intake.read_anew_clicked.connect(self.read_anew_clicked)
        self._intake.duplicates_clicked.connect(self.duplicates_clicked)
        self._intake.table_clicked.connect(self.table_clicked)
        self._intake.metadata_chosen.connect(self.metadata_chosen)
        self._intake.column_chosen.connect(self.column_chosen)
        self._intake.classes_chosen.connect(self.classes_chosen)
        self._skipped.show_in_folder_requested.connect(self.show_in_folder_requested)

    def _show_only(self, *widgets: QWidget) -> None:
        for widget in self._changing:
            widget.setVisible(widget in widgets)

    def _bring_into_view(self, widget: QWidget) -> None:
        # What was shown a moment ago has its place only when its layout has come round to it.
        QTimer.singleShot(0, widget, lambda: self._scroll.ensureWidgetVisible(widget))

    def _show_message(self, text: str, failed: bool) -> None:
        self._wall.show_images(np.zeros((0, 1, 1, 1), np.uint8))
        self._say(text, failed)
        self._show_only(self._message)

    def _say(self, text: str, failed: bool) -> None:
        self._message.setText(text)
        set_tone(self._message, "failure" if failed else "quiet")


def _in_words(shape: tuple[int, int, int], images: int, held_out: int) -> str:
    height, width, channels = shape
    colour = "grey" if channels == 1 else "colour"
    if images == 0:
        return "No image"
    number = "1 image" if images == 1 else f"{images:,} images"
    return f"{number} · {width} × {height} · {colour} · {held_out:,} held out"


if __name__ == "__main__":
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from explorer.toolkit.theme import apply_theme

    app = QApplication([])
    apply_theme(app)
    panel = ImagesPanel()
    rng = np.random.default_rng(0)
    panel.show_named_sets(
        [OfferedSet("faces", "Drawn by the program.", True), OfferedSet("mnist", "Digits.", False, 11_000_000)]
    )
    joined = Joined(
        Path("/home/ada/Pictures/moths of the north/moths.csv"),
        ("species", "wing span"),
        (Skipped("gone.jpg", NO_SUCH_IMAGE, "line 3"),),
        12,
    )
    panel.show_image_set(
        "/home/ada/Pictures/moths of the north",
        rng.integers(0, 255, (48, 8, 8, 3), np.uint8),
        (64, 64, 3),
        [("hawk moths", 3400), ("tiger moths", 2786)],
        687,
        [Skipped("a/broken.jpg", "damaged", "image file is truncated"), Skipped("notes.txt", "not a picture")],
        joined,
    )
    intake = Intake({"PNG": 6100, "JPEG": 86}, {"turned upright": 12, "first frame": 3}, 57, (0, 1))
    panel.show_intake(intake, joined, ImagesConfig(), is_folder=True)
    panel.resize(320, 640)
    panel.show()
    app.exec()
