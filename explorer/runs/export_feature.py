"""Export: the model of the run in hand, for programs that know nothing of this one."""

import os
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from explorer.shell.actions import MODEL, Entry
from explorer.shell.shell import Shell
from explorer.toolkit.file_manager import open_folder
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from explorer.runs.export_controller import Exporting
    from explorer.runs.export_dialog import ExportDialog

KIND = "model"  # of what is asked for: models are put where the last was
NO_RUN = "Only a run that is kept in a folder can be exported: train or open one first."
EXPORT_MODEL = Entry("&File", "export_model", "Export mo&del…", "", "Encoder and decoder as ONNX", (MODEL,))


class ExportModel:
    """Joins the dialog to the run in hand."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        self._exporting: Exporting | None = None
        shell.actions.add(EXPORT_MODEL, self.open)

    def open(self) -> None:
        """Ask where to; a dialog that is there comes to the front."""
        from explorer.runs.export_dialog import ExportDialog

        if (shown := self._shell.window.findChild(ExportDialog)) is not None:
            shown.activateWindow()
        elif (run := self._workspace.learning.run) is None:
            self._shell.say(NO_RUN)
        else:
            name = self._workspace.known_runs.name_of(run)
            dialog = ExportDialog(name, self._free_in(self._shell.files.folder_of(KIND)), self._shell.window)
            self._join(dialog, run)
            dialog.show()

    def _join(self, dialog: "ExportDialog", run: Path) -> None:
        exporting = self._exporting or self._make()
        dialog.export_clicked.connect(lambda out: exporting.export(run, Path(out)))
        dialog.stop_clicked.connect(exporting.cancel)
        dialog.place_clicked.connect(lambda: self._choose_place(dialog))
        dialog.copy_clicked.connect(lambda out: self._copy_command(dialog, run, Path(out)))
        dialog.folder_clicked.connect(open_folder)
        exporting.busy_changed.connect(dialog.show_busy)
        exporting.progressed.connect(dialog.show_progress)
        exporting.reported.connect(dialog.show_exported)
        exporting.failed.connect(dialog.show_failure)
        dialog.show_busy(exporting.is_busy)  # the one before may not have ended yet

    def _make(self) -> "Exporting":
        """It outlives every dialog."""
        from explorer.runs.export_controller import Exporting

        self._exporting = exporting = Exporting(self._shell)
        self._shell.closing.connect(exporting.stop)
        return exporting

    def _choose_place(self, dialog: "ExportDialog") -> None:
        if chosen := self._shell.files.choose_folder(KIND, "Choose where the folder of the model goes"):
            dialog.show_folder(self._free_in(chosen))

    def _free_in(self, folder: str) -> str:
        """The first of "run ONNX", "run ONNX-2" … that is not there."""
        name = self._shell.saving.name_of("ONNX")
        paths = (os.path.join(folder, f"{name}-{number}" if number > 1 else name) for number in count(1))
        return next(path for path in paths if not os.path.lexists(path))

    def _copy_command(self, dialog: "ExportDialog", run: Path, out: Path) -> None:
        """Put the command line that writes the same on the clipboard."""
        from core.export.command_lines import export_command

        QGuiApplication.clipboard().setText(export_command(run, out))
        dialog.show_word("Copied the command that exports this model")
