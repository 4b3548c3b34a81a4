"""A strip at the foot of the window: that something went wrong inside the program, and the report of it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QCheckBox, QFrame, QHBoxLayout, QLabel, QMainWindow, QPushButton

from explorer.toolkit.descriptions import describe
from explorer.toolkit.foot import Foot
from explorer.toolkit.plain_text import be_plain
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone
from explorer.workspace.error_words import fault_words
from explorer.workspace.fault import Fault
from explorer.workspace.fault_watch import ENDED, LOG

COPY, COPIED = "Copy report", "Copied"
_COPY_TIP = (
    "For who mends the program: versions, and the places in its code. No path and no name of yours is in it. "
    f"The details are in {LOG}, in the folder of settings."
)
_NAMES_TIP = "The report also has what the error said, which may name files, runs and folders."


class FaultNotice(QFrame):
    """Over the foot of its window until it is closed; one strip, however many faults there are."""

    report_wished = Signal(bool)  # with names

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._count = 0
        self.setAccessibleName("Something went wrong")
        self._words = QLabel(wordWrap=True)
        be_plain(self._words)
        set_tone(self._words, "failure")
        self._names = QCheckBox("With names of files")
        describe(self._names, "With names of files", _NAMES_TIP)
        self._copy, self._close = QPushButton(COPY), QPushButton("Close")
        describe(self._copy, COPY, _COPY_TIP)
        describe(self._close, "Close", "The window goes on.")
        self._names.toggled.connect(lambda _: self._copy.setText(COPY))
        self._copy.clicked.connect(lambda: self.report_wished.emit(self._names.isChecked()))
        self._close.clicked.connect(self.hide)
        row = having(QHBoxLayout(self), spacing=12)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self._words, 1)
        for control in (self._names, self._copy, self._close):
            row.addWidget(control)
        Foot(self, window)

    def show_fault(self, fault: Fault) -> None:
        """In the thread of the window."""
        self._count += 1
        words = f"{fault.what}." if fault.kind == ENDED else fault_words(fault.what)
        others = self._count - 1
        more = f" The report has {others} other {'fault' if others == 1 else 'faults'} too." if others else ""
        self._words.setText(words + more)
        self._copy.setText(COPY)
        self.show()

    def copy(self, report: str) -> None:
        """Put the report where it can be pasted from."""
        QApplication.clipboard().setText(report)
        self._copy.setText(COPIED)
