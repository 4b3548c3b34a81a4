"""Saving a film of a path: one job, which can be cancelled."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.reports import Progress
from explorer.failure import sentence
from explorer.threads import Job
from explorer.trips.travelling import Trip


class Filming(QObject):
    """A film that was begun is saved whole, whatever becomes of the path; cancelled, it is not there at all."""

    busy_changed = Signal(bool)
    progressed = Signal(object)  # Progress
    saved = Signal(object)  # the file, or the folder of PNG frames
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._out = Path()
        self._is_wanted = False

    @property
    def is_busy(self) -> bool:
        """Whether a film is being saved."""
        return self._job is not None

    def save(self, out: Path, trip: Trip, run: str, fps: float) -> None:
        """Begin, unless one is in hand; `run` is the name of the run's folder."""
        if self._job is not None:
            return

        def reports() -> Iterator[Any]:
            from core.export.films import Film, film_facts, write_film
            from core.latent.paths import as_class
            from core.training.device import use_one_core

            use_one_core()
            space = as_class(trip.latent_space, trip.way.path.class_name)
            facts = film_facts(run, space, trip.way.path)
            yield from write_film(out, space, Film(trip.way.z, fps, None, facts))
            yield out

        self._out, self._is_wanted = out, True
        self._job = Job(reports, self)
        self._job.reported.connect(self._take)
        self._job.failed.connect(self._fail)
        self._job.finished.connect(self._end)
        self.busy_changed.emit(True)
        self._job.start()

    def cancel(self) -> None:
        """Stop; what was written is taken away."""
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
        else:
            self.saved.emit(report)

    def _fail(self, error: Exception) -> None:
        if self._is_wanted:
            self.failed.emit(sentence(error))

    def _end(self) -> None:
        assert self._job is not None
        self._job.deleteLater()
        self._job = None
        self.busy_changed.emit(False)
