"""What a traversal shows: which dimensions in which order, how far each goes, and from which places."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class StripPlan:
    """Strips to be decoded: dimensions with most nats first; `values` (d, n) that each takes, lowest first.

    `names` (B) are the places they start from and `at` (B, d) where those are; `note` says what is left out.
    """

    alive: tuple[int, ...]
    dead: tuple[int, ...]
    kl: Floats  # NaN where it is not known
    values: Floats
    names: tuple[str, ...]
    at: Floats
    note: str = ""

    def nats_of(self, dimension: int) -> str:
        """What a dimension says of an image, in words; empty where it is not known."""
        return "" if np.isnan(self.kl[dimension]) else f"{self.kl[dimension]:.2f} nats"

    @property
    def steps(self) -> int:
        """Pictures in a strip."""
        return int(self.values.shape[1])

    @property
    def shape(self) -> tuple[int, int, int]:
        """Dimensions, starts, steps: strips of another shape are of something else."""
        return len(self.kl), len(self.names), self.steps
