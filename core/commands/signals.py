"""Signals: long work is closed between two of its reports, so that it can save; a second signal ends the program."""

import _thread
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from importlib.machinery import ExtensionFileLoader
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

from core.ending_signals import ENDING, heard
from core.torchrun import launched

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

Report = TypeVar("Report")
SOON = 0.02  # seconds until a signal that could not be raised comes again


class Stopped(BaseException):
    """A signal asked the program to end; like KeyboardInterrupt, nothing but `main` may hold it up."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def heeding_signals() -> Iterator[None]:
    """Each of them raises Stopped at once: right for all work that leaves nothing behind.

    But not where it would be lost: an extension that is being loaded makes an ImportError of it, which some take for a
    library that is missing; and what is raised in a destructor Python only prints. Then the signal comes again.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        heard(number)
        if _loads_an_extension(frame):
            _thread.start_new_thread(_come_again, (number,))  # not `threading`, whose locks this may have interrupted
        else:
            raise Stopped(number)

    with _handled_by(stop), _none_swallowed():
        yield


def follow(reports: Iterator[Report], show: Callable[[Report], None]) -> Report | None:
    """Show every report and return the last; a signal closes the generator at its next report and raises Stopped.

    A second one ends the program; not under torchrun, where one wish to end comes several times, from a scheduler and
    from torchrun itself.
    """
    assert isinstance(reports, Generator)
    asked: list[int] = []
    last = None

    def stop(number: int, _: FrameType | None) -> None:
        heard(number)
        asked.append(number)
        for each in ENDING:
            signal.signal(each, signal.SIG_DFL if launched().is_alone else signal.SIG_IGN)

    with _handled_by(stop), closing(reports):
        for last in reports:
            try:
                show(last)
            except OSError:  # the terminal is gone
                if not asked:
                    raise
            if asked:
                break
    if asked:
        raise Stopped(asked[0])
    return last


def _loads_an_extension(frame: FrameType | None) -> bool:
    while frame is not None:
        loads = frame.f_code.co_name in ("create_module", "exec_module")
        if loads and isinstance(frame.f_locals.get("self"), ExtensionFileLoader):
            return True
        frame = frame.f_back
    return False


@contextmanager
def _none_swallowed() -> Iterator[None]:
    """A signal whose exception nobody saw comes again."""
    before = sys.unraisablehook

    def look(unraisable: "UnraisableHookArgs") -> None:
        if isinstance(unraisable.exc_value, Stopped):
            _thread.start_new_thread(_come_again, (unraisable.exc_value.number,))
        else:
            before(unraisable)

    sys.unraisablehook = look
    try:
        yield
    finally:
        sys.unraisablehook = before


def _come_again(number: int) -> None:
    time.sleep(SOON)
    if sys.platform == "win32":
        signal.raise_signal(number)
    else:  # so that it wakes what the main thread waits for
        signal.pthread_kill(threading.main_thread().ident or 0, number)


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # only the main thread is told of signals
        yield
        return
    before = {number: signal.signal(number, handler) for number in ENDING}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
