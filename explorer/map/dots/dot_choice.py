"""Which codes are drawn on the map, in which colours, and which of them faint and under the others."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from explorer.map.dots.dot_grid import DotGrid, build_grid
from explorer.map.frame import UNIT_VIEW, Extent, Frame, extent

FAINT = 0.16  # of its own colour is left of a faint dot
_SHADES = 8  # of a colour that is more or less faint

Colour = tuple[int, int, int]
_Number = TypeVar("_Number", bound=np.generic)


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
        indices, rgb = _gather(self.indices, ranges), _gather(self.rgb, ranges)
        x, y = _gather(self.x, ranges), _gather(self.y, ranges)
        shapes = None if self.shapes is None else _gather(self.shapes, ranges)
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


class DotChooser:
    """Chooses for one thread; where dots lie is found out once for as long as they stay, however they are coloured."""

    def __init__(self) -> None:
        self._layout: DotLayout | None = None

    def choose(self, asked: DotQuestion) -> ChosenDots:
        """Those that are seen, not of a hidden level and not filtered out.

        They are shuffled, so that no class lies over another.
        """
        if self._layout is None or self._layout.points is not asked.points:
            self._layout = lay_out(asked.points)
        layout = self._layout
        is_drawn, is_faint = _drawn(asked, layout), _faint(asked, layout)
        parts = [_part(asked, layout, *each) for each in _parts(is_drawn, is_faint, _is_ringed(asked))]
        parts = [part for part in parts if len(part.x)]
        count = sum(len(part.x) for part in parts)
        return ChosenDots(tuple(parts), _extent(parts), count, len(asked.points), len(layout.indices), asked.points)


@dataclass(frozen=True, eq=False)
class DotLayout:
    """The codes that have a place, in the order of a grid: their indices into `points`, places, cells."""

    points: NDArray[np.float32]
    indices: NDArray[np.intp]
    x: NDArray[np.float32]
    y: NDArray[np.float32]
    cells: NDArray[np.uint16]
    grid: DotGrid


def lay_out(points: NDArray[np.float32]) -> DotLayout:
    """Codes (N, 2), NaN where there is none; within a cell they are shuffled."""
    x, y = np.ascontiguousarray(points.T) if len(points) else np.zeros((2, 0), np.float32)
    shuffled = _shuffle(len(points))
    is_seen = np.isfinite(x + y)
    order = shuffled if is_seen.all() else shuffled[is_seen[shuffled]]
    by_cell, cells, grid = build_grid(x[order], y[order])
    order = order[by_cell]
    return DotLayout(points, order, x[order], y[order], cells, grid)


def choose_dots(asked: DotQuestion) -> ChosenDots:
    """As a chooser of its own; any thread."""
    return DotChooser().choose(asked)


def _drawn(asked: DotQuestion, layout: DotLayout) -> NDArray[np.bool_] | None:
    """Which of the codes laid out are drawn; None: all."""
    is_drawn = None
    if asked.hidden:
        is_shown = np.ones(max(len(asked.colours), max(asked.hidden) + 1), np.bool_)
        is_shown[list(asked.hidden)] = False
        is_drawn = is_shown[asked.levels[layout.indices]]
    if asked.is_filter and len(asked.selection):
        is_selected = _is_selected(asked)[layout.indices]
        is_drawn = is_selected if is_drawn is None else is_drawn & is_selected
    return is_drawn


def _faint(asked: DotQuestion, layout: DotLayout) -> NDArray[np.bool_] | None:
    """Which of the codes laid out are faint; None: none."""
    is_faint = None
    if asked.is_faint is not None and len(asked.is_faint) == len(asked.points):
        is_faint = asked.is_faint[layout.indices]
    if not _is_ringed(asked):
        return is_faint
    others = ~_is_selected(asked)[layout.indices]
    return others if is_faint is None else others | is_faint


def _is_selected(asked: DotQuestion) -> NDArray[np.bool_]:
    mask = np.zeros(len(asked.points), np.bool_)
    mask[asked.selection[asked.selection < len(mask)]] = True
    return mask


def _is_ringed(asked: DotQuestion) -> bool:
    """Whether dots have a ring, for others are faint beside them because of a selection."""
    return bool(len(asked.selection)) and not asked.is_filter


def _parts(
    is_drawn: NDArray[np.bool_] | None, is_faint: NDArray[np.bool_] | None, is_ringed: bool
) -> Iterator[tuple[NDArray[np.bool_] | None, bool, bool]]:
    if is_faint is None:
        yield is_drawn, False, is_ringed
        return
    yield (is_faint if is_drawn is None else is_faint & is_drawn), True, False
    yield (~is_faint if is_drawn is None else is_drawn & ~is_faint), False, is_ringed


def _part(
    asked: DotQuestion, layout: DotLayout, is_in: NDArray[np.bool_] | None, is_faint: bool, is_ringed: bool
) -> DotPart:
    indices, x, y, grid = layout.indices, layout.x, layout.y, layout.grid
    if is_in is not None:
        indices, x, y, grid = indices[is_in], x[is_in], y[is_in], grid.of(layout.cells[is_in])
    levels = asked.levels[indices]
    shapes = None if asked.shapes is None else asked.shapes.astype(np.uint8)[levels]
    return DotPart(indices, x, y, _colours(asked, indices, levels, is_faint), shapes, grid, is_faint, is_ringed)


def _extent(parts: list[DotPart]) -> Extent:
    if len(parts) == 1:
        return extent(parts[0].x, parts[0].y)
    corners = [np.array([(part.x.min(), part.y.min()), (part.x.max(), part.y.max())]) for part in parts]
    return extent(*np.concatenate(corners).T) if corners else UNIT_VIEW


def _colours(
    asked: DotQuestion, indices: NDArray[np.intp], levels: NDArray[np.integer], is_faint: bool
) -> NDArray[np.uint32]:
    """0xFFRRGGBB of each dot: its level's, fainter where it is far from the plane."""
    most = FAINT if is_faint else 1.0
    if asked.nearness is None or len(asked.nearness) != len(asked.points):
        plain: NDArray[np.uint32] = _packed(_towards(asked.paper, asked.colours, most))[levels]
        return plain
    shares = FAINT + (most - FAINT) * np.linspace(0, 1, _SHADES)
    shades = np.stack([_packed(_towards(asked.paper, asked.colours, share)) for share in shares])
    near = np.nan_to_num(np.clip(asked.nearness[indices], 0, 1))
    shaded: NDArray[np.uint32] = shades[np.rint(near * (_SHADES - 1)).astype(np.intp), levels]
    return shaded


def _packed(rgb: NDArray[np.uint8]) -> NDArray[np.uint32]:
    wide = rgb.astype(np.uint32)
    return np.asarray(0xFF000000 | wide[:, 0] << 16 | wide[:, 1] << 8 | wide[:, 2], np.uint32)


def _towards(paper: Colour, colours: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """Colours of which this share is left."""
    return (share * colours + (1 - share) * np.array(paper)).astype(np.uint8)


def _gather(values: NDArray[_Number], ranges: list[tuple[int, int]]) -> NDArray[_Number]:
    return np.concatenate([values[begin:end] for begin, end in ranges]) if ranges else values[:0]


@lru_cache(maxsize=2)
def _shuffle(count: int) -> NDArray[np.intp]:
    return np.random.default_rng(0).permutation(count)
