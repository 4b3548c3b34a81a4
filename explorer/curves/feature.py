"""Curves: the objective and its parts as the model learns."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QWidget

from core.imported.settings import ImportedRunConfig
from core.reports.training import TrainingStarted
from explorer.shell.docks import BOTTOM
from explorer.shell.shell import Shell
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from core.latent.reports import RunOpened
    from explorer.workspace.place_in_hand import Place

WORDS = (
    "The objective falls as the model learns. It has two parts: how badly pictures come back (reconstruction), and "
    "what their codes cost (KL), which rises as they are put to use. When orange, the held-out images, rises while "
    "blue falls, the model learns by heart."
)


class Curves:
    """Joins the plots to the run in hand."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        self._z: np.ndarray[tuple[int], np.dtype[np.float32]] | None = None  # of the place that was decoded last
        shell.docks.add("Curves", BOTTOM, self._make, WORDS)

    def _make(self) -> QWidget:
        from explorer.curves.panel import CurvesPanel

        self._panel, learning = CurvesPanel(), self._workspace.learning
        self._panel.save_requested.connect(self._save)
        learning.run_opened.connect(self._show_run)
        learning.training_started.connect(self._show_start)
        learning.step_done.connect(self._panel.add_step)
        learning.held_out_done.connect(self._panel.add_held_out)
        self._workspace.viewing.cleared.connect(self._panel.clear)
        self._workspace.viewing.place_decoded.connect(self._follow_hand)
        self._workspace.recalling.step_changed.connect(self._panel.show_time)
        self._panel.show_time(self._workspace.recalling.step)
        return self._panel

    def _show_run(self, opened: "RunOpened") -> None:
        if isinstance(opened.config, ImportedRunConfig):
            self._panel.show_none()
        else:
            self._panel.show_history(opened.steps, opened.held_out)

    def _show_start(self, started: TrainingStarted) -> None:
        """What goes on goes on from where it was."""
        if started.step == 0:
            self._panel.clear()

    def _follow_hand(self, place: "Place") -> None:
        """A place that was only decoded anew, as the model has learned, is no hand."""
        if self._z is None or not np.array_equal(place.z, self._z):
            self._panel.give_way()
        self._z = place.z

    def _save(self, name: str, save: Callable[[str], None]) -> None:
        """Ask where the curves go."""
        if chosen := self._shell.files.save_file("curves", "Save the curves", name, Path(name).suffix):
            save(chosen)
