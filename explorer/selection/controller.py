"""The images selected as a list: in which order, with which thumbnails; made in threads while someone watches."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from core.exploration import NONE, Exploration, Floats, Indices
from explorer.selection.listed_images import Listed
from explorer.toolkit.image_conversion import to_qimage
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence
from explorer.workspace.place_in_hand import NOTHING, Table, Viewing
from explorer.workspace.undo_history import Exploring
from explorer.workspace.unusual_images import Unusual

if TYPE_CHECKING:
    from core.images.image_set import ImageSet
    from core.latent.pixel_space import Arrangement

Order = Literal["index", "cursor", "unusual", "twins"]
NUMBERS = {"cursor": "from the cursor", "unusual": "from the 5th nearest"}
# Milliseconds between two lists of one selection: while the cursor is dragged, while the model learns.
DRAG_MS, LEARN_MS = 150, 3_000
LONGEST = 1_600  # pixels: a picture that fills the screen


@dataclass(frozen=True, eq=False)
class Question:
    """What to list, and what it is sorted by."""

    selection: Indices
    order: Order
    table: Table
    space: "Arrangement | None"
    z: Floats | None
    unusual: Floats | None
    twins: Indices | None = None  # (N,) the first image of each one's picture


@dataclass(frozen=True, eq=False)
class Wanted:
    """Thumbnails to read: of which images (n,), and how large."""

    image_set: "ImageSet"
    indices: Indices
    side: int


class Listing(QObject):
    """Follows the selection, and what its order depends on."""

    listed = Signal(object)  # Listed
    progressed = Signal(object)  # Progress of finding an order
    thumbnails_read = Signal(object, object, int)  # indices (n,), QImages, side
    thumbnails_lost = Signal()  # those read before are of other images
    picture_read = Signal(int, object)  # an image's own file, whole: (h, w, 3)
    picture_failed = Signal(int, str)
    failed = Signal(str)

    def __init__(self, exploring: Exploring, viewing: Viewing, unusual: Unusual, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exploring, self._viewing, self._unusual = exploring, viewing, unusual
        self._order: Order = "index"
        self._space: Arrangement | None = None
        self._table = NOTHING
        self._shown: Indices = NONE  # in their order
        self._is_watched, self._is_due = False, False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._list)
        self._sorting = LatestOnly(_listed, self)
        self._sorting.answered.connect(self._take)
        self._sorting.failed.connect(lambda _, error: self.failed.emit(sentence(error)))
        self._reading = LatestOnly(_thumbnails, self)
        self._reading.answered.connect(self._take_thumbnails)
        self._reading.failed.connect(lambda _, error: self.failed.emit(sentence(error)))
        self._opening = LatestOnly(_whole, self)
        self._opening.answered.connect(lambda asked, pixels: self.picture_read.emit(asked[0], pixels))
        self._opening.failed.connect(lambda asked, error: self.picture_failed.emit(asked[0], sentence(error)))
        exploring.changed.connect(self._follow)
        unusual.found.connect(self._follow_unusual)
        unusual.progressed.connect(self.progressed)

    def show_map(self, space: "Arrangement", table: Table) -> None:
        """The codes are other ones, and perhaps the images."""
        self._space = space
        is_other, self._table = table is not self._table, table
        if is_other:
            self.thumbnails_lost.emit()
        if is_other or self._order != "index":
            self._soon(0 if is_other else LEARN_MS)

    def show_images(self, _: "ImageSet | None") -> None:
        """The images have been read: thumbnails can be shown."""
        self.thumbnails_lost.emit()

    def in_order(self, indices: Indices) -> Indices:
        """Images (n,) in the order in which they are shown; as they were given where they are not."""
        return self._shown if np.array_equal(np.sort(self._shown), np.sort(indices)) else indices

    def clear(self) -> None:
        """There is no map."""
        self._space, self._table, self._shown = None, NOTHING, NONE
        self._timer.stop()
        self.listed.emit(Listed())

    def sort_by(self, order: Order) -> None:
        """As images lie in the set, nearest to the cursor or most unusual first, or copies together."""
        self._order = order
        self._soon(0)

    def watch(self, is_watched: bool) -> None:
        """Whether anyone can see the list."""
        self._is_watched = is_watched
        if is_watched and self._is_due:
            self._soon(0)

    def read_thumbnails(self, indices: Indices, side: int) -> None:
        """Read these, `side` pixels large, in place of any that were asked for before."""
        if (image_set := self._viewing.image_set) is not None and len(image_set) == len(self._table.names):
            here = indices[indices < len(image_set)]  # the list may still be of more images
            self._reading.ask(Wanted(image_set, here, side))

    def read_picture(self, index: int) -> None:
        """Read the whole picture of an image's own file, if it has one."""
        image_set = self._viewing.image_set
        if image_set is not None and index < len(image_set) and image_set.path(index) is not None:
            self._opening.ask((index, image_set))

    def stop(self) -> None:
        """Leave every thread."""
        self._timer.stop()
        for thread in (self._sorting, self._reading, self._opening):
            thread.stop()

    def _follow(self, exploration: Exploration, fields: frozenset[str]) -> None:
        if "selection" in fields:
            self._soon(0)
        elif "z" in fields and self._order == "cursor":
            self._soon(DRAG_MS)

    def _follow_unusual(self) -> None:
        if self._order == "unusual":
            self._soon(0)

    def _soon(self, milliseconds: int) -> None:
        """Not later than that; what is urgent does not wait for what is not."""
        self._is_due = True
        if self._is_watched and (not self._timer.isActive() or self._timer.remainingTime() > milliseconds):
            self._timer.start(milliseconds)

    def _list(self) -> None:
        self._is_due = False
        space, now, order = self._space, self._exploring.now, self._order
        unusual = None
        if order == "unusual" and space is not None and len(now.selection):
            unusual = self._unusual.distances_of(space)
            if not self._unusual.is_known_of(space):
                self._unusual.ask(space)
        is_place = now.z is not None and space is not None and len(now.z) == space.latent_dims
        z = now.z if is_place else None
        twins = self._twins() if order == "twins" else None
        self._sorting.ask(Question(now.selection, order, self._table, space, z, unusual, twins))

    def _twins(self) -> Indices | None:
        image_set = self._viewing.image_set
        return None if image_set is None or len(image_set) != len(self._table.names) else image_set.twins

    def _take(self, question: Question, listed: Listed) -> None:
        if question.table is self._table and question.selection is self._exploring.now.selection:
            self._shown = listed.indices
            self.listed.emit(listed)

    def _take_thumbnails(self, wanted: Wanted, pictures: list[QImage]) -> None:
        if wanted.image_set is self._viewing.image_set:
            self.thumbnails_read.emit(wanted.indices, pictures, wanted.side)


