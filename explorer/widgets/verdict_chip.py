"""Whether there is data where a picture was decoded, as a small sign: a shape, words and a colour."""

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.describing import describe
from explorer.theme import CAUTION, FAILURE, blend, is_dark

VerdictName = Literal["inside", "edge", "empty", ""]

WORDS: dict[VerdictName, str] = {
    "inside": "inside the data",
    "edge": "edge of the data",
    "empty": "empty space",
    "": "",
}
TONES = {"inside": ("#1a6b3c", "#6fd49a"), "edge": CAUTION, "empty": FAILURE}  # at least 4.5:1 as text
_MARK, _PAD = 11, 9  # pixels: the sign, and what is left free beside it


class VerdictChip(QWidget):
    """A filled disc inside the data, half a disc at its edge, a ring in empty space; nothing until it is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdict: VerdictName = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_verdict("", "")

    def show_verdict(self, verdict: VerdictName, why: str) -> None:
        """One of WORDS, and in a sentence what it comes from."""
        is_other, self._verdict = verdict != self._verdict, verdict
        describe(self, f"Verdict: {WORDS[verdict] or 'not known yet'}", why)
        self.setAccessibleDescription(why)
        if is_other:
            self.updateGeometry()
            self.update()

    @property
    def text(self) -> str:
        """What it says."""
        return WORDS[self._verdict]

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text) + _MARK + 3 * _PAD
        return QSize(width if self.text else 0, self.fontMetrics().height() + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.text:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone, base = QColor(TONES[self._verdict][is_dark(self.palette())]), self.palette().base().color()
        pill = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(self.palette().accent().color() if self.hasFocus() else blend(tone, base, 0.45), 1))
        painter.setBrush(blend(tone, base, 0.07))
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        self._paint_mark(painter, tone, QPointF(_PAD + _MARK / 2, self.height() / 2))
        painter.setPen(tone)
        words = self.rect().adjusted(_MARK + 2 * _PAD - 3, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text)

    def _paint_mark(self, painter: QPainter, tone: QColor, middle: QPointF) -> None:
        place = QRectF(middle.x() - _MARK / 2 + 1, middle.y() - _MARK / 2 + 1, _MARK - 2, _MARK - 2)
        painter.setPen(QPen(tone, 1.6))
        painter.setBrush(tone if self._verdict == "inside" else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(place)
        if self._verdict == "edge":
            painter.setBrush(tone)
            painter.drawChord(place, 90 * 16, 180 * 16)
