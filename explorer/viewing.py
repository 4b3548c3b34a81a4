"""The viewing trip: a place or an image → z → a picture, its nearest real images, the grid; newest wins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.failure import sentence
from explorer.threads import LatestOnly

if TYPE_CHECKING:
    from core.config import ImagesConfig
    from core.images.image_set import ImageSet
    from core.latent.latent_space import LatentSpace
    from core.reports import Column

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Extent = tuple[float, float, float, float]  # left, bottom, right, top on the plane

NEAR_IMAGES = 8
FIND_EVERY = 80  # milliseconds: eyes cannot follow the nearest images as fast as a hand moves
GRID_COLUMNS = (6, 12, 24)  # coarse first, then fine
PAIRS = 12  # images shown with their reconstructions


@dataclass(frozen=True, eq=False)
class Question:
    """What to compute, and the latent space it is about; an answer is dropped when that is no longer current."""

    latent_space: "LatentSpace"
    z: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    extent: Extent = (0.0, 0.0, 0.0, 0.0)
    columns: int = 0
    pixels: Pixels | None = None
    names: tuple[str, ...] = ()
    path: Path | None = None
    images: "ImagesConfig | None" = None
    labels: NDArray[np.int64] | None = None  # of `pixels`, where the model is told the class of each


@dataclass(frozen=True, eq=False)
class Place:
    """A decoded place: z (d,), its point on the plane, and the picture (H, W, C) there."""

    z: Floats
    point: tuple[float, float]
    pixels: Pixels
    step: int  # of the latent space it was decoded with


@dataclass(frozen=True, eq=False)
class Near:
    """One of the real images nearest to a place; `pixels` is None while the images are not read yet."""

    index: int
    pixels: Pixels | None
    name: str
    class_name: str
    distance: float


@dataclass(frozen=True, eq=False)
class EncodedImage:
    """An image that was dropped in: where it lies, and what the model makes of it."""

    name: str
    pixels: Pixels
    reconstruction: Pixels
    z: Floats
    point: tuple[float, float]
    error: float  # mean squared error of pixels in [0, 1]


@dataclass(frozen=True, eq=False)
class Table:
    """What is known of the images without their pixels."""

    names: Sequence[str]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    is_held_out: NDArray[np.bool_]
    columns: tuple["Column", ...] = ()


NOTHING = Table((), np.zeros(0, np.int64), (), np.zeros(0, np.bool_))


class Viewing(QObject):
    """Holds the current latent space and the place looked at; every answer comes from a frozen copy."""

    map_changed = Signal(object, object)  # LatentSpace, Table
    place_decoded = Signal(object)  # Place
    near_found = Signal(object)  # list[Near]
    grid_decoded = Signal(object, object)  # pixels (H, W, 3), Extent
    image_encoded = Signal(object)  # EncodedImage
    pairs_decoded = Signal(object, object, object)  # originals, reconstructions, names
    card_found = Signal(object)  # Near
    cleared = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.latent_space: LatentSpace | None = None
        self.table = NOTHING
        self.image_set: ImageSet | None = None
        self.z: Floats | None = None
        self.place: Place | None = None  # the last that was decoded
        self.grid: tuple[Pixels, Extent, int] | None = None  # likewise, and the step of its latent space
        self._extent: Extent | None = None
        self._has_grid = False
        self._decoding = self._thread(_decode, self._show_place)
        self._finding = self._thread(_find_near, self._show_near)
        self._find_timer = QTimer(self, singleShot=True, interval=FIND_EVERY)
        self._find_timer.timeout.connect(self._ask_near)
        self._tiling = self._thread(_decode_grid, self._show_grid)
        self._pairing = self._thread(_reconstruct, self._show_pairs)
        self._encoding = LatestOnly(
            _on_one_core(_encode_file), self
        )  # its answers hold for the copy that gave them: none is dropped
        self._encoding.answered.connect(self._show_encoded)
        self._encoding.failed.connect(lambda _, error: self.failed.emit(sentence(error)))

    def show(self, latent_space: "LatentSpace", table: Table | None = None) -> None:
        """Make this the current latent space; the place looked at stays, and is decoded anew."""
        latent_space = self._as_same_class(latent_space)
        is_other_space = self.latent_space is None or self.latent_space.latent_dims != latent_space.latent_dims
        self.latent_space = latent_space
        self.table = table or self.table
        if is_other_space or self.z is None:
            self.z = _first_place(latent_space)
        self.map_changed.emit(latent_space, self.table)
        self.look_at(self.z)
        self._ask_grid(GRID_COLUMNS[0])
        self._ask_pairs()

    def choose_class(self, label: int) -> None:
        """Decode as this class everywhere; nothing for a model that knows of no classes."""
        if self.latent_space is not None and self.latent_space.conditional == "class":
            self.latent_space = self.latent_space.with_label(label)
            self.show(self.latent_space)

    @property
    def class_name(self) -> str:
        """The class that is decoded; empty for a model that knows of none."""
        space = self.latent_space
        return space.classes[space.label] if space is not None and space.conditional == "class" else ""

    def clear(self) -> None:
        """There is no model to look at any more."""
        self.latent_space = self.image_set = self.z = self.place = self.grid = None
        self.table = NOTHING
        self.cleared.emit()

    def show_images(self, image_set: "ImageSet | None") -> None:
        """The images themselves have been read: thumbnails and pairs can be shown."""
        self.image_set = image_set
        if self.latent_space is not None and self.z is not None:
            self.look_at(self.z)
            self._ask_pairs()

    def look_at_point(self, u: float, v: float) -> None:
        """Decode a place of the plane."""
        if self.latent_space is not None:
            self.look_at(self.latent_space.plane.to_latent(np.array([[u, v]], np.float32))[0])

    def look_at_image(self, index: int) -> None:
        """Decode the code of one image."""
        if self.latent_space is not None and np.isfinite(self.latent_space.codes[index]).all():
            self.look_at(self.latent_space.codes[index])

    def look_at(self, z: Floats) -> None:
        """Decode a latent (d,)."""
        if self.latent_space is None:
            return
        self.z = np.asarray(z, np.float32)
        self._decoding.ask(Question(self.latent_space, z=self.z))
        if not self._find_timer.isActive():
            self._find_timer.start()

    def find_card(self, index: int) -> None:
        """Say what is known of one image, for the map's card."""
        if 0 <= index < len(self.table.names):
            self.card_found.emit(self._near(index, 0.0))

    def set_grid(self, is_on: bool) -> None:
        """Whether the plane is decoded as a grid behind the dots."""
        self._has_grid, self.grid = is_on, None
        self._ask_grid(GRID_COLUMNS[0])

    def see(self, left: float, bottom: float, right: float, top: float) -> None:
        """The part of the plane that is visible."""
        self._extent = (left, bottom, right, top)
        self._ask_grid(GRID_COLUMNS[0])

    def encode_file(self, path: str, images: "ImagesConfig") -> None:
        """Place an image file on the map."""
        if self.latent_space is None:
            self.failed.emit("There is no model yet to place an image with: open a run or train one first.")
            return
        self._encoding.ask(Question(self.latent_space, path=Path(path), images=images))

    def stop(self) -> None:
        """Leave every thread."""
        self._find_timer.stop()
        for thread in (self._decoding, self._finding, self._tiling, self._pairing, self._encoding):
            thread.stop()

    def _thread(self, answer: Any, show: Any) -> LatestOnly:
        thread = LatestOnly(_on_one_core(answer), self)
        thread.answered.connect(lambda question, result: self._is_current(question) and show(question, result))
        thread.failed.connect(lambda question, error: self._is_current(question) and self.failed.emit(sentence(error)))
        return thread

    def _ask_near(self) -> None:
        if self.latent_space is not None and self.z is not None:
            self._finding.ask(Question(self.latent_space, z=self.z))

    def _as_same_class(self, latent_space: "LatentSpace") -> "LatentSpace":
        """A newer copy of the model decodes the class that was chosen."""
        old = self.latent_space
        if old is None or latent_space.conditional != "class" or old.classes != latent_space.classes:
            return latent_space
        return latent_space if latent_space.label == old.label else latent_space.with_label(old.label)

    def _is_current(self, question: Question) -> bool:
        return self.latent_space is question.latent_space

    def _ask_grid(self, columns: int) -> None:
        if self._has_grid and self.latent_space is not None and self._extent is not None:
            self._tiling.ask(Question(self.latent_space, extent=self._extent, columns=columns))

    def _ask_pairs(self) -> None:
        if self.latent_space is None or self.image_set is None or not len(self.image_set):
            return
        held_out = np.flatnonzero(self.image_set.held_out)
        pool = held_out if len(held_out) >= PAIRS else np.arange(len(self.image_set))
        chosen = pool[np.linspace(0, len(pool) - 1, min(PAIRS, len(pool))).astype(int)]
        names = tuple(self.image_set.names[index] for index in chosen)
        pixels = np.asarray(self.image_set.pixels[chosen])
        is_told = self.latent_space.conditional == "class" and self.latent_space.classes == self.image_set.classes
        labels = self.image_set.labels[chosen] if is_told else None
        self._pairing.ask(Question(self.latent_space, pixels=pixels, names=names, labels=labels))

    def _show_place(self, question: Question, pixels: Pixels) -> None:
        u, v = question.latent_space.plane.to_points(question.z[None])[0]
        self.place = Place(question.z, (float(u), float(v)), pixels, question.latent_space.step)
        self.place_decoded.emit(self.place)

    def _show_near(self, question: Question, found: tuple[NDArray[np.int64], Floats]) -> None:
        self.near_found.emit([self._near(int(index), float(distance)) for index, distance in zip(*found, strict=True)])

    def _show_grid(self, question: Question, sheet: Pixels) -> None:
        if not self._has_grid or question.extent != self._extent:
            return
        self.grid = sheet, question.extent, question.latent_space.step
        self.grid_decoded.emit(sheet, question.extent)
        finer = [columns for columns in GRID_COLUMNS if columns > question.columns]
        if finer:
            self._ask_grid(finer[0])

    def _show_pairs(self, question: Question, reconstructions: Pixels) -> None:
        self.pairs_decoded.emit(question.pixels, reconstructions, question.names)

    def _show_encoded(self, question: Question, encoded: EncodedImage) -> None:
        if self.latent_space is None or self.latent_space.latent_dims != len(encoded.z):
            return
        self.image_encoded.emit(encoded)
        self.look_at(encoded.z)

    def _near(self, index: int, distance: float) -> Near:
        pixels = self.image_set.pixels[index] if self.image_set is not None and index < len(self.image_set) else None
        name = self.table.names[index]
        return Near(index, pixels, name, self.table.classes[self.table.labels[index]], distance)


