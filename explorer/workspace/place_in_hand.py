"""The viewing trip: a place or an image → z → a picture, and its nearest real images; newest wins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from core.images.image_names import same_names
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence

if TYPE_CHECKING:
    from core.images.image_set import ImageSet
    from core.latent.around_place import Surroundings, Surveyor
    from core.latent.latent_space import LatentSpace
    from core.latent.projection import AnyPlane
    from core.reports.images import Column

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

TELL_EVERY = 60  # milliseconds: nobody reads numbers faster, and what they cost while a hand moves training pays
FIND_EVERY = 80  # milliseconds: eyes cannot follow the nearest images as fast as a hand moves
FIND_LATER = 2_000  # until the verdict of a model that has moved on is asked for again
PAIRS = 12  # images shown with their reconstructions
FARTHEST = 1e12  # of a number of z: the squares that distances are made of leave float32 from 1e19 on
TOO_FAR = "No place has this z: its numbers must be finite, and between −10¹² and 10¹²."


@dataclass(frozen=True, eq=False)
class Question:
    """What to compute, and the latent space it is about; an answer is dropped when that is no longer current."""

    latent_space: "LatentSpace"
    z: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    point: tuple[float, float] | None = None  # on the map, where it is known
    pixels: Pixels | None = None
    names: tuple[str, ...] = ()
    labels: NDArray[np.int64] | None = None  # of `pixels`, where the model is told the class of each


@dataclass(frozen=True, eq=False)
class Place:
    """A decoded place: z (d,), its point on the plane, and the picture (H, W, C) there."""

    z: Floats
    point: tuple[float, float]
    pixels: Pixels
    step: int  # of the latent space it was decoded with
    latent_space: "LatentSpace | None" = None  # that one


@dataclass(frozen=True, eq=False)
class Near:
    """One of the real images nearest to a place; `pixels` is None while the images are not read yet."""

    index: int
    pixels: Pixels | None
    name: str
    class_name: str
    distance: float


@dataclass(frozen=True, eq=False)
class Table:
    """What is known of the images without their pixels."""

    names: Sequence[str]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    is_held_out: NDArray[np.bool_]
    columns: tuple["Column", ...] = ()


NOTHING = Table((), np.zeros(0, np.int64), (), np.zeros(0, np.bool_))


def table_of(image_set: "ImageSet") -> Table:
    """What is known of the images without their pixels."""
    labels = np.asarray(image_set.labels)
    return Table(image_set.names, labels, image_set.classes, image_set.held_out, image_set.columns)


class Viewing(QObject):
    """Holds the current latent space and the place looked at; every answer comes from a frozen copy."""

    map_changed = Signal(object, object)  # LatentSpace, Table
    place_decoded = Signal(object)  # Place
    place_told = Signal(object)  # the same, for words and numbers: the first at once, then the newest now and then
    near_found = Signal(object)  # list[Near]
    surroundings_found = Signal(object)  # Surroundings of the place, after the images nearest to it
    pairs_decoded = Signal(object, object, object)  # originals, reconstructions, names
    card_found = Signal(object)  # Near
    images_shown = Signal(object)  # ImageSet of the latent space in hand, None while it is not read
    cleared = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.latent_space: LatentSpace | None = None
        self.now: LatentSpace | None = None  # the newest, whatever is looked at
        self.table = NOTHING
        self.image_set: ImageSet | None = None
        self.z: Floats | None = None
        self.place: Place | None = None  # the last that was decoded
        self.surveyed: Floats | None = None  # the place whose surroundings were found last
        self.pairs: list[int] = []  # the images that are shown with their reconstructions
        self._wishes_pairs = False
        self._own: LatentSpace | None = None  # the current one on its own plane
        self._plane: AnyPlane | None = None  # that was chosen instead
        self._is_back = False  # whether a moment is looked at that is not the newest
        self._turning = LatestOnly(_turn, self)
        self._turning.answered.connect(self._take_turned)
        self._turning.failed.connect(lambda _, error: self.failed.emit(sentence(error)))
        self._decoding = self._thread(_decode, self._show_place)
        self._survey = _Survey()
        self._finding = self._thread(self._survey, self._show_surroundings)
        self._tell_timer = QTimer(self, singleShot=True, interval=TELL_EVERY)
        self._tell_timer.timeout.connect(self._tell_place)
        self._told: Place | None = None
        self._find_timer = QTimer(self, singleShot=True, interval=FIND_EVERY)
        self._find_timer.timeout.connect(self._ask_near)
        self._find_later = QTimer(self, singleShot=True, interval=FIND_LATER)
        self._find_later.timeout.connect(self._ask_near)
        self._pairing = self._thread(_reconstruct, self._show_pairs)

    def show(self, latent_space: "LatentSpace", table: Table | None = None) -> None:
        """Make this the current latent space, on the chosen plane; the place looked at stays, and is decoded anew.

        `table` comes with other images; those are seen at once, on the model's own plane until the chosen one is ready.
        Without one, a moment of the same training that is looked back at stays what is seen.
        """
        self.now = latent_space
        if table is not None or not self._is_back:
            self._is_back = False
            self._show(latent_space, table)

    def look_back(self, past: "LatentSpace | None") -> None:
        """Show the model as it was, whatever it learns meanwhile; None: as it is now."""
        self._is_back = past is not None
        if (space := past or self.now) is not None:
            self._show(space)

    @property
    def has_plane(self) -> bool:
        """Whether a plane was chosen instead of the model's own."""
        return self._plane is not None

    def _show(self, latent_space: "LatentSpace", table: Table | None = None) -> None:
        self._own = self._as_same_class(latent_space)
        plane = self._plane if self._plane is None or self._plane.fits(self._own.codes) else None
        if plane is None or table is not None:
            self._take_map(self._own, table)
        if plane is not None:
            self._ask_turned(self._own, plane)

    def choose_plane(self, plane: "AnyPlane | None") -> None:
        """Show this plane of every latent space from now on; None: the model's own."""
        is_other, self._plane = plane is not self._plane, plane
        if is_other and self._own is not None:
            self._show(self._own)

    def _take_map(self, latent_space: "LatentSpace", table: Table | None = None) -> None:
        self.latent_space = latent_space
        self.table = table or self.table
        if self.z is None or len(self.z) != latent_space.latent_dims:
            self.z = latent_space.first_place
        self.map_changed.emit(latent_space, self.table)
        self.look_at(self.z)
        self._ask_pairs()

    def choose_class(self, label: int) -> None:
        """Decode as this class everywhere; nothing for a model that knows of no classes, or never learned this one."""
        if self._own is None or self.latent_space is None or label in self._own.unlearned:
            return
        if self._own.conditional == "class":
            self._own = self._own.with_label(label)
            self._take_map(self.latent_space.with_label(label))
            if self._plane is not None:
                self._ask_turned(self._own, self._plane)

    @property
    def class_name(self) -> str:
        """The class that is decoded; empty for a model that knows of none."""
        space = self.latent_space
        return space.classes[space.label] if space is not None and space.conditional == "class" else ""

    def clear(self) -> None:
        """There is no model to look at any more."""
        self.latent_space = self.image_set = self.z = self.place = None
        self._own = self._plane = self.now = self._told = None
        self._is_back = False
        self.table = NOTHING
        self._survey.forget()
        self.cleared.emit()

    def show_images(self, image_set: "ImageSet | None") -> None:
        """The images themselves have been read: thumbnails and pairs can be shown."""
        self.image_set = image_set
        self.images_shown.emit(image_set)
        if self.latent_space is not None and self.z is not None:
            self.look_at(self.z)
            self._ask_pairs()

    def show_unlearned(self, image_set: "ImageSet") -> None:
        """Images have been read that there is no model of yet."""
        self.table = table_of(image_set)
        self.show_images(image_set)

    def look_at_point(self, u: float, v: float) -> None:
        """Decode a place of the plane."""
        if self.latent_space is not None:
            z = self.latent_space.plane.to_latent(np.array([[u, v]], np.float32))[0]
            self.look_at(z, (u, v))

    def look_at_image(self, index: int) -> None:
        """Decode the code of one image."""
        if self.latent_space is not None and np.isfinite(self.latent_space.codes[index]).all():
            self.look_at(self.latent_space.codes[index])

    def look_at(self, z: Floats, point: tuple[float, float] | None = None) -> None:
        """Decode a latent (d,); one that is too far away to have distances is not taken, and `failed` says why.

        `point` is where a hand pointed, if it did: a map that is no plane cannot tell that from z.
        """
        if self.latent_space is None:
            return
        if not np.abs(z).max(initial=0.0) <= FARTHEST:  # nor where one is NaN
            self.failed.emit(TOO_FAR)
            return
        self.z = np.asarray(z, np.float32)
        self._decoding.ask(Question(self.latent_space, z=self.z, point=point))
        if not self._find_timer.isActive():
            self._find_timer.start()

    def tell_again(self) -> None:
        """For who comes late: the place that was decoded last, and what surrounds it."""
        if self.place is not None:
            self.place_told.emit(self.place)
            self._find_timer.start()

    def find_card(self, index: int) -> None:
        """Say what is known of one image, for the map's card."""
        if 0 <= index < len(self.table.names):
            self.card_found.emit(self.near(index, 0.0))

    def stop(self) -> None:
        """Leave every thread."""
        self._find_timer.stop()
        self._tell_timer.stop()
        self._find_later.stop()
        for thread in (self._turning, self._decoding, self._finding, self._pairing):
            thread.stop()

    def _thread(self, answer: Any, show: Any) -> LatestOnly:
        thread = LatestOnly(_on_one_core(answer), self)
        thread.answered.connect(lambda question, result: self._is_current(question) and show(question, result))
        thread.failed.connect(self._fail)
        return thread

    def _fail(self, question: Any, error: Exception) -> None:
        if self._is_current(question):
            self.failed.emit(sentence(error))

    def _ask_near(self) -> None:
        if self.latent_space is not None and self.z is not None:
            self._finding.ask(Question(self.latent_space, z=self.z))

    def _as_same_class(self, latent_space: "LatentSpace") -> "LatentSpace":
        """A newer copy of the model decodes the class that was chosen."""
        old = self.latent_space
        if old is None or latent_space.conditional != "class" or old.classes != latent_space.classes:
            return latent_space
        return latent_space if latent_space.label == old.label else latent_space.with_label(old.label)

    def _ask_turned(self, own: "LatentSpace", plane: "AnyPlane") -> None:
        """Points of a million codes take too long for the window's thread; a plane that only moved keeps them."""
        shown = self.latent_space
        is_same_model = shown is not None and shown.codes is own.codes
        self._turning.ask((own, plane, shown if is_same_model else own))

    def _take_turned(self, question: "tuple[LatentSpace, AnyPlane, LatentSpace]", turned: "LatentSpace") -> None:
        own, plane, _ = question
        if own is self._own and plane is self._plane:
            self._take_map(turned)

    def _is_current(self, question: Question) -> bool:
        return self.latent_space is question.latent_space

    def wish_pairs(self, are_seen: bool) -> None:
        """Whether `pairs_decoded` is to tell what becomes of some held-out images: of each model, while it is seen."""
        self._wishes_pairs = are_seen
        self._ask_pairs()

    def _ask_pairs(self) -> None:
        if not self._wishes_pairs or self.latent_space is None or self.image_set is None or not len(self.image_set):
            return
        held_out = np.flatnonzero(self.image_set.held_out)
        pool = held_out if len(held_out) >= PAIRS else np.arange(len(self.image_set))
        chosen = pool[np.linspace(0, len(pool) - 1, min(PAIRS, len(pool))).astype(int)]
        self.pairs = chosen.tolist()
        names = tuple(self.image_set.names[index] for index in chosen)
        pixels = np.asarray(self.image_set.pixels[chosen])
        is_alike = same_names(self.latent_space.classes, self.image_set.classes)
        is_told = self.latent_space.conditional == "class" and is_alike
        labels = self.image_set.labels[chosen] if is_told else None
        self._pairing.ask(Question(self.latent_space, pixels=pixels, names=names, labels=labels))

    def _show_place(self, question: Question, pixels: Pixels) -> None:
        space = question.latent_space
        self.place = Place(question.z, question.point or _seen_at(question.z, space), pixels, space.step, space)
        self.place_decoded.emit(self.place)
        if not self._tell_timer.isActive():
            self._tell_place()

    def _tell_place(self) -> None:
        if self.place is not None and self.place is not self._told:
            self._told = self.place
            self._tell_timer.start()
            self.place_told.emit(self.place)

    def _show_surroundings(self, question: Question, found: "Surroundings") -> None:
        near = zip(found.nearest.tolist(), found.distances.tolist(), strict=True)
        self.surveyed = question.z
        self.near_found.emit([self.near(index, distance) for index, distance in near])
        self.surroundings_found.emit(found)
        if found.is_old:
            self._find_later.start()

    def _show_pairs(self, question: Question, reconstructions: Pixels) -> None:
        self.pairs_decoded.emit(question.pixels, reconstructions, question.names)

    def near(self, index: int, distance: float) -> Near:
        """What is known of an image that lies so far away."""
        pixels = self.image_set.pixels[index] if self.image_set is not None and index < len(self.image_set) else None
        name = self.table.names[index]
        return Near(index, pixels, name, self.table.classes[self.table.labels[index]], distance)


