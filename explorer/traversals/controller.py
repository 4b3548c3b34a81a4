"""Traversals: a strip of pictures for each dimension that is in view, from one place or several; newest wins."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from core.exploration import Exploration
from core.images.image_names import same_names
from core.unicode_names import place_of
from explorer.toolkit.worker_threads import LatestOnly
from explorer.traversals.strip_plan import StripPlan
from explorer.workspace.error_words import sentence
from explorer.workspace.undo_history import Exploring

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace
    from core.latent.traversals import Rule
    from explorer.workspace.place_in_hand import Table

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Around = Literal["cursor", "selection", "bookmarks"]

STEPS = 11  # pictures in a strip
MOST_STARTS = 6  # more strips of one dimension cannot be compared
AT_ONCE = 66  # pictures decoded for one answer: a cursor that moves on waits for no more
FOLLOW_EVERY = 150  # milliseconds: the picture under a hand that moves comes first
PLAN_EVERY = 700  # as the model learns
NEEDED = {
    "cursor": {"z", "class_name"},
    "selection": {"selection"},
    "bookmarks": {"bookmarks"},
}  # fields of an exploration
NOTHING_CHOSEN = {
    "cursor": "Put the cursor somewhere on the map.",
    "selection": "Select images on the map to see the same dimension on each of them.",
    "bookmarks": "Set bookmarks (Ctrl+1 to Ctrl+9) to see the same dimension at each of them.",
}


@dataclass(frozen=True, eq=False)
class Start:
    """A place to start from: z (d,), the class it is decoded as, and its name."""

    name: str
    z: Floats
    label: int


@dataclass(frozen=True)
class Wish:
    """Where from, how far (`core.latent.traversals.Reach`), and whether pictures or how they change are shown."""

    around: Around = "cursor"
    rule: "Rule" = "prior"
    sigmas: float = 3.0
    shows_change: bool = False


@dataclass(frozen=True, eq=False)
class Question:
    """The strips of some dimensions; of none: the plan alone."""

    latent_space: "LatentSpace"
    wish: Wish
    starts: tuple[Start, ...]
    dimensions: tuple[int, ...] = ()
    values: Floats | None = None
    note: str = ""
    stamp: int = 0


class Traversing(QObject):
    """Decodes while someone watches, the strips in view alone, the oldest first; follows cursor, selection, model."""

    planned = Signal(object)  # StripPlan
    strip_decoded = Signal(int, object)  # dimension, uint8 (B, n, H, W, C)
    obstructed = Signal(str)  # why there is nothing to show
    failed = Signal(str)

    def __init__(self, exploring: Exploring, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exploring = exploring
        self._space: LatentSpace | None = None
        self._table: Table | None = None
        self._wish = Wish()
        self._starts: tuple[Start, ...] = ()
        self._plan: StripPlan | None = None
        self._seen: tuple[int, ...] = ()
        self._made: dict[int, int] = {}  # dimension: the stamp of its strip
        self._stamp = 0
        self._is_watched = self._is_asking = False
        self._is_plan_due = self._is_move_due = False
        self._plan_timer = QTimer(self, singleShot=True, interval=PLAN_EVERY)
        self._plan_timer.timeout.connect(self._go_on)
        self._move_timer = QTimer(self, singleShot=True, interval=FOLLOW_EVERY)
        self._move_timer.timeout.connect(self._go_on)
        self._thread = LatestOnly(_answer, self)
        self._thread.answered.connect(self._take)
        self._thread.failed.connect(self._fail)

    @property
    def wish(self) -> Wish:
        """What is asked for."""
        return self._wish

    def show_map(self, latent_space: "LatentSpace", table: "Table") -> None:
        """Decode with this model from now on."""
        is_other = self._space is None or _shape(self._space) != _shape(latent_space)
        self._space, self._table = latent_space, table
        self._is_plan_due = True
        if is_other:
            self._forget()
        self._go_on()

    def show_exploration(self, _: Exploration, fields: frozenset[str]) -> None:
        """The cursor, the selection or a bookmark is another one."""
        if not fields & NEEDED[self._wish.around]:
            return
        self._is_move_due = True
        if not self._move_timer.isActive():
            self._move_timer.start()

    def choose(self, wish: Wish) -> None:
        """Show this from now on."""
        self._wish, self._is_plan_due = wish, True
        self._plan_timer.stop()
        self._go_on()

    def see(self, dimensions: tuple[int, ...]) -> None:
        """The strips that are in view; others are forgotten."""
        self._seen = dimensions
        self._made = {each: stamp for each, stamp in self._made.items() if each in dimensions}
        self._go_on()

    def watch(self, is_watched: bool) -> None:
        """Whether anyone can see the strips."""
        self._is_watched = is_watched
        self._go_on()

    def place_of(self, start: int, dimension: int, step: int) -> tuple[Floats, str] | None:
        """The z (d,) of one of the pictures, and the class it is decoded as; None where there is none."""
        if self._plan is None or self._space is None or start >= len(self._starts):
            return None
        chosen = self._starts[start]
        z = chosen.z.copy()
        z[dimension] = self._plan.values[dimension, step]
        return z, self._space.classes[chosen.label] if self._space.conditional == "class" else ""

    def go_to(self, start: int, dimension: int, step: int) -> None:
        """Put the cursor at one of the pictures."""
        if (found := self.place_of(start, dimension, step)) is not None:
            self._exploring.change(f"step along z{dimension + 1}", z=found[0], class_name=found[1])

    def clear(self) -> None:
        """There is no model."""
        self._space = self._table = None
        self._is_plan_due = False
        self._forget()

    def stop(self) -> None:
        """Leave the thread."""
        self._plan_timer.stop()
        self._move_timer.stop()
        self._thread.stop()

    def _forget(self) -> None:
        """What is shown, and what is on its way, is of another model."""
        self._plan, self._starts, self._made = None, (), {}
        self._is_move_due = self._is_asking = False
        self._stamp += 1
        self._plan_timer.stop()
        self._move_timer.stop()

    def _go_on(self) -> None:
        """Ask for what is most wanted, one thing at a time; nothing while nobody watches."""
        if self._space is None or not self._is_watched or self._is_asking:
            return
        if self._is_plan_due and not self._plan_timer.isActive():
            self._ask_plan()
        elif self._is_move_due and not self._move_timer.isActive():
            self._move()
        elif self._plan is not None:
            self._ask_strips()

    def _ask_plan(self) -> None:
        assert self._space is not None
        self._is_plan_due = self._is_move_due = False
        self._plan_timer.start()
        if note := self._find_starts():
            self._is_asking = True
            self._thread.ask(Question(self._space, self._wish, self._starts, note=note[0], stamp=self._stamp))

    def _move(self) -> None:
        """Other places, the same dimensions as far as before."""
        self._is_move_due = False
        if self._plan is None:
            return self._ask_plan()
        if note := self._find_starts():
            names, at = tuple(start.name for start in self._starts), np.stack([start.z for start in self._starts])
            self._plan = replace(self._plan, names=names, at=at, note=note[0])
            self.planned.emit(self._plan)
            self._ask_strips()
        return None

    def _find_starts(self) -> tuple[str] | None:
        """Where to start from now: None when there is no place, else what is left out."""
        starts, note = self._new_starts()
        self._starts, self._stamp = starts, self._stamp + 1
        if starts:
            return (note,)
        self._plan, self._made = None, {}
        self.obstructed.emit(NOTHING_CHOSEN[self._wish.around])
        return None

    def _ask_strips(self) -> None:
        assert self._space is not None
        assert self._plan is not None
        due = sorted((self._made.get(each, -1), place, each) for place, each in enumerate(self._seen))
        most = max(1, AT_ONCE // (len(self._starts) * self._plan.steps))
        dimensions = tuple(each for made, _, each in due if made != self._stamp and each < len(self._plan.kl))[:most]
        if dimensions:
            self._is_asking = True
            self._thread.ask(
                Question(self._space, self._wish, self._starts, dimensions, self._plan.values, stamp=self._stamp)
            )

    def _take(self, question: Question, answer: Any) -> None:
        if not self._is_current(question):
            return
        self._is_asking = False
        if isinstance(answer, StripPlan):
            self._plan = answer
            self.planned.emit(answer)
        else:
            for dimension, pixels in zip(question.dimensions, answer, strict=True):
                self._made[dimension] = question.stamp
                self.strip_decoded.emit(dimension, pixels)
        self._go_on()

    def _fail(self, question: Question, error: Exception) -> None:
        if self._is_current(question):
            self._is_asking, self._plan = False, None
            self.failed.emit(sentence(error))

    def _is_current(self, question: Question) -> bool:
        """Whether an answer is about what is asked for now; a newer copy of the same model makes it no lie."""
        return (
            self._space is not None
            and _shape(question.latent_space) == _shape(self._space)
            and question.stamp == self._stamp
        )

    def _new_starts(self) -> tuple[tuple[Start, ...], str]:
        """Where to start from, and what is left out."""
        assert self._space is not None
        now, dims = self._exploring.now, self._space.latent_dims
        match self._wish.around:
            case "cursor":
                if now.z is None or len(now.z) != dims:
                    return (), ""
                return (Start("The cursor", now.z, self._label(now.class_name)),), ""
            case "bookmarks":
                marked = sorted((key, each) for key, each in now.bookmarks.items() if len(each.z) == dims)
                starts = tuple(Start(f"Bookmark {key}", each.z, self._label(each.class_name)) for key, each in marked)
                return starts[:MOST_STARTS], _left_out(len(starts), "bookmarks")
        return self._selected()

    def _selected(self) -> tuple[tuple[Start, ...], str]:
        assert self._space is not None
        assert self._table is not None
        space, table, chosen = self._space, self._table, self._exploring.now.selection
        chosen = chosen[chosen < len(space.codes)]
        some = chosen[np.linspace(0, len(chosen) - 1, min(MOST_STARTS, len(chosen))).astype(int)]
        is_told = space.conditional == "class" and same_names(space.classes, table.classes)
        starts = tuple(
            Start(table.names[index], space.codes[index], int(table.labels[index]) if is_told else space.label)
            for index in some.tolist()
            if np.isfinite(space.codes[index]).all()
        )
        return starts, _left_out(len(chosen), "selected images")

    def _label(self, class_name: str) -> int:
        assert self._space is not None
        known = place_of(class_name, self._space.classes) if self._space.conditional == "class" else None
        return self._space.label if known is None else known


def _left_out(count: int, what: str) -> str:
    return f"{MOST_STARTS} of {count:,} {what}" if count > MOST_STARTS else ""


def _shape(space: "LatentSpace") -> tuple[Any, ...]:
    return space.latent_dims, space.image_shape, space.classes


def _answer(question: Question) -> StripPlan | list[Pixels]:
    from core.model.one_core import use_one_core

    use_one_core()
    return _strips(question) if question.dimensions else _plan(question)


def _plan(question: Question) -> StripPlan:
    from core.latent.traversals import Reach, by_kl, values_of

    space, wish = question.latent_space, question.wish
    alive, dead = by_kl(space.kl_per_dim)
    values = values_of(space, Reach(wish.rule, wish.sigmas), STEPS)
    names, at = tuple(start.name for start in question.starts), np.stack([start.z for start in question.starts])
    return StripPlan(tuple(alive.tolist()), tuple(dead.tolist()), space.kl_per_dim, values, names, at, question.note)


def _strips(question: Question) -> list[Pixels]:
    """The pictures of each dimension, (B, n, H, W, C)."""
    from core.latent.traversals import traverse

    assert question.values is not None
    space, starts, values = question.latent_space, question.starts, question.values
    z, labels = np.stack([start.z for start in starts]), np.array([start.label for start in starts], np.int64)
    latents = np.concatenate([traverse(z, each, values[each]).reshape(-1, z.shape[1]) for each in question.dimensions])
    pixels = space.decode(latents, np.tile(np.repeat(labels, values.shape[1]), len(question.dimensions)))
    pixels = pixels.reshape(len(question.dimensions), len(starts), values.shape[1], *pixels.shape[1:])
    return list(_changes(pixels, space.decode(z, labels)) if question.wish.shows_change else pixels)


def _changes(pixels: Pixels, starts: Pixels) -> Pixels:
    """How pictures (k, B, n, H, W, C) differ from those they start from (B, H, W, C): mid-grey where they do not."""
    differences = pixels.astype(np.int16) - starts[:, np.newaxis]
    shown: Pixels = np.clip(differences + 128, 0, 255).astype(np.uint8)
    return shown
