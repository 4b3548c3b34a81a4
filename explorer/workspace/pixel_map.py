"""The map before there is a model: the images arranged by their pixels, in a thread, and the one that is looked at."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence
from explorer.workspace.lone_job import LoneJob
from explorer.workspace.place_in_hand import FIND_EVERY, Near, Pixels, Viewing

if TYPE_CHECKING:
    from core.images.image_set import ImageSet
    from core.latent.pixel_space import PixelSpace

NEAREST = 9  # the image itself, and those that are shown beside it


@dataclass(frozen=True, eq=False)
class Seen:
    """A place of the map, and the image nearest to it: what there is to see where no model can draw."""

    point: tuple[float, float]
    index: int
    code: NDArray[np.float32]
    pixels: Pixels
    name: str


class Charting(QObject):
    """Arranges the images that were read while there is no model of them; gives way when there is one."""

    charted = Signal(object, object)  # PixelSpace, Table
    seen = Signal(object)  # Seen
    near_found = Signal(object)  # list[Near]
    failed = Signal(str)

    def __init__(self, viewing: Viewing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.space: PixelSpace | None = None
        self._viewing = viewing
        self._wanted: ImageSet | None = None  # to be arranged, until it is
        self._job = LoneJob(self)
        self._job.reported.connect(self._take)
        self._job.failed.connect(self._fail)
        self._job.ended.connect(self._begin)
        self._seen: Seen | None = None
        self._finding = LatestOnly(_find, self)
        self._finding.answered.connect(self._take_near)
        self._finding.failed.connect(lambda _, error: self.failed.emit(sentence(error)))
        self._find_timer = QTimer(self, singleShot=True, interval=FIND_EVERY)
        self._find_timer.timeout.connect(self._ask_near)

    @property
    def seen_now(self) -> Seen | None:
        """The image that is looked at; None where there is a model, or nothing."""
        return self._seen

    def chart(self, image_set: "ImageSet") -> None:
        """Arrange these images; `charted` follows, unless a model comes first."""
        self.clear()
        if len(image_set):
            self._wanted = image_set
            self._begin()

    def clear(self) -> None:
        """There is a model, or there are no images."""
        self.space = self._wanted = self._seen = None
        self._find_timer.stop()
        self._job.cancel()

    def stop(self) -> None:
        """Leave every thread."""
        self.clear()
        self._job.stop()
        self._finding.stop()

    # where to look

    def look_at_point(self, u: float, v: float) -> None:
        """The image nearest to a place of the map."""
        if self.space is not None:
            self._see(self.space.nearest_on_map(u, v), (u, v))

    def look_at_image(self, index: int) -> None:
        """One image, at its own place."""
        if self.space is not None and 0 <= index < len(self.space.codes):
            u, v = self.space.points[index].tolist()
            self._see(index, (u, v))

    def look_at(self, code: NDArray[np.float32]) -> None:
        """The image whose components are nearest to these (d,)."""
        if self.space is not None and code.shape == self.space.codes.shape[1:]:
            self.look_at_image(int(np.square(self.space.codes - code).sum(axis=1).argmin()))

    def go_back(self, code: NDArray[np.float32]) -> None:
        """To where the cursor was, unless it is there."""
        if self._seen is None or not np.array_equal(self._seen.code, code):
            self.look_at(code)

    # inside

    def _begin(self) -> None:
        if self._wanted is None or self._job.is_busy:  # it begins when the other has ended
            return
        image_set = self._wanted

        def reports() -> Generator[Any, None, None]:
            from core.latent.pixel_space import arrange_by_pixels

            yield (image_set, (yield from arrange_by_pixels(image_set.pixels)))

        self._job.begin(reports)

    def _take(self, report: "tuple[ImageSet, PixelSpace]") -> None:
        image_set, space = report
        if image_set is self._wanted:
            self._wanted, self.space = None, space
            self._viewing.show_unlearned(image_set)
            self.charted.emit(space, self._viewing.table)
            self.look_at_image(space.nearest_on_map(0.0, 0.0))

    def _fail(self, said: str) -> None:
        self._wanted = None
        self.failed.emit(said)

    def _see(self, index: int, point: tuple[float, float]) -> None:
        space, images = self.space, self._viewing.image_set
        assert space is not None
        assert images is not None
        is_same = self._seen is not None and self._seen.index == index
        self._seen = Seen(point, index, space.codes[index], images.pixels[index], images.names[index])
        self.seen.emit(self._seen)
        if not is_same and not self._find_timer.isActive():
            self._find_timer.start()

    def _ask_near(self) -> None:
        if self.space is not None and self._seen is not None:
            self._finding.ask((self.space, self._seen.index))

    def _take_near(self, question: "tuple[PixelSpace, int]", answer: list[tuple[int, float]]) -> None:
        if question[0] is self.space:
            found: list[Near] = [self._viewing.near(index, distance) for index, distance in answer]
            self.near_found.emit(found)


def _find(question: "tuple[PixelSpace, int]") -> list[tuple[int, float]]:
    space, index = question
    found, distances = space.nearest(space.codes[index], NEAREST)
    return list(zip(found.tolist(), distances.tolist(), strict=True))
