"""Which images show one picture: equal in every pixel, or so nearly that one is a copy of the other.

Each image becomes a thumbnail of 8 × 8 greys, its mean taken away and its contrast made 1. Those whose thumbnails
lie near each other are compared in every pixel. What is not found: a copy that was mirrored, turned, cropped, moved,
tinted or made brighter by more than the limits. Of pictures that are blank, or nearly, only equal ones are twins:
nothing tells noise from a picture there.
"""

import hashlib
import os
from collections.abc import Generator
from contextlib import suppress
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.bounded_read import LARGE, open_regular
from core.images.connected_components import Components
from core.images.joined_rows import Indices, JoinedRows, Pixels, Rows
from core.pace import Pace
from core.reports.progress import Progress

# In standard deviations of all pixels of the flatter of the two pictures.
MOST_APART = 0.12  # root mean square of the differences of all pixels
MOST_APART_ANYWHERE = 0.2  # the mean difference of a patch of 4 × 4 pixels: a badge, a digit, closed eyes
# In standard deviations of the thumbnail: in one, most of what compression does to pixels is averaged away.
_MOST_APART_SMALL = 0.06
_BLANK = 2.0  # levels: a thumbnail with a lower standard deviation is as good as blank
_NEAREST = 6  # thumbnails that are nearest to each, itself among them
_DIMENSIONS = 12  # in which they are searched
_BLOCK_BYTES = 1_000_000  # stays in the processor's cache
_EVEN, _BYTE = np.uint32(0x00FF00FF), np.uint32(8)
_FILE = "twins_1_{}.npy"  # another number with other limits

Floats = NDArray[np.float32]


def known_twins(folder: Path, key: str, pixels: Pixels) -> Generator[Progress, None, Indices]:
    """What `find_twins` returns, kept beside the pixels in the cache: an unchanged set is not searched again."""
    path = folder / _FILE.format(key[:16])
    with suppress(OSError, ValueError, EOFError, MemoryError), open_regular(path, LARGE) as file:
        found: Indices = np.load(file, allow_pickle=False)
        fits = found.shape == (len(pixels),) and found.dtype == np.int64
        if fits and (not len(found) or (int(found.min()) >= 0 and int(found.max()) < len(found))):
            return found
    found = yield from find_twins(pixels)
    with suppress(OSError):  # then it is found anew next time
        temporary = path.with_name(f".{os.getpid()}.{path.name}")
        np.save(temporary, found)
        os.replace(temporary, path)
    return found


def shown_in(images: Pixels, others: Pixels, chosen: NDArray[np.bool_]) -> Generator[Progress, None, NDArray[np.bool_]]:
    """Whether each of the images (N, H, H, C) shows a picture that one of the chosen (M,) others (M, H, H, C) shows."""
    pictures = yield from find_twins(JoinedRows(images, others))
    return np.isin(pictures[: len(images)], pictures[len(images) :][chosen])


