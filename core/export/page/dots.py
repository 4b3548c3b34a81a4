"""The dots of a page: as many codes as a browser draws at once, each class in proportion; and the map's view."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
Extent = tuple[float, float, float, float]  # left, bottom, right, top on the map

MOST = 10_000
ENDS = (0.005, 0.995)  # quantiles between which nearly all codes lie
REACH = 1.5  # times as far from their middle a dot still widens the view: one stray code would make all others a speck
MARGIN = 0.04  # of the view, on either side
LEAST = 1.0  # units from the middle to a side
ROUNDEST, WIDEST = 0.9, 1.4  # width by height
FINEST = 65_535  # steps across the view that a dot's place is rounded to


@dataclass(frozen=True, eq=False)
class Dots:
    """Which images (n,) have a dot, where in the view these lie, (n, 2) from (0, 0) left and below to FINEST.

    In the order in which they are drawn. `known` codes there are in all; `outside` of those chosen lie beyond the view.
    """

    indices: Indices
    places: NDArray[np.uint16]
    view: Extent
    known: int
    outside: int


def choose_dots(points: Floats, labels: Indices, most: int = MOST) -> Dots:
    """The dots of codes at points (N, 2), NaN where one is not known, of images with labels (N,)."""
    known = np.flatnonzero(np.isfinite(points).all(axis=1))
    chosen = thinned(known, labels, most)
    view = view_of(points[known])
    within = np.array([_is_within(view, point) for point in points[chosen]], np.bool_)
    shown = chosen[within]
    left, bottom, right, top = view
    shares = (points[shown].astype(np.float64) - (left, bottom)) / (right - left, top - bottom)
    places = np.rint(shares * FINEST).astype(np.uint16)
    return Dots(shown, places, view, len(known), len(chosen) - len(shown))


def thinned(known: Indices, labels: Indices, most: int) -> Indices:
    """At most so many of these images, shuffled, of each class as large a share as of any other; the same each time."""
    shuffled = known[np.random.default_rng(0).permutation(len(known))]
    if len(shuffled) <= most:
        return shuffled
    of_class = labels[shuffled]
    turn = np.empty(len(shuffled))
    for label in np.unique(of_class):
        rows = np.flatnonzero(of_class == label)
        turn[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
    first = np.argsort(turn, kind="stable")[:most]
    return np.asarray(shuffled[np.sort(first)], np.int64)


def view_of(points: Floats) -> Extent:
    """What a page shows of a map with codes at points (n, 2): all but strays, in a shape that fits a screen."""
    if not len(points):
        return -3.0, -3.0, 3.0, 3.0
    wide = points.astype(np.float64)
    low, high = np.quantile(wide, ENDS, axis=0)
    middle, reach = (low + high) / 2, REACH * (high - low) / 2
    low, high = np.maximum(wide.min(axis=0), middle - reach), np.minimum(wide.max(axis=0), middle + reach)
    half = np.maximum((high - low) / 2, LEAST) * (1 + 2 * MARGIN)
    half = np.maximum(half, (half[1] * ROUNDEST, half[0] / WIDEST))
    (left, bottom), (right, top) = (low + high) / 2 - half, (low + high) / 2 + half
    return float(left), float(bottom), float(right), float(top)


def places_of(view: Extent, count: int) -> Floats:
    """Points (count², 2) of the map evenly over the view, its edges among them; row by row, highest first."""
    left, bottom, right, top = view
    across, down = np.linspace(left, right, count), np.linspace(top, bottom, count)
    return np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2).astype(np.float32)


def _is_within(view: Extent, point: Floats) -> bool:
    left, bottom, right, top = view
    return bool(left <= point[0] <= right and bottom <= point[1] <= top)
