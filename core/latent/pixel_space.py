"""`PixelSpace`: images arranged by their pixels (PCA), for the map before there is a model; imports no torch."""

from collections.abc import Generator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.latent.neighbours import Neighbours
from core.latent.plane import Plane
from core.reports.progress import Progress

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Moments = tuple[Floats, NDArray[np.float64]]  # the mean (p,) and the covariance (p, p)

COMPONENTS = 32  # kept of each image: what is near, and what is unusual, is told by these
MOST_FEATURES = 1_024  # of larger images the means of square blocks of pixels are looked at
ENOUGH_IMAGES = 5_000  # the widest directions of so many do not visibly differ from those of all
AT_ONCE = 1 << 24  # bytes of pixels in one pass
LEVEL = 1e-6  # of the widest direction's variance: narrower ones are rounding


class Arrangement(Protocol):
    """Images arranged as points, by a model or by their pixels: what selecting, listing and measuring need of it."""

    @property
    def codes(self) -> Floats:
        """Where each image is, (N, d)."""

    @property
    def latent_dims(self) -> int:
        """d."""

    @property
    def points(self) -> Floats:
        """Where each is on the map, (N, 2)."""

    def nearest(self, z: Floats, count: int) -> tuple[NDArray[np.int64], Floats]:
        """The images nearest to a place (d,): indices and Euclidean distances, nearest first."""


@dataclass(frozen=True, eq=False)
class PixelSpace:
    """The principal components of the pixels, `codes` (N, d), widest first, each image's own; there is no decoder.

    They are scaled, all alike, so that the widest has a standard deviation of one. Any thread may use it.
    """

    codes: Floats
    plane: Plane = field(init=False)

    def __post_init__(self) -> None:
        dims = self.codes.shape[1]
        plane = Plane(np.zeros(dims, np.float32), np.eye(2, dims, dtype=np.float32), ("PC 1", "PC 2"))
        object.__setattr__(self, "plane", plane)

    @property
    def latent_dims(self) -> int:
        """How many components are kept."""
        return int(self.codes.shape[1])

    @property
    def points(self) -> Floats:
        """Where the images lie on the map, (N, 2)."""
        return self.codes[:, :2]

    def nearest(self, z: Floats, count: int) -> tuple[NDArray[np.int64], Floats]:
        """The images nearest to a place (d,): indices and Euclidean distances, nearest first."""
        indices, distances = self._neighbours.nearest(np.asarray(z, np.float32)[None], count)
        return indices[0], distances[0]

    def nearest_on_map(self, u: float, v: float) -> int:
        """The image whose point is nearest to a point of the map; there must be one."""
        off = self.points - np.array([u, v], np.float32)
        return int(np.einsum("nd,nd->n", off, off).argmin())

    @cached_property
    def _neighbours(self) -> Neighbours:
        return Neighbours(self.codes, most=len(self.codes))


def arrange_by_pixels(pixels: Pixels) -> Generator[Progress, None, PixelSpace]:
    """The PCA (Pearson 1901) of images (N, H, W, C), of any number of channels; returns where each lies.

    The directions are those of a sample, the same each time; every image is then laid along them, a few at a time.
    """
    sample = np.linspace(0, len(pixels) - 1, min(len(pixels), ENOUGH_IMAGES)).astype(np.int64)
    mean, covariance = yield from _moments(pixels, np.unique(sample))
    variances, directions = _widest(covariance)
    scale = 1.0 / np.sqrt(variances[0]) if variances[0] > 0 else 1.0
    axes = (directions * (variances > LEVEL * variances[0]) * scale).astype(np.float32)
    codes = np.zeros((len(pixels), max(2, axes.shape[1])), np.float32)
    middle = mean @ axes
    for part in _parts(pixels, np.arange(len(pixels))):
        codes[part, : axes.shape[1]] = features(pixels, part) @ axes - middle
        yield Progress("Arranging the pictures by their pixels", int(part[-1]) + 1, len(pixels))
    return PixelSpace(codes)


def features(pixels: Pixels, part: NDArray[np.int64]) -> Floats:
    """What is looked at of images (n,): their pixels, or the sums of square blocks of them, (n, p)."""
    block = _block(pixels.shape[1:])
    some = np.asarray(pixels[part[0] : part[-1] + 1] if _is_run(part) else pixels[part])
    if block == 1:
        return some.reshape(len(some), -1).astype(np.float32)
    height, width, channels = some.shape[1] // block, some.shape[2] // block, some.shape[3]
    whole = some[:, : height * block, : width * block].reshape(len(some), height, block, -1)
    rows = whole.sum(axis=2, dtype=np.float32).reshape(len(some), height, width, block, channels)
    return np.asarray(rows.sum(axis=3).reshape(len(some), -1), np.float32)


def _block(shape: tuple[int, ...]) -> int:
    """The side of the blocks: the least power of two that leaves few enough of them."""
    height, width, channels = shape
    block = 1
    while (height // block) * (width // block) * channels > MOST_FEATURES and 2 * block <= min(height, width):
        block *= 2
    return block


def _moments(pixels: Pixels, sample: NDArray[np.int64]) -> Generator[Progress, None, Moments]:
    """The mean (p,) and the covariance (p, p) of some images."""
    first = features(pixels, sample[:1])[0].astype(np.float64)  # sums of what differs from it round less
    total, squares = np.zeros(len(first)), np.zeros((len(first), len(first)))
    done = 0
    for part in _parts(pixels, sample):
        off = (features(pixels, part) - first.astype(np.float32)).astype(np.float32)
        total += off.sum(axis=0, dtype=np.float64)
        squares += off.T @ off
        done += len(part)
        yield Progress("Looking at the pixels", done, len(sample))
    mean = total / len(sample)
    covariance = squares / len(sample) - np.outer(mean, mean)
    return (first + mean).astype(np.float32), covariance


def _widest(covariance: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The variances (d,) and directions (p, d) of most spread; of each the largest number is positive."""
    from scipy.linalg import eigh

    size = len(covariance)
    variances, vectors = eigh(covariance, subset_by_index=(max(0, size - COMPONENTS), size - 1))
    variances, vectors = np.maximum(variances[::-1], 0.0), vectors[:, ::-1]
    largest = vectors[np.abs(vectors).argmax(axis=0), np.arange(vectors.shape[1])]
    return variances, vectors * np.where(largest < 0, -1.0, 1.0)


def _parts(pixels: Pixels, indices: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """The indices, as many together as are read in one pass."""
    at_once = max(1, AT_ONCE // max(1, int(np.prod(pixels.shape[1:]))))
    return [indices[start : start + at_once] for start in range(0, len(indices), at_once)]


def _is_run(part: NDArray[np.int64]) -> bool:
    return bool(part[-1] - part[0] + 1 == len(part))
