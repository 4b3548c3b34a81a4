"""Long work, one at a time, its progress and its errors in words."""

from typing import Any

from PySide6.QtCore import QObject, Signal

from core.reports.progress import Progress
from explorer.toolkit.worker_threads import Job, Reports
from explorer.workspace.error_words import sentence


class LoneJob(QObject):
    """One job at a time; of one that was cancelled nothing more is heard but that it has ended."""

    progressed = Signal(object)  # Progress
    reported = Signal(object)  # any other report
    failed = Signal(str)
    busy_changed = Signal(bool)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._is_wanted = False

    @property
    def is_busy(self) -> bool:
        """Whether there is a job, be it cancelled, that has not ended."""
        return self._job is not None

    def begin(self, reports: Reports) -> None:
        """Run this one; nothing while another is in hand."""
        if self._job is not None:
            return
        self._is_wanted, self._job = True, Job(reports, self)
        self._job.reported.connect(self._take)
        self._job.failed.connect(self._fail)
        self._job.finished.connect(self._end)
        self.busy_changed.emit(True)
        self._job.start()

    def cancel(self) -> None:
        """Ask it to leave at its next report."""
        if self._job is not None:
            self._is_wanted = False
            self._job.stop()

    def stop(self) -> None:
        """Cancel it, and wait for the thread."""
        self.cancel()
        if self._job is not None:
            self._job.wait()

    def _take(self, report: Any) -> None:
        if self._is_wanted:
            (self.progressed if isinstance(report, Progress) else self.reported).emit(report)

    def _fail(self, error: Exception) -> None:
        if self._is_wanted:
            self.failed.emit(sentence(error))

    def _end(self) -> None:
        assert self._job is not None
        self._job.deleteLater()
        self._job = None
        self.busy_changed.emit(False)
        self.ended.emit()
