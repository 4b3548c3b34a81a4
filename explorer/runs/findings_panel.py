"""What is wrong with the run in hand, with the remedy one click away, and what came of one that was tried."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from core.reports.evaluation import Finding
from explorer.toolkit.descriptions import describe
from explorer.toolkit.properties import having
from explorer.toolkit.theme import CAUTION, is_dark, set_tone

MOST_LINES = 3  # what is longer is in the tooltip


class FindingsPanel(QWidget):
    """One finding at a time, the worst first: it must leave room for the curves. Hidden where nothing is to be said."""

    try_clicked = Signal(object)  # {"training.beta": 1.0}

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Findings")
        self._findings: tuple[Finding, ...] = ()
        self._index = 0
        self._words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        self._words.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self._words.setMaximumHeight(MOST_LINES * self.fontMetrics().lineSpacing() + 2)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._next = having(QToolButton(), focusPolicy=Qt.FocusPolicy.StrongFocus)
        self._next.setAccessibleName("Next finding")
        self._next.clicked.connect(self._show_next)
        self._try = QPushButton("Try it")
        self._try.clicked.connect(lambda: self.try_clicked.emit(self._findings[self._index].changes))
        self._early, self._trial = QLabel(wordWrap=True), QLabel(wordWrap=True)
        set_tone(self._early, "quiet")
        self._early.setAccessibleName("Whether it can be judged")
        self._trial.setAccessibleName("Before and after")
        self._lay_out()
        self.hide()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """All that is wrong, the worst first; the one that is read stays, where it is still found."""
        shown = self._findings[self._index].name if self._findings else ""
        self._findings = tuple(findings)
        names = [finding.name for finding in findings]
        self._index = names.index(shown) if shown in names else 0
        self._fill()
        self._show_what_is_said()

    def show_early(self, sentence: str) -> None:
        """Why the run cannot be judged yet; empty: it can."""
        self._early.setText(sentence)
        self._show_what_is_said()

    def show_trial(self, sentence: str) -> None:
        """A run before and after its remedy, side by side; empty: none was tried."""
        self._trial.setText(sentence)
        self._show_what_is_said()

    def _lay_out(self) -> None:
        self._finding = QWidget()
        line = having(QHBoxLayout(self._finding), spacing=8)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._words, 1)
        line.addWidget(self._next)
        line.addWidget(self._try)
        column = having(QVBoxLayout(self), spacing=2)
        column.setContentsMargins(8, 2, 8, 6)
        for part in (self._trial, self._early, self._finding):
            column.addWidget(part)

    def _show_what_is_said(self) -> None:
        said = {self._trial: self._trial.text(), self._early: self._early.text(), self._finding: self._findings}
        for part, what in said.items():
            part.setVisible(bool(what))
        self.setVisible(any(said.values()))

    def _show_next(self) -> None:
        self._index = (self._index + 1) % len(self._findings)
        self._fill()

    def _fill(self) -> None:
        if not self._findings:
            return
        finding, count = self._findings[self._index], len(self._findings)
        name, colour = finding.name[:1].upper() + finding.name[1:], CAUTION[is_dark(self.palette())]
        said, remedy = escape(finding.sentence), escape(finding.remedy)
        self._words.setText(f"<b style='color: {colour}'>⚠ {name}.</b> {said} <i>{remedy}</i>")
        describe(self._words, f"{name}. {finding.sentence}", f"{finding.sentence}\n{finding.remedy}")
        self._try.setVisible(bool(finding.changes))
        describe(self._try, "Try it", f"{finding.remedy}\nFills in the training form; nothing is trained yet.")
        self._next.setVisible(count > 1)
        self._next.setText(f"{self._index + 1} of {count} ›")
        describe(self._next, "Next finding", "What else is wrong")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fill()


def _made_up() -> tuple[Finding, ...]:
    return (
        Finding(
            "collapsed posterior",
            "KL is 0.02 nats per image after 6 epochs: z says nothing about an image.",
            "Let beta rise slowly, over 10 epochs, so that z is used before it costs anything.",
            {"training.warm_up": 10.0},
        ),
        Finding(
            "overfitting",
            "Held-out images are at 260.1 nats and rising, those learned from at 212.4.",
            "Stop here, or use a smaller model: a width of 16.",
            {"model.width": 16},
        ),
    )


if __name__ == "__main__":
    from PySide6.QtWidgets import QApplication

    from explorer.toolkit.theme import apply_theme

    app = QApplication([])
    apply_theme(app)
    panel = FindingsPanel()
    panel.resize(820, 80)
    panel.show_findings(_made_up())
    panel.show_trial(
        "Before and after, Beta 8 → 1: held-out reconstruction + KL 310.2 nats per image before, 262.4 after."
    )
    panel.try_clicked.connect(print)
    panel.show()
    app.exec()
