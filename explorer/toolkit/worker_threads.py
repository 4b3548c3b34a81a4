"""All concurrency: `Job` runs a long generator, `LatestOnly` answers the newest question, `leave_all` ends both."""

from collections.abc import Callable, Generator
from contextlib import closing
from typing import Any
from weakref import WeakSet

import shiboken6
from PySide6.QtCore import QMutex, QMutexLocker, QObject, QThread, QWaitCondition, Signal

Reports = Callable[[], Generator[Any, None, Any]]
_made: "WeakSet[Job | LatestOnly]" = WeakSet()


class Job(QThread):
    """A generator of reports, run to its end in a thread of its own; `stop` closes it, and its `finally` saves.

    The maker of the generator is called in the thread, so that what it imports does not hold the window up.
    Signals arrive in the thread that made the job; the last is always QThread's own `finished`.
    """

    reported = Signal(object)
    failed = Signal(object)

    def __init__(self, reports: Reports, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reports = reports
        _made.add(self)

    def stop(self) -> None:
        """Ask it to leave at its next report."""
        self.requestInterruption()

    def run(self) -> None:
        """Run in the thread; every error goes to `failed`, so that none is lost."""
        try:
            with closing(self._reports()) as reports:
                for report in reports:
                    if self.isInterruptionRequested():
                        break
                    self.reported.emit(report)
        except Exception as error:
            self.failed.emit(error)


class LatestOnly(QThread):
    """Answers questions one at a time; a question that a newer one overtakes is never worked on."""

    answered = Signal(object, object)  # the question, the answer
    failed = Signal(object, object)  # the question, the error

    def __init__(self, answer: Callable[[Any], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answer = answer
        self._mutex = QMutex()
        self._asked = QWaitCondition()
        self._question: Any = None
        self._is_stopped = False
        _made.add(self)

    def ask(self, question: Any) -> None:
        """Replace whatever waits; starts the thread the first time."""
        with QMutexLocker(self._mutex):
            self._question = question
        self._asked.wakeOne()
        if not self._is_stopped and not self.isRunning():
            self.start()

    def stop(self) -> None:
        """Leave after the answer in hand, and wait for that; nothing is answered afterwards."""
        with QMutexLocker(self._mutex):
            self._is_stopped = True
        self._asked.wakeOne()
        self.wait()

    def run(self) -> None:
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
        with QMutexLocker(self._mutex):
            while self._question is None and not self._is_stopped:
                self._asked.wait(self._mutex)
            question, self._question = self._question, None
            return None if self._is_stopped else question


def leave_all() -> None:
    """Stop and await every thread that runs; the last thing that is done before the program ends.

    Whoever begins one stops it as the window closes. What a thread said just before is heard just after, though, and
    may begin another; and Qt aborts a program that ends before its threads.
    """
    for each in list(_made):
        if shiboken6.isValid(each) and each.isRunning():
            each.stop()
            each.wait()
