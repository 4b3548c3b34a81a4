"""What several benchmarks need."""

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer.toolkit.theme import apply_theme
from tests.explorer.opened import Opened, new_program


@pytest.fixture
def training() -> Iterator[Callable[[], None]]:
    """A thread that trains for as long as the test goes on, once it is called."""
    stop, started = threading.Event(), []

    def train() -> None:
        import torch

        torch.set_num_threads(1)
        network = torch.nn.Sequential(torch.nn.Linear(784, 512), torch.nn.ReLU(), torch.nn.Linear(512, 784))
        optimiser = torch.optim.Adam(network.parameters())
        images = torch.rand(128, 784)
        while not stop.is_set():
            optimiser.zero_grad()
            torch.nn.functional.mse_loss(network(images), images).backward()
            optimiser.step()

    def start() -> None:
        started.append(threading.Thread(target=train))
        started[0].start()

    yield start
    stop.set()
    for thread in started:
        thread.join()


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication) -> Opened:
    apply_theme(qapp)
    program = new_program()
    qtbot.addWidget(program.window)
    program.window.show()
    qtbot.waitExposed(program.window)
    return program
