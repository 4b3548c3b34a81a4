"""Runs that are kept: opened, found again, named and thrown away."""

from pathlib import Path

from core.errors import PlaceError
from core.places import bundled_run, runs_folder
from explorer.runs.recent_menu import RecentMenu
from explorer.runs.runs_dialog import RunsDialog
from explorer.shell.actions import Entry
from explorer.shell.shell import Shell
from explorer.workspace.run_in_hand import BUSY
from explorer.workspace.workspace import Workspace

OPEN_RUN = Entry(
    "&File", "open_run", "Open &run…", "Ctrl+Shift+O", "Choose the folder of a run that was trained before"
)
ALL_RUNS = Entry("&File", "all_runs", "All r&uns…", "Ctrl+Shift+R", "Every run that is kept: find, open, name, delete")


class Runs:
    """Joins the menu of what was open, and the list of all runs, to the workspace."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        learning, known_runs, menu = workspace.learning, workspace.known_runs, shell.actions.menu("&File")
        shell.actions.add(OPEN_RUN, self.choose)
        all_runs = shell.actions.add(ALL_RUNS, self.show_all)
        self._recent = recent = RecentMenu(all_runs, menu)
        menu.insertMenu(all_runs, recent)
        recent.source_chosen.connect(workspace.open_source)
        recent.run_chosen.connect(workspace.open_run)
        recent.show_sources(workspace.settings.recent_sources())
        known_runs.listed.connect(lambda known: recent.show_runs(known.runs))
        known_runs.thrown.connect(lambda run: shell.say(f"In the bin: {run.name}"))
        known_runs.failed.connect(shell.say)
        learning.run_opened.connect(lambda _: self._look())
        learning.training_done.connect(lambda _: self._look())
        workspace.images_changed.connect(lambda _: self._look())
        workspace.images_changed.connect(lambda _: recent.show_sources(workspace.settings.recent_sources()))
        shell.at_leisure(self._look)

    def choose(self) -> None:
        """Choose the folder of a run."""
        if folder := self._shell.files.open_folder("run", "Open a run", folder_of_runs()):
            self._workspace.open_run(Path(folder))

    def show_all(self) -> None:
        """Every run that is kept; what is done to one is done at once."""
        if (shown := self._shell.window.findChild(RunsDialog)) is not None:
            shown.activateWindow()
            return
        learning, known_runs = self._workspace.learning, self._workspace.known_runs
        dialog = RunsDialog(bundled_run(), lambda: learning.run if learning.state in BUSY else None, self._shell.window)
        dialog.show_runs(known_runs.known)
        dialog.opened.connect(self._workspace.open_run)
        dialog.named.connect(known_runs.name)
        dialog.thrown.connect(self._workspace.throw_away)
        known_runs.listed.connect(dialog.show_runs)
        known_runs.failed.connect(dialog.show_failure)
        learning.state_changed.connect(dialog.allow_what_can_be)
        self._look()
        dialog.show()

    def _look(self) -> None:
        self._workspace.known_runs.look(self._workspace.settings.recent_runs())


def folder_of_runs() -> str:
    """Where runs are kept, if they can be."""
    try:
        return str(runs_folder())
    except PlaceError:
        return str(Path.home())
