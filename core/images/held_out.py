"""Which images are held out to test on: a split that a new image hardly changes."""

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from core.images.connected_components import Components
from core.reports.images import NOTHING_SAID, Column


def hashes_of(names: Iterable[str]) -> NDArray[np.uint64]:
    """What images are ranked by: the first 8 bytes of the sha256 of each name."""
    digests = (hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest() for name in names)
    return np.fromiter((int.from_bytes(digest[:8], "big") for digest in digests), np.uint64)


def held_out(
    hashes: NDArray[np.uint64], share: float, group: Column | None = None, twins: NDArray[np.int64] | None = None
) -> NDArray[np.bool_]:
    """The images (N,) to test on: ranked by the hash of their names, the lowest share of them, and at least one.

    Images of one hash are on one side, such as the pages of a file; with a group, all that share its value. A group is
    held out unless, without it, the share would be closer; at least one is, and never all. An image without a value is
    a group of its own.
    With twins, the first image (N,) of each one's picture, so are all that show one picture, and the groups that share
    a picture. What is joined like that and more than half of the set is learned from; if it is all of it, pictures
    are split as if nobody knew that they are twins.
    """
    is_held_out = np.zeros(len(hashes), np.bool_)
    if share == 0.0 or not len(hashes):
        return is_held_out
    wanted = max(1, round(share * len(hashes)))
    if twins is not None and (twins != np.arange(len(twins))).any():
        units, of_image = _joined(*_units(hashes, group), twins)
        if len(units) < 2:
            return held_out(hashes, share, group)
        sizes = np.bincount(of_image, minlength=len(units))
        small = np.flatnonzero(2 * sizes <= len(hashes))
        chosen = np.zeros(len(units), np.bool_)
        chosen[small] = _chosen(units[small], sizes[small], wanted, len(hashes))
        return chosen[of_image]
    if group is None and len(np.unique(hashes)) == len(hashes):
        is_held_out[np.argsort(hashes, kind="stable")[:wanted]] = True
        return is_held_out
    units, of_image = _units(hashes, group)
    if len(units) < 2:
        return is_held_out
    chosen = _chosen(units, np.bincount(of_image, minlength=len(units)), wanted, len(hashes))
    is_held_out[:] = chosen[of_image]
    return is_held_out


def _joined(
    units: NDArray[np.uint64], of_image: NDArray[np.int64], twins: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Units that share a picture become one, whose hash neither hangs on their order nor is low as its lowest is."""
    joined = Components(len(units))
    copies = np.flatnonzero(twins != np.arange(len(twins)))
    joined.join(np.stack((of_image[copies], of_image[twins[copies]]), axis=1))
    _, place, counts = np.unique(joined.firsts(), return_inverse=True, return_counts=True)
    lowest = np.full(len(counts), np.iinfo(np.uint64).max, np.uint64)
    np.minimum.at(lowest, place, units)
    several = counts > 1
    lowest[several] = hashes_of(f"{value}" for value in lowest[several].tolist())
    return lowest, place[of_image]


def _units(hashes: NDArray[np.uint64], group: Column | None) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """What must stay together: the hash of each such unit, and the unit (N,) of each image."""
    if group is None:
        units, of_image = np.unique(hashes, return_inverse=True)
        return units, of_image.astype(np.int64)
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


def _chosen(hashes: NDArray[np.uint64], sizes: NDArray[np.int64], wanted: int, images: int) -> NDArray[np.bool_]:
    """Which units are held out, of a set of so many images, some of which may be in none of them."""
    chosen, total = np.zeros(len(sizes), np.bool_), 0
    order = np.argsort(hashes, kind="stable")
    for unit in order:
        if total >= wanted:
            break
        if abs(total + sizes[unit] - wanted) <= wanted - total and total + sizes[unit] < images:
            chosen[unit] = True
            total += int(sizes[unit])
    if total == 0:
        chosen[order[np.argmin(sizes[order])]] = True
    return chosen
