"""The real window over real runs; `--screenshots DIR` keeps pictures of what it showed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer.toolkit.theme import apply_theme
from tests.explorer.opened import Opened, new_program
from tests.journeys.driving import Open


@pytest.fixture
def open_program(qtbot: QtBot, qapp: QApplication) -> Iterator[Open]:
    """Makes the program, as a start of it does; closes every window that a test left open."""
    apply_theme(qapp)
    opened: list[Opened] = []

    def make() -> Opened:
        program = new_program()
        qtbot.addWidget(program.window)
        program.window.show()
        qtbot.waitExposed(program.window)
        opened.append(program)
        return program

    yield make
    for program in opened:
        program.window.close()


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> Callable[[Opened, str], None]:
    folder = request.config.getoption("--screenshots")

    def save(program: Opened, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            program.window.grab().save(str(Path(folder) / f"{name}.png"))

    return save
