"""Numbers of each image to colour the map by: measured when wanted, and again when the model has learned more."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from core.reports import ImageNumbers, Progress
from explorer.failure import sentence
from explorer.measured import ALONE, FROM_PLANE, KL, NUMBERS, OBJECTIVE, RECONSTRUCTION, Measured
from explorer.number_scale import Scale, scale_of
from explorer.threads import Job, LatestOnly
from explorer.unusual import Unusual
from explorer.viewing import NOTHING, Table

if TYPE_CHECKING:
    from core.config import RunConfig
    from core.images.image_set import ImageSet
    from core.latent.latent_space import LatentSpace

EVERY = 250  # milliseconds between two looks at codes, or a plane, that move
COLOURS = "colours"  # who wants the numbers that the map is coloured by
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
    """Keeps the numbers of the run in hand; what is not wanted any more is stopped."""

    offered = Signal(object)  # tuple[Measured, ...]: what can be measured
    scaled = Signal(object)  # Scale of the number that colours the map, None: not known
    noted = Signal(str)  # why it is not known yet; empty: nothing to say
    measured = Signal(object)  # ImageNumbers, also while more are being measured; None: none are known
    progressed = Signal(object)  # Progress; None: nothing is being measured
    failed = Signal(str)

    def __init__(self, unusual: Unusual, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.numbers: ImageNumbers | None = None
        self._unusual = unusual
        self._space: LatentSpace | None = None
        self._table = NOTHING
        self._image_set: ImageSet | None = None
        self._run: Path | None = None
        self._config: RunConfig | None = None
        self._is_training = False
        self._name = ""  # of the number that colours the map
        self._wanting: set[str] = set()  # who wants numbers of all images
        self._offers: tuple[Measured, ...] = ()
        self._job: Job | None = None
        self._is_due = False  # whether to measure again as soon as the job in hand has ended
        self._has_failed = False  # the last time: it is not tried again by itself
        self._has_moved = False  # whether codes or plane are others than those that were looked at
        self._distances: NDArray[np.float32] | None = None  # to the 5th nearest code, as they were shown last
        self._shown: tuple[str, int, int, bool] | None = None  # the number, its step, how many, is it stale
        self._scaling = LatestOnly(_scale, self)
        self._scaling.answered.connect(self._take_scale)
        self._scaling.failed.connect(lambda _, error: self.failed.emit(sentence(error)))
        self._timer = QTimer(self, singleShot=True, interval=EVERY)
        self._timer.timeout.connect(self._show_moved)
        unusual.found.connect(self._take_unusual)

    # what there is

    def open(self, run: Path, config: "RunConfig") -> None:
        """The run whose map was shown, and its images will be."""
        self._run, self._config = run, config
        self._look()

    def start(self, run: Path, config: "RunConfig") -> None:
        """This run is learning from now on; what is known of another is forgotten."""
        if run != self._run:
            self._forget()
            self._space = None
        self._run, self._config = run, config

    def show_map(self, latent_space: "LatentSpace", table: Table) -> None:
        """Measure with this model."""
        if table is not self._table:
            self._forget()
        self._space, self._table = latent_space, table
        self._offer()
        self._look()

    def show_images(self, image_set: "ImageSet | None") -> None:
        """The images of the run in hand, None while they are not read."""
        self._image_set, self._has_failed = image_set, False
        self._look()

    def show_state(self, state: str) -> None:
        """While the model learns nothing is measured again by itself."""
        self._is_training = state in ("training", "stopping", "settling")
        self._look()

    def clear(self) -> None:
        """There is no model."""
        self._forget()
        self._space, self._image_set, self._run, self._config = None, None, None, None
        self._table = NOTHING
        self._offer()

    def stop(self) -> None:
        """Leave every thread."""
        self._is_due = False
        self._timer.stop()
        self._scaling.stop()
        if self._job is not None:
            self._job.stop()
            self._job.wait()

    # what is wanted

    def choose(self, name: str) -> None:
        """The number that colours the map: one of NUMBERS, or a column that holds amounts; empty: none."""
        self._name, self._shown, self._distances, self._has_failed = name, None, None, False
        self.noted.emit("")
        self.want(COLOURS, name in _TERMS)
        self._look()

    def want(self, who: str, is_wanted: bool) -> None:
        """Whether someone, by a name of their own, wants `numbers`; nobody: the job in hand is stopped."""
        (self._wanting.add if is_wanted else self._wanting.discard)(who)
        if self._wanting:
            self._look()
        elif self._job is not None:
            self._is_due = False
            self._job.stop()

    def measure_again(self) -> None:
        """With the model as it is now."""
        if self._name == ALONE.name and self._space is not None:
            self._unusual.ask(self._space)
        elif self._wanting:
            self._begin()

    # inside

    def _look(self) -> None:
        """Show what is known of what is wanted, and measure what is not."""
        if self._space is None:
            return
        if self._wanting:
            self._look_at_images()
        if self._name in _TERMS:
            self._show_terms()
        elif self._name:
            self._has_moved = True
            if not self._timer.isActive():
                self._show_moved()

    def _look_at_images(self) -> None:
        if self._image_set is None:
            self.noted.emit(NO_IMAGES if self.numbers is None else "")
        elif self._job is None and not self._has_failed and self._is_wanting:
            self._begin()

    @property
    def _is_wanting(self) -> bool:
        """Whether there are no numbers, not all, or, with a model that has come to rest, old ones."""
        numbers, space = self.numbers, self._space
        if numbers is None or space is None or numbers.measured < numbers.wanted:
            return True
        return numbers.step != space.step and not self._is_training

    def _begin(self) -> None:
        if self._job is not None:
            self._is_due = True
            self._job.stop()
            return
        space, image_set, config = self._space, self._image_set, self._config
        if space is None or image_set is None or config is None:
            return

        def reports() -> Iterator[Any]:
            from core.evaluation.image_numbers import measure_images

            return measure_images(space, image_set, config.training, reserve_core=True)

        about = (self._table, self._run)
        self._is_due, self._has_failed, self._job = False, False, Job(reports, self)
        self._job.reported.connect(lambda report: self._take(about, report))
        self._job.failed.connect(self._fail)
        self._job.finished.connect(self._end)
        self.noted.emit("")
        self._job.start()

    def _take(self, about: tuple[Table, Path | None], report: Progress | ImageNumbers) -> None:
        if about[0] is not self._table or about[1] != self._run or not self._wanting:
            return
        if isinstance(report, Progress):
            self.progressed.emit(report)
            return
        if self.numbers is None or report.measured == report.wanted or self.numbers.step == report.step:
            self.numbers = report  # else: all images by the model before are worth more than some by this one
            self.measured.emit(report)
            self._show_terms()

    def _fail(self, error: Exception) -> None:
        self._has_failed = True
        self.failed.emit(sentence(error))

    def _end(self) -> None:
        assert self._job is not None
        self._job.deleteLater()
        self._job = None
        self.progressed.emit(None)
        if self._is_due:
            self._begin()
        else:
            self._look()

    def _show_terms(self) -> None:
        numbers = self.numbers
        if numbers is None or self._name not in _TERMS:
            return
        assert self._space is not None
        is_stale = numbers.step != self._space.step
        shown = (self._name, numbers.step, numbers.measured, is_stale)
        if shown != self._shown:
            self._shown = shown
            terms = getattr(numbers, _TERMS[self._name])
            self._ask(self._name, NUMBERS[self._name].unit, lambda: terms, _said_of(numbers, is_stale), is_stale)

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
        if name == FROM_PLANE.name:
            self._ask(name, FROM_PLANE.unit, lambda: space.distances)
        elif name == ALONE.name:
            self._show_unusual()
        elif (numbers := self._of_column(name)) is not None and self._shown is None:
            self._shown = (name, 0, 0, False)
            self._ask(name, "", lambda: numbers)

    def _show_unusual(self) -> None:
        assert self._space is not None
        known = self._unusual.distances_of(self._space)
        if known is None or not self._is_training:
            self._unusual.ask(self._space)
        else:
            self._take_unusual(known)

    def _take_unusual(self, distances: NDArray[np.float32]) -> None:
        is_new = distances is not self._distances
        if self._name == ALONE.name and is_new and len(distances) == len(self._table.names):
            self._distances = distances
            self._ask(ALONE.name, ALONE.unit, lambda: distances)

    def _of_column(self, name: str) -> NDArray[np.float64] | None:
        wanted = (name, name.removesuffix(" (metadata)"))
        return next((each.numbers for each in self._table.columns if each.name in wanted), None)

    def _ask(
        self, name: str, unit: str, find: Callable[[], NDArray[np.floating]], note: str = "", is_stale: bool = False
    ) -> None:
        self._scaling.ask(Question(name, unit, find, self._table, note, is_stale))

    def _take_scale(self, question: Question, scale: Scale) -> None:
        if question.table is self._table and question.name == self._name:
            self.scaled.emit(scale)

    def _offer(self) -> None:
        offers = _offers(self._space) if self._space is not None else ()
        if offers != self._offers:
            self._offers = offers
            self.offered.emit(offers)

    def _forget(self) -> None:
        """The numbers are of images, or of a model, that are not in hand any more."""
        self.numbers, self._shown, self._distances, self._is_due = None, None, None, False
        if self._job is not None:
            self._job.stop()
        self.measured.emit(None)
        self.scaled.emit(None)


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
