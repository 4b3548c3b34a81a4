"""How files became images, and what can be chosen about that: their fit, their metadata, their classes."""

from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from core.config import BEFORE_NUMBER, CLASSES_FROM, ImagesConfig
from core.reports.images import Intake, Joined
from explorer.images.pixel_rows import PixelRows, ranges_in_words
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.plain_text import name_action, plain_tip
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone
from explorer.toolkit.wrapping_row import WrappingRow

# treatment: (of one file, of more); what is not listed here is said as it is called.
_TREATMENTS = {
    frames: (f"1 file of several pages: {which}", f"{{:,}} files of several pages: {which}")
    for frames, which in (
        ("first frame", "the first"),
        ("middle frame", "the middle one"),
        ("largest frame", "the largest"),
        ("brightest of all frames", "the brightest of all"),
    )
} | {
    "transparency on the background": ("1 with transparency", "{:,} with transparency"),
    "colours converted": ("1 with its colours converted", "{:,} with their colours converted"),
}
FROM_FILES = {  # what of a file's path is its class
    "first": "First folder",
    "second": "Second folder",
    "last": "Last folder",
    BEFORE_NUMBER: "File name, up to its number",
    "none": "None: all are one class",
}
AUTO_TABLE = "metadata.csv of the folder, if there is one"
KEEP_TOGETHER = (("none", "Nothing"),)
MOST_REMARKS = 3  # on a table; the rest is in the tooltip
LEARNING = "A model is learning from these images: pause it first."
_CLASSES_TIP = (
    "What makes a class. Automatic: the column called class or label if there is one, else the sub-folders, of which "
    "train, val and test are a split: test is held out. A pattern of file names can be typed in Advanced settings."
)
_TOGETHER_TIP = "Images with the same value here are all learned from or all held out: views of one object, say."

NEEDS_A_MAP = "To list them there must be a map: open a run, or train."


