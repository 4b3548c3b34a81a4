"""What the list of directions and its film show: frozen words, numbers and pictures."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.exploration import Direction
from core.latent.directions import CHANCE_TURN, RULE, TURNS, trust

__all__ = ["LONGEST_NAME", "RULE", "DirectionRow", "Film", "row_of", "unlike"]

LONGEST_NAME = 60  # letters of a direction's name


@dataclass(frozen=True)
class DirectionRow:
    """A direction in the list: what it was made of, how far to trust it and why, and how far its slider is."""

    name: str
    made_of: str
    trust: str
    figures: str
    amount: float


@dataclass(frozen=True, eq=False)
class Film:
    """Pictures (n, H, W, C) along a direction, at `amounts` times its vector from where its slider is at 0."""

    name: str
    amounts: tuple[float, ...]
    pixels: NDArray[np.uint8]
    start: str


def row_of(direction: Direction, amount: float) -> DirectionRow:
    """How a direction is listed."""
    plus, minus = direction.counts
    counts = f": {plus:,} and {minus:,} images" if max(direction.counts) > 1 else ""
    made_of = f"{direction.plus} − {direction.minus}{counts}" if direction.minus else direction.plus
    return DirectionRow(direction.name, made_of, trust(direction), _figures(direction), amount)


def unlike(direction: Direction, others: Iterable[Direction]) -> Direction:
    """The direction, with a number to its name when another is called so already."""
    name, taken = direction.name.strip()[:LONGEST_NAME], {each.name for each in others}
    numbered = (f"{name} ({number})" for number in range(2, len(taken) + 3))
    return replace(direction, name=name if name not in taken else next(each for each in numbered if each not in taken))


def _figures(direction: Direction) -> str:
    if direction.separation is None or direction.turn is None or direction.by_chance is None:
        return ""
    separation = f"separation {direction.separation:.2f} (chance ≤ {direction.by_chance:.2f})"
    figures = f"{separation}, turns {direction.turn:.0f}° (noise {CHANCE_TURN:.0f}°)"
    is_unsteady = trust(direction) == "weak" and direction.turn > TURNS
    return f"{figures}; more images would steady it" if is_unsteady else figures
