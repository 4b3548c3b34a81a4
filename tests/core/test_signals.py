"""Signals that come where an exception would be lost."""

import os
import signal
import time
from collections.abc import Callable
from importlib.machinery import ExtensionFileLoader
from types import ModuleType

import pytest

from core.commands.signals import Stopped, heeding_signals
from core.ending_signals import ENDING

LONG = 5.0  # seconds that the signal has to come again
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="signals of POSIX")


class Extension(ExtensionFileLoader):
    """One that takes whatever is raised while it is loaded for a failure of its own, as those by Cython do."""

    def __init__(self, number: int) -> None:
        super().__init__("extension", "extension.so")
        self.number, self.is_loaded = number, False

    def exec_module(self, module: ModuleType) -> None:
        try:
            send(self.number)
        except BaseException as error:
            raise ImportError("initialization failed") from error
        self.is_loaded = True


class Dying:
    """What is told to stop while it is destroyed."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        send(self.number)


def send(number: int) -> None:
    os.kill(os.getpid(), number)
    for _ in range(1000):  # Python looks for signals as it loops
        pass


def stopped_in(work: Callable[[], object]) -> int:
    """The signal that ended some work, which would then wait for long."""
    with heeding_signals():
        try:
            work()
            time.sleep(LONG)
        except Stopped as stopped:
            return stopped.number
    pytest.fail("the signal was lost")


@pytest.mark.parametrize("number", ENDING)
def test_an_extension_is_loaded_to_its_end_first(number: int) -> None:
    extension = Extension(number)
    assert stopped_in(lambda: extension.exec_module(ModuleType("extension"))) == number
    assert extension.is_loaded


@pytest.mark.parametrize("number", ENDING)
def test_what_a_destructor_swallows_comes_again(number: int, capfd: pytest.CaptureFixture[str]) -> None:
    assert stopped_in(lambda: Dying(number)) == number
    assert "ignored" not in capfd.readouterr().err


def test_elsewhere_it_is_raised_at_once() -> None:
    began = time.monotonic()
    assert stopped_in(lambda: (send(signal.SIGINT), pytest.fail("it went on"))) == signal.SIGINT
    assert time.monotonic() - began < LONG
