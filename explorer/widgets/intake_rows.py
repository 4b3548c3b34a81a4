"""How files became images, and what can be chosen about that: their fit, their metadata, their classes."""

from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from core.config import ImagesConfig
from core.reports import Intake, Joined
from explorer.describing import describe
from explorer.theme import set_tone

# treatment: (of one file, of more); what is not listed here is said as it is called.
_TREATMENTS = {
    "first frame": ("1 animation: first frame only", "{:,} animations: first frame only"),
    "transparency on the background": ("1 with transparency", "{:,} with transparency"),
    "colours converted": ("1 with its colours converted", "{:,} with their colours converted"),
}
CLASSES_FROM = (("auto", "Automatic"), ("folder", "Sub-folders"))
KEEP_TOGETHER = (("none", "Nothing"),)
_CLASSES_TIP = "What makes a class. Automatic: the column called class or label if there is one, else the sub-folders."
_TOGETHER_TIP = "Images with the same value here are all learned from or all held out: views of one object, say."

NEEDS_A_MAP = "The images whose picture another shows too; to list them, there must be a map: open a run, or train."


class IntakeRows(QWidget):
    """One quiet line of what was done, and below it what the user can change about it."""

    fit_clicked = Signal()
    table_clicked = Signal()  # a file with metadata is to be chosen
    metadata_chosen = Signal(str)  # "auto" or "none"
    duplicates_clicked = Signal()
    column_chosen = Signal(str, str)  # the name of a setting in ImagesConfig, its value

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._done = QLabel(wordWrap=True)
        set_tone(self._done, "quiet")
        self._joined = QLabel(wordWrap=True)
        set_tone(self._joined, "quiet")
        self._twins = QLabel(wordWrap=True, visible=False)
        set_tone(self._twins, "quiet")
        self._build_buttons()
        self._classes, self._together = (
            self._column_box("class_column", "Classes from", _CLASSES_TIP),
            self._column_box("group_column", "Keep together", _TOGETHER_TIP),
        )
        self._lay_out()

    def show_intake(self, intake: Intake, joined: Joined | None, config: ImagesConfig, is_folder: bool) -> None:
        """What was done to the files; a set that is no folder has nothing to choose."""
        self._show_text(self._done, intake_in_words(intake))
        frames = f"{intake.frames:,} further frames of animations are not used." if intake.frames else ""
        self._done.setToolTip(frames)
        self._fit.setText(f"Fit: {config.fit}…")
        self._fit.setVisible(is_folder and bool(intake.least_square))
        self._metadata.setVisible(is_folder and bool(intake.formats))
        for value, action in self._sources.items():
            action.setChecked(value == (config.metadata if config.metadata in ("auto", "none") else "file"))
        self._show_text(self._joined, _joined_in_words(joined) if joined else "")
        columns = joined.columns if joined else ()
        _fill(self._classes, CLASSES_FROM, columns, config.class_column)
        _fill(self._together, KEEP_TOGETHER, columns, config.group_column)
        self._columns.setVisible(bool(columns))

    def show_duplicates(self, words: str, examples: Sequence[str]) -> None:
        """How many images show a picture that another shows too; empty words for none."""
        self._show_text(self._twins, words)
        self._twins.setToolTip("\n".join(examples))
        self._select_twins.setVisible(bool(words))

    def allow_duplicates(self, are_allowed: bool) -> None:
        """Whether there is a map to select them on."""
        self._select_twins.setEnabled(are_allowed)
        tip = "List the images whose picture another shows too." if are_allowed else NEEDS_A_MAP
        describe(self._select_twins, "Select duplicates", tip)

    def allow_choices(self, are_allowed: bool) -> None:
        """Whether the images may be read another way now."""
        for widget in (self._metadata, self._columns):
            widget.setEnabled(are_allowed)

    def _build_buttons(self) -> None:
        self._fit = QPushButton("Fit…")
        describe(self._fit, "Fit", "See how pictures that are not square become square, and choose.")
        self._fit.clicked.connect(self.fit_clicked)
        self._metadata = QPushButton("Metadata")
        describe(
            self._metadata, "Metadata", "A table of what is known of the images: classes, groups, colours of dots."
        )
        self._select_twins = QPushButton("Select duplicates", visible=False)
        self._select_twins.clicked.connect(self.duplicates_clicked)
        self.allow_duplicates(False)
        menu, group = QMenu(self), QActionGroup(self)
        self._sources = {
            value: group.addAction(menu.addAction(text))
            for value, text in (
                ("auto", "metadata.csv of the folder, if there is one"),
                ("file", "Choose a table…"),
                ("none", "None"),
            )
        }
        for value, action in self._sources.items():
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, value=value: self._choose_source(value))
        self._metadata.setMenu(menu)

    def _choose_source(self, value: str) -> None:
        if value == "file":
            self.table_clicked.emit()
        else:
            self.metadata_chosen.emit(value)

    def _column_box(self, name: str, text: str, tip: str) -> QComboBox:
        box = QComboBox()
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        describe(box, text, tip)
        box.activated.connect(lambda _: self.column_chosen.emit(name, box.currentData()))
        return box

    def _lay_out(self) -> None:
        self._columns = QWidget(visible=False)
        form = QFormLayout(self._columns, fieldGrowthPolicy=QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setContentsMargins(0, 0, 0, 0)
        for box in (self._classes, self._together):
            form.addRow(box.accessibleName(), box)
        buttons = QHBoxLayout(spacing=6)
        buttons.addWidget(self._fit, 1)
        buttons.addWidget(self._metadata, 1)
        column = QVBoxLayout(self, spacing=6)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._done)
        column.addWidget(self._twins)
        column.addWidget(self._select_twins)
        column.addLayout(buttons)
        column.addWidget(self._joined)
        column.addWidget(self._columns)

    def _show_text(self, label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))


