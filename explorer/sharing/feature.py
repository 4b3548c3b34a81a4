"""*Share as a page…*: the map as one file that anyone can drag in a browser."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from explorer.sharing.controller import Measured, PageMaking
from explorer.shell.actions import MODEL, Entry
from explorer.shell.shell import Shell
from explorer.toolkit.drawable_text import drawable
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from core.export.page.material import PageMaterial
    from explorer.sharing.page_dialog import PageDialog

SHARE_PAGE = Entry(
    "&File",
    "share_page",
    "S&hare as a page…",
    "",
    "One file with this map, which anyone can drag in a browser",
    (MODEL,),
)


class Sharing:
    """Joins the dialog to the map that is looked at."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        self._dialog: PageDialog | None = None
        self._making = making = PageMaking(shell)
        making.progressed.connect(lambda progress: self._dialog and self._dialog.show_progress(progress))
        making.measured.connect(self._show)
        making.failed.connect(lambda sentence: self._dialog and self._dialog.show_failure(sentence))
        making.saved.connect(self._say_saved)
        shell.actions.add(SHARE_PAGE, self.ask)
        shell.closing.connect(making.stop)

    def ask(self) -> None:
        """What of the images goes in; the page is drawn meanwhile."""
        if self._dialog is not None:
            self._dialog.activateWindow()
            return
        from explorer.sharing.page_dialog import PageDialog

        making, has_images = self._making, self._workspace.viewing.image_set is not None
        self._dialog = dialog = PageDialog(has_images, self._shell.window)
        dialog.choice_changed.connect(making.choose)
        dialog.save_clicked.connect(self._save)
        dialog.finished.connect(lambda _: self._forget())
        making.choose(*dialog.choice)
        making.draw(self._material())
        dialog.open()

    def _material(self) -> "Callable[[], PageMaterial]":
        """What is looked at now, whatever comes while it is drawn; made in the thread that draws it."""
        workspace, viewing = self._workspace, self._workspace.viewing
        space, table, image_set = viewing.latent_space, viewing.table, viewing.image_set
        directions, run = workspace.exploring.now.directions, workspace.learning.run
        name = "A map of images" if run is None else workspace.known_runs.name_of(run)
        assert space is not None  # the entry is off without a model

        def make() -> "PageMaterial":
            from core.export.page.material import PageMaterial, pixels_of

            known = (table.names, np.asarray(table.labels), table.classes, directions)
            return PageMaterial(name, space, *known, *pixels_of(table.names, image_set))

        return make

    def _show(self, measured: Measured) -> None:
        if self._dialog is not None:
            self._dialog.show_page(len(measured.content), measured.said, measured.still)

    def _save(self) -> None:
        name = self._shell.saving.name_of("map")
        chosen = self._shell.files.save_file("page", "Save the page", name, ".html", self._dialog)
        if chosen:
            self._making.save(Path(chosen))

    def _say_saved(self, path: Path) -> None:
        self._shell.say(f"Saved {drawable(str(path))}")
        if self._dialog is not None:
            self._dialog.accept()

    def _forget(self) -> None:
        self._dialog = None
        self._making.forget()
