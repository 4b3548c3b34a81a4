"""Which images are selected: by an area of the map, by class, by nearness, by how unusual they are; all undoable."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from core.exploration import NONE, Exploration, Floats, Group, Indices
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence
from explorer.workspace.place_in_hand import NOTHING, Table
from explorer.workspace.selection_rules import (
    all_but,
    and_selected,
    in_area,
    largest,
    mean_code,
    near,
    near_mean,
    of_level,
    shown_twice,
)
from explorer.workspace.undo_history import Exploring
from explorer.workspace.unusual_images import Unusual

if TYPE_CHECKING:
    from core.latent.pixel_space import Arrangement

Mode = Literal["replace", "add", "subtract"]
NEAR = 50  # images, of the key that takes the nearest to the cursor
UNUSUAL = 50


@dataclass(frozen=True, eq=False)
class Question:
    """What to select: `find` is called in the thread, and its answer joined to the images selected before."""

    words: str  # of the step that undo takes back
    find: Callable[[], Indices]
    mode: Mode
    before: Indices
    table: Table  # of the images it is about: while training goes on they stay the same, whatever the codes do
    nothing: str = ""  # what to say when no image is found
    goes_there: bool = False  # whether to go to the first that is found


class Selecting(QObject):
    """Changes the selection and the groups of an exploration; everything over all codes is done in a thread."""

    shown = Signal(object, bool)  # the indices selected; whether only they are to be drawn
    told = Signal(str)  # what came of it, where the map does not show it
    mean_found = Signal(object)  # the mean code (d,) of the images selected
    unusual_found = Signal(int)  # the most unusual image of all
    groups_changed = Signal(object)  # tuple[Group, ...]
    failed = Signal(str)

    def __init__(self, exploring: Exploring, unusual: Unusual, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_filter = False
        self._exploring, self._unusual = exploring, unusual
        self._wanted = 0  # of the most unusual, once it is known which they are
        self._space: Arrangement | None = None
        self._table = NOTHING
        self._drawn: NDArray[np.bool_] | None = None  # (N,) which the map draws, None: all
        self._finding = LatestOnly(_find, self)
        self._finding.answered.connect(self._take)
        self._finding.failed.connect(self._fail)
        self._averaging = LatestOnly(mean_code, self)
        self._averaging.answered.connect(self._take_mean)
        self._averaging.failed.connect(self._fail)
        exploring.changed.connect(self._follow)
        unusual.found.connect(self._take_unusual)

    @property
    def indices(self) -> Indices:
        """The images selected, sorted; none that these images do not have."""
        selection, count = self._exploring.now.selection, len(self._table.names)
        is_within = not len(selection) or selection[-1] < count
        return selection if is_within else selection[: np.searchsorted(selection, count)]

    def show_map(self, latent_space: "Arrangement", table: Table) -> None:
        """Select among these codes from now on."""
        is_other = table is not self._table
        self._space, self._table = latent_space, table
        if is_other:
            self._drawn = None
            self._show()

    def show_drawn(self, is_drawn: NDArray[np.bool_] | None) -> None:
        """Which images (N,) the map draws; what cannot be seen cannot be caught with a lasso. None: all."""
        self._drawn = is_drawn

    def clear(self) -> None:
        """There is no model."""
        self._space, self._table, self._drawn, self._wanted = None, NOTHING, None, 0
        self._show()

    def stop(self) -> None:
        """Leave every thread."""
        self._finding.stop()
        self._averaging.stop()

    # which

    def choose_area(self, polygon: NDArray[np.float64], mode: Mode = "replace") -> None:
        """Images whose dots lie in a polygon (k, 2) on the plane, of those that are drawn."""
        if self._space is not None:
            among = self._among()
            find = partial(in_area, self._space, np.asarray(polygon), among)
            self._ask("selection on the map", find, mode, "No image lies in there.")

    def choose_level(self, name: str, codes: NDArray[np.int64], level: int, mode: Mode = "replace") -> None:
        """Images of one level of a column; `codes` (N,) are its levels, `name` what the level is called."""
        self._ask(f"selection of {name}", partial(of_level, codes, level), mode)

    def choose_class_of(self, index: int, mode: Mode = "replace") -> None:
        """All images of the class of this one."""
        if 0 <= index < len(self._table.labels):
            label = int(self._table.labels[index])
            self.choose_level(self._table.classes[label] or "its class", self._table.labels, label, mode)

    def choose(self, words: str, indices: Indices, mode: Mode = "replace") -> None:
        """These images, in any order; `words` as in "Undo …"."""
        self._ask(words, partial(np.unique, np.asarray(indices, np.int64)), mode)

    def choose_near_cursor(self, count: int = NEAR, mode: Mode = "replace") -> None:
        """The images nearest to the cursor."""
        z, space = self._exploring.now.z, self._space
        if space is not None and z is not None and len(z) == space.latent_dims:
            words = f"selection of the {count} nearest to the cursor"
            self._ask(words, partial(near, space, z, count), mode)

    def choose_near_place(self, z: Floats | None, count: int = NEAR) -> None:
        """The images nearest to a place (d,)."""
        if self._space is not None and z is not None and len(z) == self._space.latent_dims:
            self._ask(f"selection of the {count} nearest to a place", partial(near, self._space, z, count), "replace")

    def choose_near_image(self, index: int, count: int = NEAR, mode: Mode = "replace") -> None:
        """An image and the `count` others nearest to it."""
        if self._space is not None and 0 <= index < len(self._space.codes):
            words = f"selection of the {count} nearest to an image"
            find = partial(near, self._space, self._space.codes[index], count + 1)
            self._ask(words, find, mode, "The model has not seen this image yet, so nothing is near it.")

    def choose_near_mean(self, count: int = NEAR) -> None:
        """The images nearest to the mean code of those selected."""
        if self._space is not None and len(self.indices):
            find = partial(near_mean, self._space, self.indices, count)
            self._ask(f"selection of the {count} nearest to the mean", find, "replace")

    def choose_unusual(self, count: int = UNUSUAL) -> None:
        """The images whose 5th nearest code is farthest away: those that have the fewest like them."""
        if self._space is not None:
            self._wanted = count
            self._unusual.ask(self._space)

    def choose_duplicates(self, twins: Indices | None) -> None:
        """The images that show the picture of another; `twins` (N,) is the first of each one's picture, if known."""
        if twins is None or len(twins) != len(self._table.names):
            self.told.emit("The images of this run have not been read, so nothing is known of duplicates.")
        else:
            find = partial(shown_twice, twins)
            self._ask("selection of the duplicates", find, "replace", "No two images show the same picture.")

    def choose_all(self) -> None:
        """Every image."""
        self._ask("selection of all", partial(np.arange, len(self._table.names), dtype=np.int64), "replace")

    def choose_none(self) -> None:
        """No image."""
        if len(self.indices):
            self._exploring.change("clearing of the selection", selection=NONE)

    def invert(self) -> None:
        """All that are not selected."""
        self._ask("inversion of the selection", partial(all_but, self.indices, len(self._table.names)), "replace")

    # how it is shown

    def set_filter(self, is_filter: bool) -> None:
        """Whether the map draws only the images selected, instead of the others faint."""
        if is_filter != self.is_filter:
            self.is_filter = is_filter
            self._show()

    def toggle_filter(self) -> None:
        """The other of highlight and filter."""
        self.set_filter(not self.is_filter)

    # what to do with it

    def find_mean(self) -> None:
        """Find the mean code of the images selected, and say it."""
        if self._space is not None and len(self.indices):
            self._averaging.ask((self._space, self.indices))

    def make_group(self, name: str) -> None:
        """Make the images selected a class of their own; one of the same name is replaced."""
        if name and len(self.indices):
            others = tuple(each for each in self._exploring.now.groups if each.name != name)
            self._exploring.change(f"class {name}", groups=(*others, Group(name, self.indices)))

    def choose_group(self, name: str, mode: Mode = "replace") -> None:
        """The images of a class that was made here."""
        if (group := self._group(name)) is not None:
            self._ask(f"selection of {name}", lambda: group.indices, mode)

    def rename_group(self, name: str, other: str) -> None:
        """Call a class something else; nothing where that is taken."""
        groups = self._exploring.now.groups
        if (group := self._group(name)) is not None and other and self._group(other) is None:
            renamed = tuple(Group(other, each.indices) if each is group else each for each in groups)
            self._exploring.change(f"new name of {name}", groups=renamed)

    def forget_group(self, name: str) -> None:
        """There is no such class any more; its images stay."""
        if self._group(name) is not None:
            left = tuple(each for each in self._exploring.now.groups if each.name != name)
            self._exploring.change(f"removal of {name}", groups=left)

    # inside

    def _group(self, name: str) -> Group | None:
        return next((each for each in self._exploring.now.groups if each.name == name), None)

    def _among(self) -> Callable[[], NDArray[np.bool_] | None]:
        """Which images can be seen, found in the thread; None: all of them."""
        drawn, selection, count = self._drawn, self.indices, len(self._table.names)
        if not self.is_filter or not len(selection):
            return lambda: drawn
        return partial(and_selected, drawn, selection, count)

    def _ask(self, words: str, find: Callable[[], Indices], mode: Mode, nothing: str = "") -> None:
        self._finding.ask(Question(words, find, mode, self.indices, self._table, nothing))

    def _take_unusual(self, distances: Floats) -> None:
        count, self._wanted = self._wanted, 0
        if count and len(distances) == len(self._table.names):
            words, find = f"selection of the {count} most unusual", partial(largest, distances, count)
            self._finding.ask(Question(words, find, "replace", self.indices, self._table, goes_there=True))

    def _take(self, question: Question, answer: tuple[Indices, Indices]) -> None:
        if question.table is not self._table:
            return
        found, joined = answer
        if not len(found) and question.nothing:
            self.told.emit(question.nothing)
        if not np.array_equal(joined, self.indices):
            self._exploring.change(question.words, selection=joined)
        if question.goes_there and len(found):
            self.unusual_found.emit(int(found[0]))

    def _take_mean(self, question: "tuple[Arrangement, Indices]", mean: Floats | None) -> None:
        if mean is None:
            self.told.emit("The model has not seen these images yet, so they have no mean.")
        elif self._space is not None and self._space.latent_dims == len(mean):
            self.mean_found.emit(mean)

    def _fail(self, _: Any, error: Exception) -> None:
        self.failed.emit(sentence(error))

    def _follow(self, exploration: Exploration, fields: frozenset[str]) -> None:
        if "selection" in fields:
            self._show()
        if "groups" in fields:
            self.groups_changed.emit(exploration.groups)

    def _show(self) -> None:
        self.shown.emit(self.indices, self.is_filter and bool(len(self.indices)))


def _find(question: Question) -> tuple[Indices, Indices]:
    """What was found, in its own order, and the selection that comes of it."""
    found = question.find()
    if question.mode == "add":
        return found, np.union1d(question.before, found)
    if question.mode == "subtract":
        return found, np.setdiff1d(question.before, found, assume_unique=True)
    return found, np.sort(found)