def _seen_at(z: Floats, space: "LatentSpace") -> tuple[float, float]:
    u, v = space.plane.to_points(z[None])[0]
    return float(u), float(v)


def _on_one_core(answer: Callable[[Question], Any]) -> Callable[[Question], Any]:
    """So that what is looked at does not take the cores from what is learned."""

    def answer_on_one_core(question: Question) -> Any:
        question.latent_space.model.stay_on_one_core()
        return answer(question)

    return answer_on_one_core


def _turn(question: "tuple[LatentSpace, AnyPlane, LatentSpace]") -> "LatentSpace":
    _, plane, shown = question
    return shown.with_plane(plane)


def _decode(question: Question) -> Pixels:
    decoded: Pixels = question.latent_space.decode(question.z[None])[0]
    return decoded


class _Survey:
    """Finds the surroundings of places, in one thread, and keeps what it has fitted until told to forget it."""

    def __init__(self) -> None:
        self._surveyor: Surveyor | None = None

    def __call__(self, question: Question) -> "Surroundings":
        from core.latent.around_place import Surveyor

        surveyor = self._surveyor = self._surveyor or Surveyor()
        return surveyor.survey(question.latent_space, question.z)

    def forget(self) -> None:
        self._surveyor = None


def _reconstruct(question: Question) -> Pixels:
    assert question.pixels is not None
    space = question.latent_space
    codes, _ = space.encode(question.pixels, question.labels)
    return space.decode(codes, question.labels)
