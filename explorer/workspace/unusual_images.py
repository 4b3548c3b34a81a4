"""How unusual each image is: the distance of its code to the 5th nearest other one, found once for a latent space."""

from collections.abc import Generator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.exploration import Floats
from core.reports.progress import Progress
from explorer.workspace.lone_job import LoneJob

if TYPE_CHECKING:
    from core.latent.pixel_space import Arrangement

NEIGHBOUR = 5


class Unusual(QObject):
    """Whoever asks is told with `found`, at once if it is known; while the model learns, what was a moment ago."""

    progressed = Signal(object)  # Progress
    found = Signal(object)  # distances (N,), NaN for images not seen yet
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._codes: Floats | None = None  # that were measured, or are to be
        self._distances: Floats | None = None
        self._job = LoneJob(self)
        self._job.progressed.connect(self.progressed)
        self._job.reported.connect(self._take)
        self._job.failed.connect(self._fail)
        self._job.ended.connect(self._go_on)

    def ask(self, latent_space: "Arrangement") -> None:
        """Find it for these codes, unless those of as many images are being measured."""
        codes = latent_space.codes
        if self.is_known_of(latent_space):
            self.found.emit(self._distances)
        elif self._distances is not None or self._codes is None or len(codes) != len(self._codes):
            self._codes, self._distances = codes, None
            self._measure()

    def distances_of(self, latent_space: "Arrangement") -> Floats | None:
        """What was found last, if it is of as many images."""
        known = self._distances
        return known if known is not None and len(known) == len(latent_space.codes) else None

    def is_known_of(self, latent_space: "Arrangement") -> bool:
        """Whether what was found last is of these very codes."""
        return self._distances is not None and self._codes is latent_space.codes

    def clear(self) -> None:
        """There is no model."""
        self._codes = self._distances = None
        self._job.cancel()

    def stop(self) -> None:
        """Stop, and wait for the thread."""
        self.clear()
        self._job.stop()

    def _measure(self) -> None:
        if self._job.is_busy:  # it goes on with these codes when that has ended
            self._job.cancel()
            return
        if (codes := self._codes) is not None:
            self._job.begin(lambda: _measured(codes))

    def _take(self, distances: Floats) -> None:
        self._distances = distances
        self.found.emit(distances)

    def _fail(self, said: str) -> None:
        self._codes = None
        self.failed.emit(said)

    def _go_on(self) -> None:
        if self._codes is not None and self._distances is None:
            self._measure()


def _measured(codes: Floats) -> "Generator[Progress | Floats, None, None]":
    from core.latent.neighbours import own_distances
    from core.model.one_core import use_one_core

    use_one_core()
    distances = yield from own_distances(codes, NEIGHBOUR)
    yield distances
