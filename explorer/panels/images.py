"""The images a run learns from: which, how many, how they look, and each file that is not used, with its reason."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.reports import Progress, Skipped
from explorer.skipped_table import SkippedTable
from explorer.theme import FAILURE, as_colour, class_colours, is_dark, muted
from explorer.thumbnail_wall import ThumbnailWall

Pixels = NDArray[np.uint8]

EMPTY = "No images yet.\nOpen a folder of pictures: its sub-folders become classes."
CLASS_ROWS = 6


class ImagesPanel(QWidget):
    """Emits which images the user wants; shows them, what is being read, and what was left out."""

    open_folder_clicked = Signal()
    named_set_chosen = Signal(str)
    cancel_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Images")
        self._build_buttons()
        self._source = _ElidedLabel()
        self._counts = QLabel(wordWrap=True)
        self._wall = ThumbnailWall()
        self._message = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter, minimumHeight=120)
        self._classes = _class_table()
        self._build_progress()
        self._skipped = SkippedTable()
        self._lay_out()
        self.show_nothing()

    def show_named_sets(self, sets: Sequence[tuple[str, str, bool]]) -> None:
        """What the menu offers: (name, description, whether it is on this machine)."""
        self._menu.clear()
        for name, description, is_here in sets:
            action = self._menu.addAction(name if is_here else f"{name} (not on this machine)")
            action.setToolTip(description)
            action.setEnabled(is_here)
            action.triggered.connect(lambda _=False, name=name: self.named_set_chosen.emit(name))
        self._named_sets.setEnabled(bool(sets))

    def show_progress(self, progress: Progress) -> None:
        """How far reading is; until images, a failure or nothing is shown."""
        parts = [progress.doing, f"{progress.done:,} of {progress.total:,}" if progress.total else f"{progress.done:,}"]
        if progress.seconds_left is not None:
            parts.append(_time_left(progress.seconds_left))
        self._progress_text.setText(" · ".join(parts))
        self._message.clear()
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)
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
    ) -> None:
        """The images as they will be learnt from: `shape` (H, W, C), `counts` by class, held-out ones too."""
        self._source.show_text(source)
        self._counts.setText(_in_words(shape, sum(count for _, count in counts), held_out))
        self._wall.show_images(pixels_sample)
        self._fill_classes(counts)
        self._skipped.show_files(skipped)
        some = (self._classes,) if len(counts) > 1 else ()
        self._show_only(self._source, self._counts, self._wall, *some, *((self._skipped,) if skipped else ()))

    def show_failure(self, sentence: str) -> None:
        """Say why there are no images, where they would be."""
        self._show_message(sentence, failed=True)

    def show_nothing(self) -> None:
        """No images have been chosen."""
        self._show_message(EMPTY, failed=False)

    def _build_buttons(self) -> None:
        self._open = QPushButton("Open folder…")
        self._open.setProperty("primary", True)
        self._open.setMinimumHeight(34)
        _describe(self._open, "Open folder", "Choose a folder of pictures to learn from. They stay on this machine.")
        self._open.clicked.connect(self.open_folder_clicked)
        self._menu = QMenu(self, toolTipsVisible=True)
        self._named_sets = QPushButton("Named sets", enabled=False)
        self._named_sets.setMinimumHeight(34)
        self._named_sets.setMenu(self._menu)
        _describe(self._named_sets, "Named sets", "Well-known image sets, and one that the program draws itself.")

    def _build_progress(self) -> None:
        self._progress = QWidget()
        self._progress_text = QLabel(wordWrap=True)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Reading images")
        cancel = QPushButton("Cancel")
        _describe(cancel, "Cancel reading", "Stop reading these images.")
        cancel.clicked.connect(self.cancel_clicked)
        row = QHBoxLayout(self._progress)
        row.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(spacing=4)
        column.addWidget(self._progress_text)
        column.addWidget(self._bar)
        row.addLayout(column, 1)
        row.addWidget(cancel)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout(spacing=6)
        buttons.addWidget(self._open, 1)
        buttons.addWidget(self._named_sets)
        self._changing = (
            self._source, self._counts, self._progress, self._wall, self._message, self._classes, self._skipped
        )  # fmt: skip
        content = QWidget()
        column = QVBoxLayout(content, spacing=6)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in self._changing:
            column.addWidget(widget)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        whole = QVBoxLayout(self, spacing=6)
        whole.setContentsMargins(10, 8, 10, 8)
        whole.addLayout(buttons)
        whole.addWidget(scroll, 1)

    def _show_only(self, *widgets: QWidget) -> None:
        for widget in self._changing:
            widget.setVisible(widget in widgets)

    def _show_message(self, text: str, failed: bool) -> None:
        self._wall.show_images(np.zeros((0, 1, 1, 1), np.uint8))
        self._message.setText(text)
        self._message.setProperty("failed", failed)
        self._show_only(self._message)
        self._colour()

    def _fill_classes(self, counts: Sequence[tuple[str, int]]) -> None:
        colours = class_colours(len(counts))
        self._classes.setRowCount(len(counts))
        for row, (name, count) in enumerate(counts):
            dot, number = QTableWidgetItem("●"), QTableWidgetItem(f"{count:,}")
            dot.setForeground(as_colour(colours[row]))
            number.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for column, item in enumerate((dot, QTableWidgetItem(name), number)):
                self._classes.setItem(row, column, item)
        self._classes.setFixedHeight(min(CLASS_ROWS, len(counts)) * self._classes.rowHeight(0) + 2)

    def _colour(self) -> None:
        quiet = muted(self.palette()).name()
        failed = self._message.property("failed")
        self._message.setStyleSheet(f"color: {FAILURE[is_dark(self.palette())] if failed else quiet};")
        for label in (self._counts, self._progress_text):
            label.setStyleSheet(f"color: {quiet};")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._colour()


class _ElidedLabel(QLabel):
    """A long path in a narrow dock: the middle is left out, the tooltip has it all."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(1)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = self.font()
        font.setBold(True)
        self.setFont(font)

    def show_text(self, text: str) -> None:
        """The whole text; what fits of it is seen."""
        self.setToolTip(text)
        self._elide()

    def _elide(self) -> None:
        self.setText(self.fontMetrics().elidedText(self.toolTip(), Qt.TextElideMode.ElideMiddle, self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()


def _class_table() -> QTableWidget:
    table = QTableWidget(columnCount=3, showGrid=False)
    table.verticalHeader().hide()
    table.horizontalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(22)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
    table.setTabKeyNavigation(False)
    for column, mode in enumerate(("ResizeToContents", "Stretch", "ResizeToContents")):
        table.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode[mode])
    _describe(table, "Classes", "The classes and how many images each has.")
    return table


def _in_words(shape: tuple[int, int, int], images: int, held_out: int) -> str:
    height, width, channels = shape
    colour = "grey" if channels == 1 else "colour"
    return f"{images:,} images · {width} × {height} · {colour} · {held_out:,} held out"


def _time_left(seconds: float) -> str:
    return f"{seconds:.0f} s left" if seconds < 90 else f"{seconds / 60:.0f} min left"


def _describe(widget: QWidget, name: str, tip: str) -> None:
    widget.setAccessibleName(name)
    widget.setToolTip(tip)


if __name__ == "__main__":
    from PySide6.QtWidgets import QApplication

    from explorer.theme import apply_theme

    app = QApplication([])
    apply_theme(app)
    panel = ImagesPanel()
    rng = np.random.default_rng(0)
    panel.show_named_sets([("faces", "Drawn by the program.", True), ("mnist", "Handwritten digits.", False)])
    panel.show_image_set(
        "/home/ada/Pictures/moths of the north",
        rng.integers(0, 255, (48, 8, 8, 3), np.uint8),
        (64, 64, 3),
        [("hawk moths", 3400), ("tiger moths", 2786)],
        687,
        [Skipped("a/broken.jpg", "damaged", "image file is truncated"), Skipped("notes.txt", "not a picture")],
    )
    panel.resize(320, 640)
    panel.show()
    app.exec()
