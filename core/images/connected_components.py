"""What belongs together because some of it was found to, two by two."""

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]


class Components:
    """So many things, each on its own until pairs of them are joined."""

    def __init__(self, count: int) -> None:
        self._above = np.arange(count)

    def join(self, pairs: Indices) -> None:
        """The two of each pair (k, 2) belong together, and with all that either belongs with."""
        for one, other in pairs.tolist():
            low, high = sorted((self._first(one), self._first(other)))
            self._above[high] = low

    def are_joined(self, pairs: Indices) -> NDArray[np.bool_]:
        """Whether the two of each pair (k, 2) belong together."""
        return np.array([self._first(one) == self._first(other) for one, other in pairs.tolist()], np.bool_)

    def firsts(self) -> Indices:
        """The lowest (N,) of what each belongs with."""
        while not np.array_equal(above := self._above[self._above], self._above):
            self._above = above
        return self._above.copy()

    def _first(self, index: int) -> int:
        while (above := int(self._above[index])) != index:
            index = above
        return index