def _first_place(latent_space: "LatentSpace") -> Floats:
    """Where to look at first: the real image nearest to the middle of the map."""
    middle = latent_space.plane.to_latent(np.zeros((1, 2), np.float32))[0]
    nearest, _ = latent_space.nearest(middle, 1)
    return latent_space.codes[nearest[0]] if len(nearest) else middle


def _on_one_core(answer: Callable[[Question], Any]) -> Callable[[Question], Any]:
    """So that what is looked at does not take the cores from what is learned; PyTorch counts them for each thread."""

    def answer_on_one_core(question: Question) -> Any:
        from core.training.device import use_one_core

        use_one_core()
        return answer(question)

    return answer_on_one_core


def _decode(question: Question) -> Pixels:
    return question.latent_space.decode(question.z[None])[0]


def _find_near(question: Question) -> tuple[NDArray[np.int64], Floats]:
    return question.latent_space.nearest(question.z, NEAR_IMAGES)


def _reconstruct(question: Question) -> Pixels:
    assert question.pixels is not None
    space = question.latent_space
    codes, _ = space.encode(question.pixels, question.labels)
    return space.decode(codes, question.labels)


def _decode_grid(question: Question) -> Pixels:
    from core.export.grid import decode_grid

    return decode_grid(question.latent_space, question.extent, question.columns)


def _encode_file(question: Question) -> EncodedImage:
    from core.images.decode import read_picture

    assert question.path is not None
    assert question.images is not None
    height, _, channels = question.latent_space.image_shape
    pixels = read_picture(question.path, height, channels, question.images.fit, question.images.background)
    codes, _ = question.latent_space.encode(pixels[None])
    reconstruction = question.latent_space.decode(codes)[0]
    u, v = question.latent_space.plane.to_points(codes)[0]
    error = float(np.square((pixels.astype(np.float64) - reconstruction) / 255.0).mean())
    return EncodedImage(question.path.name, pixels, reconstruction, codes[0], (float(u), float(v)), error)
