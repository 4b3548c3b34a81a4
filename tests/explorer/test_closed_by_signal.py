"""A window that is told to close while it is being painted would take Qt down, and what was not saved with it."""

import signal

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from explorer.shell.main_window import MainWindow
from explorer.start import _close_on_signals
from explorer.workspace.settings import Settings


class Painted(QWidget):
    """Is told to close in the midst of its paint event, and looks whether its window is still there."""

    was_there = False

    def paintEvent(self, event: QPaintEvent) -> None:
        signal.raise_signal(signal.SIGTERM)
        self.was_there = self.window().isVisible()


def test_a_signal_closes_the_window_once_it_is_painted(qtbot: QtBot) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    window, painted = MainWindow(Settings()), Painted()
    qtbot.addWidget(window)
    window.setCentralWidget(painted)
    try:
        _close_on_signals(window)
        window.show()
        qtbot.waitUntil(lambda: painted.was_there and not window.isVisible())
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