def find_twins(pixels: Rows) -> Generator[Progress, None, Indices]:
    """For each of the images (N, H, H, C) the first (N,) that shows the same picture: mostly itself.

    Twins of a twin are twins: the frames of a burst are one picture from the first to the last.
    """
    if not len(pixels):
        return np.zeros(0, np.int64)
    sums = yield from _sums_of_cells(pixels)
    pictures = Components(len(pixels))
    pictures.join(_equal(pixels, sums))
    different = np.unique(pictures.firsts())
    levels = sums[different].astype(np.float32) / np.float32(_cell(pixels.shape[1]) ** 2 * pixels.shape[3])
    pairs = different[_near(levels)]
    most, pace = max(1, _BLOCK_BYTES // prod(pixels.shape[1:])), Pace("Comparing pictures that look alike", len(pairs))
    for start in range(0, len(pairs), most):
        some = pairs[start : start + most]
        some = some[~pictures.are_joined(some)]
        pictures.join(some[_are_copies(pixels[some[:, 0]], pixels[some[:, 1]])])
        yield from pace.reports(min(start + most, len(pairs)))
    return pictures.firsts()


def count_pictures(twins: Indices) -> int:
    """How many different pictures images (N,) show."""
    return int(np.count_nonzero(twins == np.arange(len(twins))))


def duplicates(twins: Indices) -> list[Indices]:
    """The images of each picture that more than one shows, in the order of the set."""
    several = np.flatnonzero(np.bincount(twins)[twins] > 1)
    order = several[np.argsort(twins[several], kind="stable")]
    parts = np.split(order, np.flatnonzero(np.diff(twins[order])) + 1)
    return [part for part in parts if len(part)]


def without_blank(twins: Indices, pixels: Pixels) -> Indices:
    """The same, but images of one colour are each a picture of their own."""
    kept = twins.copy()
    for part in duplicates(twins):
        if (pixels[part[0]] == pixels[part[0], 0, 0]).all():
            kept[part] = part
    return kept


def _cell(size: int) -> int:
    return size // 8 if size % 8 == 0 else 4


def _sums_of_cells(pixels: Rows) -> Generator[Progress, None, NDArray[np.uint32]]:
    """The sum (N, cells) of all channels of each cell of the thumbnail.

    Bytes are added as 16-bit halves of 32-bit words: numpy widens single bytes ten times as slowly.
    """
    count, size, _, channels = pixels.shape
    cell, most = _cell(size), max(1, _BLOCK_BYTES // prod(pixels.shape[1:]))
    cells, pace = size // cell, Pace("Looking for duplicates", count)
    sums = np.empty((count, cells, cells), np.uint32)
    for start in range(0, count, most):
        bytes_of = np.ascontiguousarray(pixels[start : start + most])
        words = bytes_of.reshape(len(bytes_of), -1).view(np.uint32)
        rows = words.reshape(len(words), cells, cell, size * channels // 4)
        halves = np.add.reduce(rows & _EVEN, axis=2, dtype=np.uint32)
        halves += np.add.reduce((rows >> _BYTE) & _EVEN, axis=2, dtype=np.uint32)
        of_cells = halves.view(np.uint16).reshape(len(words), cells, cells, cell * channels // 2)
        sums[start : start + most] = of_cells.sum(axis=3, dtype=np.uint32)
        yield from pace.reports(start + len(words))
    return sums.reshape(count, -1)


def _equal(pixels: Rows, sums: NDArray[np.uint32]) -> Indices:
    """Pairs (k, 2) of images that are equal in every pixel; only those of equal thumbnails are read."""
    mixing = np.random.default_rng(0).integers(1, 2**63, sums.shape[1], np.uint64)
    _, place, counts = np.unique(sums.astype(np.uint64) @ mixing, return_inverse=True, return_counts=True)
    first, pairs = dict[bytes, int](), list[tuple[int, int]]()
    for index in np.flatnonzero(counts[place] > 1).tolist():
        digest = hashlib.sha256(pixels[index : index + 1].tobytes()).digest()
        if (earlier := first.setdefault(digest, index)) != index:
            pairs.append((earlier, index))
    return np.array(pairs, np.int64).reshape(-1, 2)


def _near(levels: Floats) -> Indices:
    """Pairs (k, 2) of thumbnails (N, cells) that lie near each other and are not blank."""
    small, kept = _normalised(levels)
    if len(kept) < 2:
        return np.zeros((0, 2), np.int64)
    from scipy.spatial import cKDTree

    # Few dimensions are enough to find what might be near: none lies farther apart in them than in all.
    moved = small - small.mean(axis=0)
    _, axes = np.linalg.eigh(moved.T @ moved)
    places, nearest = moved @ axes[:, -_DIMENSIONS:], min(_NEAREST, len(kept))
    _, found = cKDTree(places).query(places, nearest, distance_upper_bound=_MOST_APART_SMALL)
    pairs = np.stack((np.repeat(np.arange(len(kept)), nearest), found.ravel()), axis=1)
    pairs = pairs[(pairs[:, 1] < len(kept)) & (pairs[:, 0] != pairs[:, 1])]
    pairs = np.unique(np.sort(pairs, axis=1), axis=0)
    apart = small[pairs[:, 0]] - small[pairs[:, 1]]
    near: Indices = kept[pairs[np.square(apart).sum(axis=1) <= _MOST_APART_SMALL**2]]
    return near


def _normalised(levels: Floats) -> tuple[Floats, Indices]:
    """Thumbnails (k, cells) of mean 0 and length 1, but for the blank ones; and which (k,) of all they are."""
    centred = levels - levels.mean(axis=1, keepdims=True)
    lengths = np.sqrt(np.square(centred).sum(axis=1))
    kept = np.flatnonzero(lengths >= _BLANK * np.sqrt(levels.shape[1]))
    return centred[kept] / lengths[kept, None], kept


def _are_copies(one: Pixels, other: Pixels) -> NDArray[np.bool_]:
    """Whether pixels (k, H, H, C) are as near to each other as copies are."""
    if not len(one):
        return np.zeros(0, np.bool_)
    count, size, _, channels = one.shape
    values, patch = size * size * channels, max(4, size // 16)
    left, right = (each.reshape(count, values).astype(np.float32) for each in (one, other))
    apart = left - right
    contrast = np.minimum(_contrast(left), _contrast(right))
    overall = np.sqrt(_squares(apart) / values)
    across = apart.reshape(count, size // patch, patch, size * channels).sum(axis=2)
    patches = across.reshape(count, size // patch, size // patch, patch, channels).sum(axis=3)
    anywhere = np.abs(patches).reshape(count, -1).max(axis=1) / patch**2
    are_copies: NDArray[np.bool_] = (overall <= MOST_APART * contrast) & (anywhere <= MOST_APART_ANYWHERE * contrast)
    return are_copies


def _squares(values: Floats) -> Floats:
    """The sum (k,) of the squares of each row, without an array of them."""
    sums: Floats = np.einsum("ij,ij->i", values, values)
    return sums


def _contrast(values: Floats) -> Floats:
    """The standard deviation (k,) of each row of values (k, n), which it changes."""
    values -= values.mean(axis=1, keepdims=True)
    deviations: Floats = np.sqrt(_squares(values) / values.shape[1])
    return deviations
