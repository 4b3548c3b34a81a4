"""How far two classes lie apart in latent space, and since when they do."""

from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.reports.moments import Moment, Parting
from core.reports.progress import Progress
from core.training.moment_files import read_moment

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

FEWEST = 4  # images of each class: two to find the line, two to try it


def separation(codes: Floats, labels: Labels, one: int, other: int) -> float:
    """How often an image of one class lies on its own side of one of the other, in [0, 1]; by chance half of the time.

    Along the line between the means of both in codes (N, d): the area under the ROC curve (Hanley & McNeil 1982). Every
    other image says where the line is, and the rest are judged by it, then the other way round: what lies apart only as
    there are few images and many dimensions counts as chance. NaN where fewer than four of a class are known.
    """
    known = np.isfinite(codes[:, 0])
    sides = [codes[known & (labels == label)].astype(np.float64) for label in (one, other)]
    if min(map(len, sides)) < FEWEST:
        return float("nan")
    shares = []
    for half in (0, 1):
        line = sides[1][half::2].mean(axis=0) - sides[0][half::2].mean(axis=0)
        shares.append(_area(*(side[1 - half :: 2] @ line for side in sides)))
    return float(np.mean(shares))


def parting(
    run: Path, moments: Sequence[Moment], now: tuple[int, Floats], labels: Labels, one: int, other: int
) -> Generator[Progress | Parting, None, None]:
    """How far apart two classes were at each moment of a run and are `now`, a step and codes (N, d).

    Yields Progress, then a Parting; raises RunError where a moment is damaged.
    """
    steps, shares = list[int](), list[float]()
    for number, moment in enumerate(moments):
        yield Progress("Opening moments", number, len(moments))
        codes = read_moment(run, moment).codes
        if codes.shape == now[1].shape:
            steps.append(moment.step)
            shares.append(separation(codes, labels, one, other))
    steps.append(now[0])
    shares.append(separation(now[1], labels, one, other))
    yield Parting(tuple(steps), tuple(shares))


def _area(low: NDArray[np.float64], high: NDArray[np.float64]) -> float:
    """How often one of `low` is below one of `high`; equal ones count half."""
    ordered = np.sort(low)
    below = np.searchsorted(ordered, high, side="left") + np.searchsorted(ordered, high, side="right")
    return float(below.mean() / (2 * len(low)))
