"""Numbers of each image to colour the map by: terms of the objective, distances, columns; put in bins in a thread."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from core.reports.evaluation import ImageNumbers
from explorer.map.colours.image_numbers import MeasuringImages
from explorer.map.colours.number_scale import Scale, scale_of, unknown
from explorer.map.colours.offered_numbers import ALONE, FROM_PLANE, KL, NUMBERS, OBJECTIVE, RECONSTRUCTION, Measured
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence
from explorer.workspace.place_in_hand import NOTHING, Table
from explorer.workspace.unusual_images import Unusual

if TYPE_CHECKING:
    from core.config import RunConfig
    from core.images.image_set import ImageSet
    from core.latent.latent_space import LatentSpace
    from core.latent.pixel_space import Arrangement, PixelSpace

EVERY = 250  # milliseconds between two looks at codes, or a plane, that move
COLOURS = "colours"  # who wants the numbers that the map is coloured by
WHEN_AT_REST = "measured when the model has learned"
A_MOMENT_AGO = "as the codes were a moment ago"
NO_IMAGES = "The images are needed for this, and they are not here yet."
_TERMS = {RECONSTRUCTION.name: "reconstruction", KL.name: "kl", OBJECTIVE.name: "objective"}


@dataclass(frozen=True, eq=False)
class Question:
    """Numbers (N,) to put in bins, found by `find` in the thread, and the images they are of."""

    name: str
    unit: str
    find: Callable[[], NDArray[np.floating]]
    table: Table
    note: str = ""
    is_stale: bool = False


class Measuring(QObject):
    """Follows the run in hand, and the number that colours its map."""

    offered = Signal(object)  # tuple[Measured, ...]: what can be measured
    scaled = Signal(object)  # Scale of the number that colours the map, None: not known
    noted = Signal(str)  # why it is not known yet; empty: nothing to say
    measured = Signal(object)  # ImageNumbers, also while more are being measured; None: none are known
    progressed = Signal(object)  # Progress; None: nothing is being measured
    failed = Signal(str)

    def __init__(self, unusual: Unusual, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.images = MeasuringImages(self)
        self._unusual = unusual
        self._space: Arrangement | None = None
        self._table = NOTHING
        self._plane_distances: Callable[[], NDArray[np.float32]] = lambda: np.zeros(0, np.float32)
        self._name = ""  # of the number that colours the map
        self._offers: tuple[Measured, ...] = ()
        self._shown: object = None  # what the last scale was made of
        self._has_moved = False  # whether codes or plane are others than those that were looked at
        self._scaling = LatestOnly(_scale, self)
        self._scaling.answered.connect(self._take_scale)
        self._scaling.failed.connect(lambda _, error: self.failed.emit(sentence(error)))
        self._timer = QTimer(self, singleShot=True, interval=EVERY)
        self._timer.timeout.connect(self._show_moved)
        unusual.found.connect(self._take_unusual)
        self.images.measured.connect(self._take_numbers)
        self.images.progressed.connect(self.progressed)
        self.images.failed.connect(self.failed)

    @property
    def numbers(self) -> ImageNumbers | None:
        """The terms of every image, as far as they are known."""
        return self.images.numbers

    # what there is

    def open(self, run: Path, config: "RunConfig") -> None:
        """The run whose map was shown, and its images will be."""
        self.images.open(run, config)

    def start(self, run: Path, config: "RunConfig") -> None:
        """This run is learning from now on; what is known of another is forgotten."""
        self.images.start(run, config)

    def show_map(self, latent_space: "LatentSpace", table: Table) -> None:
        """Measure with this model."""
        if table is not self._table:
            self._shown = None
        self._space, self._table = latent_space, table
        self._plane_distances = lambda: latent_space.distances
        self._offer(_offers(latent_space))
        self.images.show_map(latent_space, table)
        self._look()

    def show_pixels(self, space: "PixelSpace", table: Table) -> None:
        """There is no model yet: of its numbers there are none."""
        self._space, self._table, self._shown = space, table, None
        self._offer((ALONE,))
        self._look()

    def show_images(self, image_set: "ImageSet | None") -> None:
        """The images of the run in hand, None while they are not read."""
        self.images.show_images(image_set)
        self._look()

    def show_state(self, state: str) -> None:
        """While the model learns nothing is measured again by itself."""
        self.images.show_state(state in ("training", "stopping", "settling"))
        self._look()

    def clear(self) -> None:
        """There is no model."""
        self._space, self._table, self._shown = None, NOTHING, None
        self.images.clear()
        self._offer(())

    def stop(self) -> None:
        """Leave every thread."""
        self._timer.stop()
        self._scaling.stop()
        self.images.stop()

    # what is wanted

    def choose(self, name: str) -> None:
        """The number that colours the map: one of NUMBERS, or a column that holds amounts; empty: none."""
        self._name, self._shown = name, None
        self.images.want(COLOURS, name in _TERMS)
        self._look()

    def want(self, who: str, is_wanted: bool) -> None:
        """Whether someone, by a name of their own, wants `numbers`; nobody: what is being measured is stopped."""
        self.images.want(who, is_wanted)

    def measure_again(self) -> None:
        """With the model as it is now."""
        if self._name in _TERMS:
            self.images.measure_again()
        elif self._name == ALONE.name and self._space is not None:
            self._unusual.ask(self._space)

    # inside

    def _look(self) -> None:
        """Show what is known of what is wanted."""
        if self._space is None:
            return
        is_missing = self._name in _TERMS and self.images.image_set is None and self.numbers is None
        self.noted.emit(NO_IMAGES if is_missing else "")
        if self._name in _TERMS:
            self._show_terms()
        elif self._name:
            self._has_moved = True
            if not self._timer.isActive():
                self._show_moved()

    def _take_numbers(self, numbers: ImageNumbers | None) -> None:
        self.measured.emit(numbers)
        if numbers is None:
            self._shown = None
            self.scaled.emit(None)
        elif self._name in _TERMS:
            self._show_terms()

    def _show_terms(self) -> None:
        numbers, is_stale = self.numbers, self.images.is_stale
        if numbers is None:
            self._show_waiting()
        elif self._is_new((self._name, numbers, is_stale)):
            terms: NDArray[np.float32] = getattr(numbers, _TERMS[self._name])
            self._ask(self._name, NUMBERS[self._name].unit, lambda: terms, _said_of(numbers, is_stale), is_stale)

    def _show_waiting(self) -> None:
        if self.images.is_waiting and self._is_new((self._name, WHEN_AT_REST, True)):
            nothing = unknown(self._name, NUMBERS[self._name].unit, len(self._table.names))
            self.scaled.emit(replace(nothing, note=WHEN_AT_REST, is_stale=True))

    def _show_moved(self) -> None:
        if self._has_moved:
            self._has_moved = False
            self._timer.start()
            self._show_codes()

    def _show_codes(self) -> None:
        """Numbers that come from the codes, or that are known of the images already."""
        space, name = self._space, self._name
        if space is None or not name or name in _TERMS:
            return
        if name == FROM_PLANE.name and FROM_PLANE in self._offers and self._is_new((name, space, False)):
            self._ask(name, FROM_PLANE.unit, self._plane_distances)
        elif name == ALONE.name:
            self._show_unusual(space)
        elif (numbers := self._of_column(name)) is not None and self._is_new((name, numbers, False)):
            self._ask(name, "", lambda: numbers)

    def _show_unusual(self, space: "Arrangement") -> None:
        known = self._unusual.distances_of(space)
        if known is None or not self.images.is_training:
            self._unusual.ask(space)
        else:
            self._take_unusual(known)

    def _take_unusual(self, distances: NDArray[np.float32]) -> None:
        is_old, are_ours = self.images.is_training, len(distances) == len(self._table.names)
        if self._name == ALONE.name and are_ours and self._is_new((ALONE.name, distances, is_old)):
            self._ask(ALONE.name, ALONE.unit, lambda: distances, A_MOMENT_AGO if is_old else "", is_old)

    def _of_column(self, name: str) -> NDArray[np.float64] | None:
        wanted = (name, name.removesuffix(" (metadata)"))
        return next((each.numbers for each in self._table.columns if each.name in wanted), None)

    def _is_new(self, made_of: tuple[str, object, bool]) -> bool:
        """Whether a scale would be made of other things than the last."""
        old, self._shown = self._shown, made_of
        return not (isinstance(old, tuple) and old[::2] == made_of[::2] and old[1] is made_of[1])

    def _ask(
        self, name: str, unit: str, find: Callable[[], NDArray[np.floating]], note: str = "", is_stale: bool = False
    ) -> None:
        self._scaling.ask(Question(name, unit, find, self._table, note, is_stale))

    def _take_scale(self, question: Question, scale: Scale) -> None:
        if question.table is self._table and question.name == self._name and self._shown is not None:
            self.scaled.emit(scale)

    def _offer(self, offers: tuple[Measured, ...]) -> None:
        if offers != self._offers:
            self._offers = offers
            self.offered.emit(offers)


def _offers(space: "LatentSpace") -> tuple[Measured, ...]:
    """With two latent dimensions every code lies on the plane, and every code is a place of a projection."""
    has_plane = space.latent_dims > 2 and space.plane.is_exact
    return tuple(each for each in NUMBERS.values() if each is not FROM_PLANE or has_plane)


def _said_of(numbers: ImageNumbers, is_stale: bool) -> str:
    parts = []
    if numbers.wanted < len(numbers.kl):
        parts.append(f"{numbers.wanted:,} of {len(numbers.kl):,} images are measured, evenly spread")
    if is_stale:
        parts.append(f"as of step {numbers.step:,}")
    return "; ".join(parts)


def _scale(question: Question) -> Scale:
    return scale_of(question.name, question.unit, question.find(), question.note, question.is_stale)
