"""What A, B and C can be: the selected images, a group, a class, the cursor, a bookmark."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from core.exploration import Direction, Exploration
from core.latent.directions import Side, analogy, find_direction, precision_of

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace
    from explorer.workspace.place_in_hand import Table

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
Kind = Literal["selection", "group", "class", "cursor", "bookmark"]

SLOTS = ("A", "B", "C")
AT_CURSOR = "the cursor"


@dataclass(frozen=True)
class Source:
    """Something that A, B or C can be: `name` tells those of a kind apart, `words` are for a list."""

    kind: Kind
    name: str
    words: str


@dataclass(frozen=True, eq=False)
class Ingredient:
    """What A, B or C is: images by index or by their class, or a place."""

    words: str
    indices: Indices | None = None
    label: int | None = None
    z: Floats | None = None


@dataclass(frozen=True, eq=False)
class Asked:
    """The direction called `name` from the second ingredient to the first; of three, the place A − B + C."""

    latent_space: "LatentSpace"
    table: "Table"
    ingredients: tuple[Ingredient, ...]
    name: str = ""


def sources(now: Exploration, classes: Sequence[str]) -> tuple[Source, ...]:
    """All that can be chosen now, what is selected first."""
    count = len(now.selection)
    selected = [Source("selection", "", f"The {images(count, 'selected ')}")] if count else []
    groups = [Source("group", each.name, f"{each.name} ({len(each.indices):,})") for each in now.groups]
    named = [Source("class", each, f"Class {each}") for each in classes] if len(classes) > 1 else []
    marks = [Source("bookmark", str(key), f"Bookmark {key}") for key in sorted(now.bookmarks)]
    return (*selected, *groups, *named, Source("cursor", "", "The cursor"), *marks)


def ingredient(kind: Kind, name: str, now: Exploration, classes: Sequence[str]) -> Ingredient | None:
    """One of them as it is now; None where it is not there."""
    match kind:
        case "selection":
            return Ingredient(images(len(now.selection)), now.selection) if len(now.selection) else None
        case "group":
            return next((Ingredient(name, each.indices) for each in now.groups if each.name == name), None)
        case "class":
            return Ingredient(name, label=list(classes).index(name)) if name in classes else None
        case "cursor":
            return Ingredient(AT_CURSOR, z=now.z) if now.z is not None else None
        case "bookmark":
            mark = now.bookmarks.get(int(name))
            return Ingredient(f"bookmark {name}", z=mark.z) if mark is not None else None


def images(count: int, kind: str = "") -> str:
    """So many images, in words."""
    return f"{count:,} {kind}image{'s' * (count != 1)}"


def find(asked: Asked) -> Direction | Floats:
    """In a thread: the direction, or the place, that was asked for. Raises ConfigError."""
    sides = [_side(asked, each) for each in asked.ingredients]
    if len(sides) == 2:
        this, other = sides
        return find_direction(asked.name, this, other, precision_of(asked.latent_space.codes))
    return analogy(*sides)


def codes_of(chosen: Ingredient, latent_space: "LatentSpace", table: "Table") -> Floats:
    """Where it is in latent space, (k, d)."""
    return chosen.z[np.newaxis] if chosen.z is not None else latent_space.codes[_indices(chosen, latent_space, table)]


def _side(asked: Asked, chosen: Ingredient) -> Side:
    codes = codes_of(chosen, asked.latent_space, asked.table)
    if chosen.z is not None:
        return Side(chosen.words, codes, np.zeros(1, np.bool_))
    indices = _indices(chosen, asked.latent_space, asked.table)
    return Side(chosen.words, codes, asked.table.is_held_out[indices], indices)


def _indices(chosen: Ingredient, latent_space: "LatentSpace", table: "Table") -> Indices:
    indices = chosen.indices if chosen.indices is not None else np.flatnonzero(table.labels == chosen.label)
    return indices[indices < len(latent_space.codes)]
