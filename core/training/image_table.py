"""The table of a run's images: what is known of each, so that the run opens without them."""

import csv
from array import array
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import RunError
from core.images.image_names import Names
from core.images.image_set import ImageSet
from core.images.tables.cells import Cells
from core.images.tables.columns import column, texts_of
from core.reports.images import Column

IMAGES = "images.csv"
_FIRST = ("file", "class", "label", "held_out")
_AT_ONCE = 4096  # rows


@dataclass(frozen=True, eq=False)
class ImageTable:
    """Names, labels (N,), which were held out (N,), and whatever else is known; a run of an older version has less."""

    names: Sequence[str]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    held_out: NDArray[np.bool_]
    columns: tuple[Column, ...] = ()


def write_images(run: Path, image_set: ImageSet) -> None:
    """Write `images.csv`: file, class, label, side and further columns of every image, in the order of the codes."""
    temporary = run / f".{IMAGES}"
    with temporary.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        rows = csv.writer(file)
        rows.writerow((*_FIRST, *(each.name for each in image_set.columns)))
        for start in range(0, len(image_set.names), _AT_ONCE):
            rows.writerows(_rows(image_set, slice(start, start + _AT_ONCE)))
    temporary.replace(run / IMAGES)


def keep_images(run: Path) -> None:
    """Keep the table as it is under a name of its own, before one of other images takes its place."""
    free = next(path for n in count(1) if not (path := run / f"images-before-{n}.csv").exists())
    with suppress(FileNotFoundError):
        (run / IMAGES).replace(free)


def read_images(run: Path) -> ImageTable:
    """Read `images.csv`; raises RunError."""
    try:
        with (run / IMAGES).open(encoding="utf-8", errors="surrogateescape", newline="") as file:
            return _read(csv.reader(file))
    except (OSError, ValueError, StopIteration, csv.Error) as error:
        raise RunError(f"{run / IMAGES} is missing or cannot be read.") from error


def _rows(image_set: ImageSet, part: slice) -> Iterator[tuple[object, ...]]:
    labels = image_set.labels[part].tolist()
    kinds, sides = (image_set.classes[label] for label in labels), image_set.held_out[part].astype(int).tolist()
    further = (texts_of(each, part) for each in image_set.columns)
    return zip(image_set.names[part], kinds, labels, sides, *further, strict=True)


def _read(rows: Iterator[list[str]]) -> ImageTable:
    further = next(rows)[len(_FIRST) :]
    labels, sides, classes = array("q"), array("b"), dict[int, str]()
    every = [Cells() for _ in further]

    def names() -> Iterator[str]:
        while part := list(islice(rows, _AT_ONCE)):
            some, kinds, numbers, held_out, *cells = zip(*part, strict=True)
            labels.extend(map(int, numbers))
            sides.extend(side == "1" for side in held_out)
            classes.update(zip(labels[-len(part) :], kinds, strict=True))
            for each, texts in zip(every, cells, strict=True):
                each.add(texts)
            yield from some

    found = Names.of(names())
    columns = tuple(column(name, cells.texts, cells.codes) for name, cells in zip(further, every, strict=True))
    kinds = tuple(classes.get(label, "") for label in range(max(classes) + 1))
    return ImageTable(found, np.array(labels, np.int64), kinds, np.array(sides, np.bool_), columns)
