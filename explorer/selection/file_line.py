"""One line on files that are copied or moved: how far it is, what came of it, and what can be done about it."""

from pathlib import Path

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from core.reports.progress import Progress
from explorer.toolkit.descriptions import describe
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone


class FileLine(QWidget):
    """Not there until something is being done."""

    cancel_clicked = Signal()
    put_back_clicked = Signal()
    folder_clicked = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self._words = ElidedLabel()
        self._cancel = self._button("Cancel", "Stop at the next file; what is done stays done", self.cancel_clicked)
        self._back = self._button("Put them back", "Move the files to where they were", self.put_back_clicked)
        self._show = QPushButton("Show")
        describe(self._show, "Show the folder", "Open the folder in the file manager")
        self._show.clicked.connect(lambda: self.folder_clicked.emit(self._folder))
        row = having(QHBoxLayout(self), spacing=6)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._words, 1)
        for button in (self._cancel, self._back, self._show):
            row.addWidget(button)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._words.whole

    def show_progress(self, progress: Progress) -> None:
        """How far it is."""
        self._say(f"{progress.doing} {progress.counted}…", is_busy=True)

    def show_done(self, words: str, folder: Path, can_go_back: bool) -> None:
        """What came of it, and the folder that it went to."""
        self._folder = folder
        self._say(words)
        self._back.setVisible(can_go_back)
        self._show.setVisible(True)

    def show_failure(self, sentence: str) -> None:
        """Why nothing came of it."""
        self._say(sentence, is_failure=True)

    def let_go(self) -> None:
        """What it says is of no more use, unless something can still be done about it."""
        if not self._cancel.isVisibleTo(self) and not self._back.isVisibleTo(self):
            self.hide()

    def _say(self, words: str, is_busy: bool = False, is_failure: bool = False) -> None:
        self._words.show_text(drawable(words))
        set_tone(self._words, "failure" if is_failure else "")
        self._cancel.setVisible(is_busy)
        self._back.hide()
        self._show.hide()
        self.show()

    def _button(self, text: str, tip: str, clicked: SignalInstance) -> QPushButton:
        button = QPushButton(text)
        describe(button, text, tip)
        button.clicked.connect(clicked)
        return button
