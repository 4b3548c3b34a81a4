"""Which plane of latent space the map shows: chosen, moved, taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from core.exploration import Direction, Exploration
from explorer.map.plane.plane_bar import PlaneShown
from explorer.map.plane.plane_words import THREE, facts_of_plane, nearness, words_for_cursor
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence
from explorer.workspace.place_in_hand import NOTHING, Place, Table

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace
    from core.latent.plane import Plane
    from core.latent.plane_choices import Ways
    from core.latent.projection import AnyPlane, Projection
    from explorer.workspace.undo_history import Exploring

Floats = NDArray[np.float32]
Look = tuple["LatentSpace", "Ways | None", bool]  # the space, its ways where they are known, and whether dots fade

LOOK_EVERY = 1_000  # milliseconds between two looks at codes that move
MOVE_EVERY = 50  # likewise between two moves of the plane while a slider is dragged
SHEET = "sheet that follows the codes"
FROM_THREE = "Choose exactly three images first, with the lasso or in the Selection tab: the plane goes through them."


@dataclass(frozen=True, eq=False)
class Wish:
    """A plane to make in the thread, and the words for "Undo"."""

    words: str
    space: "LatentSpace"
    make: "Callable[[LatentSpace], AnyPlane]"


class Planes(QObject):
    """Makes planes in a thread and hands them to the exploration; what the map shows follows that."""

    shown = Signal(object)  # PlaneShown: what the bar says
    chosen = Signal(object)  # AnyPlane to be shown of every latent space from now on; None: the model's own
    turned = Signal()  # the same codes are seen on quite another plane
    faded = Signal(object)  # how much of its colour each dot keeps (N,), None: all of it
    cursor_said = Signal(str)  # how the cursor lies to the plane; empty: on it
    failed = Signal(str)

    def __init__(self, exploring: "Exploring", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exploring = exploring
        self._space: LatentSpace | None = None
        self._table: Table = NOTHING
        self._ways: tuple[LatentSpace, Ways] | None = None  # and what they are those of
        self._fades = False
        self._moving: Floats | None = None  # the shift that a slider asks for
        self._making = LatestOnly(lambda wish: wish.make(wish.space), self)
        self._making.answered.connect(self._take_made)
        self._making.failed.connect(lambda _, error: self.failed.emit(sentence(error)))
        self._looking = LatestOnly(_look, self)
        self._looking.answered.connect(self._take_look)
        self._looking.failed.connect(lambda _, error: self.failed.emit(sentence(error)))
        self._look_timer = QTimer(self, singleShot=True, interval=LOOK_EVERY)
        self._look_timer.timeout.connect(self._look)
        self._move_timer = QTimer(self, singleShot=True, interval=MOVE_EVERY)
        self._move_timer.timeout.connect(self._move_now)

    # what there is

    def show_map(self, latent_space: "LatentSpace", table: Table) -> None:
        """This latent space is on the map, on its plane."""
        before, self._space, self._table = self._space, latent_space, table
        self._say()
        if before is None or before.codes is latent_space.codes:
            self._look()
            if before is not None and not latent_space.plane.is_beside(before.plane):
                self.turned.emit()
        elif not self._look_timer.isActive():
            self._look_timer.start()

    def show_exploration(self, exploration: Exploration, fields: frozenset[str]) -> None:
        """Follow what was chosen, undone, or read from the run's folder."""
        if "plane" in fields:
            self._moving = None
            self.chosen.emit(exploration.plane)
        if fields & {"selection", "directions", "plane"}:
            self._say()

    def show_place(self, place: Place) -> None:
        """Say how the cursor lies to what the map shows."""
        if self._space is not None and len(place.z) == self._space.latent_dims:
            self.cursor_said.emit(words_for_cursor(self._space.plane, place.z, self._table.names))

    def clear(self) -> None:
        """There is no model."""
        self._look_timer.stop()
        self._move_timer.stop()
        self._space = self._ways = self._moving = None
        self._table = NOTHING
        self.shown.emit(PlaneShown())
        self.faded.emit(None)
        self.cursor_said.emit("")

    def stop(self) -> None:
        """Leave every thread."""
        self._look_timer.stop()
        self._move_timer.stop()
        self._making.stop()
        self._looking.stop()

    # what is wished

    def choose_flat(self) -> None:
        """The plane along the widest directions: where that is the model's own, it follows what it learns."""
        if self._space is not None:
            own = self._space.own_plane
            wanted = own.flat if own.kind == "sheet" else None
            if wanted is not self._exploring.now.plane:
                self._change("plane along the widest directions", wanted)

    def choose_sheet(self) -> None:
        """A sheet that follows the codes: the model's own where there is one."""
        if self._space is not None and self._space.own_plane.kind == "sheet":
            self._change(SHEET, None)
        else:
            self._make(SHEET, _laid)

    def choose_dimensions(self, across: int, up: int) -> None:
        """Two latent dimensions as they are."""
        self._make("plane of two dimensions", partial(_of_dimensions, across, up))

    def choose_directions(self, across: str, up: str) -> None:
        """Two saved directions, by their names."""
        found = {each.name: each for each in self._exploring.now.directions}
        if across in found and up in found:
            self._make("plane of two directions", partial(_of_directions, found[across], found[up]))

    def choose_images(self) -> None:
        """The plane through the three images that are selected."""
        indices = self._exploring.now.selection
        if len(indices) != THREE:
            self.failed.emit(FROM_THREE)
            return
        names = [drawable(self._table.names[index].rsplit("/", 1)[-1]) for index in indices]
        self._make("plane through three images", partial(_through, indices, (names[0], names[1], names[2])))

    def move(self, way: int, offset: float) -> None:
        """Move the plane to this offset along one of its ways, in latent units; the cursor goes with it."""
        plane, ways = self._plane(), self._ways
        if plane is None or ways is None or not 0 <= way < len(ways[1].names):
            return
        shift = plane.shift if self._moving is None else self._moving
        shift = np.zeros(len(plane.origin), np.float32) if shift is None else shift
        direction = ways[1].directions[way]
        self._moving = np.asarray(shift + (offset - float(shift @ direction)) * direction, np.float32)
        if not self._move_timer.isActive():
            self._move_timer.start()

    def go_to_middle(self) -> None:
        """Back to where the plane was made."""
        plane = self._plane()
        if plane is not None and plane.shift is not None:
            self._moving = np.zeros(len(plane.origin), np.float32)
            self._move_now()

    def fade(self, is_on: bool) -> None:
        """Whether dots are the fainter the farther their codes are from the plane."""
        self._fades = is_on
        if is_on:
            self._look()
        else:
            self.faded.emit(None)

    def take_projection(self, projection: "Projection") -> None:
        """Show this arrangement of the codes."""
        if self._space is not None and projection.fits(self._space.codes):
            self._change("UMAP", projection)

    # inside

    def _make(self, words: str, make: "Callable[[LatentSpace], AnyPlane]") -> None:
        if self._space is not None:
            self._making.ask(Wish(words, self._space, make))

    def _take_made(self, wish: Wish, plane: "AnyPlane") -> None:
        if self._space is not None and self._space.codes.shape == wish.space.codes.shape:
            self._change(wish.words, plane)

    def _change(self, words: str, plane: "AnyPlane | None", together: str = "", **others: Any) -> None:
        self._exploring.change(words, together, plane=plane, **others)

    def _move_now(self) -> None:
        """Move the plane, and the cursor to its own point on it: so that the picture is the moved plane's."""
        self._move_timer.stop()
        plane, shift, z = self._plane(), self._moving, self._exploring.now.z
        if plane is None or shift is None:
            return
        moved = plane.moved(shift)
        there = {} if z is None else {"z": moved.to_latent(plane.to_points(z[None]))[0]}
        self._change("move of the plane", moved, "plane", **there)

    def _plane(self) -> "Plane | None":
        """The newest plane, which the map may not show yet; None for a projection."""
        from core.latent.plane import Plane

        wished = self._exploring.now.plane
        plane = wished if wished is not None or self._space is None else self._space.plane
        return plane if isinstance(plane, Plane) else None

    def _look(self) -> None:
        """How the codes spread beside the plane, and how far they are from it."""
        space = self._space
        if space is None or space.latent_dims <= 2 or not space.plane.is_exact:
            self._ways = None
            return
        known = self._ways is not None and _is_same(self._ways[0], space)
        if not known or self._fades:
            self._looking.ask((space, self._ways[1] if known and self._ways else None, self._fades))

    def _take_look(self, question: Look, answer: "tuple[Ways, Floats | None]") -> None:
        (space, _, _), (ways, near) = question, answer
        if self._space is None or not _is_same(space, self._space) or not self._space.plane.is_exact:
            return
        self._ways = (space, ways)
        self._say()
        if self._fades and near is not None:
            self.faded.emit(near)

    def _say(self) -> None:
        space, ways = self._space, self._ways
        if space is not None:
            known = ways[1] if ways is not None and _is_beside(ways[0], space) else None
            self.shown.emit(facts_of_plane(space, known, self._exploring.now))


