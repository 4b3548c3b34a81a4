"""What the window asks in a dialog: a folder, a run, a place to save; the answer goes to the session."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox

from core.errors import PlaceError
from core.places import runs_folder
from explorer.failure import sentence
from explorer.file_manager import show_file
from explorer.image_conversion import to_qimage

if TYPE_CHECKING:
    from explorer.main_window import MainWindow
    from explorer.session import Session

TABLES = "Tables (*.csv *.tsv *.txt *.jsonl *.xlsx);;All files (*)"
ARCHIVES = "ZIP archives (*.zip);;All files (*)"
PNG = "PNG (*.png)"
LARGE_SIDE = 1024  # about as many pixels as a picture that is saved large
PICTURES = "Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.tif *.tiff);;All files (*)"


class Dialogs:
    """Asks over one window on behalf of one session."""

    def __init__(self, window: "MainWindow", session: "Session") -> None:
        self._window, self._session = window, session
        self._saved_in = Path.home()  # the next picture is often saved beside the last

    def open_folder(self) -> None:
        """Choose a folder of images."""
        if folder := QFileDialog.getExistingDirectory(self._window, "Open a folder of images", self._start_folder()):
            self._session.open(Path(folder))

    def open_archive(self) -> None:
        """Choose a ZIP archive of images."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Open a ZIP of images", self._start_folder(), ARCHIVES)
        if chosen:
            self._session.open(Path(chosen))

    def find_lost_images(self) -> None:
        """Choose the folder where the images of the run are now."""
        title = "Where are the images of this run now?"
        if folder := QFileDialog.getExistingDirectory(self._window, title, self._start_folder()):
            self._session.find_lost_images(Path(folder))

    def open_run(self) -> None:
        """Choose the folder of a run."""
        if folder := QFileDialog.getExistingDirectory(self._window, "Open a run", _folder_of_runs()):
            self._session.open_run(Path(folder))

    def add_run(self) -> None:
        """Choose the folder of a run to compare."""
        if folder := QFileDialog.getExistingDirectory(self._window, "Compare a run", _folder_of_runs()):
            self._session.comparing.add(Path(folder))

    def open_picture(self) -> None:
        """Choose an image file to place on the map."""
        title = "Place a picture on the map"
        chosen, _ = QFileDialog.getOpenFileName(self._window, title, self._start_folder(), PICTURES)
        if chosen:
            self._session.open_picture(Path(chosen))

    def save_picture(self) -> None:
        """Save the decoded picture, its z inside: pixel for pixel, or as large and as smooth as it is looked at."""
        if (place := self._session.viewing.place) is not None:
            from core.export.pictures import exact

            facts = self._session.picture_facts(place.latent_space, z=exact(place.z))
            scale = LARGE_SIDE // max(place.pixels.shape[:2])
            self._save("Save the picture", "picture.png", place.pixels, facts, scale)

    def save_grid(self) -> None:
        """Save the decoded plane as one picture."""
        if (grid := self._session.backdrop.grid) is None:
            self._window.status.show_message("There is no grid to save yet: press G on the map first.")
            return
        pixels, extent, step = grid
        facts = self._session.picture_facts(step=step, extent=[float(number) for number in extent])
        self._save("Save the grid", "grid.png", pixels, facts)

    def choose_metadata(self) -> None:
        """Choose a table of what is known of the images."""
        title = "A table of what is known of the images"
        if chosen := QFileDialog.getOpenFileName(self._window, title, self._start_folder(), TABLES)[0]:
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

    def _save(self, title: str, name: str, pixels: np.ndarray, facts: dict[str, object], scale: int = 1) -> None:
        dialog = QFileDialog(self._window, title, str(self._saved_in))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([PNG, *([_larger(pixels, scale)] if scale > 1 else [])])
        dialog.setDefaultSuffix("png")
        dialog.selectFile(name)
        if not dialog.exec():
            return
        from core.export.pictures import enlarged, save_picture

        path = Path(dialog.selectedFiles()[0])
        self._saved_in = path.parent
        if dialog.selectedNameFilter() != PNG:
            pixels = enlarged(pixels, scale, self._window.picture.is_smooth)
        try:
            save_picture(path, pixels, facts, may_replace=True)  # the dialog has asked
        except Exception as error:
            self._window.status.show_message(sentence(error))
        else:
            self._window.status.show_message(f"Saved {path}")

    def _start_folder(self) -> str:
        source = self._session.source
        return source if source is not None and Path(source).is_dir() else str(Path.home())


def _folder_of_runs() -> str:
    """Where runs are kept, if they can be."""
    try:
        return str(runs_folder())
    except PlaceError:
        return str(Path.home())


def _larger(pixels: np.ndarray, scale: int) -> str:
    """As "PNG, 16 times larger: 1024 × 1024 (*.png)"."""
    height, width = scale * pixels.shape[0], scale * pixels.shape[1]
    return f"PNG, {scale} times larger: {width} × {height} (*.png)"
