"""Evaluation: how good the model is on images it has not learned from, in figures."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from core.reports.evaluation import Evaluated
from explorer.shell.actions import MODEL, Entry
from explorer.shell.docks import BOTTOM
from explorer.shell.shell import Shell
from explorer.toolkit.drawable_text import drawable
from explorer.workspace.workspace import Workspace

WORDS = "How good the model is on pictures it has not learned from, in figures, each with what it means."
EVALUATE = Entry(
    "&Training", "evaluate", "&Evaluate on held-out images", "Ctrl+E", "How good the model is on them", (MODEL,)
)


class Evaluation:
    """Joins the panel to the run in hand."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        shell.docks.add("Evaluation", BOTTOM, self._make, WORDS, is_aside=True)
        shell.actions.add(EVALUATE, self._open)

    def _open(self) -> None:
        self._shell.docks.bring_forward("Evaluation")
        self._panel.evaluate()

    def _make(self) -> QWidget:
        from explorer.runs.evaluation_controller import Evaluating
        from explorer.runs.evaluation_panel import NO_MODEL, EvaluationPanel

        self._panel, self._evaluating = panel, evaluating = EvaluationPanel(), Evaluating(self._shell)
        learning, viewing = self._workspace.learning, self._workspace.viewing
        panel.evaluate_requested.connect(self._evaluate)
        panel.cancel_requested.connect(evaluating.cancel)
        for begun in (learning.run_opened, learning.training_started):
            begun.connect(evaluating.cancel)
            begun.connect(lambda _: panel.show_nothing())
        evaluating.busy_changed.connect(panel.show_busy)
        evaluating.progressed.connect(panel.show_progress)
        evaluating.evaluated.connect(self._show)
        evaluating.failed.connect(panel.show_failure)
        viewing.cleared.connect(panel.show_nothing)
        self._workspace.follow_map(lambda *_: panel.show_obstacle(""), lambda: panel.show_obstacle(NO_MODEL))
        self._shell.closing.connect(evaluating.stop)
        return panel

    def _evaluate(self, importance_samples: int, judges_samples: bool) -> None:
        """The run in hand, as it was last saved."""
        if (run := self._workspace.learning.run) is not None:
            self._evaluating.evaluate(run, importance_samples, judges_samples)

    def _show(self, found: Evaluated, run: Path) -> None:
        name = drawable(self._workspace.known_runs.name_of(run))
        self._panel.show_figures(found, f"{found.images:,} held-out images, run {name}")
