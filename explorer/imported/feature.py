"""Open a model: one that was trained elsewhere is chosen or dropped, looked at in one dialog, and becomes a run."""

from pathlib import Path
from typing import TYPE_CHECKING

from explorer.imported.controller import Trying
from explorer.shell.actions import Entry
from explorer.shell.shell import Shell
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from core.imported.settings import ImportedSettings
    from core.imported.wish import ModelWish
    from explorer.imported.dialog import ModelDialog

MODELS = "ONNX models (*.onnx);;All files (*)"
OPEN_MODEL = Entry(
    "&File", "open_model", "Open a mode&l…", "", "Choose a decoder that was trained elsewhere and exported as ONNX"
)


class Imported:
    """Joins the dialog to what tries a model, and to the run that it becomes."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        self._trying = Trying(shell)
        shell.actions.add(OPEN_MODEL, self.choose)
        workspace.model_wished.connect(self.show)
        shell.closing.connect(self._trying.stop)

    def choose(self) -> None:
        """Choose the file of a decoder."""
        from core.imported.wish import ModelWish

        if chosen := self._shell.files.open_file("model", "Open a model", MODELS):
            self.show(ModelWish(Path(chosen)))

    def show(self, wish: "ModelWish") -> None:
        """Find out what it is, and show that; another that was being looked at is left."""
        from explorer.imported.dialog import ModelDialog

        if (shown := self._shell.window.findChild(ModelDialog)) is not None:
            shown.reject()
        dialog, trying = ModelDialog(wish, self._shell.window), self._trying
        trying.found.connect(dialog.show_found)
        trying.failed.connect(dialog.show_failure)
        dialog.wished.connect(trying.try_out)
        dialog.encoder_clicked.connect(lambda: self._choose_encoder(dialog))
        dialog.images_clicked.connect(lambda: self._choose_images(dialog))
        dialog.decided.connect(self._open)
        dialog.rejected.connect(trying.forget)
        trying.try_out(wish)
        dialog.show()

    def _choose_encoder(self, dialog: "ModelDialog") -> None:
        title = "The encoder that belongs to it"
        if chosen := self._shell.files.open_file("model", title, MODELS, str(dialog.wish.decoder.parent)):
            dialog.choose_encoder(Path(chosen))

    def _choose_images(self, dialog: "ModelDialog") -> None:
        if chosen := self._shell.files.open_folder("images", "Images to encode", self._workspace.source or ""):
            dialog.choose_images(chosen)

    def _open(self, wish: "ModelWish", settings: "ImportedSettings") -> None:
        self._workspace.learning.open_model(wish, settings)
