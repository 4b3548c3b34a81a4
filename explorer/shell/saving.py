"""*Save…*: one dialog for all that is saved as a picture or a film."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.export.look import Look
from explorer.shell.file_dialogs import FileDialogs
from explorer.shell.save_controller import Saving, draw_still, write_still
from explorer.shell.save_dialog import SaveDialog
from explorer.toolkit.drawable_text import drawable
from explorer.workspace.savable import Drawn, Format, Savable
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from core.export.stills import Still

LARGE_SIDE = 1_024  # pixels that a picture or sheet is about as large as, unless otherwise chosen
NAME_MOST = 50  # letters of a run's name that stand in those of its files
STILLS = (
    Format("png", "PNG", ".png", "Every pixel as it is; dropped on the window, a picture finds its place again"),
    Format("webp", "WebP", ".webp", "Every pixel as it is, in a smaller file"),
    Format("jpeg", "JPEG", ".jpg", "The smallest file, for other programs; the pixels change a little"),
)
Draw = Callable[[Look], Drawn]  # called in a thread
Save = Callable[[Path, Look, bool], object]  # the file, how it looks, and whether another may go for it


class SaveDialogs(QObject):
    """Asks over one window, for every feature that has something to save."""

    def __init__(self, window: QWidget, workspace: Workspace, files: FileDialogs, say: Callable[[str], object]) -> None:
        super().__init__(window)
        self._window, self._workspace, self._files, self._say = window, workspace, files, say
        self._saving = Saving(self)
        self._saving.saved.connect(self.say_saved)
        self._saving.failed.connect(self._say_failed)
        self._dialog: SaveDialog | None = None
        self._waiting: SaveDialog | None = None  # until what was agreed on in it is saved

    def ask_still(self, kind: str, title: str, still: "Still") -> None:
        """A picture or a sheet of pictures; its file is named after the run and the kind."""
        from core.export.stills import scales

        sizes = scales(still.shape)
        large = max(scale for scale in sizes if scale == 1 or scale * max(still.shape) <= LARGE_SIDE)
        savable = Savable(kind, title, self.name_of(kind), still.shape, STILLS, sizes, large, still.has_background)

        def save(path: Path, look: Look, may_replace: bool) -> None:
            self._saving.save(path, partial(write_still, still, look, path, may_replace))

        self.ask(savable, partial(draw_still, still), save)

    def ask(self, savable: Savable, draw: Draw, save: Save, stays: bool = True) -> None:
        """How large, as what, where: what is chosen is drawn, and what is agreed on saved.

        The dialog goes at once, or `stays` until `say_saved`.
        """
        if self._dialog is not None:
            self._dialog.reject()
        self._dialog = dialog = SaveDialog(savable, self._files.folder_of(savable.kind), self._window)

        def keep(path: str, may_replace: bool) -> None:
            self._files.remember(savable.kind, Path(path).parent)
            self._waiting = dialog
            save(Path(path), dialog.look, may_replace)
            if not stays:
                dialog.accept()

        dialog.look_chosen.connect(lambda look: self._saving.draw(partial(draw, look)))
        dialog.place_clicked.connect(lambda: self._choose_place(dialog, savable))
        dialog.save_clicked.connect(keep)
        dialog.finished.connect(lambda _: self._forget(dialog))
        self._saving.drawn.connect(dialog.show_drawn)
        self._saving.draw(partial(draw, dialog.look))
        dialog.open()

    def say_saved(self, out: Path) -> None:
        """Something is saved: the dialog goes, unless it was opened since, for something else."""
        self._say(f"Saved {drawable(str(out))}")
        if self._dialog is not None and self._dialog is self._waiting:
            self._dialog.accept()

    def name_of(self, of_what: str) -> str:
        """After the run it comes from, so that two of them are told apart in a folder."""
        run = self._workspace.learning.run
        called = "" if run is None else f"{self._workspace.known_runs.name_of(run)[:NAME_MOST].strip()} "
        return re.sub(r'[<>:"/\\|?*]', "-", called + of_what)

    def stop(self) -> None:
        """Leave every thread; what is being written is written first."""
        self._saving.stop()

    def _say_failed(self, sentence: str) -> None:
        if self._dialog is not None:
            self._dialog.show_failure(sentence)
        else:
            self._say(sentence)

    def _choose_place(self, dialog: SaveDialog, savable: Savable) -> None:
        if chosen := self._files.save_file(savable.kind, savable.title, dialog.path, dialog.suffix, dialog):
            dialog.show_path(chosen)

    def _forget(self, dialog: SaveDialog) -> None:
        if self._dialog is dialog:
            self._dialog = None
            self._saving.forget()
