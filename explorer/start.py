"""Puts the program together: an empty window first, then the features of the table, then it opens a run."""

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
    from collections.abc import Sequence

    from explorer.features import Feature
    from explorer.shell.shell import Shell
    from explorer.workspace.workspace import Workspace


@dataclass(frozen=True)
class Program:
    """A window, the workspace behind it, and the shell that has the features."""

    window: MainWindow
    workspace: "Workspace"
    shell: "Shell"


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
    program.workspace.viewing.place_decoded.connect(program.shell.docks.make_rest)
    QTimer.singleShot(0, lambda: program.workspace.open(path, is_anew))
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


def make_program(window: MainWindow, settings: Settings, features: "Sequence[Feature] | None" = None) -> Program:
    """Furnish a window with the features of the table, or with others, over a workspace of its own."""
    from explorer.features import FEATURES
    from explorer.shell.shell import Shell
    from explorer.workspace.workspace import Workspace

    workspace = Workspace(settings, window)
    shell = Shell(window, workspace)
    shell.put_together([make(workspace, shell) for make in (FEATURES if features is None else features)])
    shell.say(settings.problem)
    return Program(window, workspace, shell)


def _close_on_signals(window: MainWindow) -> None:
    """Ctrl+C in the terminal, or the system going down, closes the window; and closing saves."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close())
    heartbeat = QTimer(window, interval=200)  # Python sees a signal only when it runs
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start()
