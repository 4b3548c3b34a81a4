"""A lesson in a thread: looked at, run, and stopped; nothing of it is kept anywhere."""

from collections.abc import Generator
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.lessons.lesson import Guess, Lesson
from core.reports.lessons import Revealed, Scene
from explorer.workspace.lone_job import LoneJob


class Teaching(QObject):
    """One lesson at a time; of what was left for another nothing more is heard."""

    looked = Signal(object)  # Scene, before the guess
    busy_changed = Signal(bool)  # whether a lesson runs
    progressed = Signal(object)  # Progress
    shown = Signal(object)  # Scene, on the way
    revealed = Signal(object)  # Revealed
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lesson: Lesson | None = None
        self._guess: tuple[Guess, ...] | None = None  # None: it is only looked at
        self._is_due = False
        self._job = LoneJob(self)
        self._job.progressed.connect(self.progressed)
        self._job.reported.connect(self._take)
        self._job.failed.connect(self.failed)
        self._job.ended.connect(self._end)

    @property
    def is_busy(self) -> bool:
        """Whether anything is computed."""
        return self._job.is_busy

    def look(self, lesson: Lesson) -> None:
        """What is seen of a lesson before the guess, in place of whatever is in hand."""
        self._begin(lesson, None)

    def run(self, guess: tuple[Guess, ...]) -> None:
        """Run the lesson that was looked at."""
        if self._lesson is not None:
            self._begin(self._lesson, guess)

    def cancel(self) -> None:
        """Stop the lesson that runs; nothing is revealed."""
        self._is_due = False
        self._job.cancel()

    def stop(self) -> None:
        """Leave the thread."""
        self._is_due = False
        self._job.stop()

    # inside

    def _begin(self, lesson: Lesson, guess: tuple[Guess, ...] | None) -> None:
        self._lesson, self._guess = lesson, guess
        self._is_due = self._job.is_busy
        if self._is_due:
            self._job.cancel()  # and when it has ended, this
            return
        if guess is not None:
            self.busy_changed.emit(True)
        self._job.begin(lambda: _reports(lesson, guess))

    def _take(self, report: object) -> None:
        if isinstance(report, Revealed):
            self.revealed.emit(report)
        elif isinstance(report, Scene):
            (self.looked if self._guess is None else self.shown).emit(report)

    def _end(self) -> None:
        self.busy_changed.emit(False)
        if self._is_due and self._lesson is not None:
            self._begin(self._lesson, self._guess)


def _reports(lesson: Lesson, guess: tuple[Guess, ...] | None) -> Generator[Any, None, None]:
    from core.lessons.teaching import look, run

    if guess is None:
        yield look(lesson)
    else:
        yield from run(lesson, guess)
