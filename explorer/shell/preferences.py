"""Settings: places, cache and colours, in a dialog and a menu; each takes effect at once."""

from pathlib import Path

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from core.errors import PlaceError
from core.places import cache_folder, datasets_folder, runs_folder, settings_folder
from explorer.shell.cache_limit import Housekeeping
from explorer.toolkit.file_manager import open_folder
from explorer.toolkit.theme import set_scheme
from explorer.workspace.error_words import sentence
from explorer.workspace.settings import Scheme, Settings

SCHEMES: tuple[tuple[Scheme, str], ...] = (
    ("system", "As the &system has it"),
    ("light", "&Light"),
    ("dark", "&Dark"),
)


class Preferences:
    """Asks over one window."""

    def __init__(self, window: QWidget, settings: Settings) -> None:
        self._window, self._settings = window, settings
        self._housekeeping = Housekeeping(window)

    def add_schemes(self, menu: QMenu) -> None:
        """Light, dark, or as the system has it."""
        group = QActionGroup(menu)
        self._schemes = {scheme: menu.addAction(text) for scheme, text in SCHEMES}
        for scheme, action in self._schemes.items():
            action.setCheckable(True)
            action.setChecked(scheme == self._settings.scheme())
            action.triggered.connect(lambda _=False, chosen=scheme: self._choose_scheme(chosen))
            group.addAction(action)

    def open(self) -> None:
        """The dialog; the one that is open already has the keyboard."""
        from explorer.shell.settings_dialog import SettingsDialog

        if (shown := self._window.findChild(SettingsDialog)) is not None:
            shown.activateWindow()
            return
        dialog, housekeeping = SettingsDialog(self._window), self._housekeeping
        places, problem = _places()
        dialog.show_places(places)
        if problem:
            dialog.show_failure(problem)
        dialog.show_schemes(SCHEMES, self._settings.scheme())
        dialog.show_moments(self._settings.moments())
        dialog.moments_chosen.connect(self._settings.remember_moments)
        dialog.scheme_chosen.connect(lambda scheme: self._schemes[scheme].trigger())
        dialog.folder_clicked.connect(open_folder)
        dialog.limit_chosen.connect(housekeeping.set_limit)
        dialog.clear_clicked.connect(housekeeping.clear)
        housekeeping.cache_seen.connect(dialog.show_cache)
        housekeeping.failed.connect(dialog.show_failure)
        housekeeping.look()
        dialog.show()

    def stop(self) -> None:
        """Leave the thread."""
        self._housekeeping.stop()

    def _choose_scheme(self, scheme: Scheme) -> None:
        self._settings.remember_scheme(scheme)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        set_scheme(app, scheme)


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
