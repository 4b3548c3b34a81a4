"""Connections for menus, drops and closing."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from explorer.dialogs.asking import Dialogs
from explorer.session import Session
from explorer.shell.main_window import MainWindow
from explorer.toolkit.theme import set_scheme


def wire_window(window: MainWindow, session: Session, dialogs: Dialogs) -> None:
    """Join the menus, and what is dropped on the window, to the session."""
    window.when("open_folder", dialogs.open_folder)
    window.when("open_archive", dialogs.open_archive)
    window.when("open_run", dialogs.open_run)
    window.when("open_picture", dialogs.open_picture)
    window.when("copy_picture", dialogs.copy_picture)
    window.when("settings", dialogs.change_settings)
    window.when("quit", window.close)
    window.when("train", window.form.toggle)
    window.when("finish", session.learning.finish)
    window.when("evaluate", lambda: window.bring_forward("Evaluation"))
    window.when("evaluate", window.evaluation.evaluate)
    window.when("compare", lambda: window.bring_forward("Compare"))
    window.when("samples", lambda: window.bring_forward("Samples"))
    window.when("samples", window.samples.draw_again)
    window.when("complete", lambda: window.bring_forward("Completion"))
    window.when("focus_map", window.go_to_map)
    window.when("put_back", window.put_back)
    window.when("overlay", window.explain)
    window.when("palette", window.find_command)
    window.when("about", dialogs.about)
    window.path_dropped.connect(lambda path: session.open(Path(path)))
    window.scheme_chosen.connect(session.settings.remember_scheme)
    window.scheme_chosen.connect(lambda scheme: set_scheme(QApplication.instance(), scheme))
    window.closing.connect(session.close)
