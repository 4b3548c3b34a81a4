"""A place of a run that is still being opened: decoded by NumPy until PyTorch is there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence
from explorer.workspace.place_in_hand import Floats, Pixels, Place

if TYPE_CHECKING:
    from core.latent.seen_space import SeenSpace


@dataclass(frozen=True, eq=False)
class Question:
    """A latent (d,) to decode, and by what."""

    space: "SeenSpace"
    z: Floats


class FirstSight(QObject):
    """Follows the hand on the map of a run until the run is opened; `Viewing` goes on from there."""

    place_decoded = Signal(object)  # Place
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.z: Floats | None = None
        self.place: Place | None = None  # the last that was decoded
        self._space: SeenSpace | None = None
        self._decoding = LatestOnly(_decode, self)
        self._decoding.answered.connect(self._show_place)
        self._decoding.failed.connect(self._fail)

    @property
    def has_moved(self) -> bool:
        """Whether a hand was here."""
        return self._space is not None and self.z is not self._space.first_place

    @property
    def began_at(self) -> Floats | None:
        """The place (d,) that is looked at first."""
        return None if self._space is None else self._space.first_place

    def show(self, space: "SeenSpace") -> None:
        """Look at its first place, and from now on wherever the hand goes."""
        self._space = space
        self._look_at(space.first_place)

    def look_at_point(self, u: float, v: float) -> None:
        """Decode a place of the plane; nothing where no run is being opened."""
        if self._space is not None:
            self._look_at(self._space.plane.to_latent(np.array([[u, v]], np.float32))[0])

    def look_at_image(self, index: int) -> None:
        """Decode the code of one image."""
        if self._space is not None and np.isfinite(self._space.codes[index]).all():
            self._look_at(self._space.codes[index])

    def clear(self) -> None:
        """The run is opened, or will not be."""
        self._space = self.z = self.place = None

    def stop(self) -> None:
        """Leave the thread."""
        self.clear()
        self._decoding.stop()

    def _look_at(self, z: Floats) -> None:
        assert self._space is not None
        self.z = z
        self._decoding.ask(Question(self._space, z))

    def _show_place(self, question: Question, pixels: Pixels) -> None:
        space = question.space
        if space is self._space:
            u, v = space.plane.to_points(question.z[None])[0]
            self.place = Place(question.z, (float(u), float(v)), pixels, space.step)
            self.place_decoded.emit(self.place)

    def _fail(self, question: Question, error: Exception) -> None:
        if question.space is self._space:
            self.failed.emit(sentence(error))


def _decode(question: Question) -> Pixels:
    decoded: Pixels = question.space.decode(question.z[None])[0]
    return decoded
