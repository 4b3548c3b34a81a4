"""What is asked over the window about films: where to save one; and the command that makes it."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from explorer.drawable import drawable
from explorer.trips.playing import FPS
from explorer.trips.routing import TWO_STOPS

if TYPE_CHECKING:
    from explorer.main_window import MainWindow
    from explorer.session import Session

# what the dialog offers: its ending
FILTERS = {"GIF (*.gif)": "gif", "WebP (*.webp)": "webp", "MP4 (*.mp4)": "mp4", "PNG frames in a new folder (*)": ""}
NO_WAY = "There is no film yet: a path needs two stops."
NOT_YET = "The way is still being found: save its film in a moment."
NO_RUN = "Train or open a run first: the command films one that is kept in a folder."


class FilmDialog:
    """Asks over one window on behalf of one session."""

    def __init__(self, window: "MainWindow", session: "Session") -> None:
        self._window, self._session = window, session
        self._saved_in = Path.home()  # the next film is often saved beside the last

    def save(self) -> None:
        """Choose where, and begin to save."""
        trip, path, run = self._session.travelling.trip, self._session.routing.path, self._session.learning.run
        if trip is None or trip.way.path is not path:
            self._window.paths.show_word(NO_WAY if path is None or len(path.stops) < TWO_STOPS else NOT_YET)
            return
        dialog = QFileDialog(self._window, "Save the film", str(self._saved_in))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(list(FILTERS))
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(FILTERS[chosen]))
        dialog.setDefaultSuffix("gif")
        dialog.selectFile(re.sub(r"[/\\:]", "-", trip.way.path.name))
        if dialog.exec():
            out = Path(dialog.selectedFiles()[0])
            self._saved_in = out.parent
            self._session.filming.save(out, trip, run.name if run is not None else "", FPS)

    def copy_command(self) -> None:
        """Put the command line that makes the same film on the clipboard."""
        from core.export.command_lines import film_command

        path, run = self._session.routing.path, self._session.learning.run
        if path is None or len(path.stops) < TWO_STOPS or run is None:
            self._window.paths.show_word(NO_RUN if run is None else NO_WAY)
            return
        QGuiApplication.clipboard().setText(film_command(run, path, FPS))
        self._window.status.show_message("Copied the command that makes this film")

    def say_saved(self, out: Path) -> None:
        """A film is saved."""
        self._window.status.show_message(f"Saved {drawable(str(out))}")
