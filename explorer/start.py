"""Puts the program together: an empty window first, then its panels, session and wiring, then it opens a run."""

import locale
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from core.places import icon_file
from explorer.shell.main_window import MainWindow
from explorer.toolkit.theme import apply_theme, set_scheme
from explorer.workspace.error_words import show_uncaught
from explorer.workspace.settings import Settings

if TYPE_CHECKING:
    from explorer.session import Session

AT_LEISURE = 3_000  # milliseconds after the start: what is not needed to open a run


@dataclass(frozen=True)
class Program:
    """A window and the session behind it."""

    window: MainWindow
    session: "Session"


def start(app: QApplication, path: Path | None, is_anew: bool = False) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    speak_plainly()
    settings = Settings()
    app.setApplicationDisplayName("Latentscape")
    app.setWindowIcon(QIcon(str(icon_file())))
    apply_theme(app)
    set_scheme(app, settings.scheme())
    window = MainWindow(settings)
    window.show()
    app.processEvents()  # it is seen before the panels are loaded
    program = make_program(window, settings)
    show_uncaught(window.status.show_message)
    _close_on_signals(window)
    QTimer.singleShot(0, lambda: program.session.open(path, is_anew))
    return app.exec()


def speak_plainly() -> None:
    """Numbers with points and errors in English, as all words of the window are, whatever the user's locale.

    Qt takes that on for all of the process: C libraries would want "0,5" where files say "0.5", and a field would take
    a typed 4.5 for 45.
    """
    for category in ("LC_NUMERIC", "LC_MESSAGES"):
        if hasattr(locale, category):
            locale.setlocale(getattr(locale, category), "C")
    plain = QLocale.c()
    plain.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator | QLocale.NumberOption.RejectGroupSeparator)
    QLocale.setDefault(plain)


def make_program(window: MainWindow, settings: Settings) -> Program:
    """Furnish a window, and wire it to a session of its own."""
    from explorer.dialogs.asking import Dialogs
    from explorer.features import Panels
    from explorer.presenter import Presenter
    from explorer.session import Session
    from explorer.wiring import wire

    window.furnish(Panels())
    session = Session(settings, window)
    presenter = Presenter(window)
    wire(window, session, presenter, Dialogs(window, session))
    window.recent.show_sources(settings.recent_sources())
    window.status.show_message(settings.problem)
    QTimer.singleShot(AT_LEISURE, presenter.show_named_sets)
    QTimer.singleShot(AT_LEISURE, session, lambda: session.shelving.look(settings.recent_runs()))
    return Program(window, session)


def _close_on_signals(window: MainWindow) -> None:
    """Ctrl+C in the terminal, or the system going down, closes the window; and closing saves."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close())
    heartbeat = QTimer(window, interval=200)  # Python sees a signal only when it runs
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start()
