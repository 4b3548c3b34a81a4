"""How good the model is, in figures, each with what it means in a line."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.reports.evaluation import Evaluated
from core.reports.progress import Progress
from explorer.runs.figure_rows import Figure, figure_rows
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.picture_sheet import PictureSheet
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.properties import having
from explorer.toolkit.wrapping_row import WrappingRow

NO_MODEL = "The figures of a model appear here once there is one."
NO_IMAGES = "The images of this run are not here: open their folder to evaluate it on them."
READY = "Press Evaluate to measure the model on its held-out images: log p(x), its bounds, and what they are made of."
WORKING = "Evaluating…"
_SAMPLES_TIP = "How many z are drawn for each image: more is slower, and closer to the truth (Burda et al. 2016)."
_JUDGE_TIP = "Draw pictures as Samples does, too: are they copies, are they off, are all classes among them?"
_EVALUATE_TIP = "Measure the model as it is now on its held-out images."


class EvaluationPanel(QWidget):
    """Emits when to evaluate and when to stop; shows the figures of the last time."""

    evaluate_requested = Signal(int, bool)  # importance samples, whether samples are judged
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Evaluation")
        self._rows: list[Figure] = []
        self._told = ""  # of which model the figures are
        self._why_not, self._is_busy, self._failure = NO_MODEL, False, ""
        self._build_choices()
        self._build_figures()
        self._lay_out()
        self.show_nothing()

    def show_obstacle(self, why_not: str) -> None:
        """Why nothing can be evaluated now; empty: something can."""
        self._why_not = why_not
        self._refresh()

    def show_nothing(self) -> None:
        """There are no figures."""
        self._rows, self._failure = [], ""
        self._refresh()

    def show_busy(self, is_busy: bool) -> None:
        """Whether the figures are being found."""
        self._is_busy = is_busy
        if is_busy:
            self._failure = ""
            self.show_progress(Progress(WORKING.rstrip("…"), 0))
        self._refresh()

    def show_progress(self, progress: Progress) -> None:
        """How far it is."""
        self._about.show_text(f"{progress.doing}…")
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)

    def show_figures(self, found: Evaluated, about: str) -> None:
        """What was found, and of which model."""
        self._rows = figure_rows(found)
        self._told = about
        self._table.clear()
        for row in self._rows:
            item = QTreeWidgetItem(list(row))
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(2, plain_tip(row.meaning))
            self._table.addTopLevelItem(item)
        self._refresh()

    def show_failure(self, sentence: str) -> None:
        """Say in place of the figures why there are none."""
        self._rows, self._failure = [], sentence
        self._refresh()

    def evaluate(self) -> None:
        """As if the button had been pressed."""
        if self._evaluate.isEnabled() and not self._is_busy:
            self.evaluate_requested.emit(self._samples.value(), self._judges.isChecked())

    def _build_choices(self) -> None:
        self._samples = QSpinBox(minimum=1, maximum=10_000, value=64)
        self._samples.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
        describe(self._samples, "Importance samples", _SAMPLES_TIP)
        self._judges = QCheckBox("Judge samples too")
        describe(self._judges, "Judge samples too", _JUDGE_TIP)
        self._evaluate, self._cancel = QPushButton("Evaluate"), QPushButton("Cancel")
        self._evaluate.setProperty("primary", True)
        describe(self._evaluate, "Evaluate", _EVALUATE_TIP)
        describe(self._cancel, "Cancel", "Stop evaluating.")
        self._evaluate.clicked.connect(self.evaluate)
        self._cancel.clicked.connect(self.cancel_requested)
        self._about, self._bar = ElidedLabel(), QProgressBar(textVisible=False)
        self._about.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._bar.setAccessibleName("Progress of evaluating")

    def _build_figures(self) -> None:
        self._table = having(
            QTreeWidget(), rootIsDecorated=False, uniformRowHeights=True, frameShape=QTreeWidget.Shape.NoFrame
        )
        self._table.setHeaderLabels(["Figure", "Value", "What it means"])
        self._table.headerItem().setTextAlignment(1, Qt.AlignmentFlag.AlignRight)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for column in (0, 1):
            self._table.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self._table.setStyleSheet("QTreeView::item { padding: 2px 5px; }")
        self._table.setAccessibleName("Figures")
        self._copy = QPushButton("Copy")
        describe(self._copy, "Copy the figures", "Copy all rows as a table.")
        self._copy.clicked.connect(self._copy_figures)
        self._message = PictureSheet("Evaluation", "")

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self._message)
        self._stack.addWidget(self._table)
        whole = having(QVBoxLayout(self), spacing=4)
        whole.setContentsMargins(8, 4, 8, 4)
        whole.addLayout(self._control_row())
        whole.addWidget(self._stack, 1)

    def _control_row(self) -> WrappingRow:
        words = QLabel("Importance samples")
        words.setBuddy(self._samples)
        row = WrappingRow()
        widget: QWidget
        for widget in (words, self._samples, self._judges):
            row.addWidget(widget)
        row.addSpacing(4)
        row.addWidget(self._about, 1)
        row.addWidget(self._bar, 1)
        for widget in (self._copy, self._evaluate, self._cancel):
            row.addWidget(widget)
        return row

    def _refresh(self) -> None:
        widget: QWidget
        for widget in (self._samples, self._judges, self._evaluate):
            allow(widget, self._why_not or (WORKING if self._is_busy else ""))
        self._evaluate.setVisible(not self._is_busy)
        self._copy.setVisible(bool(self._rows))
        for widget in (self._cancel, self._bar):
            widget.setVisible(self._is_busy)
        if not self._is_busy:
            self._about.show_text(self._told if self._rows else "")
        words = WORKING if self._is_busy else self._failure or self._why_not or READY
        self._message.show_sentence(words, is_failure=bool(self._failure) and not self._is_busy)
        self._stack.setCurrentIndex(1 if self._rows else 0)

    def _copy_figures(self) -> None:
        QGuiApplication.clipboard().setText("\n".join("\t".join(row) for row in self._rows))


def _made_up() -> Evaluated:
    return Evaluated(
        1000, 231.9, 226.4, 5.5, (3.1, 2.4), 2, -229.84, 0.41, 12.7, -261.3, 2.9, 1.4, 64, None, "bernoulli", 1.0
    )


if __name__ == "__main__":
    from PySide6.QtWidgets import QApplication

    from explorer.toolkit.theme import apply_theme

    app = QApplication([])
    apply_theme(app)
    panel = EvaluationPanel()
    panel.resize(820, 230)
    panel.show_obstacle("")
    panel.show_figures(_made_up(), "1,000 held-out images, at step 4,210")
    panel.evaluate_requested.connect(lambda *_: panel.show_busy(True))
    panel.cancel_requested.connect(lambda: panel.show_busy(False))
    panel.show()
    app.exec()
