"""Reading image sets that torchvision knows: its classes say what is in the files, our own decoding makes the pixels.

torchvision is imported in a process of its own only: that takes seconds, and reading must be cancelled in less.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.child_process import in_own_process
from core.errors import ImagesError
from core.images import cache
from core.images.decoding.decode import from_image
from core.images.decoding.row_files import read_rows
from core.images.decoding.target import Target
from core.images.decoding.workers import decode_files
from core.images.named_sets.named_set import NamedPart, Source, Split
from core.skipped_file import Skipped

_CHUNK = 500
_BLOCK = 8_192  # files whose pixels wait on disk for their turn


@dataclass(frozen=True)
class Place:
    """A set, and the root of torchvision's datasets that it is in."""

    name: str
    source: Source
    root: Path

    def damaged(self, why: object) -> ImagesError:
        """The sentence for files that are not what they should be."""
        return ImagesError(
            f"The files of {self.name} in {self.root} cannot be read ({why}), and must be removed first",
            "download",
            self.name,
        )


@dataclass(frozen=True, eq=False)
class _Listed:
    """One split whose images are files: their paths below the root, and what is known of them."""

    split: Split
    paths: list[str]
    labels: NDArray[np.int64]
    numbers: dict[str, NDArray[np.float64]]
    classes: tuple[str, ...]


def read_pictures(place: Place, target: Target) -> Iterator[NamedPart]:
    """The parts of a set that is kept as arrays. Raises ImagesError."""
    with closing(in_own_process(_pictures, place, target)) as parts:
        for part in parts:
            yield part or _nothing_yet(target)


def read_files(place: Place, target: Target) -> Iterator[NamedPart]:
    """The parts of a set whose images are files, decoded by worker processes, in their order. Raises ImagesError."""
    with closing(in_own_process(_listing, place)) as splits:
        for split in splits:
            if split is None:
                yield _nothing_yet(target)
            else:
                yield from _decoded(place, split, target)


def open_split(place: Place, split: Split, download: bool = False) -> Any:
    """The split as a dataset of torchvision, which raises whatever it likes."""
    from torchvision import datasets

    return getattr(datasets, place.source.dataset)(str(place.root), download=download, **split.arguments)


def _nothing_yet(target: Target) -> NamedPart:
    pixels = np.empty((0, *target.shape), np.uint8)
    return NamedPart(pixels, np.empty(0, np.int64), (), is_test=False)


def _pictures(place: Place, target: Target) -> Iterator[NamedPart]:
    """In a process of its own."""
    with _said_of(place):
        for split in place.source.splits:
            dataset = open_split(place, split)
            for start in range(0, len(dataset), _CHUNK):
                some = [dataset[index] for index in range(start, min(start + _CHUNK, len(dataset)))]
                yield NamedPart(
                    np.stack([_pixels(image, target) for image, _ in some]),
                    np.array([label for _, label in some], np.int64),
                    tuple(f"{split.name}/{start + index:05d}" for index in range(len(some))),
                    split.is_test,
                    classes=_classes(dataset),
                )


def _pixels(image: Image.Image, target: Target) -> NDArray[np.uint8]:
    """What decoding a file would make of it, without the work where there is nothing to do."""
    if image.size == (target.size, target.size) and image.mode == ("L" if target.channels == 1 else "RGB"):
        return np.asarray(image).reshape(target.shape)
    return from_image(image, target).pixels


def _listing(place: Place) -> Iterator[_Listed]:
    """In a process of its own."""
    with _said_of(place):
        for split in place.source.splits:
            dataset = open_split(place, split)
            files, labels, numbers = _files(dataset)
            paths = [str(Path(file).relative_to(place.root)) for file in files]
            yield _Listed(split, paths, np.array(labels, np.int64), numbers, _classes(dataset))


def _files(dataset: Any) -> tuple[list[str], list[int], dict[str, NDArray[np.float64]]]:
    """Paths, labels and numbers of a dataset that was made with `loader=str`, or of CelebA, which takes no loader."""
    if not hasattr(dataset, "attr_names"):
        pairs = [dataset[index] for index in range(len(dataset))]
        return [file for file, _ in pairs], [label for _, label in pairs], {}
    folder = Path(dataset.root, dataset.base_folder, "img_align_celeba")
    attributes = dataset.attr.numpy().astype(np.float64).T
    numbers = dict(zip(dataset.attr_names, attributes, strict=False))  # the last name is an empty one
    return [str(folder / name) for name in dataset.filename], [0] * len(dataset), numbers


def _classes(dataset: Any) -> tuple[str, ...]:
    """The names that the dataset gives its labels; where it gives several to one, the first."""
    found = [each if isinstance(each, str) else each[0] for each in getattr(dataset, "classes", ())]
    return tuple(each.replace("_", " ") for each in found)


@contextmanager
def _said_of(place: Place) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # whatever torchvision, scipy, pickle or Pillow raise about files
        raise place.damaged(" ".join(str(error).split()) or type(error).__name__) from error


def _decoded(place: Place, listed: _Listed, target: Target) -> Iterator[NamedPart]:
    """In blocks: pixels wait in a file until all before them are there too."""
    with cache.making() as making:
        for first in range(0, len(listed.paths), _BLOCK):
            paths = listed.paths[first : first + _BLOCK]
            for start, pixels in _in_order(place, paths, making / "block", target):
                some = slice(first + start, first + start + len(pixels))
                yield NamedPart(
                    pixels,
                    listed.labels[some],
                    tuple(listed.paths[some]),
                    listed.split.is_test,
                    {name: numbers[some] for name, numbers in listed.numbers.items()},
                    listed.classes,
                )


def _in_order(place: Place, paths: list[str], block: Path, target: Target) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Where the next pixels begin, and as many as are there in one piece: none, perhaps."""
    block.touch()
    is_done, is_grey, begin = np.zeros(len(paths) + 1, np.bool_), np.zeros(len(paths), np.bool_), 0
    for outcomes in decode_files(place.root, enumerate(paths), block, target):
        for outcome in outcomes:
            if isinstance(outcome, Skipped):
                raise place.damaged(f"{outcome.path}: {outcome.reason}")
            is_done[outcome.row], is_grey[outcome.row] = True, outcome.is_grey
        end = begin + int(is_done[begin:].argmin())
        yield begin, read_rows(block, begin, is_grey[begin:end], target)
        begin = end
