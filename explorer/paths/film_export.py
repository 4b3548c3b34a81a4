"""Saving a film of a path: one job, which can be cancelled."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from explorer.paths.interpolation import Trip
from explorer.workspace.lone_job import LoneJob


class Filming(QObject):
    """A film that was begun is saved whole, whatever becomes of the path; cancelled, it is not there at all."""

    busy_changed = Signal(bool)
    progressed = Signal(object)  # Progress
    saved = Signal(object)  # the file, or the folder of PNG frames
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = LoneJob(self)
        self._job.progressed.connect(self.progressed)
        self._job.reported.connect(self.saved)
        self._job.failed.connect(self.failed)
        self._job.ended.connect(lambda: self.busy_changed.emit(False))

    @property
    def is_busy(self) -> bool:
        """Whether a film is being saved."""
        return self._job.is_busy

    def save(self, out: Path, trip: Trip, run: str, fps: float, scale: int | None = None) -> None:
        """Begin, unless one is in hand; `run` is the name of the run's folder, `scale` how many times larger."""
        if self.is_busy:
            return

        def reports() -> Generator[Any, None, None]:
            from core.export.destination import check_vacant
            from core.export.films import Film, film_facts, table_beside, write_film
            from core.latent.paths import as_class
            from core.training.device import use_one_core

            use_one_core()
            space = as_class(trip.latent_space, trip.way.path.class_name)
            facts = film_facts(run, space, trip.way.path)
            check_vacant(table_beside(out))  # the dialog has asked only about the film
            yield from write_film(out, space, Film(trip.way.z, fps, scale, facts), may_replace=True)
            yield out

        self.busy_changed.emit(True)
        self._job.begin(reports)

    def cancel(self) -> None:
        """Stop; what was written is taken away."""
        self._job.cancel()

    def stop(self) -> None:
        """Stop, and wait for the thread."""
        self._job.stop()
