"""Puts the program together: settings, session, window, wiring; shows the window first, then opens a run."""

import signal
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from core.places import icon_file
from explorer.dialogs import Dialogs
from explorer.failure import show_uncaught
from explorer.main_window import MainWindow
from explorer.presenter import Presenter
from explorer.session import Session
from explorer.settings import Settings
from explorer.theme import apply_theme, set_scheme
from explorer.wiring import wire


@dataclass(frozen=True)
class Program:
    """A window and the session behind it."""

    window: MainWindow
    session: Session


def start(app: QApplication, path: Path | None) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    settings = Settings()
    app.setApplicationDisplayName("Latentscape")
    app.setWindowIcon(QIcon(str(icon_file())))
    apply_theme(app)
    set_scheme(app, settings.scheme())
    program = make_program(settings)
    show_uncaught(program.window.status.show_message)
    _close_on_signals(program.window)
    program.window.show()
    QTimer.singleShot(0, lambda: program.session.open(path))
    return app.exec()


def _close_on_signals(window: MainWindow) -> None:
    """Ctrl+C in the terminal, or the system going down, closes the window; and closing saves."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close())
    heartbeat = QTimer(window, interval=200)  # Python sees a signal only when it runs
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start()


def make_program(settings: Settings) -> Program:
    """The window with its session, wired and not yet shown."""
    window = MainWindow(settings)
    session = Session(settings, window)
    presenter = Presenter(window)
    wire(window, session, presenter, Dialogs(window, session))
    QTimer.singleShot(0, presenter.show_named_sets)
    window.show_recent(settings.recent_sources())
    return Program(window, session)
