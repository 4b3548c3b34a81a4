"""The card that says what to do next, and then what was seen; signals out, setters in."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.plain_text import be_plain
from explorer.toolkit.properties import having
from explorer.toolkit.theme import quiet
from explorer.toolkit.wrapped_label import WrappedLabel
from explorer.tour.steps import OWN, Shown, Step
from explorer.tour.way_strip import WayStrip

if TYPE_CHECKING:
    from explorer.workspace.placed_image import Placed

FIRST = "This is the first step."
SKIP_TIP = "Not shown by itself any more; Help ▸ Show me around brings it back (Shift+Esc)"
NEXT_TIP = "Done or not (Ctrl+Alt+Enter; with the keyboard here: Enter)"


class TourCard(QFrame):
    """A row; at the step of somebody's own picture, the way that it takes through the model below it."""

    moved = Signal(int)  # steps, on or back
    skipped = Signal()
    action_wished = Signal(str)  # of the shell, by its name

    def __init__(self, steps: Sequence[Step], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps, self._place = steps, 0
        self.setObjectName("card")
        self.setAccessibleName("Showing you around")
        self._where, self._words, self._way = quiet(""), WrappedLabel(), WayStrip()
        be_plain(self._words)
        self._where.setFixedWidth(self.fontMetrics().horizontalAdvance("✓ 5 of 5") + 8)
        self._act, self._back, self._next, self._skip = (QPushButton(each) for each in ("", "Back", "Next", "Skip"))
        describe(self._back, "Step back", "The step before")
        describe(self._skip, "Skip showing me around", SKIP_TIP)
        self._act.clicked.connect(lambda: self.action_wished.emit(self._steps[self._place].action))
        self._back.clicked.connect(lambda: self.moved.emit(-1))
        self._next.clicked.connect(lambda: self.moved.emit(1))
        self._skip.clicked.connect(self.skipped)
        self._lay_out()
        self._add_keys()
        self.show_step(Shown(0, 1, len(steps), steps[0].task))

    @property
    def has_keys(self) -> bool:
        """Whether the keyboard is in here."""
        return any(each.hasFocus() for each in self.findChildren(QPushButton))

    def show_step(self, shown: Shown) -> None:
        """What to do at this step, or what was seen once that is done."""
        step, is_other = self._steps[shown.place], shown.place != self._place
        self._place = shown.place
        self._where.setText(f"{'✓ ' if shown.is_done else ''}{shown.number} of {shown.count}")
        self._words.setText(shown.words)
        self._act.setText(step.button)
        self._act.setVisible(bool(step.button))
        describe(self._act, step.button, step.task)
        is_last = shown.number == shown.count
        self._next.setText("Done" if is_last else "Next")
        describe(self._next, "End showing me around" if is_last else "Next step", NEXT_TIP)
        allow(self._back, FIRST if shown.number == 1 else "")
        self._way.setVisible(shown.place == OWN)
        if is_other:
            self._way.clear()

    def show_placed(self, placed: "Placed") -> None:
        """A picture from outside went through the model."""
        if self._place == OWN:
            self._way.show_placed(placed)

    def _lay_out(self) -> None:
        row = having(QHBoxLayout(), spacing=8)
        row.addWidget(self._where)
        row.addWidget(self._words, 1)
        for each in (self._act, self._back, self._next, self._skip):
            row.addWidget(each)
        column = having(QVBoxLayout(self), spacing=6)
        column.setContentsMargins(12, 6, 8, 6)
        column.addLayout(row)
        column.addWidget(self._way)

    def _add_keys(self) -> None:
        """With the keyboard in here Enter goes on, Escape skips."""
        keys = Qt.Key
        for key, do in ((keys.Key_Return, self._next), (keys.Key_Enter, self._next), (keys.Key_Escape, self._skip)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do.click)
