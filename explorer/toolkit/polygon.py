"""Which points lie inside a lasso: exact, and fast enough for a million of them."""

import numpy as np
from numpy.typing import NDArray

_CELLS = (
    1024  # of a grid over the polygon, each way: only points in cells that its outline passes are tested one by one
)
_SLACK = 1e-3  # of a cell, on both sides: more than float32 rounds
_BLOCK = 1_000_000  # pairs of a point and an edge at a time

Floats = NDArray[np.floating]
Bools = NDArray[np.bool_]


def inside(points: Floats, polygon: Floats) -> Bools:
    """Which of the points (N, 2) a closed polygon (k, 2) goes round, bool (N,); any thread, no Qt.

    What it goes round twice, or the other way, is inside too (winding number other than 0; Hormann & Agathos 2001).
    NaN is outside; so is everything, of fewer than three corners.
    """
    found = np.zeros(len(points), np.bool_)
    corners = np.asarray(polygon, np.float64)
    if len(corners) < 3 or not len(points):
        return found
    low, high = corners.min(axis=0), corners.max(axis=0)
    x, y = np.ascontiguousarray(np.asarray(points).T)
    near = np.flatnonzero((x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1]))
    if (high > low).all():
        found[near] = _inside_box(x[near], y[near], corners, low, high)
    return found


def _inside_box(x: Floats, y: Floats, corners: Floats, low: Floats, high: Floats) -> Bools:
    """Points in the box about the corners, from `low` to `high`."""
    scale = _CELLS / (high - low)
    if len(x) * len(corners) <= _BLOCK:
        wound: Bools = _winding(x.astype(np.float64), y.astype(np.float64), corners) != 0
        return wound
    is_inside, is_outline = _paint((corners - low) * scale)
    column = np.minimum((x - x.dtype.type(low[0])) * x.dtype.type(scale[0]), _CELLS - 1).astype(np.intp)
    row = np.minimum((y - y.dtype.type(low[1])) * y.dtype.type(scale[1]), _CELLS - 1).astype(np.intp)
    cell = row * _CELLS + column
    found: Bools = is_inside[cell]
    unsure = np.flatnonzero(is_outline[cell])
    found[unsure] = _winding(x[unsure].astype(np.float64), y[unsure].astype(np.float64), corners) != 0
    return found


def _paint(corners: Floats) -> tuple[Bools, Bools]:
    """Of each cell, corners in cells: whether its middle is inside, and whether the outline may pass; (cells²,)."""
    begin, end = corners, np.roll(corners, -1, axis=0)
    bottom, top = np.minimum(begin[:, 1], end[:, 1]), np.maximum(begin[:, 1], end[:, 1])
    first = np.clip(np.floor(bottom - _SLACK), 0, _CELLS - 1).astype(np.intp)
    last = np.clip(np.floor(top + _SLACK), 0, _CELLS - 1).astype(np.intp)
    edge = np.repeat(np.arange(len(corners)), last - first + 1)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(last - first + 1) - (last - first + 1), last - first + 1)
    row += first[edge]
    return _fill(begin[edge], end[edge], row), _trace(begin[edge], end[edge], row)


def _fill(begin: Floats, end: Floats, row: NDArray[np.intp]) -> Bools:
    """Edges (m, 2) and a row of cells that each may cross: which cells' middles are inside."""
    middle = row + 0.5
    is_up = (begin[:, 1] <= middle) & (middle < end[:, 1])
    is_down = (end[:, 1] <= middle) & (middle < begin[:, 1])
    crosses = is_up | is_down
    crossing = _at(begin[crosses], end[crosses], middle[crosses])
    column = np.clip(np.ceil(crossing - 0.5), 0, _CELLS).astype(np.intp)  # the first whose middle lies to the right
    turns = np.zeros((_CELLS, _CELLS + 1), np.int32)
    np.add.at(turns, (row[crosses], column), np.where(is_up[crosses], 1, -1).astype(np.int32))
    filled: Bools = np.cumsum(turns[:, :-1], axis=1) != 0
    return filled.ravel()


def _trace(begin: Floats, end: Floats, row: NDArray[np.intp]) -> Bools:
    """Which cells the edges may pass."""
    bottom, top = np.minimum(begin[:, 1], end[:, 1]), np.maximum(begin[:, 1], end[:, 1])
    crossings = [_at(begin, end, np.clip(row + step, bottom, top)) for step in (-_SLACK, 1 + _SLACK)]
    is_level = bottom == top
    crossings += [np.where(is_level, each[:, 0], crossings[0]) for each in (begin, end)]
    first = np.clip(np.floor(np.minimum.reduce(crossings) - _SLACK), 0, _CELLS - 1).astype(np.intp)
    last = np.clip(np.floor(np.maximum.reduce(crossings) + _SLACK), 0, _CELLS - 1).astype(np.intp)
    marks = np.zeros((_CELLS, _CELLS + 1), np.int32)
    np.add.at(marks, (row, first), np.int32(1))
    np.add.at(marks, (row, last + 1), np.int32(-1))
    traced: Bools = np.cumsum(marks[:, :-1], axis=1) > 0
    return traced.ravel()


def _at(begin: Floats, end: Floats, y: Floats) -> Floats:
    """Where edges are at a height; of level edges, where they begin."""
    rise = end[:, 1] - begin[:, 1]
    share = np.divide(y - begin[:, 1], rise, out=np.zeros_like(rise), where=rise != 0)
    at: Floats = begin[:, 0] + share * (end[:, 0] - begin[:, 0])
    return at


def _winding(x: Floats, y: Floats, corners: Floats) -> NDArray[np.int64]:
    """How often the polygon goes round each point: by bands of like height, for only edges of that height matter."""
    turns = np.zeros(len(x), np.int64)
    begin, end = corners, np.roll(corners, -1, axis=0)
    bottom, top = np.minimum(begin[:, 1], end[:, 1]), np.maximum(begin[:, 1], end[:, 1])
    order = np.argsort(y)
    bands = max(1, min(len(corners) // 8, len(x) // 64), -(-len(x) * len(corners) // _BLOCK))
    for band in np.array_split(order, bands):
        if len(band):
            high = (top >= y[band[0]]) & (bottom <= y[band[-1]])
            turns[band] = _turns(x[band, None], y[band, None], begin[high], end[high])
    return turns


def _turns(x: Floats, y: Floats, begin: Floats, end: Floats) -> NDArray[np.int64]:
    side = (end[:, 0] - begin[:, 0]) * (y - begin[:, 1]) - (x - begin[:, 0]) * (end[:, 1] - begin[:, 1])
    up = (begin[:, 1] <= y) & (y < end[:, 1]) & (side > 0)
    down = (end[:, 1] <= y) & (y < begin[:, 1]) & (side < 0)
    turns: NDArray[np.int64] = up.sum(axis=1) - down.sum(axis=1)
    return turns
