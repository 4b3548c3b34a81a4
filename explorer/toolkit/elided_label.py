"""A long path or sentence in a narrow place."""

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from explorer.toolkit.plain_text import plain_tip

_DOTS = "…"
_BEGUN = re.compile(r"(?:^|(?<=[\s(±×]))(?:[+−-]|[+−-]?\d[\d.,]*)$")  # a number by itself ends so far
_GOES_ON, _ENDED = re.compile(r"[.,]?\d"), re.compile(r"[\d.,]*\d")


class ElidedLabel(QLabel):
    """The middle of its text is left out as needed, never a part of a number; the tooltip has it all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole, self._shorter = "", tuple[str, ...]()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMinimumWidth(1)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    @property
    def whole(self) -> str:
        """What it would show if it had the room."""
        return self._whole

    def show_text(self, text: str, more: str = "", shorter: Sequence[str] = ()) -> None:
        """The whole text; what fits of it is seen, of those that say it in fewer letters the first that fits.

        `more` is said in the tooltip only.
        """
        self._whole, self._shorter = text, tuple(shorter)
        self.setToolTip(plain_tip(f"{text}\n{more}".strip()))
        self._elide()

    def _elide(self) -> None:
        room, metrics = self.contentsRect().width(), self.fontMetrics()
        fitting = (each for each in (self._whole, *self._shorter) if metrics.horizontalAdvance(each) <= room)
        if found := next(fitting, ""):
            self.setText(found)
            return
        short = metrics.elidedText(self._whole, Qt.TextElideMode.ElideMiddle, room)
        self.setText(short if short == self._whole else without_half_numbers(short, self._whole))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()


def without_half_numbers(short: str, whole: str) -> str:
    """The same, without what is left of a number beside the dots: "−18…" would be another number than "−18,640"."""
    left, _, right = short.partition(_DOTS)
    after, before = whole[len(left) :], whole[: len(whole) - len(right)]
    if _GOES_ON.match(after):
        left = _BEGUN.sub("", left)
    if _BEGUN.search(before):
        right = _ENDED.sub("", right, count=1) if _ENDED.match(right) else right
    return f"{left}{_DOTS}{right}"
