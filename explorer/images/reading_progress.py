"""How far reading or downloading is, and a button to leave it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from core.reports.progress import Progress
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone

BAR_STEPS = 1_000  # Qt counts in 32 bits, and a download may have more bytes


class ReadingProgress(QWidget):
    """A line of words, a bar, and Cancel."""

    cancel_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        set_tone(self._text, "quiet")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Reading images")
        cancel = QPushButton("Cancel")
        cancel.setAccessibleName("Cancel reading")
        cancel.setToolTip("Stop reading these images.")
        cancel.clicked.connect(self.cancel_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        column = having(QVBoxLayout(), spacing=4)
        column.addWidget(self._text)
        column.addWidget(self._bar)
        row.addLayout(column, 1)
        row.addWidget(cancel)

    def show_progress(self, progress: Progress) -> None:
        """What is done, how much of it, and how long still if that is known."""
        left = [] if progress.seconds_left is None else [_time_left(progress.seconds_left)]
        self._text.setText(" · ".join([progress.doing, progress.counted, *left]))
        self._bar.setRange(0, BAR_STEPS if progress.total else 0)
        self._bar.setValue(BAR_STEPS * progress.done // (progress.total or 1))


def _time_left(seconds: float) -> str:
    return f"{seconds:.0f} s left" if seconds < 90 else f"{seconds / 60:.0f} min left"
