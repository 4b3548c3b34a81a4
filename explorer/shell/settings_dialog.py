"""Settings: where things are kept, how much decoded images may take, and how the window looks."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.byte_sizes import bytes_said, of_bytes_said
from explorer.shell.cache_limit import CacheState
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone

GIGABYTE, MEGABYTE = 10**9, 10**6
WIDTH, ROW_HEIGHT = 540, 30
BAR_STEPS = 1_000
_CLEARED = "Cleared images are decoded again when their folder is opened next. Runs are not touched."
_MOMENTS_TIP = "Where there is no room for more, those in the middle are thinned. It counts from the next training on."
_LIMIT_TIP = "The sets that were opened longest ago go first when there is no room; 1 GB at least."


class SettingsDialog(QDialog):
    """Emits what the user wants changed; says how things are once told."""

    folder_clicked = Signal(str)
    limit_chosen = Signal(object)  # bytes: more than the 32 bits of Qt's int
    clear_clicked = Signal()
    moments_chosen = Signal(object)  # bytes
    scheme_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._places = having(QGridLayout(), horizontalSpacing=12, verticalSpacing=6)
        self._build_cache()
        self._build_moments()
        self._scheme = QComboBox()
        describe(self._scheme, "Colours", "Light or dark, or whichever the system has.")
        self._scheme.activated.connect(lambda _: self.scheme_chosen.emit(self._scheme.currentData()))
        self._lay_out()

    def show_places(self, places: Sequence[tuple[str, Path]]) -> None:
        """What is kept where: a click opens the folder."""
        for row, (what, path) in enumerate(places):
            where = ElidedLabel()
            where.show_text(str(path))
            set_tone(where, "quiet")
            open_folder = having(QPushButton("Open", autoDefault=False), minimumHeight=ROW_HEIGHT)
            describe(open_folder, f"Open the folder of {what.lower()}", str(path))
            open_folder.clicked.connect(lambda _=False, path=path: self.folder_clicked.emit(str(path)))
            for column, widget in enumerate((QLabel(what), where, open_folder)):
                self._places.addWidget(widget, row, column)
        self._places.setColumnStretch(1, 1)
        self.resize(WIDTH, self.sizeHint().height())

    def show_schemes(self, schemes: Sequence[tuple[str, str]], chosen: str) -> None:
        """The looks to choose from, (name, words), and the one that is."""
        self._scheme.clear()
        for name, text in schemes:
            self._scheme.addItem(text.replace("&", ""), name)
        self._scheme.setCurrentIndex(self._scheme.findData(chosen))

    def show_cache(self, state: CacheState) -> None:
        """How full it is, and how full it may become."""
        sets = f"{state.sets:,} image {'set' if state.sets == 1 else 'sets'}"
        self._used.setText(f"{of_bytes_said(state.used, state.limit)}, {sets}" if state.used else "Empty")
        self._bar.setRange(0, BAR_STEPS)
        self._bar.setValue(min(BAR_STEPS, round(BAR_STEPS * state.used / max(1, state.limit))))
        self._limit.blockSignals(True)  # what it is now, not what the user wants
        self._limit.setValue(max(1, round(state.limit / GIGABYTE)))
        self._limit.blockSignals(False)
        self._clear.setText(f"Clear {bytes_said(state.used)}" if state.used else "Clear")
        self._limit.setEnabled(True)
        allow(self._clear, "" if state.sets else "There are none.")

    def show_moments(self, amount: int) -> None:
        """How many bytes the moments of a run may take."""
        self._moments.blockSignals(True)  # what it is now, not what the user wants
        self._moments.setValue(amount // MEGABYTE)
        self._moments.blockSignals(False)

    def show_failure(self, sentence: str) -> None:
        """Why the cache could not be seen, limited or cleared."""
        self._failure.setText(sentence)
        self._failure.setVisible(bool(sentence))
        self._bar.setRange(0, BAR_STEPS)
        self._used.setText("How full it is could not be seen.")
        self._clear.setEnabled(True)

    def _build_cache(self) -> None:
        self._used = QLabel("Looking…")
        self._bar = QProgressBar(textVisible=False, minimum=0, maximum=0)
        self._bar.setAccessibleName("Room that decoded images take")
        self._failure = having(QLabel(wordWrap=True), visible=False)
        set_tone(self._failure, "failure")
        self._limit = having(QSpinBox(minimum=1, maximum=100_000, suffix=" GB"), keyboardTracking=False, enabled=False)
        self._limit.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
        describe(self._limit, "At most", _LIMIT_TIP)
        self._limit.valueChanged.connect(self._take_limit)
        self._clear = having(QPushButton("Clear", autoDefault=False), enabled=False)
        describe(self._clear, "Clear decoded images", _CLEARED)
        self._clear.clicked.connect(self._take_clear)

    def _build_moments(self) -> None:
        self._moments = having(QSpinBox(minimum=0, maximum=100_000, suffix=" MB a run"), keyboardTracking=False)
        self._moments.setSpecialValueText("None")
        self._moments.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
        describe(self._moments, "Moments of training", _MOMENTS_TIP)
        self._moments.valueChanged.connect(lambda megabytes: self.moments_chosen.emit(megabytes * MEGABYTE))

    def _lay_out(self) -> None:
        column = having(QVBoxLayout(self), spacing=12)
        column.addWidget(_box("Where things are kept", self._places))
        column.addWidget(_box("Decoded images", self._cache_rows()))
        moments = having(QHBoxLayout(), spacing=12)
        label = QLabel("Kept to look back at, at most")
        label.setBuddy(self._moments)
        moments.addWidget(label, 1)
        moments.addWidget(self._moments)
        column.addWidget(_box("Moments of training", moments))
        looks = having(QHBoxLayout(), spacing=12)
        looks.addWidget(QLabel("Colours"))
        looks.addWidget(self._scheme, 1)
        column.addWidget(_box("The window", looks))
        close = QPushButton("Close", default=True)
        describe(close, "Close", "Everything here takes effect at once.")
        close.clicked.connect(self.accept)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

    def _cache_rows(self) -> QVBoxLayout:
        limit_label = QLabel("At most")
        limit_label.setBuddy(self._limit)
        row = having(QHBoxLayout(), spacing=8)
        row.addWidget(self._used, 1)
        row.addWidget(limit_label)
        row.addWidget(self._limit)
        row.addWidget(self._clear)
        note = QLabel(_CLEARED, wordWrap=True)
        set_tone(note, "quiet")
        column = having(QVBoxLayout(), spacing=8)
        column.addLayout(row)
        for widget in (self._bar, self._failure, note):
            column.addWidget(widget)
        return column

    def _take_limit(self, gigabytes: int) -> None:
        self._wait("Making room…")
        self.limit_chosen.emit(gigabytes * GIGABYTE)

    def _take_clear(self) -> None:
        self._wait("Clearing…")
        allow(self._clear, "They are being cleared.")
        self.clear_clicked.emit()

    def _wait(self, doing: str) -> None:
        self._failure.hide()
        self._used.setText(doing)
        self._bar.setRange(0, 0)


def _box(title: str, inside: QGridLayout | QHBoxLayout | QVBoxLayout) -> QGroupBox:
    box = QGroupBox(title)
    box.setLayout(inside)
    inside.setContentsMargins(12, 12, 12, 12)
    return box
