"""What can be chosen where files hold more than a picture of 8 bits: which pages, and what is black and white."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QPushButton, QWidget

from core.config import ImagesConfig
from core.pixel_range import AUTO, PICTURE, TYPE, parse_ranges, range_in_words
from core.reports.images import Intake
from explorer.toolkit.descriptions import describe
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone

PAGES = (
    ("first", "The first"),
    ("middle", "The middle one"),
    ("largest", "The largest"),
    ("brightest", "The brightest of all at each place"),
    ("all", "All, as images of their own"),
)
RANGES = (
    (AUTO, "One for the whole set"),
    (TYPE, "All that the numbers can hold"),
    (PICTURE, "Each picture by its own"),
)
HOW = "Choose one of these, or write two numbers such as 0..4095: the first is black, the second white."
_PAGES_TIP = "What a file of several pages or frames gives."
_OFFER_TIP = "Scale the pictures by the range that shows nearly all of their numbers best."
_RANGE_TIP = "What is black and white in pictures of more than 8 bits. Two numbers can be written: 0..4095."


class PixelRows(QWidget):
    """A row is there only where there is something to choose."""

    chosen = Signal(str, str)  # the name of a setting in ImagesConfig, its value

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, visible=False)
        self._pages, self._range = _box(PAGES), _box(RANGES)
        self._range.setEditable(True)
        self._range.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        describe(self._pages, "Pages", _PAGES_TIP)
        describe(self._range, "Black to white", _RANGE_TIP)
        self._complaint = having(QLabel(HOW, wordWrap=True), visible=False)
        set_tone(self._complaint, "failure")
        self._pages.activated.connect(lambda _: self.chosen.emit("pages", self._pages.currentData()))
        self._range.activated.connect(lambda place: self._choose_range(RANGES[place][0] if place < len(RANGES) else ""))
        line = self._range.lineEdit()
        assert line is not None  # it is editable
        line.editingFinished.connect(self._take_text)
        self._shown, self._offered = AUTO, ""
        self._said = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        set_tone(self._said, "caution")
        self._use = QPushButton("Use it")
        describe(self._use, "Use the range", _OFFER_TIP)
        self._use.clicked.connect(lambda: self._choose_range(self._offered))
        self._form = QFormLayout(self, fieldGrowthPolicy=QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setContentsMargins(0, 0, 0, 0)
        for box in (self._pages, self._range):
            self._form.addRow(box.accessibleName(), box)
        for row in (self._said, self._use, self._complaint):
            self._form.addRow(row)

    def show_choices(self, intake: Intake, config: ImagesConfig) -> None:
        """What was chosen for these files."""
        has_pages = bool(intake.frames) or config.pages != "first"
        has_range = bool(intake.ranges or intake.by_picture)
        self._pages.setCurrentIndex(self._pages.findData(config.pages, flags=Qt.MatchFlag.MatchExactly))
        self._show_range(config.range)
        self._form.setRowVisible(self._pages, has_pages)
        self._form.setRowVisible(self._range, has_range)
        self._offered = intake.range_offered
        self._said.setText(intake.range_said)
        for row in (self._said, self._use):
            self._form.setRowVisible(row, bool(self._offered))
        self.setVisible(has_pages or has_range)

    def _show_range(self, setting: str) -> None:
        self._shown = setting
        place = self._range.findData(setting, flags=Qt.MatchFlag.MatchExactly)
        self._range.setCurrentIndex(place)
        self._range.setEditText(setting if place < 0 else RANGES[place][1])
        self._complaint.hide()

    def _take_text(self) -> None:
        text = self._range.currentText().strip()
        self._choose_range(next((value for value, words in RANGES if words == text), text))

    def _choose_range(self, setting: str) -> None:
        if setting == self._shown:
            return
        try:
            parse_ranges(setting)
        except ValueError:
            self._complaint.show()
            return
        self._show_range(setting)
        self.chosen.emit("range", setting)


def ranges_in_words(intake: Intake) -> list[str]:
    """For example ["16 bits: 0 is black, 4,095 is white"]."""
    own = ["each picture by its own lowest and highest number"] if intake.by_picture else []
    return [*(range_in_words(kind, ends) for kind, ends in intake.ranges.items()), *own]


def _box(choices: tuple[tuple[str, str], ...]) -> QComboBox:
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    for value, text in choices:
        box.addItem(text, value)
    return box
