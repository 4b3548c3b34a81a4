"""The numbers behind the curves: rows that grow, averages that follow, and thinning to what a screen can show."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


class Rows:
    """Rows of numbers in named columns, the first of which rises; room doubles when it is full."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        self.count = 0
        self._numbers = np.empty((len(columns), 1024))

    def extend(self, rows: Iterable[Sequence[float]]) -> int:
        """Append rows and return how many earlier ones still stand: a row replaces those at or after its own place."""
        fresh = np.array(list(rows), dtype=np.float64).reshape(-1, len(self.columns)).T
        if not fresh.size:
            return self.count
        fresh = fresh[:, _never_replaced(fresh[0])]
        kept = int(np.searchsorted(self._numbers[0, : self.count], fresh[0, 0]))
        self._make_room(kept + fresh.shape[1])
        self._numbers[:, kept : kept + fresh.shape[1]] = fresh
        self.count = kept + fresh.shape[1]
        return kept

    def column(self, name: str) -> Numbers:
        """(count,): a view."""
        return self._numbers[self.columns.index(name), : self.count]

    def block(self, first: str, width: int) -> Numbers:
        """(width, count): a view of columns that stand next to each other."""
        start = self.columns.index(first)
        return self._numbers[start : start + width, : self.count]

    def records(self) -> Iterator[dict[str, float]]:
        """Row by row, for a table."""
        for row in self._numbers[:, : self.count].T.tolist():
            yield dict(zip(self.columns, row, strict=True))

    def _make_room(self, count: int) -> None:
        capacity = self._numbers.shape[1]
        while capacity < count:
            capacity *= 2
        if capacity > self._numbers.shape[1]:
            larger = np.empty((len(self.columns), capacity))
            larger[:, : self.count] = self._numbers[:, : self.count]
            self._numbers = larger


class Averages:
    """Exponential moving averages of a few series, not pulled to 0 at the start (Kingma & Ba 2015, section 3).

    Only what is new is averaged at each call, so that a redraw costs the same late in a run as early.
    """

    def __init__(self, series: int, weight: float) -> None:
        self.weight = weight
        self._known = np.empty((series, 0))

    def forget(self, kept: int = 0) -> None:
        """Average again from place `kept` on at the next call."""
        self._known = self._known[:, :kept]

    def of(self, values: Numbers) -> Numbers:
        """(series, n) values to (series, n) averages; what was averaged before is taken not to have changed."""
        done = self._known.shape[1]
        if done < values.shape[1]:
            self._known = np.concatenate([self._known, self._continued(values[:, done:], done)], axis=1)
        return self._known

    def _continued(self, values: Numbers, done: int) -> Numbers:
        sums = (1 - self.weight) * values
        if done:
            sums[:, 0] += self.weight * (1 - self.weight**done) * self._known[:, -1]
        # Doubling reach: after each round a sum holds twice as many values, until their weights no longer count.
        reach = 1
        while reach < sums.shape[1] and self.weight**reach > 1e-12:
            sums[:, reach:] = sums[:, reach:] + self.weight**reach * sums[:, :-reach]
            reach *= 2
        return sums / (1 - self.weight ** np.arange(done + 1, done + 1 + sums.shape[1]))


def thinned(x: Numbers, low: Numbers, high: Numbers, bins: int) -> tuple[Numbers, Numbers, Numbers]:
    """At most `bins` places that keep every extreme: the least of `low` and the greatest of `high` in each bin."""
    if len(x) <= bins:
        return x, low, high
    starts = np.arange(bins) * len(x) // bins
    places = x[starts]
    places[-1] = x[-1]
    return places, np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)


def _never_replaced(steps: Numbers) -> NDArray[np.bool_]:
    later = np.minimum.accumulate(steps[::-1])[::-1]
    return np.append(steps[:-1] < later[1:], True)
