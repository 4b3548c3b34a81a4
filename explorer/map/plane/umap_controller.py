"""UMAP: a map that is no plane, arranged in a process of its own when it is asked for."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from core.reports.progress import Progress
from explorer.workspace.lone_job import LoneJob

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace


class Projecting(QObject):
    """Arranges the codes of the latent space in hand; one arrangement at a time."""

    projected = Signal(object)  # Projection
    progressed = Signal(object)  # Progress; None: nothing is being arranged any more
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._space: LatentSpace | None = None
        self._job = LoneJob(self)
        self._job.progressed.connect(self.progressed)
        self._job.reported.connect(self.projected)
        self._job.failed.connect(self.failed)
        self._job.ended.connect(lambda: self.progressed.emit(None))

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
        if space is None or self._job.is_busy:
            return

        def reports() -> Any:
            from core.latent.umap import unfold

            return unfold(space.codes, space.step)

        self.progressed.emit(Progress("Arranging the map (UMAP)", 0))
        self._job.begin(reports)

    def cancel(self) -> None:
        """Leave it; the map stays as it is."""
        self._job.cancel()

    def stop(self) -> None:
        """Leave the thread."""
        self._job.stop()
