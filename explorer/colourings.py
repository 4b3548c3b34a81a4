"""The ways to colour the dots of the map: by class, by which are held out, by whatever else is known of the images."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.reports import NOTHING_SAID, Column
from explorer.class_colours import class_colours, range_colours, rgb
from explorer.theme import HELD_OUT, TRAINING

CLASS, SIDE = "Class", "Learned from or held out"
_SIDES = ("learned from", "held out")
_NOTHING = "#8b8f94"  # grey: nothing is said, so no colour says it


@dataclass(frozen=True, eq=False)
class Colouring:
    """A column of the images, with a colour, uint8 (levels, 3), for each of its levels."""

    name: str
    column: Column
    colours: NDArray[np.uint8]

    def said(self, index: int) -> str:
        """What it says of one image, beside its class; empty for the class itself."""
        if self.name == CLASS:
            return ""
        level = self.column.levels[self.column.codes[index]]
        if self.name == SIDE:
            return level
        numbers = self.column.numbers
        return f"{self.name}: {level if numbers is None or np.isnan(numbers[index]) else f'{numbers[index]:.6g}'}"


def colourings(
    labels: NDArray[np.int64], classes: Sequence[str], is_held_out: NDArray[np.bool_] | None, columns: Sequence[Column]
) -> dict[str, Colouring]:
    """Every way there is, the class first, by the name a list shows."""
    by_class = Column(CLASS, tuple(classes), labels)
    found = {CLASS: Colouring(CLASS, by_class, _colours(by_class))}
    if is_held_out is not None:
        found[SIDE] = Colouring(SIDE, Column(SIDE, _SIDES, is_held_out.astype(np.int64)), rgb(TRAINING, HELD_OUT))
    for column in columns:
        name = f"{column.name} (metadata)" if column.name in found else column.name
        found[name] = Colouring(name, column, _colours(column))
    return found


def _colours(column: Column) -> NDArray[np.uint8]:
    """Words in colours that are far apart, numbers from dark to light."""
    has_nothing = column.levels[-1:] == (NOTHING_SAID,)
    said = len(column.levels) - has_nothing
    chosen = class_colours(said) if column.numbers is None else range_colours(said)
    return np.concatenate([chosen, rgb(_NOTHING)]) if has_nothing else chosen
