"""Asks when two classes parted, for as long as the dialog is open."""

from typing import TYPE_CHECKING

import numpy as np

from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence

if TYPE_CHECKING:
    from pathlib import Path

    from core.latent.latent_space import LatentSpace
    from core.reports.moments import Moment, Parting
    from explorer.moments.parting_dialog import PartingDialog
    from explorer.shell.shell import Shell
    from explorer.workspace.workspace import Workspace

Question = tuple["Path", "tuple[Moment, ...]", "LatentSpace", "np.ndarray[tuple[int], np.dtype[np.int64]]", int, int]


class Partings:
    """Joins the dialog to the moments of the run in hand; the newest question is answered."""

    def __init__(self, workspace: "Workspace", shell: "Shell") -> None:
        self._workspace, self._shell = workspace, shell
        self._dialog: PartingDialog | None = None
        self._finding = LatestOnly(_find, shell)
        self._finding.answered.connect(self._show)
        self._finding.failed.connect(self._fail)
        shell.closing.connect(self._finding.stop)
        workspace.recalling.step_changed.connect(self._show_time)
        workspace.learning.run_opened.connect(lambda _: self._close())
        workspace.viewing.cleared.connect(self._close)

    def open(self) -> None:
        """The dialog; the one that is open already has the keyboard."""
        from explorer.moments.parting_dialog import PartingDialog

        if self._dialog is not None:
            self._dialog.activateWindow()
            return
        classes = [drawable(each) for each in self._workspace.viewing.table.classes]
        self._dialog = dialog = PartingDialog(classes, self._shell.window)
        dialog.asked.connect(self._ask)
        dialog.sought.connect(self._seek)
        dialog.destroyed.connect(self._forget)
        dialog.show_time(self._workspace.recalling.step)
        dialog.show()
        dialog.ask()

    def _ask(self, one: int, other: int) -> None:
        viewing, run = self._workspace.viewing, self._workspace.learning.run
        if run is not None and viewing.now is not None:
            labels = np.asarray(viewing.table.labels)
            self._finding.ask((run, self._workspace.recalling.moments, viewing.now, labels, one, other))

    def _show(self, question: Question, parting: "Parting") -> None:
        if self._dialog is not None and question[0] == self._workspace.learning.run:
            self._dialog.show_parting(parting)

    def _fail(self, _: Question, error: Exception) -> None:
        if self._dialog is not None:
            self._dialog.show_message(sentence(error))

    def _seek(self, step: float) -> None:
        """Look back at the moment that is nearest to a step."""
        recalling = self._workspace.recalling
        steps = [each.step for each in recalling.moments]
        if steps:
            now = self._workspace.viewing.now
            steps.append(steps[-1] if now is None else now.step)
            recalling.seek(float(np.abs(np.array(steps) - step).argmin()))

    def _show_time(self, step: float) -> None:
        if self._dialog is not None:
            self._dialog.show_time(step)

    def _close(self) -> None:
        if self._dialog is not None:
            self._dialog.close()

    def _forget(self) -> None:
        self._dialog = None


def _find(question: Question) -> "Parting":
    from core.latent.separation import parting
    from core.reports.moments import Parting

    run, moments, now, labels, one, other = question
    *_, found = parting(run, moments, (now.step, now.codes), labels, one, other)
    assert isinstance(found, Parting)
    return found
