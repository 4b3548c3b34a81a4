"""Signals: long work is closed between two of its reports, so that it can save; a second signal ends the program."""

import signal
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from types import FrameType
from typing import TypeVar

from core.torchrun import launched

Report = TypeVar("Report")
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopped(BaseException):
    """A signal asked the program to end; like KeyboardInterrupt, nothing but `main` may hold it up."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def heeding_signals() -> Iterator[None]:
    """Both signals raise Stopped at once: right for all work that leaves nothing behind."""

    def stop(number: int, _: FrameType | None) -> None:
        raise Stopped(number)

    with _handled_by(stop):
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
        asked.append(number)
        for each in SIGNALS:
            signal.signal(each, signal.SIG_DFL if launched().is_alone else signal.SIG_IGN)

    with _handled_by(stop), closing(reports):
        for last in reports:
            show(last)
            if asked:
                break
    if asked:
        raise Stopped(asked[0])
    return last


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # only the main thread is told of signals
        yield
        return
    before = {number: signal.signal(number, handler) for number in SIGNALS}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
