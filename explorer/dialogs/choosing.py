"""The window's own dialogs, each joined to the session for as long as it is open."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from core.errors import PlaceError
from core.places import bundled_run, cache_folder, datasets_folder, runs_folder, settings_folder
from explorer.images.fit_dialog import MOST_ROWS, FitDialog
from explorer.images.fit_previews import Background, FitQuestion
from explorer.runs.runs_dialog import RunsDialog
from explorer.shell.main_window import MainWindow
from explorer.shell.menus import SCHEMES
from explorer.shell.settings_dialog import SettingsDialog
from explorer.toolkit.file_manager import open_folder
from explorer.workspace.error_words import sentence
from explorer.workspace.run_in_hand import BUSY

if TYPE_CHECKING:
    from core.images.image_set import ImageSet
    from explorer.session import Session


def open_fit_dialog(window: MainWindow, session: "Session", image_set: "ImageSet") -> None:
    """Show how the least square pictures become square; what is chosen goes the way of the form."""
    if _is_open(window, FitDialog):
        return
    rows = image_set.intake.least_square[:MOST_ROWS]
    paths = tuple(path for path in map(image_set.path, rows) if path is not None)
    size, _, channels = image_set.shape

    def ask(background: Background) -> None:
        session.fitting.ask(FitQuestion(paths, size, channels, background, image_set.images))

    dialog = FitDialog(session.images.fit, session.images.background, window)
    dialog.show_files([path.name for path in paths])
    dialog.show_state(session.learning.state)
    dialog.background_chosen.connect(ask)
    dialog.decided.connect(lambda fit, background: window.form.change_images(fit=fit, background=background))
    session.fitting.decoded.connect(dialog.show_squares)
    session.fitting.failed.connect(dialog.show_failure)
    session.learning.state_changed.connect(dialog.show_state)
    session.images_changed.connect(dialog.leave)
    ask(session.images.background)
    dialog.show()


def open_runs_dialog(window: MainWindow, session: "Session") -> None:
    """Every run that is kept; what is done to one is done at once."""
    if _is_open(window, RunsDialog):
        return
    learning, shelving = session.learning, session.shelving
    dialog = RunsDialog(bundled_run(), lambda: learning.run if learning.state in BUSY else None, window)
    dialog.show_runs(shelving.known)
    dialog.opened.connect(session.open_run)
    dialog.named.connect(shelving.name)
    dialog.thrown.connect(session.throw_away)
    shelving.listed.connect(dialog.show_runs)
    shelving.failed.connect(dialog.show_failure)
    learning.state_changed.connect(dialog.allow_what_can_be)
    shelving.look(session.settings.recent_runs())
    dialog.show()


def open_settings_dialog(window: MainWindow, session: "Session") -> None:
    """Places, cache and colours; each takes effect at once."""
    if _is_open(window, SettingsDialog):
        return
    dialog = SettingsDialog(window)
    places, problem = _places()
    dialog.show_places(places)
    if problem:
        dialog.show_failure(problem)
    dialog.show_schemes(SCHEMES, session.settings.scheme())
    dialog.scheme_chosen.connect(window.choose_scheme)
    dialog.folder_clicked.connect(open_folder)
    dialog.limit_chosen.connect(session.housekeeping.set_limit)
    dialog.clear_clicked.connect(session.housekeeping.clear)
    session.housekeeping.cache_seen.connect(dialog.show_cache)
    session.housekeeping.failed.connect(dialog.show_failure)
    session.housekeeping.look()
    dialog.show()


def _places() -> tuple[list[tuple[str, Path]], str]:
    """Where things are kept, and why some of it cannot be; empty when all can."""
    table = (
        ("Runs", runs_folder),
        ("Decoded images", cache_folder),
        ("Downloaded sets", datasets_folder),
        ("Settings", settings_folder),
    )
    found, problem = list[tuple[str, Path]](), ""
    for title, place in table:
        try:
            found.append((title, place()))
        except PlaceError as error:
            problem = problem or sentence(error)
    return found, problem


def _is_open(window: MainWindow, kind: type[QDialog]) -> bool:
    """Whether such a dialog is there already; it then has the keyboard."""
    if (dialog := window.findChild(kind)) is None:
        return False
    dialog.activateWindow()
    return True
