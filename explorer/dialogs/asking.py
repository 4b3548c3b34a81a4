"""What the window asks in a dialog: a folder, a run, a place to save; the answer goes to the session."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

from core.errors import PlaceError
from core.places import runs_folder
from explorer.shell.file_dialogs import FileDialogs
from explorer.toolkit.file_manager import show_file
from explorer.toolkit.image_conversion import to_qimage

if TYPE_CHECKING:
    from explorer.session import Session
    from explorer.shell.main_window import MainWindow

TABLES = "Tables (*.csv *.tsv *.txt *.jsonl *.xlsx);;All files (*)"
ARCHIVES = "ZIP archives (*.zip);;All files (*)"
PICTURES = "Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.tif *.tiff);;All files (*)"


class Dialogs:
    """Asks over one window on behalf of one session."""

    def __init__(self, window: "MainWindow", session: "Session") -> None:
        self._window, self._session = window, session
        self._files = FileDialogs(window, session.settings)

    def open_folder(self) -> None:
        """Choose a folder of images."""
        if folder := self._files.open_folder("images", "Open a folder of images", self._start_folder()):
            self._session.open(Path(folder))

    def open_archive(self) -> None:
        """Choose a ZIP archive of images."""
        if chosen := self._files.open_file("images", "Open a ZIP of images", ARCHIVES, self._start_folder()):
            self._session.open(Path(chosen))

    def find_lost_images(self) -> None:
        """Choose the folder where the images of the run are now."""
        title = "Where are the images of this run now?"
        if folder := self._files.open_folder("images", title, self._start_folder()):
            self._session.find_lost_images(Path(folder))

    def open_run(self) -> None:
        """Choose the folder of a run."""
        if folder := self._files.open_folder("run", "Open a run", _folder_of_runs()):
            self._session.open_run(Path(folder))

    def add_run(self) -> None:
        """Choose the folder of a run to compare."""
        if folder := self._files.open_folder("run", "Compare a run", _folder_of_runs()):
            self._session.comparing.add(Path(folder))

    def open_picture(self) -> None:
        """Choose an image file to place on the map."""
        title = "Place a picture on the map"
        if chosen := self._files.open_file("picture", title, PICTURES, self._start_folder()):
            self._session.open_picture(Path(chosen))

    def choose_metadata(self) -> None:
        """Choose a table of what is known of the images."""
        title = "A table of what is known of the images"
        if chosen := self._files.open_file("table", title, TABLES, self._start_folder()):
            self._window.form.change_metadata(chosen)

    def choose_fit(self) -> None:
        """Show how the least square pictures become square, and take what is chosen."""
        if (image_set := self._session.learning.image_set) is not None:
            from explorer.dialogs.choosing import open_fit_dialog

            open_fit_dialog(self._window, self._session, image_set)

    def show_runs(self) -> None:
        """Every run that is kept."""
        from explorer.dialogs.choosing import open_runs_dialog

        open_runs_dialog(self._window, self._session)

    def change_settings(self) -> None:
        """Places, cache and colours; each takes effect at once."""
        from explorer.dialogs.choosing import open_settings_dialog

        open_settings_dialog(self._window, self._session)

    def show_in_folder(self, path: str) -> None:
        """Open the file manager at a file of the images."""
        image_set = self._session.learning.image_set
        if image_set is not None and image_set.folder is not None:
            show_file(image_set.folder / path)

    def copy_picture(self) -> None:
        """Put the decoded picture on the clipboard."""
        if (place := self._session.viewing.place) is not None:
            QGuiApplication.clipboard().setImage(to_qimage(place.pixels))
            self._window.status.show_message("Copied")

    def copy_command(self) -> None:
        """Put the command line on the clipboard that makes the decoded picture again, byte for byte."""
        place, run = self._session.viewing.place, self._session.learning.run
        if place is None or place.latent_space is None or run is None:
            self._window.status.show_message("There is no picture yet to make a command of: open a run first.")
            return
        from core.export.command_lines import decode_command

        command = decode_command(run, place.z, self._session.viewing.class_name)
        QGuiApplication.clipboard().setText(command)
        caution = "" if place.latent_space.fingerprint else ", once training is paused: this moment of it is not saved"
        self._window.status.show_message(f"Copied: {command}{caution}")

    def paste(self) -> None:
        """Place what was copied: a file, a picture, or the numbers of a z."""
        copied = QGuiApplication.clipboard().mimeData() or QMimeData()  # None where nothing was ever copied
        files = [url.toLocalFile() for url in copied.urls() if url.isLocalFile()]
        if files:
            self._session.open(Path(files[0]))
        elif copied.hasImage():
            picture = QGuiApplication.clipboard().image()
            self._session.placing.place_picture("Pasted picture", picture, self._session.images_as_read)
        elif (z := self._pasted_z(copied.text())) is not None:
            self._session.viewing.look_at(z)
        else:
            self._window.status.show_message("There is nothing to paste: copy a picture, its file, or a z first.")

    def about(self) -> None:
        """Version and licence."""
        from core.version import app_version

        QMessageBox.about(
            self._window,
            "About Latentscape",
            f"<h3>Latentscape {app_version()}</h3><p>Teach a variational autoencoder your pictures, and walk through "
            "what it learned. Nothing leaves this machine.</p><p>MIT licence.</p>",
        )

    def _pasted_z(self, text: str) -> np.ndarray | None:
        """The numbers of a z, or of a command that decodes one; None where it is no place of this latent space."""
        from core.export.command_lines import z_in

        space, z = self._session.viewing.latent_space, z_in(text)
        return z if space is not None and z is not None and len(z) == space.latent_dims else None

    def _start_folder(self) -> str:
        source = self._session.source
        return source if source is not None and Path(source).is_dir() else str(Path.home())


def _folder_of_runs() -> str:
    """Where runs are kept, if they can be."""
    try:
        return str(runs_folder())
    except PlaceError:
        return str(Path.home())
