"""UMAP: a map that is no plane, arranged in a process of its own when it is asked for."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from core.reports import Progress
from explorer.failure import sentence
from explorer.threads import Job

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace
    from core.latent.projection import Projection


class Projecting(QObject):
    """Arranges the codes of the latent space in hand; one arrangement at a time."""

    projected = Signal(object)  # Projection
    progressed = Signal(object)  # Progress; None: nothing is being arranged any more
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._space: LatentSpace | None = None
        self._job: Job | None = None
        self._is_wanted = False

    def show_map(self, latent_space: "LatentSpace", _: Any = None) -> None:
        """Arrange these codes when asked to; an arrangement of other images is given up."""
        if self._space is not None and self._space.codes.shape != latent_space.codes.shape:
            self.cancel()
        self._space = latent_space

    def clear(self) -> None:
        """There is no model."""
        self.cancel()
        self._space = None

    def project(self) -> None:
        """Begin; nothing while one is being arranged."""
        space = self._space
        if space is None or self._job is not None:
            return

        def reports() -> Any:
            from core.latent.unfolding import unfold

            return unfold(space.codes, space.step)

        self._is_wanted, self._job = True, Job(reports, self)
        self._job.reported.connect(self._take)
        self._job.failed.connect(lambda error: self.failed.emit(sentence(error)))
        self._job.finished.connect(self._end)
        self.progressed.emit(Progress("Arranging the map (UMAP)", 0))
        self._job.start()

    def cancel(self) -> None:
        """Leave it; the map stays as it is."""
        self._is_wanted = False
        if self._job is not None:
            self._job.stop()

    def stop(self) -> None:
        """Leave the thread."""
        self.cancel()
        if self._job is not None:
            self._job.wait()

    def _take(self, report: "Progress | Projection") -> None:
        if not self._is_wanted:
            return
        if isinstance(report, Progress):
            self.progressed.emit(report)
        else:
            self.projected.emit(report)

    def _end(self) -> None:
        assert self._job is not None
        self._job.deleteLater()
        self._job = None
        self.progressed.emit(None)
