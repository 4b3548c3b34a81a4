"""What an image set known by name is, and the parts it comes in."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.byte_sizes import bytes_said
from core.places import datasets_folder


@dataclass(frozen=True, eq=False)
class NamedPart:
    """Some images of a named set: uint8 (n, size, size, C) in the set's own channels; `is_test` for its test part.

    `numbers` is what else is known of each image, (n,) a name; `classes` is given where only the files know it.
    A part of no images says that work goes on.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]
    names: tuple[str, ...]
    is_test: bool
    numbers: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Split:
    """One split of a torchvision dataset: the first word of its images' names, and what its class is called with."""

    name: str
    arguments: Mapping[str, Any]
    is_test: bool = False


@dataclass(frozen=True)
class Source:
    """What fetches a set: a class of torchvision.datasets, and the amount of bytes to load and then to keep.

    Frozen words only, so that a process of its own can be told. `module` is a package that the set needs besides.
    """

    dataset: str
    splits: tuple[Split, ...]
    download_bytes: int
    disk_bytes: int
    module: str = ""


@dataclass(frozen=True)
class NamedSet:
    """A set `latentscape datasets` lists; `parts(size)` raises ImagesError when its files are missing or damaged.

    `classes` is empty where only the files know it.
    """

    name: str
    description: str
    classes: tuple[str, ...]
    count: int
    size: int
    channels: int
    has_test: bool
    missing: Callable[[], str]  # says that it is not here, empty when it is
    stamp: Callable[[], object]  # what changes when its images do
    parts: Callable[[int], Iterator[NamedPart]]
    source: Source | None = None

    @property
    def download_bytes(self) -> int:
        """How much is to be loaded to get it; 0 when it cannot be."""
        return self.source.download_bytes if self.source else 0


def not_here(name: str, download_bytes: int, otherwise: str = "") -> str:
    """What is said of a set that is not here but can be fetched; `otherwise` is another place where it could be."""
    return (
        f"{name} ({bytes_said(download_bytes)} to fetch) is not on this machine, not even as torchvision's files in "
        f"{datasets_folder()}{otherwise}"
    )


def is_there(folder: Path, needed: tuple[str, ...]) -> bool:
    """Whether all the files and folders that a set needs are in the folder."""
    return all(os.path.exists(folder / each) for each in needed)  # False where it may not be looked


def stamp_of(folder: Path, needed: tuple[str, ...]) -> object:
    """Sizes and times of files: they change when the files do."""
    found = [(folder / each).stat() for each in needed]
    return [[each.st_size, each.st_mtime_ns] for each in found]
