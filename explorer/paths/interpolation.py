"""The way of the path that is shown, found in a thread of its own, as the newest model has it."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from core.exploration import LatentPath
from core.reports.progress import Progress
from explorer.paths.reel import Reel, frames_to_show, share_words
from explorer.toolkit.worker_threads import Reports
from explorer.workspace.lone_job import LoneJob

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace
    from core.latent.paths import Way

TWO_STOPS = 2
NOWHERE = np.zeros((0, 2), np.float32)
MODEL_EVERY = {"straight": 1_000, "spherical": 1_000, "data": 10_000, "geodesic": 20_000}  # ms, as the model learns


@dataclass(frozen=True, eq=False)
class Trip:
    """A path as one model has it: the way, and what can be shown of it."""

    latent_space: "LatentSpace"
    way: "Way"
    reel: Reel


@dataclass(frozen=True, eq=False)
class Wish:
    """A path to find the way of."""

    latent_space: "LatentSpace"
    path: LatentPath


class Travelling(QObject):
    """Finds while someone watches; a newer wish ends the job in hand, and nothing of that is shown."""

    progressed = Signal(object)  # Progress
    found = Signal(object)  # Trip
    route_changed = Signal(object, object, object)  # points (F, 2), stops (k, 2) on the plane, the share played
    lost = Signal()  # there is no way: no path, too few stops, or stops of another model
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.trip: Trip | None = None
        self._space: LatentSpace | None = None
        self._path: LatentPath | None = None
        self._is_watched, self._position = False, 0.0
        self._wish: Wish | None = None  # what is wanted: found, failed, or being found
        self._is_due = False  # whether to begin anew when the job in hand has left
        self._job = LoneJob(self)
        self._job.progressed.connect(self.progressed)
        self._job.reported.connect(self._take)
        self._job.failed.connect(self._fail)
        self._job.ended.connect(self._go_on)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._find)

    def show_map(self, latent_space: "LatentSpace", _: Any = None) -> None:
        """Find ways of this model from now on; while it learns, now and then."""
        is_learning = self.trip is not None and self.trip.latent_space.model is not latent_space.model
        self._space = latent_space
        if not self._timer.isActive():
            self._timer.start(MODEL_EVERY[self._path.kind] if is_learning and self._path is not None else 0)

    def show_path(self, path: LatentPath | None) -> None:
        """Find the way of this one, now."""
        self._path = path
        self._find()

    def watch(self, is_watched: bool) -> None:
        """Whether anyone can see what is found."""
        self._is_watched = is_watched
        self._find()
        self._show_route()

    def show_position(self, frame: float) -> None:
        """Where on the way it is played."""
        self._position = frame
        self._show_route()

    def clear(self) -> None:
        """There is no model."""
        self._space = None
        self._find()

    def stop(self) -> None:
        """Leave the thread."""
        self._timer.stop()
        self._wish = None
        self._job.stop()

    def _find(self) -> None:
        space, path = self._space, self._path
        if space is None or path is None or len(path.stops) < TWO_STOPS or path.stops.shape[1] != space.latent_dims:
            self._wish = self.trip = None
            self._job.cancel()
            self.lost.emit()
            self._show_route()
            return
        known = self._wish
        if not self._is_watched or (known and (known.latent_space, known.path) == (space, path)):
            return
        self._wish = Wish(space, path)
        if self._job.is_busy:
            self._is_due = True
            self._job.cancel()
        else:
            self._job.begin(_travel(self._wish, self.trip))

    def _take(self, trip: Trip) -> None:
        self.trip = trip
        self.found.emit(trip)
        self._show_route()

    def _fail(self, said: str) -> None:
        self.trip = None
        self.failed.emit(said)
        self._show_route()

    def _show_route(self) -> None:
        """On the map, while someone watches: the stops at least."""
        reel = self.trip.reel if self.trip is not None and self._is_watched else None
        if reel is None:
            self.route_changed.emit(NOWHERE, NOWHERE, None)
            return
        points = np.append(reel.points, reel.points[:1], axis=0) if reel.is_loop else reel.points
        self.route_changed.emit(points, reel.points[reel.stops_at], self._position / max(1.0, reel.last))

    def _go_on(self) -> None:
        is_due, self._is_due = self._is_due, False
        if is_due and self._wish is not None:
            self._job.begin(_travel(self._wish, self.trip))


def _travel(wish: Wish, before: Trip | None) -> Reports:
    """The job: finds the way, or takes that of the last trip when only the map is another, and decodes some of it."""

    def reports() -> Generator[Any, None, None]:
        from core.latent.paths import as_class, find_way
        from core.model.one_core import use_one_core

        use_one_core()
        space, path = wish.latent_space, wish.path
        known = before.way if before is not None and before.latent_space.model is space.model else None
        way = known if known is not None and known.path is path else None
        if way is None:
            for report in find_way(space, path, known):
                if isinstance(report, Progress):
                    yield report
                else:
                    way = report
        assert way is not None
        shown = frames_to_show(len(way.z), way.stops_at)
        yield Progress("Decoding", 0, len(shown))
        shown_as = as_class(space, path.class_name)
        pixels = shown_as.decode(way.z[shown])
        points, verdicts = space.plane.to_points(way.z), shown_as.support.verdicts(way.z)
        reel = Reel(way.z, way.stops_at, points, verdicts, shown, pixels, path.is_loop, way_words(way, verdicts))
        yield Trip(space, way, reel)

    return reports


def way_words(way: "Way", verdicts: NDArray[np.int8]) -> str:
    """How the way compares with the straight one, what of it leaves the pictures, and what was left out."""
    more = way.picture_length / way.straight_length - 1.0 if way.straight_length > 0 else 0.0
    compared = f"{abs(more):.0%} {'longer' if more > 0 else 'shorter'} in pictures than straight"
    return " · ".join(filter(None, (compared if abs(more) >= 0.005 else "", share_words(verdicts), way.note)))
