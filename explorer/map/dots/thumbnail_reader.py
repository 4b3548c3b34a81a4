"""Reads the pixels of a few images for the map, in a thread: they lie on a disk."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence

if TYPE_CHECKING:
    from core.images.image_set import ImageSet

AT_ONCE = 48  # images: so many are turned into pictures within a frame of a screen


@dataclass(frozen=True, eq=False)
class Wanted:
    """Which images of which set."""

    image_set: "ImageSet"
    indices: NDArray[np.int64]


class Picturing(QObject):
    """Answers a few at a time, for as long as nothing else is wanted."""

    pictured = Signal(object, object)  # indices (n,), pixels (n, H, W, C)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: Wanted | None = None
        self._reading = LatestOnly(_read, self)
        self._reading.answered.connect(self._take)
        self._reading.failed.connect(lambda _, error: self.failed.emit(sentence(error)))

    def picture(self, image_set: "ImageSet | None", indices: NDArray[np.int64]) -> None:
        """Read these images; without a set there is nothing to read."""
        if image_set is None or not len(indices) or int(indices.max()) >= len(image_set):
            self._wanted = None
            return
        self._wanted = Wanted(image_set, indices)
        self._reading.ask(self._wanted)

    def stop(self) -> None:
        """Leave the thread."""
        self._reading.stop()

    def _take(self, wanted: Wanted, pixels: NDArray[np.uint8]) -> None:
        if self._wanted is None or wanted.image_set is not self._wanted.image_set:
            return
        self.pictured.emit(wanted.indices[: len(pixels)], pixels)
        if wanted is self._wanted:
            self.picture(wanted.image_set, wanted.indices[len(pixels) :])


def _read(wanted: Wanted) -> NDArray[np.uint8]:
    return np.stack([wanted.image_set.pixels[index] for index in wanted.indices[:AT_ONCE].tolist()])
