"""Which images an area, a level, nearness or rarity picks; over all codes, so called in a thread."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.exploration import NONE, Floats, Indices
from explorer.toolkit.polygon import inside

if TYPE_CHECKING:
    from core.latent.pixel_space import Arrangement

Drawn = NDArray[np.bool_] | None  # (N,), None: all are


def in_area(space: "Arrangement", polygon: NDArray[np.float64], among: Callable[[], Drawn]) -> Indices:
    """Images whose points lie in a polygon (k, 2), of those that are drawn."""
    is_in, is_drawn = inside(space.points, polygon), among()
    return np.flatnonzero(is_in if is_drawn is None else is_in & is_drawn)


def and_selected(drawn: Drawn, selection: Indices, count: int) -> NDArray[np.bool_]:
    """Of `count` images those that are both drawn and selected, (count,)."""
    selected = np.zeros(count, np.bool_)
    selected[selection] = True
    return selected if drawn is None else selected & drawn


def of_level(codes: NDArray[np.int64], level: int) -> Indices:
    """Images of one level of a column, whose levels are (N,)."""
    return np.flatnonzero(codes == level)


def all_but(selection: Indices, count: int) -> Indices:
    """Of `count` images those that are not selected."""
    return np.delete(np.arange(count), selection)


def near(space: "Arrangement", z: Floats, count: int) -> Indices:
    """The images nearest to a latent (d,), nearest first; none for one that is not known."""
    return space.nearest(z, count)[0] if np.isfinite(z).all() else NONE


def near_mean(space: "Arrangement", selection: Indices, count: int) -> Indices:
    """The images nearest to the mean of those selected."""
    middle = mean_code((space, selection))
    return NONE if middle is None else near(space, middle, count)


def largest(distances: Floats, count: int) -> Indices:
    """Images of the largest distances (N,), those first; NaN is none."""
    known = np.flatnonzero(np.isfinite(distances))
    count = min(count, len(known))
    if not count:
        return NONE
    far = known[np.argpartition(distances[known], -count)[-count:]]
    return far[np.argsort(-distances[far], kind="stable")]


def shown_twice(twins: Indices) -> Indices:
    """Images whose picture another shows too, of the first image (N,) of each one's picture."""
    return np.flatnonzero(np.bincount(twins, minlength=len(twins))[twins] > 1)


def mean_code(question: "tuple[Arrangement, Indices]") -> Floats | None:
    """The mean of the codes of some images, (d,); None where none is known."""
    space, selection = question
    codes = space.codes[selection]
    codes = codes[np.isfinite(codes).all(axis=1)]
    return codes.mean(axis=0, dtype=np.float64).astype(np.float32) if len(codes) else None
