"""Asking for files and folders: each kind of thing is asked for where the last of its kind was."""

import os
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from explorer.workspace.settings import Settings


class FileDialogs:
    """Asks over one window; a kind is a word such as "images", "run" or "film"."""

    def __init__(self, window: QWidget, settings: Settings) -> None:
        self._window, self._settings = window, settings

    def folder_of(self, kind: str, otherwise: str = "") -> str:
        """Where the last of this kind was; `otherwise`, or the user's own folder, where that is not there."""
        known = (self._settings.folder(kind), otherwise, str(Path.home()))
        return next(folder for folder in known if folder and (os.path.isdir(folder) or folder == known[-1]))

    def remember(self, kind: str, folder: str | Path) -> None:
        """The next of this kind is looked for here."""
        self._settings.remember_folder(kind, str(folder))

    def open_folder(self, kind: str, title: str, otherwise: str = "") -> str:
        """A folder that is there; empty: none was chosen."""
        chosen = QFileDialog.getExistingDirectory(self._window, title, self.folder_of(kind, otherwise))
        if chosen:
            self.remember(kind, Path(chosen).parent)
        return chosen

    def choose_folder(self, kind: str, title: str) -> str:
        """A folder to put files into, in which the next of this kind will be put too; empty: none was chosen."""
        chosen = QFileDialog.getExistingDirectory(self._window, title, self.folder_of(kind))
        if chosen:
            self.remember(kind, chosen)
        return chosen

    def open_file(self, kind: str, title: str, filters: str, otherwise: str = "") -> str:
        """A file that is there; empty: none was chosen."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, title, self.folder_of(kind, otherwise), filters)
        if chosen:
            self.remember(kind, Path(chosen).parent)
        return chosen

    def save_file(self, kind: str, title: str, start: str, suffix: str, over: QWidget | None = None) -> str:
        """Where to write a file, in the last folder or where `start` says; over another only if the user agreed.

        Empty: nowhere. Without a suffix it is a folder that is to be made.
        """
        dialog = QFileDialog(over or self._window, title, self.folder_of(kind))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"{suffix[1:].upper()} (*{suffix})" if suffix else "Folders (*)")
        dialog.setDefaultSuffix(suffix[1:])
        dialog.selectFile(start)
        if not dialog.exec():
            return ""
        chosen = dialog.selectedFiles()[0]
        self.remember(kind, Path(chosen).parent)
        return chosen
