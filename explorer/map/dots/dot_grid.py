"""A grid over the dots, so that what is near a place, or in view, is found without looking at all of them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from explorer.map.frame import Extent, Frame, Points

_DOTS_A_CELL = 8
_MOST_CELLS = 256  # each way: the number of a cell has 16 bits
_SLACK = 1e-3  # of a cell: more than float32 rounds


@dataclass(frozen=True, eq=False)
class DotGrid:
    """Cells row by row; the dots of cell c are those from `starts[c]` up to `starts[c + 1]` of points in its order."""

    left: float
    bottom: float
    wide: float
    high: float
    cells: int  # each way
    starts: NDArray[np.int64]

    def of(self, cell: NDArray[np.uint16]) -> "DotGrid":
        """The same cells, for the dots whose cells these are, in order."""
        counts = np.bincount(cell, minlength=self.cells**2)
        return replace(self, starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))

    def ranges(self, where: Extent) -> list[tuple[int, int]]:
        """From and up to which positions the dots in and about a part of the plane lie; at most one a row of cells."""
        columns, rows = self._columns(where)[0], self._rows(where)[0]
        if not columns or not rows:
            return []
        begins = self.starts[[row * self.cells + columns.start for row in rows]].tolist()
        ends = self.starts[[row * self.cells + columns.stop for row in rows]].tolist()
        return [(begin, end) for begin, end in zip(begins, ends, strict=True) if end > begin]

    def count(self, x: Points, y: Points, where: Extent) -> int:
        """How many of the points (in the grid's order) lie in a part of the plane."""
        columns, inner_columns = self._columns(where)
        rows, inner_rows = self._rows(where)
        total = int(self._lengths(inner_rows, inner_columns).sum())
        for some_rows, some_columns in _rim(rows, inner_rows, columns, inner_columns):
            part = self._positions(some_rows, some_columns)
            total += _count_within(x[part], y[part], where)
        return total

    def nearest(self, x: Points, y: Points, frame: Frame, place: QPointF, within: float) -> int:
        """Position of the point (in the grid's order) nearest to a pixel of a view; -1 if none is `within` pixels."""
        u, v = frame.to_point(place)
        across, up = frame.scale
        reach_u, reach_v = within / across, within / up
        best, squared = -1, within**2
        for begin, end in self.ranges((u - reach_u, v - reach_v, u + reach_u, v + reach_v)):
            distances = ((x[begin:end] - u) * across) ** 2 + ((y[begin:end] - v) * up) ** 2
            closest = int(np.argmin(distances))
            if distances[closest] <= squared:
                best, squared = begin + closest, float(distances[closest])
        return best

    def _lengths(self, rows: range, columns: range) -> NDArray[np.int64]:
        """How many dots there are in a stretch of each row of cells."""
        at = np.arange(rows.start, rows.stop) * self.cells
        return self.starts[at + columns.stop] - self.starts[at + columns.start]

    def _positions(self, rows: range, columns: range) -> NDArray[np.int64]:
        """Of all dots in a stretch of each row of cells."""
        lengths = self._lengths(rows, columns)
        begins = self.starts[np.arange(rows.start, rows.stop) * self.cells + columns.start]
        return np.arange(lengths.sum()) + np.repeat(begins - np.cumsum(lengths) + lengths, lengths)

    def _columns(self, where: Extent) -> tuple[range, range]:
        return _covered(where[0] - self.left, where[2] - self.left, self.wide, self.cells)

    def _rows(self, where: Extent) -> tuple[range, range]:
        return _covered(where[1] - self.bottom, where[3] - self.bottom, self.high, self.cells)


def build_grid(x: Points, y: Points) -> tuple[NDArray[np.intp], NDArray[np.uint16], DotGrid]:
    """The order in which the dots of a cell stand together, their cells, and the grid of points in that order.

    Any thread. Within a cell they stay in the order they had.
    """
    if not len(x):
        empty = DotGrid(0.0, 0.0, 1.0, 1.0, 1, np.zeros(2, np.int64))
        return np.zeros(0, np.intp), np.zeros(0, np.uint16), empty
    cells = int(np.clip(np.sqrt(len(x) / _DOTS_A_CELL), 1, _MOST_CELLS))
    left, bottom = float(x.min()), float(y.min())
    wide = max((float(x.max()) - left) / cells, 1e-12) * (1 + 1e-6)
    high = max((float(y.max()) - bottom) / cells, 1e-12) * (1 + 1e-6)
    columns = np.minimum((x - np.float32(left)) * np.float32(1 / wide), cells - 1).astype(np.uint16)
    rows = np.minimum((y - np.float32(bottom)) * np.float32(1 / high), cells - 1).astype(np.uint16)
    cell = rows * np.uint16(cells) + columns
    order = np.argsort(cell, kind="stable")  # of 16 bits: a radix sort
    cell = cell[order]
    grid = DotGrid(left, bottom, wide, high, cells, np.zeros(0, np.int64))
    return order, cell, grid.of(cell)


def _covered(low: float, high: float, size: float, cells: int) -> tuple[range, range]:
    """Of a row of cells: which a stretch touches, and all of whose dots surely lie in it."""
    touched = range(_bounded(low / size - _SLACK, cells), _bounded(high / size + _SLACK + 1, cells))
    first = 0 if low <= 0 else _bounded(low / size + _SLACK + 1, cells)
    last = cells if high >= size * cells else _bounded(high / size - _SLACK, cells)
    return touched, range(first, max(first, last))


def _bounded(cell: float, cells: int) -> int:
    return int(min(max(cell, 0.0), cells))


def _rim(rows: range, inner_rows: range, columns: range, inner_columns: range) -> list[tuple[range, range]]:
    """Rows and columns of the cells that are touched but not among the inner ones: above, below, left and right."""
    if not inner_rows or not inner_columns:
        return [(rows, columns)]
    beside = [range(columns.start, inner_columns.start), range(inner_columns.stop, columns.stop)]
    over = [range(rows.start, inner_rows.start), range(inner_rows.stop, rows.stop)]
    return [(some, columns) for some in over if some] + [(inner_rows, some) for some in beside if some]


def _count_within(x: Points, y: Points, where: Extent) -> int:
    if not len(x):
        return 0
    left, bottom, right, top = where
    return int(np.count_nonzero((x >= left) & (x <= right) & (y >= bottom) & (y <= top)))
