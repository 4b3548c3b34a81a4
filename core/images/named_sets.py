"""Image sets known by name: drawn by our own code, or found on this machine; nothing is ever fetched."""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.errors import ImagesError
from core.images.faces import DRAWING_VERSION, draw_faces, sample_factors
from core.images.hair import HAIR_STYLES
from core.places import cache_folder

FACES_COUNT = 4_000
FACES_SEED = 0
_DEBIAN_FASHION = Path("/usr/share/datasets/fashion-mnist")
_FASHION_FILES = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
_FASHION_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
_FASHION_MISSING = (
    "fashion-mnist is not on this machine: install Debian's package dataset-fashion-mnist, "
    "or put its four idx.gz files in {folder}."
)
_CHUNK = 500


@dataclass(frozen=True, eq=False)
class NamedPart:
    """Some images of a named set: uint8 (n, size, size, C) in the set's own channels; `is_test` for its test part."""

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]
    names: tuple[str, ...]
    is_test: bool


@dataclass(frozen=True)
class NamedSet:
    """A set `latentscape datasets` lists. `parts(size)` raises ImagesError when its files are missing or damaged."""

    name: str
    description: str
    classes: tuple[str, ...]
    count: int
    size: int
    channels: int
    has_test: bool
    missing: Callable[[], str]  # a sentence that says how to get it, empty when it is there
    stamp: Callable[[], object]  # what changes when its images do
    parts: Callable[[int], Iterator[NamedPart]]


@dataclass(frozen=True)
class NamedSetState:
    """A line of `latentscape datasets`; `how_to_get` is empty when the set is available."""

    name: str
    description: str
    available: bool
    how_to_get: str


def list_named_sets() -> tuple[NamedSetState, ...]:
    """Every named set, available or not, in the order to show."""
    return tuple(NamedSetState(each.name, each.description, not each.missing(), each.missing()) for each in _TABLE)


def is_named(source: str) -> bool:
    """Whether this is the name of a set rather than a folder."""
    return any(each.name == source for each in _TABLE)


def named_set(name: str) -> NamedSet:
    """The set of that name; raises ImagesError when it is unknown or not on this machine."""
    found = next((each for each in _TABLE if each.name == name), None)
    if found is None:
        known = ", ".join(each.name for each in _TABLE)
        raise ImagesError(f"There is no image set called {name}: the named ones are {known}.")
    if found.missing():
        raise ImagesError(found.missing())
    return found


def _faces_parts(size: int) -> Iterator[NamedPart]:
    factors = sample_factors(FACES_COUNT, FACES_SEED)
    for start in range(0, FACES_COUNT, _CHUNK):
        some = factors[start : start + _CHUNK]
        names = tuple(f"faces/{start + index:05d}" for index in range(len(some)))
        yield NamedPart(draw_faces(some, size), some["hair"].astype(np.int64), names, is_test=False)


def _fashion_folder() -> Path | None:
    for folder in (cache_folder() / "named" / "fashion-mnist", _DEBIAN_FASHION):
        if all((folder / f"{name}-ubyte.gz").is_file() for name in _FASHION_FILES):
            return folder
    return None


def _fashion_missing() -> str:
    return "" if _fashion_folder() else _FASHION_MISSING.format(folder=cache_folder() / "named" / "fashion-mnist")


def _fashion_stamp() -> object:
    folder = _fashion_folder()
    if folder is None:
        return None
    found = [(folder / f"{name}-ubyte.gz").stat() for name in _FASHION_FILES]
    return [[each.st_size, each.st_mtime_ns] for each in found]


def _fashion_parts(size: int) -> Iterator[NamedPart]:
    folder = _fashion_folder()
    if folder is None:
        raise ImagesError(_fashion_missing())
    for part, prefix in (("train", "train"), ("test", "t10k")):
        images = _read_idx(folder / f"{prefix}-images-idx3-ubyte.gz", 3)
        labels = _read_idx(folder / f"{prefix}-labels-idx1-ubyte.gz", 1).astype(np.int64)
        if len(images) != len(labels):
            raise ImagesError(f"The files in {folder} do not belong together: install dataset-fashion-mnist again.")
        for start in range(0, len(images), 10 * _CHUNK):
            some = images[start : start + 10 * _CHUNK]
            names = tuple(f"{part}/{start + index:05d}" for index in range(len(some)))
            pixels = _sized(some, size)[..., np.newaxis]
            yield NamedPart(pixels, labels[start : start + len(some)], names, is_test=part == "test")


def _read_idx(path: Path, dimensions: int) -> NDArray[np.uint8]:
    """An idx file of bytes (LeCun's format): two zeros, type 8, the number of sizes, big-endian sizes, values."""
    try:
        with gzip.open(path) as file:
            content = file.read()
        if content[:4] != bytes((0, 0, 8, dimensions)):
            raise ValueError("it is not an idx file")
        sizes = np.frombuffer(content, ">u4", dimensions, 4).astype(np.int64)
        return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(sizes)
    except (OSError, EOFError, ValueError) as error:
        raise ImagesError(f"{path} is damaged ({error}): install dataset-fashion-mnist again.") from error


def _sized(images: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """28 × 28 images at another size: 2 black pixels on each side make 32, as the field does; scaled from there."""
    if size == images.shape[1]:
        return images
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    if size == padded.shape[1]:
        return padded
    return np.stack([np.asarray(Image.fromarray(image).resize((size, size))) for image in padded])


_TABLE = (
    NamedSet(
        name="faces",
        description=f"{FACES_COUNT:,} cartoon faces drawn from twelve known factors, 64 × 64, colour; built in",
        classes=HAIR_STYLES,
        count=FACES_COUNT,
        size=64,
        channels=3,
        has_test=False,
        missing=lambda: "",
        stamp=lambda: [DRAWING_VERSION, FACES_COUNT, FACES_SEED],
        parts=_faces_parts,
    ),
    NamedSet(
        name="fashion-mnist",
        description="70,000 articles of clothing, 28 × 28, grey; its own test part is held out (Xiao et al. 2017)",
        classes=_FASHION_CLASSES,
        count=70_000,
        size=28,
        channels=1,
        has_test=True,
        missing=_fashion_missing,
        stamp=_fashion_stamp,
        parts=_fashion_parts,
    ),
)