class IntakeRows(QWidget):
    """One quiet line of what was done, and below it what the user can change about it."""

    fit_clicked = Signal()
    read_anew_clicked = Signal()
    table_clicked = Signal()  # a file with metadata is to be chosen
    metadata_chosen = Signal(str)  # "auto", "none", or one of the tables that are offered
    duplicates_clicked = Signal()
    column_chosen = Signal(str, str)  # the name of a setting in ImagesConfig, its value
    classes_chosen = Signal(str, str)  # `class_column` and `classes_from` of ImagesConfig

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._done = QLabel(wordWrap=True)
        set_tone(self._done, "quiet")
        self._folders = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        set_tone(self._folders, "quiet")
        self._joined = QLabel(wordWrap=True)
        set_tone(self._joined, "quiet")
        self._twins = having(QLabel(wordWrap=True), visible=False)
        set_tone(self._twins, "quiet")
        self._build_buttons()
        self._pixels = PixelRows()
        self._pixels.chosen.connect(self.column_chosen)
        self._classes = _box("Classes from", _CLASSES_TIP)
        self._classes.activated.connect(lambda place: self.classes_chosen.emit(*self._choices[place]))
        self._choices: list[tuple[str, str]] = []  # of what classes are from, as they are emitted
        self._together = _box("Keep together", _TOGETHER_TIP)
        self._together.activated.connect(
            lambda _: self.column_chosen.emit("group_column", self._together.currentData())
        )
        self._lay_out()

    def show_intake(
        self,
        intake: Intake,
        joined: Joined | None,
        config: ImagesConfig,
        is_folder: bool,
        tables: Sequence[str] = (),
    ) -> None:
        """What was done to the files; a set that is no folder has nothing to choose. `tables` lie beside them."""
        self._show_text(self._done, intake_in_words(intake))
        frames = f"{intake.frames:,} further frames and pages are not used." if intake.frames else ""
        self._done.setToolTip(plain_tip(frames))
        self._fit.setText(f"Fit: {config.fit}…")
        self._fit.setVisible(is_folder and bool(intake.least_square))
        self._metadata.setVisible(is_folder and bool(intake.formats))
        self._anew.setVisible(is_folder)
        self._pixels.show_choices(intake if is_folder else Intake(), config)
        self._offer(tables, config.metadata)
        self._show_text(self._joined, _joined_in_words(joined) if joined else _offered_in_words(tables))
        self._joined.setToolTip(plain_tip("\n".join(joined.remarks)) if joined else "")
        self._show_text(self._folders, drawable(intake.folders))
        columns = joined.columns if joined else ()
        self._show_classes(columns, config, has_class_column=bool(intake.class_column))
        _fill(self._together, KEEP_TOGETHER, columns, config.group_column)
        self._form.setRowVisible(self._together, bool(columns))
        self._columns.setVisible(bool(columns) or (is_folder and bool(intake.formats)))

    def show_duplicates(self, words: str, examples: Sequence[str]) -> None:
        """How many images show a picture that another shows too; empty words for none."""
        self._show_text(self._twins, words)
        self._twins.setToolTip(plain_tip("\n".join(examples)))
        self._select_twins.setVisible(bool(words))

    def allow_duplicates(self, are_allowed: bool) -> None:
        """Whether there is a map to select them on."""
        allow(self._select_twins, "" if are_allowed else NEEDS_A_MAP)

    def allow_choices(self, are_allowed: bool) -> None:
        """Whether the images may be read another way now."""
        for widget in (self._metadata, self._columns, self._pixels, self._anew):
            allow(widget, "" if are_allowed else LEARNING)
        for box in (self._classes, self._together):
            allow(box, "" if are_allowed else LEARNING)

    def _build_buttons(self) -> None:
        self._fit = QPushButton("Fit…")
        describe(self._fit, "Fit", "See how pictures that are not square become square, and choose.")
        self._fit.clicked.connect(self.fit_clicked)
        self._anew = QPushButton("Read anew")
        describe(
            self._anew, "Read everything anew", "Decode every file once more, whatever is known of it from before."
        )
        self._anew.clicked.connect(self.read_anew_clicked)
        self._metadata = QPushButton("Metadata")
        describe(
            self._metadata, "Metadata", "A table of what is known of the images: classes, groups, colours of dots."
        )
        self._select_twins = having(QPushButton("Select duplicates"), visible=False)
        describe(self._select_twins, "Select duplicates", "List the images whose picture another shows too.")
        self._select_twins.clicked.connect(self.duplicates_clicked)
        self.allow_duplicates(False)
        self._menu, self._group = QMenu(self), QActionGroup(self)
        self._metadata.setMenu(self._menu)
        self._offer((), "auto")

    def _offer(self, tables: Sequence[str], chosen: str) -> None:
        """The choices of tables, those that lie beside the images among them."""
        self._menu.clear()
        offered = ((table, drawable(table)) for table in tables)
        sources = (("auto", AUTO_TABLE), *offered, ("file", "Choose a table…"), ("none", "None"))
        for value, text in sources:
            action = self._group.addAction(self._menu.addAction(""))
            name_action(action, text)
            action.setCheckable(True)
            action.setChecked(value == (chosen if chosen in ("auto", "none", *tables) else "file"))
            action.triggered.connect(lambda _=False, value=value: self._choose_source(value))

    def _choose_source(self, value: str) -> None:
        if value == "file":
            self.table_clicked.emit()
        else:
            self.metadata_chosen.emit(value)

    def _show_classes(self, columns: Sequence[str], config: ImagesConfig, has_class_column: bool) -> None:
        beside = "folder" if columns else "auto"  # where no column can say more
        choices = {("auto", "auto"): "Automatic"}
        choices |= {("folder", "auto"): "Sub-folders"} if columns else {}
        choices |= {(column, "auto"): drawable(column) for column in columns}
        if config.class_column not in ("auto", "folder", *columns) and not has_class_column:
            choices[(config.class_column, "auto")] = f"{drawable(config.class_column)} (not there)"
        choices |= {(beside, value): text for value, text in FROM_FILES.items()}
        if config.classes_from not in (*CLASSES_FROM, *FROM_FILES):
            choices[(beside, config.classes_from)] = f"File name: {drawable(config.classes_from)}"
        if config.class_column in columns or has_class_column:
            chosen = (config.class_column, "auto")
        else:
            chosen = (config.class_column if columns and config.classes_from == "auto" else beside, config.classes_from)
        self._choices = list(choices)
        self._classes.clear()
        self._classes.addItems(list(choices.values()))
        self._classes.setCurrentIndex(self._choices.index(chosen) if chosen in choices else 0)

    def _lay_out(self) -> None:
        self._columns = QWidget(visible=False)
        form = self._form = QFormLayout(
            self._columns, fieldGrowthPolicy=QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow
        )
        form.setContentsMargins(0, 0, 0, 0)
        for box in (self._classes, self._together):
            form.addRow(box.accessibleName(), box)
        buttons = WrappingRow()
        for button in (self._fit, self._metadata, self._anew):
            buttons.addWidget(button)
        column = having(QVBoxLayout(self), spacing=6)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._done)
        column.addWidget(self._folders)
        column.addWidget(self._twins)
        column.addWidget(self._select_twins)
        column.addWidget(self._pixels)
        column.addLayout(buttons)
        column.addWidget(self._joined)
        column.addWidget(self._columns)

    def _show_text(self, label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))


def _box(text: str, tip: str) -> QComboBox:
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    describe(box, text, tip)
    return box


def intake_in_words(intake: Intake) -> str:
    """For example "6,885 PNG · 12 turned upright · 3 files of several pages: the first"; empty for no files."""
    formats = [f"{count:,} {name}" for name, count in _most_first(intake.formats)]
    done = map(_treatment, *_columns_of(intake.treatments))
    return " · ".join(filter(None, (", ".join(formats), *done, *ranges_in_words(intake))))


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
    if joined.trouble:
        return ""
    columns = f"{len(joined.columns):,} {'column' if len(joined.columns) == 1 else 'columns'}"
    images = "1 image" if joined.without_row == 1 else f"{joined.without_row:,} images"
    rest = f" · {images} not in it" if joined.without_row else ""
    by = f", by {joined.key}" if joined.key else ""
    return "\n".join((f"{PurePath(joined.path).name}{by}: {columns}{rest}", *joined.remarks[:MOST_REMARKS]))


def _offered_in_words(tables: Sequence[str]) -> str:
    if not tables:
        return ""
    more = f" and {len(tables) - 1} more" if len(tables) > 1 else ""
    lie = "lie" if len(tables) > 1 else "lies"
    return f"{tables[0]}{more} {lie} beside the images, and nothing in it is used: choose it under Metadata."


def _fill(box: QComboBox, first: Sequence[tuple[str, str]], columns: Sequence[str], chosen: str) -> None:
    box.clear()
    for value, text in (*first, *((name, name) for name in columns)):
        box.addItem(text, value)
    if box.findData(chosen, flags=Qt.MatchFlag.MatchExactly) < 0:
        box.addItem(f"{chosen} (not there)", chosen)
    box.setCurrentIndex(box.findData(chosen, flags=Qt.MatchFlag.MatchExactly))
