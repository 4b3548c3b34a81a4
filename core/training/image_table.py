"""The table of a run's images: what is known of each, so that the run opens without them."""

import csv
import shutil
from array import array
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from gzip import GzipFile
from io import TextIOWrapper
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np
from numpy.typing import NDArray

from core.bounded_read import LARGE, open_regular
from core.errors import RunError
from core.images.image_names import Names
from core.images.tables.cells import Cells
from core.images.tables.columns import column, texts_of
from core.reports.images import Column
from core.training.checksums import replacing_vouched
from core.training.run_folder import MOST_CLASSES, check_vouched

if TYPE_CHECKING:
    from core.images.image_set import ImageSet

IMAGES, SPARE = "images.csv", "images.csv.gz"
_FIRST = ("file", "class", "label", "held_out")
_AT_ONCE = 4096  # rows
_MOST_COLUMNS = 4096
_LONGEST_LINE = 1 << 20  # letters


@dataclass(frozen=True, eq=False)
class ImageTable:
    """Names, labels (N,), which were held out (N,), and whatever else is known; a run of an older version has less."""

    names: Sequence[str]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    held_out: NDArray[np.bool_]
    columns: tuple[Column, ...] = ()


def write_images(run: Path, image_set: "ImageSet | ImageTable") -> None:
    """Write `images.csv`: file, class, label, side and further columns of every image, in the order of the codes."""
    with (
        replacing_vouched(run / IMAGES) as temporary,
        temporary.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file,
    ):
        rows = csv.writer(file)
        rows.writerow((*_FIRST, *(each.name for each in image_set.columns)))
        for start in range(0, len(image_set.names), _AT_ONCE):
            rows.writerows(_rows(image_set, slice(start, start + _AT_ONCE)))


def write_spare(run: Path) -> None:
    """Write `images.csv.gz`: `images.csv` once more, from which it is mended. Raises OSError."""
    with (
        replacing_vouched(run / SPARE) as temporary,
        temporary.open("wb") as packed,
        GzipFile("", "wb", 1, packed, mtime=0.0) as file,
        (run / IMAGES).open("rb") as table,
    ):
        shutil.copyfileobj(table, file)


def restore_images(run: Path) -> None:
    """Write `images.csv` as it was last; raises OSError, EOFError and zlib.error where its spare is damaged."""
    with (
        open_regular(run / SPARE, 8 * LARGE) as packed,
        GzipFile(fileobj=packed) as file,
        replacing_vouched(run / IMAGES) as temporary,
        temporary.open("wb") as table,
    ):
        shutil.copyfileobj(file, table)


def keep_images(run: Path) -> None:
    """Keep a copy of the table under a name of its own, before one of other images takes its place."""
    free = next(path for n in count(1) if not (path := run / f"images-before-{n}.csv").exists())
    with suppress(FileNotFoundError), replacing_vouched(free) as temporary:
        shutil.copyfile(run / IMAGES, temporary)


def read_table(run: Path, images: int) -> ImageTable:
    """What is known of the images whose codes a checkpoint holds, as many; raises RunError."""
    table = read_images(run, images)
    if len(table.names) != images:
        raise RunError(f"{run / IMAGES} does not fit the checkpoint: one of them was changed by hand.")
    return table


def read_images(run: Path, most: int | None = None) -> ImageTable:
    """Read `images.csv`; raises RunError, which says how the run is mended where the table is damaged.

    And where it has more than `most` rows.
    """
    check_vouched(run, IMAGES)
    return read_unchecked(run, most)


def read_unchecked(run: Path, most: int | None = None) -> ImageTable:
    """Read `images.csv` whether or not it is as it was written; raises RunError."""
    try:
        with (
            open_regular(run / IMAGES, 32 * LARGE) as content,
            TextIOWrapper(content, encoding="utf-8", errors="surrogateescape", newline="") as file,
        ):
            return _read(csv.reader(_bounded(file)), most)
    except (OSError, ValueError, OverflowError, StopIteration, csv.Error) as error:
        raise RunError(f"{run / IMAGES} is missing or cannot be read.") from error


def _bounded(file: TextIO) -> Iterator[str]:
    """The lines of a table, which may have only so many letters; raises ValueError."""
    while line := file.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise ValueError("a line is too long")
        yield line


def _rows(image_set: "ImageSet | ImageTable", part: slice) -> Iterator[tuple[object, ...]]:
    labels = image_set.labels[part].tolist()
    kinds, sides = (image_set.classes[label] for label in labels), image_set.held_out[part].astype(int).tolist()
    further = (texts_of(each, part) for each in image_set.columns)
    return zip(image_set.names[part], kinds, labels, sides, *further, strict=True)


def _read(rows: Iterator[list[str]], most: int | None) -> ImageTable:
    further = next(rows)[len(_FIRST) :]
    if len(further) > _MOST_COLUMNS:
        raise ValueError("there are too many columns")
    labels, sides, classes = array("q"), array("b"), dict[int, str]()
    every = [Cells() for _ in further]

    def names() -> Iterator[str]:
        while part := list(islice(rows, _AT_ONCE)):
            some, kinds, numbers, held_out, *cells = zip(*part, strict=True)
            labels.extend(map(int, numbers))
            if most is not None and len(labels) > most:
                raise ValueError("there are too many rows")
            sides.extend(side == "1" for side in held_out)
            classes.update(zip(labels[-len(part) :], kinds, strict=True))
            for each, texts in zip(every, cells, strict=True):
                each.add(texts)
            yield from some

    found = Names.of(names())
    columns = tuple(column(name, cells.texts, cells.codes) for name, cells in zip(further, every, strict=True))
    if min(classes) < 0 or max(classes) >= MOST_CLASSES:
        raise ValueError("a label is no class's")
    kinds = tuple(classes.get(label, "") for label in range(max(classes) + 1))
    return ImageTable(found, np.array(labels, np.int64), kinds, np.array(sides, np.bool_), columns)
