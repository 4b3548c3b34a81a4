"""The codes nearest to latents: exact, for many latents at once, with an index that is made once."""

from collections.abc import Generator
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.model.by_numpy.layers import ON_ONE_CORE
from core.reports.progress import Progress

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

MOST = 200_000  # codes that are compared with; of more, every second, third …
TREE_DIMS = 8  # up to here a tree beats comparing with every code
SPARE = 24  # more neighbours than asked for are measured exactly, past rounding in the rough distances
FEW = 8  # latents that are compared with every code sooner than a tree is made
ROUNDING = 2.0**-20  # of the square of all lengths in a rough distance: eight units in the last place
AT_ONCE = 64  # latents compared with every code in one pass
GROUP = 32  # distances of which the smallest is found first: the k smallest are in the k groups that have the smallest
OWN_MOST = 50_000  # codes that each code is compared with in `own_distances`, beyond TREE_DIMS
OWN_AT_ONCE = 2_048  # codes between two reports of progress


class Neighbours:
    """Finds, by Euclidean distance, the codes (N, d) nearest to latents. Cheap to make; any thread may use it.

    Rows that are NaN are no code yet; `among` (N,) leaves others out too. Above MOST codes only every n-th is compared
    with: then `is_thinned`, and `count` says how many of `total` there are.
    """

    def __init__(self, codes: Floats, among: NDArray[np.bool_] | None = None, most: int = MOST) -> None:
        self._codes, self._among, self.most = codes, among, most
        self._lock = Lock()

    @property
    def count(self) -> int:
        """How many codes are compared with."""
        return len(self._indices)

    @cached_property
    def total(self) -> int:
        """How many there are to compare with."""
        return int(self._known.sum())

    @property
    def is_thinned(self) -> bool:
        """Whether some are left out because there are too many."""
        return self.count < self.total

    def nearest(self, z: Floats, count: int) -> tuple[Indices, Floats]:
        """Of latents (M, d) the nearest codes: indices into all codes and distances, each (M, k), nearest first.

        k is `count`, or less where there are fewer codes. The first question builds the index.
        """
        z, count = np.nan_to_num(np.asarray(z, np.float32), nan=0.0), min(count, self.count)
        if count == 0 or not len(z):
            return np.zeros((len(z), count), np.int64), np.zeros((len(z), count), np.float32)
        is_worth_a_tree = "_tree" in vars(self) or len(z) > FEW
        by_tree = z.shape[1] <= TREE_DIMS and is_worth_a_tree
        found, distances = self._by_tree(z, count) if by_tree else self._by_every(z, count)
        return self._indices[found], distances

    def distances(self, z: Floats, k: int) -> Floats:
        """How far the k-th nearest code is from latents (M, d), (M,); infinite where there are fewer than k codes."""
        if self.count < k:
            return np.full(len(z), np.inf, np.float32)
        _, distances = self.nearest(z, k)
        return distances[:, -1]

    @cached_property
    def _known(self) -> NDArray[np.bool_]:
        known = np.asarray(np.isfinite(self._codes).all(axis=1), np.bool_)
        return known if self._among is None else known & self._among

    @cached_property
    def _indices(self) -> Indices:
        indices = np.flatnonzero(self._known).astype(np.int64)
        return indices[:: max(1, -(-len(indices) // self.most))]

    @cached_property
    def _rows(self) -> Floats:
        are_all = len(self._indices) == len(self._codes)  # then no copy: a million codes are 50 MB and more
        return np.ascontiguousarray(self._codes if are_all else self._codes[self._indices], np.float32)

    @cached_property
    def _tree(self) -> "cKDTree":
        from scipy.spatial import cKDTree

        return cKDTree(self._rows, balanced_tree=False, compact_nodes=False)  # exact too, and made in a third

    @cached_property
    def _squares(self) -> Floats:
        """The squared length of each centred code, (N,)."""
        return np.asarray(np.square(self._centred).sum(axis=0), np.float32)

    @cached_property
    def _middle(self) -> Floats:
        return np.asarray(self._rows.mean(axis=0), np.float32)

    @cached_property
    def _centred(self) -> Floats:
        """The codes from their middle, where small numbers round less, (d, N)."""
        return np.ascontiguousarray((self._rows - self._middle).T)

    def _by_tree(self, z: Floats, count: int) -> tuple[Indices, Floats]:
        with self._lock:
            tree = self._tree
        distances, found = tree.query(z, np.arange(1, count + 1))
        return np.asarray(found, np.int64), np.asarray(distances, np.float32)

    def _by_every(self, z: Floats, count: int) -> tuple[Indices, Floats]:
        with self._lock:
            squares, centred, middle = self._squares, self._centred, self._middle
        parts = [self._part(z[i : i + AT_ONCE], count, squares, centred, middle) for i in range(0, len(z), AT_ONCE)]
        found, distances = zip(*parts, strict=True)
        return np.concatenate(found), np.concatenate(distances)

    def _part(self, z: Floats, count: int, squares: Floats, centred: Floats, middle: Floats) -> tuple[Indices, Floats]:
        """Rough distances to every code by products of matrices, then exact ones to those that may be nearest."""
        roughly = _rough_distances(z - middle, centred, squares)
        spare = min(count + SPARE, self.count)
        close, rough = _smallest(roughly, self.count, spare)
        exact = np.sqrt(np.square(self._rows[close] - z[:, None]).sum(axis=2))
        order = np.argsort(exact, axis=1, kind="stable")[:, :count]
        found, distances = np.take_along_axis(close, order, 1), np.take_along_axis(exact, order, 1)
        if spare < self.count:
            for row in np.flatnonzero(self._may_miss(z - middle, rough, distances[:, -1], squares)):
                found[row], distances[row] = self._one_by_one(z[row], count)
        return found, distances.astype(np.float32)

    def _may_miss(self, off: Floats, rough: Floats, farthest: Floats, squares: Floats) -> NDArray[np.bool_]:
        """Whether a code that was not measured may be nearer than the farthest found, (M,), for all that rounding does.

        `off` (M, d) are latents from the middle: where codes lie in heaps far apart, their rough distances are rough.
        """
        lengths = np.einsum("md,md->m", off, off)
        rounding = ROUNDING * (np.sqrt(lengths) + float(squares.max()) ** 0.5) ** 2
        return np.asarray(rough.max(axis=1) + lengths - rounding < np.square(farthest), np.bool_)

    def _one_by_one(self, z: Floats, count: int) -> tuple[Indices, Floats]:
        """Every distance to one latent (d,) from its differences: slow, and exact."""
        distances = np.sqrt(np.square(self._rows - z).sum(axis=1))
        order = np.argsort(distances, kind="stable")[:count]
        return order.astype(np.int64), distances[order]


def _rough_distances(z: Floats, codes: Floats, squares: Floats) -> Floats:
    """Of latents (M, d) and codes (d, N) |c|² − 2 z·c, (M, N): less than their squared distance by |z|².

    Columns are added, infinite, to fill whole groups.
    """
    count = codes.shape[1]
    roughly = np.full((len(z), count + -count % GROUP), np.inf, np.float32)
    at_once = max(1, ON_ONE_CORE // max(1, z.size))
    twice = np.float32(-2.0) * z
    for start in range(0, count, at_once):
        part = slice(start, min(count, start + at_once))
        np.matmul(twice, codes[:, part], out=roughly[:, part])
        roughly[:, part] += squares[part]
    return roughly


def _smallest(rows: Floats, count: int, k: int) -> tuple[Indices, Floats]:
    """Where the k smallest of the first `count` numbers of each row (M, N) are, and they, (M, k), in no order."""
    groups = rows.shape[1] // GROUP
    if groups > k:
        of_groups = rows.reshape(len(rows), GROUP, groups).min(axis=1)
        chosen = np.argpartition(of_groups, k - 1, axis=1)[:, :k]
        among = (chosen[:, None] + groups * np.arange(GROUP)[:, None]).reshape(len(rows), -1)
    else:
        among = np.broadcast_to(np.arange(count), (len(rows), count))
    numbers = np.take_along_axis(rows, among, 1)
    first = np.argpartition(numbers, k - 1, axis=1)[:, :k]
    return np.take_along_axis(among, first, 1), np.take_along_axis(numbers, first, 1)


def own_distances(codes: Floats, k: int = 5) -> Generator[Progress, None, Floats]:
    """How far each code (N, d) is from the k-th nearest other one, (N,): large for an unusual image; NaN where unknown.

    Exact to OWN_MOST codes, and to MOST in up to TREE_DIMS dimensions; beyond, each is compared with every n-th.
    Returns the distances; a report every few thousand codes.
    """
    neighbours = Neighbours(codes, most=MOST if codes.shape[1] <= TREE_DIMS else OWN_MOST)
    away = np.full(len(codes), np.nan, np.float32)
    asked = np.flatnonzero(np.isfinite(codes).all(axis=1))
    for start in range(0, len(asked), OWN_AT_ONCE):
        part = asked[start : start + OWN_AT_ONCE]
        away[part] = _others(neighbours, codes, part, k)
        yield Progress("Comparing the codes", min(len(asked), start + OWN_AT_ONCE), len(asked))
    return away


def _others(neighbours: Neighbours, codes: Floats, part: Indices, k: int) -> Floats:
    """The distance of some codes to their k-th nearest, themselves left out."""
    found, distances = neighbours.nearest(codes[part], k + 1)
    if found.shape[1] <= k:  # hardly any codes: the farthest there is
        return distances[:, -1] if found.shape[1] else np.full(len(part), np.nan, np.float32)
    is_itself = found == part[:, None]
    last = np.where(is_itself.any(axis=1), k, k - 1)
    return distances[np.arange(len(part)), last]