def _is_beside(one: "LatentSpace", other: "LatentSpace") -> bool:
    """Whether what is known of how one's plane can be moved is as good for the other, if perhaps not the newest."""
    return one.codes.shape == other.codes.shape and one.plane.kind == other.plane.kind


def _is_same(one: "LatentSpace", other: "LatentSpace") -> bool:
    return one.codes is other.codes and one.plane.kind == other.plane.kind and one.plane.is_beside(other.plane)


def _laid(space: "LatentSpace") -> "AnyPlane":
    from core.latent.sheet import sheet_over

    return sheet_over(space)


def _of_dimensions(across: int, up: int, space: "LatentSpace") -> "Plane":
    from core.latent.plane_choices import plane_of_dimensions

    return plane_of_dimensions(space.codes, across, up)


def _of_directions(across: Direction, up: Direction, space: "LatentSpace") -> "Plane":
    from core.latent.plane_choices import plane_of_directions

    return plane_of_directions(space.codes, across.vector, up.vector, (across.name, up.name))


def _through(indices: NDArray[np.int64], names: tuple[str, str, str], space: "LatentSpace") -> "Plane":
    from core.latent.plane_choices import plane_through

    return plane_through(space.codes[indices], names)


def _look(question: Look) -> "tuple[Ways, Floats | None]":
    from core.latent.plane_choices import ways_to_move

    space, ways, fades = question
    assert space.plane.kind != "projection"
    return ways or ways_to_move(space.codes, space.plane.flat), nearness(space.distances) if fades else None
