"""All concurrency: `Job` runs a long generator, `LatestOnly` answers the newest question, `leave_all` ends both.

The threads are Python's. A QThread of PySide's looks its class up as it begins and ends, without Python's lock: that
crashed a start, where the window's thread had another class in the making.
"""

from collections.abc import Callable, Generator
from contextlib import closing
from threading import Condition, Thread
from typing import Any

from PySide6.QtCore import QObject, Signal

Reports = Callable[[], Generator[Any, None, Any]]
_running: "set[Worker]" = set()


class Worker(QObject):
    """Work in a thread of its own; its signals arrive in the thread that made it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: Thread | None = None
        self._is_stopped = False

    @property
    def is_running(self) -> bool:
        """Whether its thread was started, and is not at its end."""
        return self._thread is not None and self._thread.is_alive()

    def stop(self) -> None:
        """Ask it to leave at the next occasion."""
        self._is_stopped = True

    def wait(self, seconds: float | None = None) -> bool:
        """Until the thread has ended, or so long; whether it has."""
        if self._thread is not None:
            self._thread.join(seconds)
        return not self.is_running

    def _begin(self, work: Callable[[], None]) -> None:
        _running.add(self)
        self._thread = Thread(target=self._run, args=(work,), name=type(self).__name__, daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            _running.discard(self)


class Job(Worker):
    """A generator of reports, run to its end in a thread of its own; `stop` closes it, and its `finally` saves.

    The maker of the generator is called in the thread, so that what it imports does not hold the window up.
    The last signal is always `finished`.
    """

    reported = Signal(object)
    failed = Signal(object)
    finished = Signal()

    def __init__(self, reports: Reports, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reports = reports

    def start(self) -> None:
        """Begin; `stop` is heeded at the next report."""
        self._begin(self._work)

    def _work(self) -> None:
        """Run in the thread; every error goes to `failed`, so that none is lost."""
        try:
            with closing(self._reports()) as reports:
                for report in reports:
                    if self._is_stopped:
                        break
                    self.reported.emit(report)
        except Exception as error:
            self.failed.emit(error)
        finally:
            self.finished.emit()


class LatestOnly(Worker):
    """Answers questions one at a time; a question that a newer one overtakes is never worked on."""

    answered = Signal(object, object)  # the question, the answer
    failed = Signal(object, object)  # the question, the error

    def __init__(self, answer: Callable[[Any], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answer = answer
        self._news = Condition()
        self._question: Any = None

    def ask(self, question: Any) -> None:
        """Replace whatever waits; starts the thread the first time."""
        with self._news:
            self._question = question
            self._news.notify()
        if not self._is_stopped and not self.is_running:
            self._begin(self._work)

    def stop(self) -> None:
        """Leave after the answer in hand, and wait for that; nothing is answered afterwards."""
        with self._news:
            self._is_stopped = True
            self._news.notify()
        self.wait()

    def _work(self) -> None:
        """Run in the thread."""
        while self._answer_next():
            pass

    def _answer_next(self) -> bool:
        """Whether there was a question; once answered it is kept no longer, nor what it was about."""
        if (question := self._next()) is None:
            return False
        try:
            answer = self._answer(question)
        except Exception as error:
            self.failed.emit(question, error)
        else:
            self.answered.emit(question, answer)
        return True

    def _next(self) -> Any:
        with self._news:
            self._news.wait_for(lambda: self._question is not None or self._is_stopped)
            question, self._question = self._question, None
            return None if self._is_stopped else question


def leave_all() -> None:
    """Stop and await every thread that runs; the last thing that is done before the program ends.

    Whoever begins one stops it as the window closes. What a thread said just before is heard just after, though, and
    may begin another; and Qt cannot end beside a thread that speaks to it.
    """
    for each in list(_running):
        each.stop()
        each.wait()
