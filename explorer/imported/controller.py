"""Tries a model from elsewhere, in a thread that waits for another process."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from explorer.workspace.lone_job import LoneJob

if TYPE_CHECKING:
    from core.imported.wish import ModelWish


class Trying(QObject):
    """Tries the newest wish; one that a newer one overtakes is ended at once."""

    found = Signal(object)  # Tried
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._next: ModelWish | None = None
        self._job = LoneJob(self)
        self._job.reported.connect(self.found)
        self._job.failed.connect(self.failed)
        self._job.ended.connect(self._go_on)

    def try_out(self, wish: "ModelWish") -> None:
        """Find out what it is."""
        self._next = wish
        if self._job.is_busy:
            self._job.cancel()
        else:
            self._go_on()

    def forget(self) -> None:
        """Nobody wants to know any more."""
        self._next = None
        self._job.cancel()

    def stop(self) -> None:
        """Leave the thread."""
        self._next = None
        self._job.stop()

    def _go_on(self) -> None:
        wish, self._next = self._next, None
        if wish is None:
            return

        def reports() -> Generator[Any, None, None]:
            from core.imported.examination import examine

            yield (yield from examine(wish.decoder, wish.encoder, wish.prior or "normal", wish.range))

        self._job.begin(reports)
