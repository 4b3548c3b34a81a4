"""The images of two sets as if they were of one, without a copy of either."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Indices = NDArray[np.int64]


class Rows(Protocol):
    """Images (N, H, W, C) that are read a part at a time: an array, or two as if they were one."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(N, H, W, C)."""

    def __len__(self) -> int: ...
    def __getitem__(self, rows: "slice | Indices") -> Pixels: ...


class JoinedRows:
    """The images (N, H, W, C) of one array, and then those of another of the same size."""

    def __init__(self, first: Pixels, second: Pixels) -> None:
        self._first, self._second = first, second

    @property
    def shape(self) -> tuple[int, ...]:
        """(N, H, W, C)."""
        return (len(self), *self._first.shape[1:])

    def __len__(self) -> int:
        return len(self._first) + len(self._second)

    def __getitem__(self, rows: "slice | Indices") -> Pixels:
        wanted = np.arange(len(self))[rows]
        found = np.empty((len(wanted), *self.shape[1:]), np.uint8)
        is_second = wanted >= len(self._first)
        found[~is_second] = self._first[wanted[~is_second]]
        found[is_second] = self._second[wanted[is_second] - len(self._first)]
        return found
