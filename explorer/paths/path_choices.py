"""Which path is shown, what it is called, and how it goes from stop to stop."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSpinBox, QToolButton, QWidget

from core.exploration import LatentPath
from explorer.toolkit.descriptions import allow, describe, describe_choice, each_said
from explorer.toolkit.properties import having
from explorer.toolkit.wrapping_row import WrappingRow

MOST_FRAMES, USUAL_FRAMES, LONGEST_NAME = 5_000, 60, 60

# a kind of way: (text, tooltip)
KINDS = {
    "straight": ("Straight", "From stop to stop along a line"),
    "spherical": (
        "Spherical",
        "Along great circles about 0, near which most of N(0, I) lies in many dimensions (slerp, Shoemake 1985)",
    ),
    "data": (
        "Along the data",
        "From image to neighbouring image, so that it stays where images are: the shortest path over the 10 nearest "
        "neighbours of at most 20,000 codes, by squared distances",
    ),
    "geodesic": (
        "Shortest in pictures",
        "Where the decoded picture changes least in all: a geodesic of the decoder's metric (Shao et al. 2018; "
        "Arvanitidis et al. 2018). It takes some seconds from stop to stop",
    ),
}

# what is said, as signals
CHOICES = (
    "path_chosen",
    "new_clicked",
    "renamed",
    "delete_clicked",
    "reverse_clicked",
    "kind_chosen",
    "frames_chosen",
    "loop_toggled",
    "even_toggled",
)


class PathChoices(QWidget):
    """A row of controls; setting them emits nothing."""

    path_chosen = Signal(str)
    new_clicked = Signal()
    renamed = Signal(str)
    delete_clicked = Signal()
    reverse_clicked = Signal()
    kind_chosen = Signal(str)
    frames_chosen = Signal(int)
    loop_toggled = Signal(bool)
    even_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._called = ""  # the path that is shown
        self._build()
        self._lay_out()

    def show_paths(self, names: Sequence[str], chosen: str) -> None:
        """All there are, and the one that is shown; an empty name: one that has no stop yet."""
        self._name.clear()
        self._name.addItems(list(names))
        self._name.setCurrentIndex(names.index(chosen) if chosen in names else -1)
        allow(self._line, "" if chosen else "This path has no stop yet.")
        self._called = chosen
        allow(self._new, "" if chosen else "This is a new path: add its first stop.")

    def show_path(self, path: LatentPath | None) -> None:
        """Its kind and its looks; None: nothing can be chosen."""
        for widget in (self._kind, self._frames, self._loop, self._even, self._delete, self._reverse):
            allow(widget, "" if path is not None else "This path has no stop yet.")
        if path is None:
            self._show_frames(USUAL_FRAMES, 0)
            return
        self._kind.setCurrentIndex(list(KINDS).index(path.kind))
        self._even.setChecked(path.is_even)
        self._loop.setChecked(path.is_loop)
        self._show_frames(path.frames, len(path.stops))

    def _show_frames(self, frames: int, stops: int) -> None:
        self._frames.blockSignals(True)
        self._frames.setMinimum(max(2, stops))
        self._frames.setValue(frames)
        self._frames.blockSignals(False)

    def _choose(self, row: int) -> None:
        self._called = self._name.itemText(row)
        self.path_chosen.emit(self._called)

    def _rename(self) -> None:
        """Enter, or leaving the field, says it; both are one."""
        if self._called and self._name.currentText() != self._called:
            self._called = self._name.currentText()
            self.renamed.emit(self._called)

    def _build(self) -> None:
        self._name = QComboBox(editable=True, insertPolicy=QComboBox.InsertPolicy.NoInsert)
        self._name.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._name.setMinimumContentsLength(12)
        line = self._name.lineEdit()
        assert line is not None  # it is editable
        line.setMaxLength(LONGEST_NAME)
        line.setPlaceholderText("New path")
        describe_choice(self._name, "Path", "Which path is shown; type another name and press Enter to rename it")
        self._name.activated.connect(self._choose)
        line.editingFinished.connect(self._rename)
        self._line = line
        self._new = having(QToolButton(), text="New")
        self._new.clicked.connect(self.new_clicked)
        describe(self._new, "New path", "Begin another path; this one is kept")
        self._delete = having(QToolButton(), text="Delete")
        self._delete.clicked.connect(self.delete_clicked)
        describe(self._delete, "Delete path", "The path goes; Undo brings it back")
        self._reverse = having(QToolButton(), text="⇄")
        self._reverse.clicked.connect(self.reverse_clicked)
        describe(self._reverse, "Reverse", "The stops in the opposite order")
        self._kind = QComboBox()
        self._kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._kind.setMinimumContentsLength(max(len(text) for text, _ in KINDS.values()))
        for key, (text, tip) in KINDS.items():
            self._kind.addItem(text, key)
            self._kind.setItemData(self._kind.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        describe(
            self._kind,
            "Way",
            each_said("How it goes from stop to stop", KINDS.values()),
        )
        self._even = QCheckBox("Even steps")
        describe(self._even, "Even steps", "From stop to stop, each frame differs from the last as much as any other")
        self._loop = QCheckBox("Loop")
        describe(self._loop, "Loop", "From the last stop back to the first, so that the film has no end")
        self._frames = having(
            QSpinBox(minimum=2, maximum=MOST_FRAMES, value=USUAL_FRAMES, suffix=" frames"), keyboardTracking=False
        )
        describe(self._frames, "Frames", "How many the film has, each stop among them; 25 are a second")
        self._kind.activated.connect(lambda _: self.kind_chosen.emit(self._kind.currentData()))
        self._even.clicked.connect(self.even_toggled)
        self._loop.clicked.connect(self.loop_toggled)
        self._frames.valueChanged.connect(self.frames_chosen)

    def _lay_out(self) -> None:
        words = QLabel("Way")
        words.setBuddy(self._kind)
        row = WrappingRow(self)
        widget: QWidget
        for widget in (self._name, self._new, self._delete):
            row.addWidget(widget)
        row.addSpacing(10)
        for widget in (words, self._kind, self._even, self._loop, self._reverse, self._frames):
            row.addWidget(widget)
        row.addStretch()
