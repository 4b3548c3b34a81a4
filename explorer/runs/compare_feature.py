"""Compare: what differs between several runs, and which learned better."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from core.reports.runs import KnownRuns
from explorer.runs.feature import folder_of_runs
from explorer.shell.actions import Entry
from explorer.shell.docks import BOTTOM
from explorer.shell.shell import Shell
from explorer.workspace.workspace import Workspace

WORDS = "Several runs side by side: what differs between them, and which learned better."
COMPARE = Entry("&Training", "compare", "&Compare runs", "Ctrl+R", "Curves and figures of several runs together")


class Compare:
    """Joins the panel to the runs that are kept."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        shell.docks.add("Compare", BOTTOM, self._make, WORDS, is_aside=True)
        shell.actions.add(COMPARE, lambda: shell.docks.bring_forward("Compare"))

    def _make(self) -> QWidget:
        from explorer.runs.compare_controller import Comparing
        from explorer.runs.compare_panel import ComparePanel

        self._panel, self._comparing = panel, comparing = ComparePanel(), Comparing(self._shell)
        learning, known_runs = self._workspace.learning, self._workspace.known_runs
        panel.runs_chosen.connect(comparing.choose)
        panel.refresh_clicked.connect(comparing.look)
        panel.add_clicked.connect(self._add)
        comparing.began.connect(panel.show_busy)
        comparing.runs_listed.connect(panel.show_runs)
        comparing.compared.connect(panel.show_compared)
        comparing.failed.connect(panel.show_failure)
        learning.run_opened.connect(lambda opened: panel.show_run_in_hand(opened.run))
        learning.training_started.connect(lambda started: panel.show_run_in_hand(started.run))
        self._workspace.viewing.cleared.connect(lambda: panel.show_run_in_hand(None))
        known_runs.listed.connect(self._show_names)
        known_runs.thrown.connect(lambda _: comparing.look())
        panel.show_run_in_hand(learning.run)
        self._show_names(known_runs.known)
        self._shell.docks.when_seen("Compare", comparing.watch)
        self._shell.closing.connect(comparing.stop)
        return panel

    def _add(self) -> None:
        """Choose the folder of a run that is kept elsewhere."""
        if folder := self._shell.files.open_folder("run", "Compare a run", folder_of_runs()):
            self._comparing.add(Path(folder))

    def _show_names(self, known: KnownRuns) -> None:
        self._panel.show_names({each.run: each.name for each in known.runs})
