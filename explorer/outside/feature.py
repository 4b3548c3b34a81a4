"""From outside: a picture is dropped, pasted or chosen, and finds its place on the map."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from explorer.shell.actions import Entry
from explorer.shell.shell import Shell
from explorer.toolkit.drawable_text import drawable
from explorer.workspace.workspace import Workspace

PICTURES = "Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.tif *.tiff);;All files (*)"
NOTHING = "There is nothing to paste: copy a picture, its file, or a z first."
PLACE = Entry("&File", "open_picture", "&Place a picture on the map…", "Ctrl+P", "See where the model puts it")
PASTE = Entry("&Edit", "paste", "&Paste a picture", "Ctrl+V", "Place a copied picture, its file, or a z")


class Outside:
    """Brings pictures to the workspace."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        shell.actions.add(PLACE, self.choose)
        shell.actions.add(PASTE, self.paste)
        workspace.placing.found_again.connect(lambda found: shell.say(found.said))
        workspace.finding.file_found.connect(lambda _, path: self._say_found(path))
        workspace.finding.failed.connect(shell.say)

    def choose(self) -> None:
        """Choose an image file to place on the map."""
        title, folder = "Place a picture on the map", self._workspace.source or ""
        if chosen := self._shell.files.open_file("picture", title, PICTURES, folder):
            self._workspace.open_picture(Path(chosen))

    def paste(self) -> None:
        """Place what was copied: a file, a picture, or the numbers of a z."""
        workspace = self._workspace
        copied = QGuiApplication.clipboard().mimeData() or QMimeData()  # None where nothing was ever copied
        files = [url.toLocalFile() for url in copied.urls() if url.isLocalFile()]
        if files:
            workspace.open(Path(files[0]))
        elif copied.hasImage():
            picture = QGuiApplication.clipboard().image()
            workspace.placing.place_picture("Pasted picture", picture, workspace.images_as_read)
        elif (z := self._pasted_z(copied.text())) is not None:
            workspace.viewing.look_at(z)
        else:
            self._shell.say(NOTHING)

    def _pasted_z(self, text: str) -> np.ndarray[tuple[int], np.dtype[np.float32]] | None:
        """The numbers of a z, or of a command that decodes one; None where it is no place of this latent space."""
        from core.export.command_lines import z_in

        space, z = self._workspace.viewing.latent_space, z_in(text)
        return z if space is not None and z is not None and len(z) == space.latent_dims else None

    def _say_found(self, path: Path) -> None:
        self._shell.say(f"{drawable(path.name)} is one of these images: this is its place on the map.")
