"""What the frame says of the run that is open: its name in the title, and nothing any more of the one before."""

from pathlib import Path

from explorer.shell.main_window import MainWindow
from explorer.toolkit.drawable_text import drawable
from explorer.workspace.workspace import Workspace


class RunTitle:
    """Follows the run in hand."""

    def __init__(self, window: MainWindow, workspace: Workspace) -> None:
        self._window, self._workspace = window, workspace
        learning = workspace.learning
        learning.run_opened.connect(lambda opened: self._show(opened.run))
        learning.training_started.connect(lambda started: self._show_name(started.run))
        workspace.viewing.cleared.connect(lambda: self._show(None))
        workspace.known_runs.listed.connect(lambda _: self._show_name(learning.run))

    def _show(self, run: Path | None) -> None:
        self._window.status.show_message("")
        self._window.status.show_device("", "")
        self._show_name(run)

    def _show_name(self, run: Path | None) -> None:
        self._window.show_title(None if run is None else drawable(self._workspace.known_runs.name_of(run)))
