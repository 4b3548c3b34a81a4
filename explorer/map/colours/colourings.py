"""The ways to colour the dots of the map: by class, side, groups, selection, whatever else is known, and by numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from core.exploration import NONE, Group, Indices
from core.palette import class_colours, ramp, range_colours, rgb
from core.reports.images import NOTHING_SAID, Column
from explorer.map.colours.number_scale import BINS, Scale
from explorer.map.colours.offered_numbers import NUMBERS
from explorer.toolkit.theme import HELD_OUT, TRAINING

CLASS, SIDE, GROUPS, SELECTED = "Class", "Learned from or held out", "Your classes", "Selected or not"
_SIDES = ("learned from", "held out")
_SELECTED = ("selected", "not selected")
_IN_NONE = "in none of them"
NOTHING_KNOWN = "#8b8f94"  # grey: nothing is said, so no colour says it


@dataclass(frozen=True, eq=False)
class Colouring:
    """A column of the images, with a colour, uint8 (levels, 3), and a shape, (levels,), for each of its levels.

    Of numbers the levels are those of `scale`, and all of one shape. A level keeps both whatever else is hidden.
    """

    name: str
    column: Column
    colours: NDArray[np.uint8]
    scale: Scale | None = None
    shapes: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        shapes = np.arange(len(self.colours)) if self.scale is None else np.zeros(len(self.colours), np.int64)
        object.__setattr__(self, "shapes", shapes)

    @property
    def is_amount(self) -> bool:
        """Whether the levels are ranges of a number, for which a bar says more than a legend."""
        return self.column.numbers is not None and any(" to " in level for level in self.column.levels)

    def said(self, index: int) -> str:
        """What it says of one image, beside its class; empty for the class itself."""
        if self.name == CLASS:
            return ""
        if self.scale is not None:
            return f"{self.name}: {self.scale.said(index)}"
        level = self.column.levels[int(self.column.codes[index])]
        if self.name in (SIDE, SELECTED):
            return level
        numbers = self.column.numbers
        return f"{self.name}: {level if numbers is None or np.isnan(numbers[index]) else f'{numbers[index]:.6g}'}"


Way = Callable[[], Colouring]


def colourings(
    labels: NDArray[np.int64],
    classes: Sequence[str],
    is_held_out: NDArray[np.bool_] | None,
    columns: Sequence[Column],
    groups: Sequence[Group] = (),
    selection: Indices = NONE,
) -> dict[str, Way]:
    """Every way there is but by measured numbers, the class first, by the name a list shows; each made when called."""
    count = len(labels)
    found: dict[str, Way] = {CLASS: partial(_by_column, CLASS, Column(CLASS, tuple(classes), labels))}
    if is_held_out is not None:
        found[SIDE] = partial(_by_side, is_held_out)
    groups = [group for group in groups if _are_of(group.indices, count)]
    if groups:
        found[GROUPS] = partial(_by_groups, groups, count)
    for place, group in enumerate(groups) if len(groups) > 1 else ():
        found[f"In “{group.name}”"] = partial(_by_group, group, place, count)
    if len(selection) and _are_of(selection, count):
        found[SELECTED] = partial(_by_selection, selection, count)
    for column in columns:
        is_taken = column.name in found or column.name in NUMBERS
        name = f"{column.name} (metadata)" if is_taken else column.name
        found[name] = partial(_by_column, name, column)
    return found


def by_number(scale: Scale, first: int = 0, last: int = BINS) -> Colouring:
    """The colours of a number: the whole ramp over the bins from `first` to before `last`, its ends beyond."""
    places = np.clip((np.arange(BINS) + 0.5 - first) / max(1, last - first), 0, 1)
    way = ramp(BINS)
    colours = np.concatenate([way[np.round(places * (BINS - 1)).astype(int)], way[[0, -1]], rgb(NOTHING_KNOWN)])
    return Colouring(scale.name, Column(scale.name, scale.levels, scale.bins, scale.numbers), colours, scale)


def _by_column(name: str, column: Column) -> Colouring:
    return Colouring(name, column, _colours(column))


def _by_side(is_held_out: NDArray[np.bool_]) -> Colouring:
    return Colouring(SIDE, Column(SIDE, _SIDES, is_held_out.astype(np.int64)), rgb(TRAINING, HELD_OUT))


def _by_groups(groups: Sequence[Group], count: int) -> Colouring:
    """All groups together; an image of several counts for the newest."""
    codes = np.full(count, len(groups), np.int64)
    for place, group in enumerate(groups):
        codes[group.indices] = place
    column = Column(GROUPS, (*(group.name for group in groups), _IN_NONE), codes)
    return Colouring(GROUPS, column, np.concatenate([class_colours(len(groups)), rgb(NOTHING_KNOWN)]))


def _by_group(group: Group, place: int, count: int) -> Colouring:
    """One group, in the colour it has among all."""
    name, levels = f"In “{group.name}”", (f"in “{group.name}”", "not in it")
    colours = np.concatenate([class_colours(place + 1)[-1:], rgb(NOTHING_KNOWN)])
    return Colouring(name, Column(name, levels, _first_of_two(group.indices, count)), colours)


def _by_selection(selection: Indices, count: int) -> Colouring:
    column = Column(SELECTED, _SELECTED, _first_of_two(selection, count))
    return Colouring(SELECTED, column, np.concatenate([class_colours(1), rgb(NOTHING_KNOWN)]))


def _are_of(indices: Indices, count: int) -> bool:
    """Whether sorted indices are of so many images."""
    return not len(indices) or int(indices[-1]) < count


def _first_of_two(indices: Indices, count: int) -> NDArray[np.int64]:
    codes = np.ones(count, np.int64)
    codes[indices] = 0
    return codes


def _colours(column: Column) -> NDArray[np.uint8]:
    """Words in colours that are far apart, numbers from dark to light."""
    has_nothing = column.levels[-1:] == (NOTHING_SAID,)
    said = len(column.levels) - has_nothing
    chosen = class_colours(said) if column.numbers is None else range_colours(said)
    return np.concatenate([chosen, rgb(NOTHING_KNOWN)]) if has_nothing else chosen
