"""Which codes are drawn on the map, in which colours, and which of them faint and under the others."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from explorer.dot_grid import DotGrid, build_grid
from explorer.frame import UNIT_VIEW, Extent, Frame, extent

FAINT = 0.16  # of its own colour is left of a faint dot
_SHADES = 8  # of a colour that is more or less faint

Colour = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class DotQuestion:
    """All codes (N, 2), NaN where an image has not been seen, the level of each (N,), and what is known of levels."""

    points: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    levels: NDArray[np.integer] = field(default_factory=lambda: np.zeros(0, np.int64))
    colours: NDArray[np.uint8] = field(default_factory=lambda: np.full((1, 3), 128, np.uint8))  # of levels
    shapes: NDArray[np.integer] | None = None  # of levels; None: all are round
    hidden: frozenset[int] = frozenset()  # levels that are left out
    is_faint: NDArray[np.bool_] | None = None  # (N,)
    nearness: NDArray[np.float32] | None = None  # (N,): how much of its colour each keeps
    selection: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    is_filter: bool = False  # what is not selected is left out, not faint
    paper: Colour = (255, 255, 255)


@dataclass(frozen=True, eq=False)
class DotPart:
    """Dots drawn at one go, in the order of their grid: indices into all codes, places, 0xFFRRGGBB, shapes."""

    indices: NDArray[np.intp]
    x: NDArray[np.float32]
    y: NDArray[np.float32]
    rgb: NDArray[np.uint32]
    shapes: NDArray[np.uint8] | None
    grid: DotGrid
    is_faint: bool
    is_ringed: bool

    def within(self, where: Extent) -> "DotPart":
        """Those in and about a part of the plane; their grid is no longer theirs."""
        ranges = self.grid.ranges(where)
        if sum(end - begin for begin, end in ranges) == len(self.indices):
            return self
        shapes = None if self.shapes is None else _gather(self.shapes, ranges)
        indices, x, y, rgb = (_gather(each, ranges) for each in (self.indices, self.x, self.y, self.rgb))
        return replace(self, indices=indices, x=x, y=y, rgb=rgb, shapes=shapes)


@dataclass(frozen=True, eq=False)
class ChosenDots:
    """The drawn dots, the faint first: where they lie, how many they are, of how many codes, and how many are known."""

    parts: tuple[DotPart, ...] = ()
    extent: Extent = UNIT_VIEW
    count: int = 0
    codes: int = 0
    seen: int = 0
    points: NDArray[np.float32] | None = None  # of all codes: the same while only colours, or what is drawn, change

    def count_in(self, where: Extent) -> int:
        """How many are in a part of the plane."""
        return sum(part.grid.count(part.x, part.y, where) for part in self.parts)

    def nearest(self, frame: Frame, place: QPointF, within: float) -> int:
        """Index of the code nearest to a pixel, among those that are not faint if any is near; -1: none is."""
        for part in reversed(self.parts):
            found = part.grid.nearest(part.x, part.y, frame, place, within)
            if found >= 0:
                return int(part.indices[found])
        return -1


def choose_dots(asked: DotQuestion) -> ChosenDots:
    """Those that are seen, not of a hidden level and not filtered out; any thread.

    They are shuffled, so that no class lies over another.
    """
    x, y = np.ascontiguousarray(asked.points.T) if len(asked.points) else np.zeros((2, 0), np.float32)
    is_seen = np.isfinite(x) & np.isfinite(y)
    is_drawn, is_faint = _drawn(asked, is_seen), _faint(asked)
    shuffled = _shuffle(len(x))
    order = shuffled if is_drawn.all() else shuffled[is_drawn[shuffled]]
    where = extent(x[order], y[order])
    parts = [_part(asked, x, y, *each) for each in _parts(order, is_faint, _ringed(asked))]
    seen = int(np.count_nonzero(is_seen))
    return ChosenDots(tuple(part for part in parts if len(part.x)), where, len(order), len(x), seen, asked.points)


def _drawn(asked: DotQuestion, is_seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    is_drawn = is_seen
    if asked.hidden:
        is_hidden = np.zeros(max(len(asked.colours), max(asked.hidden) + 1), np.bool_)
        is_hidden[list(asked.hidden)] = True
        is_drawn = is_drawn & ~is_hidden[asked.levels]
    if asked.is_filter and len(asked.selection):
        is_drawn = is_drawn & _mask(asked)
    return is_drawn


def _faint(asked: DotQuestion) -> NDArray[np.bool_] | None:
    count = len(asked.points)
    is_faint = asked.is_faint if asked.is_faint is not None and len(asked.is_faint) == count else None
    if not len(asked.selection) or asked.is_filter:
        return is_faint
    others = ~_mask(asked)
    return others if is_faint is None else others | is_faint


def _mask(asked: DotQuestion) -> NDArray[np.bool_]:
    mask = np.zeros(len(asked.points), np.bool_)
    mask[asked.selection[asked.selection < len(mask)]] = True
    return mask


def _ringed(asked: DotQuestion) -> bool:
    """Whether the dots that are not faint have a ring: where others are faint beside them because of a selection."""
    return bool(len(asked.selection)) and not asked.is_filter


def _parts(
    order: NDArray[np.intp], is_faint: NDArray[np.bool_] | None, is_ringed: bool
) -> Iterator[tuple[NDArray[np.intp], bool, bool]]:
    if is_faint is None:
        yield order, False, is_ringed
        return
    faint = is_faint[order]
    yield order[faint], True, False
    yield order[~faint], False, is_ringed


def _part(
    asked: DotQuestion,
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    order: NDArray[np.intp],
    is_faint: bool,
    is_ringed: bool,
) -> DotPart:
    by_cell, grid = build_grid(x[order], y[order])
    order = order[by_cell]
    rgb = _colours(asked, order, is_faint)
    shapes = None if asked.shapes is None else asked.shapes.astype(np.uint8)[asked.levels[order]]
    return DotPart(order, x[order], y[order], rgb, shapes, grid, is_faint, is_ringed)


def _colours(asked: DotQuestion, order: NDArray[np.intp], is_faint: bool) -> NDArray[np.uint32]:
    """0xFFRRGGBB of each dot: its level's, fainter where it is far from the plane."""
    most = FAINT if is_faint else 1.0
    levels = asked.levels[order]
    if asked.nearness is None or len(asked.nearness) != len(asked.points):
        return _packed(_towards(asked.paper, asked.colours, most))[levels]
    shares = FAINT + (most - FAINT) * np.linspace(0, 1, _SHADES)
    shades = np.stack([_packed(_towards(asked.paper, asked.colours, share)) for share in shares])
    near = np.nan_to_num(np.clip(asked.nearness[order], 0, 1))
    return shades[np.rint(near * (_SHADES - 1)).astype(np.intp), levels]


def _packed(rgb: NDArray[np.uint8]) -> NDArray[np.uint32]:
    wide = rgb.astype(np.uint32)
    packed: NDArray[np.uint32] = 0xFF000000 | wide[:, 0] << 16 | wide[:, 1] << 8 | wide[:, 2]
    return packed


def _towards(paper: Colour, colours: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """Colours of which this share is left."""
    return (share * colours + (1 - share) * np.array(paper)).astype(np.uint8)


def _gather(values: NDArray[np.generic], ranges: list[tuple[int, int]]) -> NDArray[np.generic]:
    return np.concatenate([values[begin:end] for begin, end in ranges]) if ranges else values[:0]


@lru_cache(maxsize=2)
def _shuffle(count: int) -> NDArray[np.intp]:
    return np.random.default_rng(0).permutation(count)
