"""What the colours of a number mean: its histogram in those colours, and ends that hide what lies outside them."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from core.palette import rgb
from explorer.map.colours.colourings import NOTHING_KNOWN
from explorer.map.colours.histogram_bar import ALL, HistogramBar
from explorer.map.colours.number_scale import ABOVE, BELOW, BINS, UNKNOWN, Scale
from explorer.map.dots.shapes import chip
from explorer.toolkit.descriptions import describe
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.properties import having
from explorer.toolkit.theme import as_colour, quiet, set_tone

_WIDTH = 236
_TIP = (
    "Drag an end: what lies outside is hidden. Drag between the ends to move both; double-click shows all.\n"
    "The colours run from the 1 % to the 99 % quantile; what lies beyond is the bar past each end.\n"
    "The line is of the images selected, at a scale of its own."
)
# what the menu offers: (text, mode of selecting)
_SELECTING = (
    ("&Select these", "replace"),
    ("&Add these to the selection", "add"),
    ("&Take these from the selection", "subtract"),
)


class NumberLegend(QWidget):
    """A scale, the range of it that is shown, and how many images that is; `hidden` are the levels outside."""

    hidden_changed = Signal(object)  # frozenset of levels
    range_selected = Signal(str)  # "replace", "add" or "subtract" what is shown
    again_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale: Scale | None = None
        self._selected: NDArray[np.int64] | None = None  # of each level
        self._title, self._unit = ElidedLabel(), quiet("")
        self._bar = HistogramBar()
        self._low, self._high, self._middle = QLabel(), QLabel(), quiet("")
        self._grey, self._unknown = QLabel(), quiet("")
        self._words, self._note = quiet(""), quiet("")
        self._again = having(QToolButton(), text="Again")
        describe(self._again, "Measure again", "Measure with the model as it is now")
        self._words.setWordWrap(True)
        self._note.setWordWrap(True)
        self.setToolTip(_TIP)
        self.setFixedWidth(_WIDTH)
        self._lay_out()
        self._bar.range_changed.connect(self._take_range)
        self._again.clicked.connect(self.again_clicked)

    @property
    def range(self) -> tuple[int, int]:
        """The edges between which images are shown; -1 and 257 take in what lies beyond."""
        return self._bar.range

    @property
    def hidden(self) -> frozenset[int]:
        """The levels that are not to be drawn; images without a number are, while all others are."""
        first, last = self.range
        if (first, last) == ALL:
            return frozenset()
        outside = {level for level in range(BINS) if not first <= level < last}
        outside |= {UNKNOWN} | ({BELOW} if first > ALL[0] else set()) | ({ABOVE} if last < ALL[1] else set())
        return frozenset(outside)

    def show_scale(self, scale: Scale, selected: NDArray[np.int64] | None = None) -> None:
        """Numbers, and how many selected images each of their levels has; the range stays at its numbers."""
        old, (first, last) = self._scale, self.range
        if old is None or old.name != scale.name:
            first, last = ALL
        elif (old.low, old.high) != (scale.low, scale.high):
            first, last = (edge if edge in ALL else scale.bin_at(float(old.edges[edge])) for edge in (first, last))
        self._scale, self._selected = scale, selected
        self._title.show_text(scale.name)
        self._unit.setText(scale.unit)
        self.setAccessibleName(f"Colours on the map: {scale.name}")
        self._bar.show_range(first, max(last, first + 1))
        self._bar.show_scale(scale, selected)
        self._again.setVisible(scale.is_stale)
        self._again.setText("Again" if scale.known else "Measure")
        self._say()

    def show_note(self, note: str, is_failure: bool = False) -> None:
        """What is being done about these numbers, or why there are none."""
        set_tone(self._note, "failure" if is_failure else "quiet")
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def wanted_size(self) -> QSize:
        """As high as its words are."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        height = layout.heightForWidth(_WIDTH) if layout.hasHeightForWidth() else layout.sizeHint().height()
        return QSize(_WIDTH, height)

    def words(self) -> str:
        """Between which numbers images are shown, with the unit."""
        assert self._scale is not None
        first, last = (int(np.clip(edge, 0, BINS)) for edge in self.range)
        ends = [self._scale.text(self._scale.edges[edge]) for edge in (first, last)]
        if self.range[0] == ALL[0]:
            said = f"up to {ends[1]}"
        elif self.range[1] == ALL[1]:
            said = f"from {ends[0]}"
        else:
            said = f"{ends[0]} to {ends[1]}"
        return f"{said} {self._scale.unit}".rstrip()

    def _lay_out(self) -> None:
        head = having(QHBoxLayout(), spacing=6)
        head.addWidget(self._title, 1)
        head.addWidget(self._unit)
        ends = having(QGridLayout(), spacing=4)
        for place, (label, side) in enumerate(
            ((self._low, "AlignLeft"), (self._middle, "AlignHCenter"), (self._high, "AlignRight"))
        ):
            label.setAlignment(Qt.AlignmentFlag[side])
            ends.addWidget(label, 0, place)
            ends.setColumnStretch(place, 1)
        unknown = having(QHBoxLayout(), spacing=5)
        unknown.addWidget(self._grey)
        unknown.addWidget(self._unknown, 1)
        column = having(QVBoxLayout(self), spacing=3)
        column.setContentsMargins(6, 3, 6, 4)
        for each in (head, ends, unknown):
            column.addLayout(each)
        column.insertWidget(1, self._bar)
        last = having(QHBoxLayout(), spacing=5)
        last.addWidget(self._words, 1)
        last.addWidget(self._again, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(last)
        column.addWidget(self._note)

    def _take_range(self) -> None:
        self._say()
        self.hidden_changed.emit(self.hidden)

    def _say(self) -> None:
        scale = self._scale
        assert scale is not None
        is_known = bool(scale.known)
        first, last = (int(np.clip(edge, 0, BINS)) for edge in self.range)
        self._low.setText(scale.text(scale.edges[first]) if is_known else "")
        self._high.setText(scale.text(scale.edges[last]) if is_known else "")
        every, shown = scale.known, self._in_range(scale.counts)
        counted = f"{every:,}" if shown == every else f"{shown:,} / {every:,}"
        self._middle.setText(counted if is_known else "")
        self._unknown.setText(f"{len(scale.numbers) - every:,} not known")
        ratio = self.devicePixelRatioF()
        self._grey.setPixmap(chip(0, as_colour(rgb(NOTHING_KNOWN)[0]), self.range == ALL, 12, ratio))
        for widget in (self._grey, self._unknown):
            widget.setVisible(every < len(scale.numbers))
        words = "\n".join(filter(None, (self._selected_words(), scale.note)))
        self._words.setText(words)
        self._words.setVisible(bool(words))
        said = f"{counted} images shown, {self.words()}" if is_known else "nothing known yet"
        self.setAccessibleDescription(said)

    def _selected_words(self) -> str:
        """How many of those selected lie in the range."""
        if self._selected is None:
            return ""
        every, shown = int(self._selected[:UNKNOWN].sum()), self._in_range(self._selected)
        return f"{shown:,} / {every:,} of those selected (line)"

    def _in_range(self, counts: NDArray[np.int64]) -> int:
        """How many images lie in the range, of so many of each level."""
        first, last = self.range
        inner = int(counts[max(first, 0) : min(last, BINS)].sum())
        return inner + int(counts[BELOW]) * (first == ALL[0]) + int(counts[ABOVE]) * (last == ALL[1])

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: words in fewer or more lines."""
        super().resizeEvent(event)
        self.updateGeometry()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the images that are shown."""
        menu = QMenu(self)
        for text, mode in _SELECTING:
            menu.addAction(text).triggered.connect(lambda _=False, how=mode: self.range_selected.emit(how))
        menu.addSeparator()
        menu.addAction("Sh&ow all").triggered.connect(self.show_all)
        menu.popup(event.globalPos())

    def show_all(self) -> None:
        """Nothing is hidden any more."""
        if self.range != ALL:
            self._bar.show_range(*ALL)
            self._take_range()
