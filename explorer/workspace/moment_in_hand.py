"""Looking back at the training of the run in hand: a place in time → the model as it was there; newest wins."""

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from core.reports.moments import Moment, MomentsKept, before_now
from core.reports.training import TrainingStarted
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace
    from core.latent.moment_space import PastSpace
    from core.latent.reports import RunOpened
    from explorer.workspace.place_in_hand import Viewing

Floats = NDArray[np.float32]

MOST_BYTES = 300_000_000  # of latent spaces that are kept in memory; of the others the dots' places alone are


@dataclass(frozen=True, eq=False)
class Question:
    """A moment to open, of which run, and the latent space of now that its plane is turned to."""

    run: Path
    moment: Moment
    now: "LatentSpace"


class Recalling(QObject):
    """A place in time, in moments from the first on: 1.5 is between the second and the third; the last place is now.

    What is looked at is the moment nearest to it, and between two of them the dots are on their way. What is now stays
    as it was when looking back began, so that training that goes on does not move what is compared with.
    """

    moments_changed = Signal(object)  # tuple[Moment, ...]
    moved = Signal(float)  # the place in time
    step_changed = Signal(float)  # the step that it is, NaN: now
    dots_moved = Signal(object)  # where all codes are between two moments, (N, 2)
    points_found = Signal()  # another moment has been opened
    recalled = Signal(object)  # PastSpace that is looked at; None: now
    failed = Signal(str)

    def __init__(self, viewing: "Viewing", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.moments: tuple[Moment, ...] = ()
        self.position = 0.0
        self._kept: tuple[Moment, ...] = ()  # with the one that is now, if there is such
        self._viewing = viewing
        self._run: Path | None = None
        self._now: LatentSpace | None = None  # that looking back began from
        self._shown: Moment | None = None
        self._wanted: Moment | None = None
        self._spaces: OrderedDict[Moment, PastSpace] = OrderedDict()  # the last used at the end
        self._points: dict[Moment, Floats] = {}
        self._failures: set[Moment] = set()
        self._wishes_all = False  # whether to open them though none is looked at
        self._opening = LatestOnly(_open, self)
        self._opening.answered.connect(self._take)
        self._opening.failed.connect(self._fail)
        viewing.map_changed.connect(self._follow_map)
        viewing.cleared.connect(lambda: self._begin(None, ()))

    @property
    def is_back(self) -> bool:
        """Whether a moment is looked at, or is about to be."""
        return self._shown is not None or self._wanted is not None

    @property
    def last(self) -> float:
        """The place of now."""
        return float(len(self.moments))

    @property
    def step(self) -> float:
        """The step that the place in time is, NaN: now."""
        if not self.is_back:
            return math.nan
        steps = [*(each.step for each in self.moments), self._now_step]
        return float(np.interp(self.position, np.arange(len(steps)), steps))

    def points_of(self, moment: Moment) -> Floats | None:
        """Where all codes were at a moment, (N, 2), as far as it has been opened."""
        return self._points.get(moment)

    def known_points(self) -> list[Floats]:
        """Where all codes were at the moments that have been opened, the oldest first, and are now."""
        known = [self._points[each] for each in self.moments if each in self._points]
        last = self._now if self.is_back else self._viewing.now
        return [*known, last.points] if known and last is not None else []

    @property
    def is_on_other_plane(self) -> bool:
        """Whether a person chose a plane: what is known of the dots' places is on the model's own."""
        return self._viewing.has_plane

    # told by the run in hand

    def take_run(self, opened: "RunOpened") -> None:
        """A run was read back."""
        self._begin(opened.run, opened.moments)

    def take_start(self, started: TrainingStarted) -> None:
        """A training begins, or goes on: of another run nothing is known yet."""
        if started.run != self._run:
            self._begin(started.run, ())

    def take_moments(self, kept: MomentsKept) -> None:
        """Training has kept another moment, and perhaps given up some."""
        self._show_moments(kept.moments)

    # wished

    def seek(self, position: float) -> None:
        """Look at a place in time."""
        if not self.moments:
            return
        self.position = min(max(position, 0.0), self.last)
        self._look()
        self.moved.emit(self.position)
        self.step_changed.emit(self.step)
        self._glide()

    def rest(self) -> None:
        """The dots come to the moment that is nearest."""
        self.seek(float(math.floor(self.position + 0.5)))

    def go(self, moments: int) -> None:
        """So many moments on from the nearest; below 0 back."""
        self.seek(math.floor(self.position + 0.5) + moments)

    def go_to_now(self) -> None:
        """Look at what the model is now."""
        self.seek(self.last)

    def open_all(self) -> None:
        """Open every moment, one after another, though none is looked at."""
        self._wishes_all = True
        if not self.is_back:
            self._take_now()
        self._go_on()

    def stop(self) -> None:
        """Leave the thread."""
        self._opening.stop()

    # inside

    @property
    def _now_step(self) -> int:
        now = self._now or self._viewing.now
        return now.step if now is not None else self.moments[-1].step

    def _begin(self, run: Path | None, moments: Sequence[Moment]) -> None:
        self._run = run
        self._forget()
        self._show_moments(moments)

    def _forget(self) -> None:
        """What was opened is of another run, or turned to another now."""
        was_back = self.is_back
        self._now = self._shown = self._wanted = None
        self._spaces.clear()
        self._points.clear()
        self._failures.clear()
        if was_back:
            self.recalled.emit(None)

    def _show_moments(self, moments: Sequence[Moment]) -> None:
        """The place stays at its step, though others come and go; the one that is now is not among them."""
        self._kept, at = tuple(moments), self._wanted or self._shown
        now = self._viewing.now
        self.moments = self._kept if now is None or self.is_back else before_now(moments, now.step)
        steps = [each.step for each in self.moments]
        self.position = self.last if at is None else float(np.searchsorted(steps, at.step)) if steps else 0.0
        self.moments_changed.emit(self.moments)
        self.moved.emit(self.position)
        self.step_changed.emit(self.step)
        if self._wishes_all and moments:
            self.open_all() if self._now is None else self._go_on()

    def _follow_map(self, space: "LatentSpace", _: object) -> None:
        """Somebody opened another map meanwhile, or went to now by another way."""
        if self._shown is not None and not space.is_past:
            self._forget()
            self._show_moments(self._kept)

    def _look(self) -> None:
        """Show the moment that is nearest, as soon as it is open."""
        nearest = math.floor(self.position + 0.5)
        if nearest >= len(self.moments):
            self._leave()
            return
        if not self.is_back:
            self._take_now()
        moment = self.moments[nearest]
        if moment == self._shown:
            self._wanted = None
        elif (past := self._spaces.get(moment)) is not None:
            self._show(past)
        else:
            self._wanted = moment
            self._ask(moment)

    def _take_now(self) -> None:
        """What is opened from now on is compared with what the model is now."""
        if self._now is not self._viewing.now:
            self._forget()
            self._now = self._viewing.now

    def _leave(self) -> None:
        if self.is_back:
            self._shown = self._wanted = None
            self._viewing.look_back(None)
            self._show_moments(self._kept)
            self.recalled.emit(None)

    def _show(self, past: "PastSpace") -> None:
        self._wanted, self._shown = None, past.moment
        self._spaces.move_to_end(past.moment)
        self._viewing.look_back(past.space)
        self.recalled.emit(past)

    def _ask(self, moment: Moment) -> None:
        if self._run is not None and self._now is not None:
            self._opening.ask(Question(self._run, moment, self._now))

    def _take(self, question: Question, past: "PastSpace") -> None:
        if question.now is not self._now:
            return
        self._points[past.moment] = past.space.points
        self.points_found.emit()
        self._spaces[past.moment] = past
        while len(self._spaces) > 2 and sum(each.bytes for each in self._spaces.values()) > MOST_BYTES:
            self._spaces.popitem(last=False)
        if past.moment == self._wanted:
            self._show(past)
            self._glide()
        self._go_on()

    def _fail(self, question: Question, error: Exception) -> None:
        if question.now is not self._now:
            return
        self._failures.add(question.moment)
        if question.moment == self._wanted:
            self._wanted = None
            self.failed.emit(sentence(error))
        self._go_on()

    def _go_on(self) -> None:
        """While nobody waits, open what lies nearest, so that it is there when the hand comes."""
        if self._wanted is not None or not (self.is_back or self._wishes_all):
            return
        unknown = [
            place for place, each in enumerate(self.moments) if each not in self._points and each not in self._failures
        ]
        if unknown:
            self._ask(self.moments[min(unknown, key=lambda place: abs(place - self.position))])

    def _glide(self) -> None:
        """The dots between two moments; on a plane that a person chose they stay with the nearest."""
        if not self.is_back or self._viewing.has_plane or self._wanted is not None:
            return
        before = math.floor(self.position)
        one, other = self._points_at(before), self._points_at(before + 1)
        share = np.float32(self.position - before)
        if not share:
            other = one
        if one is not None and other is not None and one.shape == other.shape:
            self.dots_moved.emit(one if one is other else one + share * (other - one))

    def _points_at(self, place: int) -> Floats | None:
        if place < len(self.moments):
            return self._points.get(self.moments[place])
        return None if self._now is None else self._now.points


def _open(question: Question) -> "PastSpace":
    from core.latent.moment_space import open_moment
    from core.model.one_core import use_one_core

    use_one_core()
    return open_moment(question.run, question.moment, question.now)
