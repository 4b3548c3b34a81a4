"""How a place, or an image, stands to the pictures that were learned from, as a small sign: shape, words and colour."""

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.verdicts import WORDS, Verdict
from explorer.toolkit.descriptions import describe
from explorer.toolkit.theme import CAUTION, blend, is_dark

VerdictName = Verdict | Literal[""]  # "": not known

# (on light, on dark): at least 4.5:1 as text, told apart by every kind of eye.
TONES: dict[Verdict, tuple[str, str]] = {
    "among": ("#00695c", "#7fe0c0"),
    "few": ("#1f62c5", "#6fa8ff"),
    "between": CAUTION,
    "far": ("#a3123a", "#ff6f91"),
}
_MARK, _PAD = 11, 9  # pixels: the sign, and what is left free beside it
_DOT, _APART = 2.2, 3.4  # pixels: the radius of a dot, and how far two are from their middle


class VerdictChip(QWidget):
    """A disc among the pictures, a ring around a dot near few, two dots between groups, a ring far from any.

    Nothing until it is known.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdict: VerdictName = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_verdict("", "")

    def show_verdict(self, verdict: VerdictName, why: str) -> None:
        """The verdict, and in a sentence what it comes from."""
        is_other, self._verdict = verdict != self._verdict, verdict
        describe(self, f"Verdict: {self.text or 'not known yet'}", why)
        self.setAccessibleDescription(why)
        if is_other:
            self.updateGeometry()
            self.update()

    @property
    def text(self) -> str:
        """What it says."""
        return verdict_words(self._verdict)

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text) + _MARK + 3 * _PAD
        return QSize(width if self.text else 0, self.fontMetrics().height() + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._verdict:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone, base = QColor(TONES[self._verdict][is_dark(self.palette())]), self.palette().base().color()
        pill = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(self.palette().accent().color() if self.hasFocus() else blend(tone, base, 0.45), 1))
        painter.setBrush(blend(tone, base, 0.07))
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        self._paint_mark(painter, tone, QPointF(_PAD + _MARK / 2, self.height() / 2), self._verdict)
        painter.setPen(tone)
        words = self.rect().adjusted(_MARK + 2 * _PAD - 3, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text)

    def _paint_mark(self, painter: QPainter, tone: QColor, middle: QPointF, verdict: Verdict) -> None:
        painter.setPen(QPen(tone, 1.6))
        if verdict != "between":
            painter.setBrush(tone if verdict == "among" else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, _MARK / 2 - 1, _MARK / 2 - 1)
        painter.setBrush(tone)
        painter.setPen(Qt.PenStyle.NoPen)
        for across in {"few": (0.0,), "between": (-_APART, _APART)}.get(verdict, ()):
            painter.drawEllipse(middle + QPointF(across, 0.0), _DOT, _DOT)


def verdict_words(verdict: VerdictName) -> str:
    """As it is said everywhere; nothing for one that is not known."""
    return WORDS[verdict] if verdict else ""
