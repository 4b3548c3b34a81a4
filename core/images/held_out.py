"""Which images are held out to test on: a split that a new image hardly changes."""

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from core.reports import NOTHING_SAID, Column


def hashes_of(names: Iterable[str]) -> NDArray[np.uint64]:
    """What images are ranked by: the first 8 bytes of the sha256 of each name."""
    digests = (hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest() for name in names)
    return np.fromiter((int.from_bytes(digest[:8], "big") for digest in digests), np.uint64)


def held_out(hashes: NDArray[np.uint64], share: float, group: Column | None = None) -> NDArray[np.bool_]:
    """The images (N,) to test on: ranked by the hash of their names, the lowest share of them, and at least one.

    Images of one hash are on one side, such as the pages of a file; with a group, all that share its value. A group is
    held out unless, without it, the share would be closer; at least one is, and never all. An image without a value is
    a group of its own.
    """
    is_held_out = np.zeros(len(hashes), np.bool_)
    if share == 0.0 or not len(hashes):
        return is_held_out
    wanted = max(1, round(share * len(hashes)))
    if group is None and len(np.unique(hashes)) == len(hashes):
        is_held_out[np.argsort(hashes, kind="stable")[:wanted]] = True
        return is_held_out
    units, of_image = np.unique(hashes, return_inverse=True) if group is None else _units(hashes, group)
    if len(units) < 2:
        return is_held_out
    chosen = _chosen(units, np.bincount(of_image, minlength=len(units)), wanted)
    is_held_out[:] = chosen[of_image]
    return is_held_out


def _units(hashes: NDArray[np.uint64], group: Column) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """What must stay together: the hash of each such unit, and the unit (N,) of each image."""
    if group.numbers is None:
        levels, codes = list(group.levels), group.codes
        is_alone = np.array([level == NOTHING_SAID for level in levels], np.bool_)[codes]
    else:  # its levels are ranges: too coarse
        values, codes = np.unique(group.numbers, return_inverse=True)
        levels, is_alone = [f"{value:.17g}" for value in values], np.isnan(group.numbers)
    alone = np.flatnonzero(is_alone)
    of_image = codes.astype(np.int64)
    of_image[alone] = len(levels) + np.arange(len(alone))
    used, of_image = np.unique(of_image, return_inverse=True)
    return np.concatenate((hashes_of(levels), hashes[alone]))[used], of_image


def _chosen(hashes: NDArray[np.uint64], sizes: NDArray[np.int64], wanted: int) -> NDArray[np.bool_]:
    chosen, total = np.zeros(len(sizes), np.bool_), 0
    order = np.argsort(hashes, kind="stable")
    for unit in order:
        if total >= wanted:
            break
        if abs(total + sizes[unit] - wanted) <= wanted - total and total + sizes[unit] < sizes.sum():
            chosen[unit] = True
            total += int(sizes[unit])
    if total == 0:
        chosen[order[np.argmin(sizes[order])]] = True
    return chosen
