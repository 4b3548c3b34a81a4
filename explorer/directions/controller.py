"""Directions walked: a slider each, which together move the cursor from where it was put; the film of one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from core.exploration import Direction, Exploration
from core.latent.directions import mix
from core.unicode_names import place_of
from explorer.directions.direction_rows import Film, row_of, unlike
from explorer.directions.ingredients import AT_CURSOR
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence
from explorer.workspace.undo_history import Exploring

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

AMOUNTS = (-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0)  # times the direction: the pictures of a film
FILM_EVERY = 200  # milliseconds: the picture under a hand that moves comes first
MODEL_EVERY = 700  # as the model learns
MOST_ARROWS = 12  # on the map
TOO_FEW_TO_MIX = "Move the sliders of two directions or more: their sum is kept as one."


@dataclass(frozen=True, eq=False)
class Roll:
    """A film to decode: z (n, d), all as one class."""

    latent_space: "LatentSpace"
    direction: Direction
    z: Floats
    label: int
    start: str


class Directing(QObject):
    """Every slider at 0 is where the cursor was put by anything else; a drag of one is a step of exploring."""

    rows_changed = Signal(object, str, str)  # tuple[DirectionRow, ...], which is current, where the sliders start
    film_decoded = Signal(object)  # Film
    film_lost = Signal()  # no direction is current
    arrows_changed = Signal(object)  # [(from, to, name)] on the plane
    said = Signal(str)
    failed = Signal(str)

    def __init__(self, exploring: Exploring, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exploring = exploring
        self._space: LatentSpace | None = None
        self._amounts: dict[str, float] = {}  # of each slider that was moved
        self._start: Floats | None = None  # where all are at 0
        self._mine: Floats | None = None  # where the sliders have put the cursor
        self._image: tuple[str, Floats] | None = None  # that was dropped last, and its code
        self._current, self._known = "", list[str]()
        self._roll: Roll | None = None  # whose pictures are seen
        self._is_watched = self._is_film_due = False
        self._film_timer = QTimer(self, singleShot=True)
        self._film_timer.timeout.connect(self._film_if_due)
        self._filming = LatestOnly(_decode, self)
        self._filming.answered.connect(self._take_film)
        self._filming.failed.connect(self._fail)

    def show_map(self, latent_space: "LatentSpace", _: object = None) -> None:
        """Decode with this model from now on."""
        is_other = self._space is None or self._space.latent_dims != latent_space.latent_dims
        self._space = latent_space
        if is_other:
            self._image = None
            self._start_at(self._exploring.now.z)
        self._show_rows()
        self._want_film(MODEL_EVERY)

    def show_exploration(self, now: Exploration, fields: frozenset[str]) -> None:
        """The cursor or a direction is another one."""
        if "z" in fields and not _are_same(now.z, self._mine):
            self._start_at(now.z)
        if "directions" in fields:
            self._take_names([each.name for each in now.directions])
        if fields & {"z", "directions"}:
            self._show_rows()
        if fields & {"class_name", "directions"}:
            self._want_film()

    def show_image(self, name: str, z: Floats) -> None:
        """An image was dropped and lies at z: the sliders say so when they start there."""
        self._image = name, z

    def choose(self, name: str) -> None:
        """Show the film of this direction."""
        if name != self._current:
            self._current = name
            self._show_rows()
            self._want_film()

    def slide(self, name: str, amount: float) -> None:
        """Move the cursor by `amount` of a direction, on top of what the other sliders are at."""
        if self._start is None or name not in {each.name for each in self._directions()}:
            return
        is_alone = name == self._current and not any(each for other, each in self._amounts.items() if other != name)
        self._amounts[name], self._current = amount, name
        self._mine = self._moved(self._amounts)
        self._exploring.change(f"slider of {name}", f"slider of {name}", z=self._mine)
        if not is_alone:
            self._want_film()

    def rename(self, old: str, new: str) -> None:
        """Call a direction something else."""
        now = self._exploring.now.directions
        renamed = {each.name: each for each in now}.get(old)
        if renamed is None or not new.strip() or new == old:
            return
        renamed = unlike(replace(renamed, name=new), [each for each in now if each.name != old])
        if old in self._amounts:
            self._amounts[renamed.name] = self._amounts.pop(old)
        if self._current == old:
            self._current = renamed.name
        self._change(f"new name of {old}", tuple(renamed if each.name == old else each for each in now))

    def forget(self, name: str) -> None:
        """Take a direction off the list; the cursor stays where it is."""
        if self._amounts.get(name):
            self._start_at(self._exploring.now.z)
        left = tuple(each for each in self._exploring.now.directions if each.name != name)
        self._change(f"removal of {name}", left)

    def keep_mix(self) -> None:
        """Keep what the sliders are at as a direction of its own, whose slider is then at 1."""
        used = [(self._amounts.get(each.name, 0.0), each) for each in self._directions()]
        used = [(amount, each) for amount, each in used if amount]
        if len(used) < 2:
            self.said.emit(TOO_FEW_TO_MIX)
            return
        mixed, now = mix("", used), self._exploring.now.directions
        mixed = unlike(replace(mixed, name=mixed.plus), now)
        self._amounts, self._current = {mixed.name: 1.0}, mixed.name
        self._change(f"direction {mixed.name}", (*now, mixed))

    def reset(self) -> None:
        """Every slider to 0: the cursor goes back to where they start."""
        if self._start is not None and any(self._amounts.values()):
            self._amounts, self._mine = {}, self._start
            self._exploring.change("reset of the sliders", z=self._start)
            self._want_film()

    def place_of(self, number: int) -> tuple[Floats, str] | None:
        """The z (d,) of one of the pictures of the film, and the class it is decoded as; None where there is none."""
        if self._roll is None or number >= len(self._roll.z):
            return None
        space = self._roll.latent_space
        return self._roll.z[number], space.classes[self._roll.label] if space.conditional == "class" else ""

    def watch(self, is_watched: bool) -> None:
        """Whether anyone can see the directions."""
        self._is_watched = is_watched
        self._film_if_due()
        self._show_arrows()

    def clear(self) -> None:
        """There is no model."""
        self._space = self._image = self._roll = None
        self._start_at(None)
        self._show_rows()
        self._is_film_due = False  # of nothing there is none

    def stop(self) -> None:
        """Leave the thread."""
        self._film_timer.stop()
        self._filming.stop()

    def _change(self, words: str, directions: tuple[Direction, ...]) -> None:
        self._exploring.change(words, directions=directions)

    def _start_at(self, z: Floats | None) -> None:
        """The cursor was put here by something else."""
        is_fit = self._space is not None and z is not None and len(z) == self._space.latent_dims
        self._start = self._mine = z if is_fit else None
        self._amounts = {}
        self._want_film()

    def _take_names(self, names: list[str]) -> None:
        """A direction that was added is the one to look at; with one that went, its slider goes too."""
        added = [name for name in names if name not in self._known]
        self._known, self._current = names, added[-1] if added else self._current
        if any(amount and name not in names for name, amount in self._amounts.items()):
            self._start_at(self._exploring.now.z)

    def _moved(self, amounts: Mapping[str, float]) -> Floats:
        assert self._start is not None
        z = self._start.astype(np.float64)
        for each in self._directions():
            z += amounts.get(each.name, 0.0) * each.vector
        return z.astype(np.float32)

    def _directions(self) -> tuple[Direction, ...]:
        dims = self._space.latent_dims if self._space is not None else 0
        return tuple(each for each in self._exploring.now.directions if len(each.vector) == dims)

    def _show_rows(self) -> None:
        directions = self._directions()
        if self._current not in {each.name for each in directions}:
            self._current = directions[-1].name if directions else ""
            self._want_film()
        rows = tuple(row_of(each, self._amounts.get(each.name, 0.0)) for each in directions)
        self.rows_changed.emit(rows, self._current, self._start_name())
        self._show_arrows()

    def _start_name(self) -> str:
        return self._image[0] if self._image is not None and _are_same(self._image[1], self._start) else AT_CURSOR

    def _show_arrows(self) -> None:
        """On the map, from where the sliders start; none on a map that is no plane, or while nobody looks."""
        shown, space = self._directions()[-MOST_ARROWS:], self._space
        if not shown or not self._is_watched or self._start is None or space is None or not space.plane.is_exact:
            return self.arrows_changed.emit([])
        ends = np.stack([self._start, *(self._start + each.vector for each in shown)])
        at, *tips = (tuple(map(float, point)) for point in space.plane.to_points(ends))
        return self.arrows_changed.emit([(at, tip, each.name) for tip, each in zip(tips, shown, strict=True)])

    def _want_film(self, soon: int = FILM_EVERY) -> None:
        self._is_film_due = True
        if not self._film_timer.isActive():
            self._film_timer.start(soon)

    def _film_if_due(self) -> None:
        if not self._is_film_due or not self._is_watched:
            return
        self._is_film_due = False
        current = next((each for each in self._directions() if each.name == self._current), None)
        if current is None or self._start is None:
            self._roll = None
            self.film_lost.emit()
        else:
            self._filming.ask(self._roll_of(current))

    def _roll_of(self, current: Direction) -> Roll:
        assert self._space is not None
        others = self._moved({**self._amounts, current.name: 0.0})
        z = others + np.array(AMOUNTS, np.float32)[:, np.newaxis] * current.vector
        space, name = self._space, self._exploring.now.class_name
        told = place_of(name, space.classes) if space.conditional == "class" else None
        return Roll(space, current, z, space.label if told is None else told, self._start_name())

    def _is_current(self, roll: Roll) -> bool:
        """Whether a film is still asked for; a newer copy of the same model makes it no lie."""
        ours = self._space
        is_same = ours is not None and ours.latent_dims == roll.latent_space.latent_dims
        return is_same and roll.direction.name == self._current

    def _take_film(self, roll: Roll, pixels: Pixels) -> None:
        if self._is_current(roll):
            self._roll = roll
            self.film_decoded.emit(Film(roll.direction.name, AMOUNTS, pixels, roll.start))

    def _fail(self, roll: Roll, error: Exception) -> None:
        if self._is_current(roll):
            self.failed.emit(sentence(error))


def _are_same(one: Floats | None, other: Floats | None) -> bool:
    return one is not None and other is not None and np.array_equal(one, other)


def _decode(roll: Roll) -> Pixels:
    from core.model.one_core import use_one_core

    use_one_core()
    return roll.latent_space.decode(roll.z, np.full(len(roll.z), roll.label, np.int64))
