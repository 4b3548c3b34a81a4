"""Image sets in LeCun's idx files, MNIST and those made like it, read without torch."""

import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.errors import ImagesError
from core.images.named_sets.named_set import NamedPart, NamedSet, Source, Split, not_here
from core.places import datasets_folder

DEBIAN = Path("/usr/share/datasets")
_CHUNK = 2_000
_DIGITS = tuple("0123456789")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt"  # of EMNIST's balanced split: others look alike in both cases
_MB = 1_000_000
_SIDE = 28
_TRAIN_AND_TEST = (Split("train", {"train": True}), Split("test", {"train": False}, is_test=True))
_BALANCED = tuple(Split(each.name, {"split": "balanced", **each.arguments}, each.is_test) for each in _TRAIN_AND_TEST)
_TYPES: dict[int, Any] = {8: np.uint8, 12: np.dtype(">i4")}
_VERSION = 1  # raise it when pixels, names or labels change: the cache is keyed by it


@dataclass(frozen=True)
class _Row:
    """A set, its folder below a root of torchvision's datasets, and its files for learning and for testing."""

    name: str
    description: str
    classes: tuple[str, ...]
    count: int
    folder: str
    source: Source
    files: tuple[tuple[str, str], ...] = (
        ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
        ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
    )
    debian: str = ""
    is_lying: bool = False  # rows and columns are swapped


_ROWS = (
    _Row(
        name="mnist",
        description="70,000 handwritten digits, 28 × 28, grey (LeCun et al. 1998)",
        classes=_DIGITS,
        count=70_000,
        folder="MNIST/raw",
        source=Source("MNIST", _TRAIN_AND_TEST, 11_594_722, 67 * _MB),
    ),
    _Row(
        name="fashion-mnist",
        description="70,000 articles of clothing, 28 × 28, grey (Xiao et al. 2017)",
        classes=(
            *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
            *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
        ),
        count=70_000,
        folder="FashionMNIST/raw",
        source=Source("FashionMNIST", _TRAIN_AND_TEST, 30_878_645, 86 * _MB),
        debian="fashion-mnist",
    ),
    _Row(
        name="kmnist",
        description="70,000 letters of old Japanese books, 28 × 28, grey (Clanuwat et al. 2018)",
        classes=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        count=70_000,
        folder="KMNIST/raw",
        source=Source("KMNIST", _TRAIN_AND_TEST, 21_240_888, 76 * _MB),
    ),
    _Row(
        name="qmnist",
        description="120,000 handwritten digits: MNIST made again with all its test images, 28 × 28, grey (Yadav 2019)",
        classes=_DIGITS,
        count=120_000,
        folder="QMNIST/raw",
        source=Source("QMNIST", _TRAIN_AND_TEST, 20_436_162, 120 * _MB),
        files=(
            ("qmnist-train-images-idx3-ubyte", "qmnist-train-labels-idx2-int"),
            ("qmnist-test-images-idx3-ubyte", "qmnist-test-labels-idx2-int"),
        ),
    ),
    _Row(
        name="emnist",
        description="131,600 handwritten digits and letters, its balanced split, 28 × 28, grey (Cohen et al. 2017)",
        classes=(*_DIGITS, *_LETTERS),
        count=131_600,
        folder="EMNIST/raw",
        source=Source("EMNIST", _BALANCED, 561_753_746, 2_900 * _MB),
        files=(
            ("emnist-balanced-train-images-idx3-ubyte", "emnist-balanced-train-labels-idx1-ubyte"),
            ("emnist-balanced-test-images-idx3-ubyte", "emnist-balanced-test-labels-idx1-ubyte"),
        ),
        is_lying=True,
    ),
)


def _found(row: _Row) -> list[Path]:
    """Its files, unpacked or not, all from one folder; none when one is missing."""
    folders = (datasets_folder() / row.folder, *([DEBIAN / row.debian] if row.debian else []))
    for folder in folders:
        paths = [_unpacked_or_not(folder / name) for pair in row.files for name in pair]
        if all(os.path.isfile(path) for path in paths):
            return paths
    return []


