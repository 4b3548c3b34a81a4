"""A grid of knots over a map, each one of the images that lie there, chosen so that neighbours agree."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

MOST = 20_000  # images that knots are chosen from; of more, every second, third …
CANDIDATES = 48  # images nearest to a knot, of which it is one, where not fewer are asked for
ENDS = (0.005, 0.995)  # shares of the images between which the grid lies, either way
OFF = 0.15  # what an image a whole step from its knot costs, in mean squared distances of images from their middle
ROUNDS = 40  # of messages: nothing visibly changes any more after thirty


@dataclass(frozen=True, eq=False)
class Grid:
    """Knot (i, j) lies at corner + (i, j) · step of the map, each (2,); beyond the grid its edge goes on."""

    corner: Floats
    step: Floats

    def blend(self, values: Floats, points: Floats) -> Floats:
        """Values (R, C, d) of the knots at points (M, 2), (M, d): bilinear, so without a jump anywhere."""
        (i, j), (a, b), _ = self._cells(values, points)
        low = (1 - a) * values[i, j] + a * values[i + 1, j]
        high = (1 - a) * values[i, j + 1] + a * values[i + 1, j + 1]
        return np.asarray((1 - b) * low + b * high, np.float32)

    def slopes(self, values: Floats, points: Floats) -> Floats:
        """How fast the same changes with u and with v, (2, M, d); not at all beyond the grid."""
        (i, j), (a, b), is_within = self._cells(values, points)
        across = (1 - b) * (values[i + 1, j] - values[i, j]) + b * (values[i + 1, j + 1] - values[i, j + 1])
        up = (1 - a) * (values[i, j + 1] - values[i, j]) + a * (values[i + 1, j + 1] - values[i + 1, j])
        return np.asarray(np.stack((across, up)) / self.step[:, None, None] * is_within.T[..., None], np.float32)

    def _cells(self, values: Floats, points: Floats) -> tuple[tuple[Indices, Indices], tuple[Floats, Floats], Floats]:
        """For points (M, 2) the knot before each, how far on it lies (M, 1), and whether within, each for u and v."""
        last = np.array(values.shape[:2], np.float32) - 1
        wished = (np.asarray(points, np.float32) - self.corner) / self.step
        at = np.clip(np.nan_to_num(wished), 0, last)
        before = np.minimum(at.astype(np.int64), last.astype(np.int64) - 1)
        on = (at - before).astype(np.float32)
        is_within = np.asarray((wished >= 0) & (wished <= last), np.float32)
        return (before[:, 0], before[:, 1]), (on[:, :1], on[:, 1:]), is_within


def agreeing(places: Floats, vectors: Floats, side: int, candidates: int = CANDIDATES) -> tuple[Grid, Indices]:
    """A grid of side × side knots over places (N, 2), and which image each knot is, (side, side).

    Of the `candidates` images nearest to it a knot is the one that makes the sum of squared distances between the
    `vectors` (N, d) of neighbouring knots smallest, and lies not far off. That is a Markov random field; it is solved
    by passing messages (min-sum loopy belief propagation: Pearl 1988; Felzenszwalb & Huttenlocher 2006), which finds a
    good choice and not always the best. Rows that are NaN are no image; there must be one that is not.
    """
    known = np.flatnonzero(np.isfinite(places).all(axis=1) & np.isfinite(vectors).all(axis=1))
    some = known[:: -(-len(known) // MOST)]
    low, high = np.quantile(places[some].astype(np.float64), ENDS, axis=0)
    step = np.maximum((high - low) / (side - 1), 1e-6)
    grid = Grid(low.astype(np.float32), step.astype(np.float32))
    ranks = np.stack(np.meshgrid(np.arange(side), np.arange(side), indexing="ij"), axis=-1).reshape(-1, 2)
    found, squares = _nearest((places[some] - low) / step, ranks.astype(np.float64), min(candidates, len(some)))
    near = some[found]
    theirs = vectors[near].astype(np.float32)
    theirs -= theirs.mean(axis=(0, 1))  # small numbers round less
    spread = float(np.square(theirs).sum(axis=2).mean())
    shape = (side, side, near.shape[1])
    alone = (OFF * spread * squares).astype(np.float32).reshape(shape)
    chosen = _settled(alone, theirs.reshape(*shape, -1))
    return grid, np.take_along_axis(near.reshape(shape), chosen[..., None], 2)[..., 0]


def _nearest(places: NDArray[np.float64], wanted: NDArray[np.float64], count: int) -> tuple[Indices, Floats]:
    """For each wanted (M, 2) the `count` nearest places, as indices and squared distances, (M, count)."""
    found = np.empty((len(wanted), count), np.int64)
    squares = np.empty((len(wanted), count), np.float32)
    for row, one in enumerate(wanted):
        away = np.square(places - one).sum(axis=1)
        found[row] = np.argpartition(away, count - 1)[:count]
        squares[row] = away[found[row]]
    return found, squares


def _settled(alone: Floats, vectors: Floats) -> Indices:
    """Which candidate each knot is, (R, C), where each costs `alone` (R, C, K), and two neighbours their distance."""
    costs = [_between(np.moveaxis(vectors, axis, 0)) for axis in (0, 1)]
    heard = [np.zeros((2, *np.moveaxis(alone, axis, 0).shape), np.float32) for axis in (0, 1)]  # from before, and after
    for _ in range(ROUNDS):
        believed = _believed(alone, heard)
        for axis, cost in enumerate(costs):
            mine = np.moveaxis(believed, axis, 0)
            from_before, from_after = heard[axis]
            forwards = ((mine - from_after)[:-1, :, :, None] + cost).min(axis=2)
            backwards = ((mine - from_before)[1:, :, None, :] + cost).min(axis=3)
            for held, told in ((from_before[1:], forwards), (from_after[:-1], backwards)):
                held += 0.5 * (told - told.min(axis=2, keepdims=True) - held)
    return np.asarray(_believed(alone, heard).argmin(axis=2), np.int64)


def _between(vectors: Floats) -> Floats:
    """Squared distances (R − 1, C, K, K) of the candidates of each knot from those of the next along the first axis."""
    one, next_one = vectors[:-1], vectors[1:]
    squares = np.square(vectors).sum(axis=3)
    return np.asarray(
        squares[:-1, :, :, None] + squares[1:, :, None, :] - 2.0 * one @ np.swapaxes(next_one, 2, 3), np.float32
    )


def _believed(alone: Floats, heard: list[Floats]) -> Floats:
    believed: Floats = alone + heard[0].sum(axis=0) + np.moveaxis(heard[1].sum(axis=0), 0, 1)
    return believed