def intake_in_words(intake: Intake) -> str:
    """For example "6,885 PNG · 12 turned upright · 3 animations: first frame only"; empty for no files."""
    formats = [f"{count:,} {name}" for name, count in _most_first(intake.formats)]
    return " · ".join(filter(None, (", ".join(formats), *map(_treatment, *_columns_of(intake.treatments)))))


def duplicates_in_words(images: int, pictures: int, learned_too: int, said: str = "files") -> str:
    """For example "80 files, 40 pictures: copies are on one side of the held-out split"; empty when none is a copy."""
    if pictures == images:
        return ""
    counted = f"{images:,} {said}, {pictures:,} {'picture' if pictures == 1 else 'pictures'}"
    if not learned_too:
        return f"{counted}: copies are on one side of the held-out split"
    return f"{counted}: of {learned_too:,} held out, a copy is learned from"


def _treatment(name: str, count: int) -> str:
    one, more = _TREATMENTS.get(name, (f"1 {name}", f"{{:,}} {name}"))
    return one if count == 1 else more.format(count)


def _columns_of(counts: dict[str, int]) -> tuple[Sequence[str], Sequence[int]]:
    pairs = _most_first(counts)
    return [name for name, _ in pairs], [count for _, count in pairs]


def _most_first(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(((name, count) for name, count in counts.items() if count), key=lambda pair: -pair[1])


def _joined_in_words(joined: Joined) -> str:
    columns = f"{len(joined.columns):,} {'column' if len(joined.columns) == 1 else 'columns'}"
    images = "1 image" if joined.without_row == 1 else f"{joined.without_row:,} images"
    rest = f" · {images} not in it" if joined.without_row else ""
    return f"{PurePath(joined.path).name}: {columns}{rest}"


def _fill(box: QComboBox, first: Sequence[tuple[str, str]], columns: Sequence[str], chosen: str) -> None:
    box.clear()
    for value, text in (*first, *((name, name) for name in columns)):
        box.addItem(text, value)
    box.setCurrentIndex(max(0, box.findData(chosen, flags=Qt.MatchFlag.MatchExactly)))
