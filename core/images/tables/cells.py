"""The cells of one column of a table of a million rows: each text is kept once."""

from array import array
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


class Cells:
    """Takes cells as they come; an empty one says nothing."""

    def __init__(self) -> None:
        self._places: defaultdict[str, int] = defaultdict()
        self._places.default_factory = self._places.__len__  # a new text gets the next place
        self._places[""]
        self._cells = array("q")

    def add(self, cells: Iterable[str]) -> None:
        """The next rows."""
        self._cells.extend(map(self._places.__getitem__, cells))

    def __len__(self) -> int:
        return len(self._places)  # different texts, the empty one among them

    @property
    def texts(self) -> list[str]:
        """What there is, in the order it came."""
        return list(self._places)[1:]

    @property
    def codes(self) -> NDArray[np.int64]:
        """Of each row (R,), the index into `texts`, -1 where it is empty."""
        return np.array(self._cells, np.int64) - 1
