"""Findings: what is wrong with the run in hand, below its curves, each with a remedy to try."""

from PySide6.QtWidgets import QWidget

from core.reports.evaluation import Finding
from explorer.runs.findings_controller import Diagnosing
from explorer.runs.findings_panel import FindingsPanel
from explorer.shell.shell import Shell
from explorer.workspace.workspace import Workspace


class Findings:
    """Joins the diagnosis to the run in hand, and its remedies to the next."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        shell.docks.add_below("Curves", self._make)

    def _make(self) -> QWidget:
        workspace, learning = self._workspace, self._workspace.learning
        self._panel, diagnosing = FindingsPanel(), Diagnosing(self._shell)
        learning.run_opened.connect(diagnosing.show_run)
        learning.training_started.connect(diagnosing.show_start)
        learning.before_learning.connect(diagnosing.show_untrained)
        learning.step_done.connect(diagnosing.add_step)
        learning.held_out_done.connect(diagnosing.add_held_out)
        learning.training_done.connect(diagnosing.end)
        workspace.follow_map(diagnosing.show_map, diagnosing.clear)
        diagnosing.found.connect(self._show)
        diagnosing.failed.connect(self._shell.say)
        diagnosing.early_told.connect(self._panel.show_early)
        diagnosing.trial_told.connect(self._panel.show_trial)
        self._panel.try_clicked.connect(workspace.settings_wished)
        self._panel.try_clicked.connect(diagnosing.begin_trial)
        self._shell.closing.connect(diagnosing.stop)
        return self._panel

    def _show(self, findings: tuple[Finding, ...]) -> None:
        """What is wrong, and how much on the tab."""
        self._panel.show_findings(findings)
        count = len(findings)
        said = f" · {count} finding{'s' if count != 1 else ''}" if count else ""
        self._shell.docks.name_tab("Curves", f"Curves{said}")
