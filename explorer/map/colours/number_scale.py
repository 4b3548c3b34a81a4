"""One number of each image, in narrow bins: what a colour bar, its histogram and the dots are coloured from."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import floor, log10

import numpy as np
from numpy.typing import NDArray

BINS = 256  # narrower than a pixel of the bar
BELOW, ABOVE, UNKNOWN = BINS, BINS + 1, BINS + 2  # levels past the bins: beyond each end, and images without a number
_ENOUGH = 200_000  # numbers: quantiles of so many do not visibly differ from those of all
_LEAST = 1e-30  # between the ends: 256 bins of less would be too narrow for 32 bits
_TAIL = 0.01  # share beyond each end


@dataclass(frozen=True, eq=False)
class Scale:
    """Numbers (N,), NaN where there is none, from `low`, their 1 % quantile, to `high`, their 99 % quantile.

    `bins` (N,) are levels: 0 to 255 between the ends, then those below, above, and without a number; `counts` (259,)
    are how many images each has. `note` says more of where the numbers come from, and `is_stale` that the model has
    moved on since.
    """

    name: str
    unit: str
    numbers: NDArray[np.float64]
    low: float
    high: float
    bins: NDArray[np.int64]
    counts: NDArray[np.int64]
    note: str = ""
    is_stale: bool = False

    @cached_property
    def edges(self) -> NDArray[np.float64]:
        """Where each bin begins, and the last ends, (257,)."""
        return np.linspace(self.low, self.high, BINS + 1)

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Each level in words."""
        ends = [self.text(edge) for edge in self.edges]
        between = (f"{one} to {other}" for one, other in pairwise(ends))
        return (*between, f"below {ends[0]}", f"above {ends[-1]}", "not known")

    @property
    def known(self) -> int:
        """How many images have a number."""
        return len(self.numbers) - int(self.counts[UNKNOWN])

    def text(self, number: float) -> str:
        """A number at the precision of the bar."""
        step = (self.high - self.low) / 100 or 1.0
        decimals = max(0, -floor(log10(step)))
        if decimals > 6 or max(abs(self.low), abs(self.high)) >= 1e9:
            return f"{number:.4g}"
        return f"{number + 0.0:,.{decimals}f}"

    def said(self, index: int) -> str:
        """The number of one image, with its unit."""
        number = float(self.numbers[index])
        if np.isnan(number):
            return "not known"
        return f"{number:.6g} {self.unit}".rstrip()

    def bin_at(self, number: float) -> int:
        """The edge, 0 to 256, nearest to a number."""
        return round(float(np.clip((number - self.low) / (self.high - self.low), 0, 1)) * BINS)


def scale_of(name: str, unit: str, numbers: NDArray[np.floating], note: str = "", is_stale: bool = False) -> Scale:
    """Find the ends and the bins; takes about 30 ms of a million numbers: not for the window's thread."""
    numbers = np.where(np.isfinite(numbers), numbers, np.nan)
    low, high = _ends(numbers)
    wide = numbers.astype(np.float64)  # the ends of large 32-bit numbers may be beyond what 32 bits hold
    with np.errstate(invalid="ignore"):
        places = np.floor((wide - low) * (BINS / (high - low)))
    bins = np.nan_to_num(np.clip(places, -1, BINS), nan=UNKNOWN).astype(np.int64)
    bins[wide == high] = BINS - 1
    bins[bins == BINS] = ABOVE
    bins[bins == -1] = BELOW
    counts = np.bincount(bins, minlength=UNKNOWN + 1)
    return Scale(name, unit, wide, low, high, bins, counts, note, is_stale)


def unknown(name: str, unit: str, count: int) -> Scale:
    """The scale of a number that no image has yet."""
    counts = np.zeros(UNKNOWN + 1, np.int64)
    counts[UNKNOWN] = count
    return Scale(name, unit, np.full(count, np.nan), 0.0, 1.0, np.full(count, UNKNOWN, np.int64), counts)


def _ends(numbers: NDArray[np.floating]) -> tuple[float, float]:
    """Where one in a hundred lies beyond, or the lowest and highest where nearly all are alike."""
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return 0.0, 1.0
    sample = known[:: -(-len(known) // _ENOUGH)].astype(np.float64)
    low, high = map(float, np.quantile(sample, [_TAIL, 1 - _TAIL]))
    if _are_one(low, high):
        low, high = float(known.min()), float(known.max())
    if _are_one(low, high):
        half = max(0.5, 0.01 * abs(low))
        low, high = low - half, high + half
    return low, high


def _are_one(low: float, high: float) -> bool:
    """Too close for bins between them."""
    return high - low < _LEAST or high - low <= 1e-12 * max(abs(low), abs(high))