def _listed(question: Question) -> Listed:
    table = question.table
    indices = question.selection[question.selection < len(table.names)]
    indices, numbers = _sorted(question, indices)
    counts = np.bincount(table.labels[indices], minlength=len(table.classes))
    most = [label for label in np.argsort(-counts, kind="stable").tolist() if counts[label]]
    return Listed(
        indices,
        len(table.names),
        table.names,
        table.labels,
        table.classes,
        tuple((table.classes[label], int(counts[label])) for label in most),
        question.order,
        numbers,
        NUMBERS.get(question.order, ""),
        question.selection,
    )


def _sorted(question: Question, indices: Indices) -> tuple[Indices, Floats | None]:
    """In their order, with the number each is sorted by; images that have none last."""
    space, z, unusual = question.space, question.z, question.unusual
    if question.order == "cursor" and space is not None and z is not None and len(indices):
        numbers = np.sqrt(np.square(space.codes[indices] - z).sum(axis=1))
        order = np.argsort(numbers, kind="stable")  # NaN last
    elif question.order == "unusual" and unusual is not None:
        numbers = unusual[indices]
        order = np.argsort(-numbers, kind="stable")
    elif question.order == "twins" and question.twins is not None:
        return indices[np.argsort(question.twins[indices], kind="stable")], None
    else:
        return indices, None
    return indices[order], numbers[order]


def _thumbnails(wanted: Wanted) -> list[QImage]:
    """Here, and not in the window's thread: a disk may be slow, and large images take long to scale."""
    pixels: NDArray[np.uint8] = wanted.image_set.pixels
    return [_small(to_qimage(pixels[index]), wanted.side) for index in wanted.indices.tolist()]


def _small(picture: QImage, side: int) -> QImage:
    shrinks = max(picture.width(), picture.height()) > side
    how = Qt.TransformationMode.SmoothTransformation if shrinks else Qt.TransformationMode.FastTransformation
    return picture.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, how)


def _whole(asked: "tuple[int, ImageSet]") -> NDArray[np.uint8]:
    from core.images.decoding.decode import decode_whole

    index, image_set = asked
    path = image_set.path(index)
    assert path is not None  # or nothing was asked
    return decode_whole(path, LONGEST, target=image_set.target(index))
