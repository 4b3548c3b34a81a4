"""The real window over real runs; `--screenshots DIR` keeps pictures of what it showed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer.shell.main_window import MainWindow
from explorer.start import Program, make_program
from explorer.toolkit.theme import apply_theme
from explorer.workspace.settings import Settings
from tests.journeys.driving import Open


@pytest.fixture
def open_program(qtbot: QtBot, qapp: QApplication) -> Iterator[Open]:
    """Makes the program, as a start of it does; closes every window that a test left open."""
    apply_theme(qapp)
    opened: list[Program] = []

    def make() -> Program:
        settings = Settings()
        program = make_program(MainWindow(settings), settings)
        qtbot.addWidget(program.window)
        program.window.show()
        qtbot.waitExposed(program.window)
        opened.append(program)
        return program

    yield make
    for program in opened:
        program.window.close()


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> Callable[[Program, str], None]:
    folder = request.config.getoption("--screenshots")

    def save(program: Program, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            program.window.grab().save(str(Path(folder) / f"{name}.png"))

    return save
