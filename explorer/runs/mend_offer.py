"""A strip at the foot of the window: a run is damaged, and can be mended; then what was done."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMainWindow, QProgressBar, QPushButton

from explorer.toolkit.descriptions import describe
from explorer.toolkit.foot import Foot
from explorer.toolkit.plain_text import be_plain
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone

MEND, BACK, CLOSE = "Mend", "Use the older checkpoint", "Close"
_MEND_TIP = "Goes on with what is whole of the run: its newest weights if they are. No weights are thrown away."
_BACK_TIP = (
    "Goes on from a checkpoint that is whole in all its parts, bit for bit as it would have; newer ones are kept."
)
_CLOSE_TIP = "The run stays as it is."


class MendOffer(QFrame):
    """Asks nothing by itself: a damaged run stays as it is until a button is pressed."""

    mend_wished = Signal(object, bool)  # the run; whether exactly, from an older checkpoint

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._run = Path()
        self.setAccessibleName("A damaged run")
        self._words = QLabel(wordWrap=True)
        be_plain(self._words)
        self._bar = having(QProgressBar(textVisible=False, minimum=0, maximum=0), maximumWidth=120, visible=False)
        self._bar.setAccessibleName("Mending")
        self._mend, self._back, self._close = (QPushButton(words) for words in (MEND, BACK, CLOSE))
        for button, tip in ((self._mend, _MEND_TIP), (self._back, _BACK_TIP), (self._close, _CLOSE_TIP)):
            describe(button, button.text(), tip)
        self._mend.clicked.connect(lambda: self._wish(False))
        self._back.clicked.connect(lambda: self._wish(True))
        self._close.clicked.connect(self.hide)
        row = having(QHBoxLayout(self), spacing=12)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self._words, 1)
        for widget in (self._bar, self._mend, self._back, self._close):
            row.addWidget(widget)
        Foot(self, window)

    def show_damage(self, run: Path, sentence: str, has_older: bool) -> None:
        """What is wrong, and that it can be mended."""
        self._run = run
        self._say(sentence, is_failure=True, offers=True)
        self._back.setVisible(has_older)
        self.show()

    def show_mended(self, sentences: str) -> None:
        """What was wrong and what was done."""
        self._say(sentences, is_failure=False, offers=False)

    def show_failure(self, sentence: str) -> None:
        """Why it was not mended."""
        self._say(sentence, is_failure=True, offers=False)

    @property
    def is_mending(self) -> bool:
        """Whether a button was pressed, and nothing came of it yet."""
        return not self._bar.isHidden()

    def _wish(self, exactly: bool) -> None:
        self._say("Mending: every file of the run is read…", is_failure=False, offers=False)
        self._bar.show()
        self.mend_wished.emit(self._run, exactly)

    def _say(self, words: str, is_failure: bool, offers: bool) -> None:
        self._words.setText(words)
        set_tone(self._words, "failure" if is_failure else "")
        self._bar.hide()
        self._mend.setVisible(offers)
        self._back.setVisible(offers)
