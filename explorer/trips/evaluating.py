"""Evaluating a run on its held-out images: one job, which can be cancelled."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.reports import Evaluated, Progress
from explorer.failure import sentence
from explorer.threads import Job


class Evaluating(QObject):
    """What is found belongs to the run that was open when it was asked for; another run forgets it."""

    busy_changed = Signal(bool)
    progressed = Signal(object)  # Progress
    evaluated = Signal(object, object)  # Evaluated, the run
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run: Path | None = None
        self._job: Job | None = None
        self._is_wanted = False  # whether what the job in hand finds is

    def evaluate(self, run: Path, importance_samples: int, judge_samples: bool) -> None:
        """Begin, unless one is in hand."""
        if self._job is not None:
            return

        def reports() -> Iterator[Any]:
            from core.evaluation.evaluate_run import Asked, evaluate_run

            asked = Asked(importance_samples=importance_samples, judge_samples=judge_samples)
            return evaluate_run(run, asked, reserve_core=True)

        self._run, self._is_wanted = run, True
        self._job = Job(reports, self)
        self._job.reported.connect(self._take)
        self._job.failed.connect(self._fail)
        self._job.finished.connect(self._end)
        self.busy_changed.emit(True)
        self._job.start()

    def cancel(self) -> None:
        """Stop; nothing is shown of what was found so far."""
        if self._job is not None:
            self._is_wanted = False
            self._job.stop()

    def stop(self) -> None:
        """Stop, and wait for the thread."""
        if self._job is not None:
            self.cancel()
            self._job.wait()

    def _take(self, report: Any) -> None:
        if not self._is_wanted:
            return
        if isinstance(report, Progress):
            self.progressed.emit(report)
        elif isinstance(report, Evaluated):
            self.evaluated.emit(report, self._run)

    def _fail(self, error: Exception) -> None:
        if self._is_wanted:
            self.failed.emit(sentence(error))

    def _end(self) -> None:
        assert self._job is not None
        self._job.deleteLater()
        self._job = None
        self.busy_changed.emit(False)
