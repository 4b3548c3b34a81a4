"""A, B and C: sets of images or places, from whose differences directions and places are made."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from core.exploration import Direction, Exploration
from explorer.directions.direction_rows import unlike
from explorer.directions.ingredients import Asked, Ingredient, Kind, codes_of, find, ingredient, sources
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence
from explorer.workspace.undo_history import Exploring

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace
    from explorer.workspace.place_in_hand import Table

Floats = NDArray[np.float32]

NO_SIDES = "Choose what A and B are first: select images on the map and set them as A, then others as B."
NOTHING_SELECTED = "Nothing is selected yet: draw a lasso on the map (S) or a box (B)."


class Contrasting(QObject):
    """Keeps what A, B and C are; a direction that is made, and the cursor at A − B + C, are steps of exploring."""

    sources_changed = Signal(object)  # tuple[Source, ...]: what A, B and C can be
    sides_changed = Signal(object)  # {"A": words}: what they are
    marks_changed = Signal(object)  # [(letter, points (k, 2))]: where they lie on the map, while someone watches
    busy_changed = Signal(bool)
    said = Signal(str)  # what is to be done first
    failed = Signal(str)

    def __init__(self, exploring: Exploring, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exploring = exploring
        self._space: LatentSpace | None = None
        self._table: Table | None = None
        self._sides: dict[str, Ingredient] = {}
        self._is_watched = False
        self._thread = LatestOnly(find, self)
        self._thread.answered.connect(self._take)
        self._thread.failed.connect(self._fail)

    def show_map(self, latent_space: "LatentSpace", table: "Table") -> None:
        """Codes are these from now on."""
        is_other = not self._is_current(table)
        if is_other or self._space is None or self._space.latent_dims != latent_space.latent_dims:
            self._sides = {}
            self.sides_changed.emit({})
        self._space, self._table = latent_space, table
        self._show_marks()
        if is_other:
            self._show_sources()

    def show_exploration(self, _: Exploration, fields: frozenset[str]) -> None:
        """Something that A, B or C can be is another one."""
        if fields & {"selection", "groups", "bookmarks"}:
            self._show_sources()

    def choose(self, slot: str, kind: Kind, name: str = "") -> None:
        """Make A, B or C this, as it is now."""
        found = ingredient(kind, name, self._exploring.now, self._table.classes) if self._table is not None else None
        if found is None:
            self.said.emit(NOTHING_SELECTED)
            return
        self._sides[slot] = found
        self._show_sides()

    def choose_spot(self, slot: str, words: str, index: int, z: Floats) -> None:
        """Make A, B or C one image, or, −1, a place z (d,)."""
        if self._space is None or z.shape != (self._space.latent_dims,):
            return
        is_image = index >= 0
        self._sides[slot] = Ingredient(words, np.array([index])) if is_image else Ingredient(words, z=z)
        self._show_sides()

    def swap(self) -> None:
        """A for B, and B for A."""
        turned = {"A": "B", "B": "A"}
        self._sides = {turned.get(slot, slot): each for slot, each in self._sides.items()}
        self._show_sides()

    def make(self, name: str = "") -> None:
        """Keep the direction from B to A, and how reliable it is; named after both when it is given no name."""
        if "A" not in self._sides or "B" not in self._sides:
            self.said.emit(NO_SIDES)
            return
        plus, minus = self._sides["A"], self._sides["B"]
        self._ask(plus, minus, name=name.strip() or f"{plus.words} − {minus.words}")

    def add_up(self) -> None:
        """Put the cursor at A − B + C; C is the cursor where nothing else was chosen."""
        if "A" not in self._sides or "B" not in self._sides:
            self.said.emit(NO_SIDES)
        elif (start := self._sides.get("C") or ingredient("cursor", "", self._exploring.now, ())) is not None:
            self._ask(self._sides["A"], self._sides["B"], start)

    def watch(self, is_watched: bool) -> None:
        """Whether anyone looks at A, B and C."""
        self._is_watched = is_watched
        self._show_marks()

    def clear(self) -> None:
        """There is no model."""
        self._space, self._table, self._sides = None, None, {}
        self.busy_changed.emit(False)
        self._show_sides()
        self.sources_changed.emit(())

    def stop(self) -> None:
        """Leave the thread."""
        self._thread.stop()

    def _show_sides(self) -> None:
        self.sides_changed.emit({slot: each.words for slot, each in self._sides.items()})
        self._show_marks()

    def _show_marks(self) -> None:
        space, table = self._space, self._table
        if space is None or table is None or not self._is_watched or not space.plane.is_exact:
            self.marks_changed.emit([])
            return
        codes = [(slot, codes_of(each, space, table)) for slot, each in sorted(self._sides.items())]
        self.marks_changed.emit([(slot, space.plane.to_points(each)) for slot, each in codes if len(each)])

    def _ask(self, *chosen: Ingredient, name: str = "") -> None:
        if self._space is not None and self._table is not None:
            self.busy_changed.emit(True)
            self._thread.ask(Asked(self._space, self._table, chosen, name))

    def _take(self, asked: Asked, found: Direction | Floats) -> None:
        if not self._is_current(asked.table):
            return
        self.busy_changed.emit(False)
        if isinstance(found, Direction):
            kept = self._exploring.now.directions
            named = unlike(found, kept)
            self._exploring.change(f"direction {named.name}", directions=(*kept, named))
        else:
            self._exploring.change("A − B + C", z=found)

    def _fail(self, asked: Asked, error: Exception) -> None:
        if self._is_current(asked.table):
            self.busy_changed.emit(False)
            self.failed.emit(sentence(error))

    def _is_current(self, table: "Table") -> bool:
        """Whether these are the images in hand; a run that is opened tells of them twice, once they are read too."""
        ours = self._table
        if ours is None or ours is table:
            return ours is table
        return ours.classes == table.classes and np.array_equal(ours.labels, table.labels)

    def _show_sources(self) -> None:
        self.sources_changed.emit(sources(self._exploring.now, self._table.classes) if self._table is not None else ())
