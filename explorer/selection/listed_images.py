"""The images of a selection as a list."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Listed:
    """Which images, in which order, and what is known of all of them; `numbers` (n,) is what they are sorted by."""

    indices: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    total: int = 0
    names: Sequence[str] = ()
    labels: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    classes: tuple[str, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()  # of the classes among them, most first
    order: str = "index"
    numbers: NDArray[np.float32] | None = None
    of_numbers: str = ""  # what they are, as "from the cursor"
    selection: object = None  # the same one in another order is the same object

    def class_of(self, index: int) -> str:
        """What the image is one of; empty where nothing is known."""
        return self.classes[self.labels[index]] if self.classes else ""