def _unpacked_or_not(path: Path) -> Path:
    return path if os.path.isfile(path) else path.with_name(f"{path.name}.gz")


def _missing(row: _Row) -> str:
    if _found(row):
        return ""
    otherwise = f" or in Debian's package dataset-{row.debian}" if row.debian else ""
    return not_here(row.name, row.source.download_bytes, otherwise)


def _stamp(row: _Row) -> object:
    found = [path.stat() for path in _found(row)]
    return [_VERSION, [[each.st_size, each.st_mtime_ns] for each in found]]


def _parts(row: _Row, size: int) -> Iterator[NamedPart]:
    paths, count = _found(row), 0
    if not paths:
        raise ImagesError(_missing(row), "download", row.name)
    for split, images_path, labels_path in zip(row.source.splits, paths[::2], paths[1::2], strict=True):
        images, labels = _read_pair(row, images_path, labels_path)
        count += len(images)
        for start in range(0, len(images), _CHUNK):
            some = slice(start, start + _CHUNK)
            names = tuple(f"{split.name}/{start + index:05d}" for index in range(len(images[some])))
            pixels = _sized(images[some], size)[..., np.newaxis]
            yield NamedPart(pixels, labels[some], names, split.is_test)
    if count != row.count:
        raise _damaged(row, paths[0].parent, f"they hold {count:,} images instead of {row.count:,}")


def _read_pair(row: _Row, images: Path, labels: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Images (n, 28, 28) and labels (n,); where labels are rows of several numbers, the class is the first."""
    try:
        pixels, found = _read_idx(images), _read_idx(labels).astype(np.int64)
        if pixels.dtype != np.uint8 or pixels.shape[1:] != (_SIDE, _SIDE):
            raise ValueError(f"{images.name} does not hold images of {_SIDE} × {_SIDE} bytes")
        if len(pixels) != len(found):
            raise ValueError(f"{images.name} and {labels.name} do not belong together")
        found = found.reshape(len(found), -1)[:, 0]
        if found.min(initial=0) < 0 or found.max(initial=0) >= len(row.classes):
            raise ValueError(f"{labels.name} holds other classes")
    except (OSError, EOFError, ValueError) as error:
        raise _damaged(row, images.parent, error) from error
    return pixels.transpose(0, 2, 1) if row.is_lying else pixels, found


def _damaged(row: _Row, folder: Path, why: object) -> ImagesError:
    return ImagesError(f"The files of {row.name} in {folder} are damaged ({why}): remove them and get them again.")


def _read_idx(path: Path) -> NDArray[Any]:
    """Two zeros, the type of the values, the number of sizes, big-endian sizes, values."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        content = file.read()
    kind, dimensions = content[2:4].ljust(2, b"\0")
    if content[:2] != bytes(2) or kind not in _TYPES or len(content) < 4 + 4 * dimensions:
        raise ValueError(f"{path.name} is not an idx file")
    sizes = np.frombuffer(content, ">u4", dimensions, 4).astype(np.int64)
    return np.frombuffer(content, _TYPES[kind], offset=4 + 4 * dimensions).reshape(sizes)


def _sized(images: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """28 × 28 images at another size: 2 black pixels on each side make 32, as the field does; scaled from there."""
    if size == images.shape[1]:
        return images
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    if size == padded.shape[1]:
        return padded
    return np.stack([np.asarray(Image.fromarray(image).resize((size, size))) for image in padded])


def _named(row: _Row) -> NamedSet:
    return NamedSet(
        name=row.name,
        description=row.description,
        classes=row.classes,
        count=row.count,
        size=_SIDE,
        channels=1,
        has_test=True,
        missing=partial(_missing, row),
        stamp=partial(_stamp, row),
        parts=partial(_parts, row),
        source=row.source,
    )


IDX_SETS = tuple(map(_named, _ROWS))
