"""What a table says of the images: joined by the names of their files, for classes, groups and colours."""

import os
import unicodedata
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.config import ImagesConfig
from core.errors import ImagesError
from core.images.columns import are_kinds, capped, column, integer_levels, number_column
from core.images.metadata_table import IN_UTF8, MetadataTable, is_utf8, problem, read_table
from core.reports import Column, Joined

__all__ = ["Known", "classes_of", "group_of", "join", "known", "number_column", "table_of"]

TABLE = "metadata.csv"
_CLASS_NAMES = ("class", "label")

Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of each image: `classes` None means by sub-folder, `columns` are those that are not the classes."""

    joined: Joined | None
    columns: tuple[Column, ...]
    classes: Column | None
    group: Column | None


def known(folder: Path | None, names: Sequence[str], config: ImagesConfig, own: Sequence[Column] = ()) -> Known:
    """All that a configuration asks to know of images; `own` is what a named set says of itself, without a folder.

    Raises ImagesError: no such table or column, or one that cannot be understood.
    """
    path = table_of(folder, config.metadata)
    joined, columns = (None, ()) if path is None else _join(path, names)
    every = (*columns, *own)
    classes, group = classes_of(every, config.class_column), group_of(every, config.group_column)
    further = tuple(capped(each) for each in every if classes is None or each.name != classes.name)
    return Known(joined, further, classes, group)


def table_of(folder: Path | None, metadata: str) -> Path | None:
    """The file that `ImagesConfig.metadata` stands for, if any; raises ImagesError when one was asked for in vain."""
    if metadata == "none":
        return None
    if metadata == "auto":
        return folder / TABLE if folder is not None and (folder / TABLE).is_file() else None
    path = (folder or Path()) / Path(metadata).expanduser()
    if not path.is_file():
        raise ImagesError(f"There is no table of metadata at {path}: choose a CSV file, or none.")
    return path


def join(path: Path, names: Sequence[str]) -> tuple[Joined, tuple[Column, ...]]:
    """The columns of a CSV for images of these names, and how far the two fit; raises ImagesError.

    A row is about the image of its whole relative path, else of its base name where that is unique, else of either
    without extension.
    """
    joined, columns = _join(path, names)
    return joined, tuple(map(capped, columns))


def classes_of(columns: Sequence[Column], class_column: str) -> Column | None:
    """The column that `ImagesConfig.class_column` stands for, whole numbers in it as classes; None: by sub-folder."""
    if class_column == "folder":
        return None
    if class_column == "auto":
        found = next((each for name in _CLASS_NAMES for each in columns if each.name.lower() == name), None)
    else:
        found = _called(class_column, columns)
    if found is not None and found.numbers is not None and are_kinds(found):
        found = integer_levels(found.name, found.numbers)
    return None if found is None else capped(found)


def group_of(columns: Sequence[Column], group_column: str) -> Column | None:
    """The column whose values keep images together, with all its levels; None: nothing does."""
    return None if group_column == "none" else _called(group_column, columns)


def _called(name: str, columns: Sequence[Column]) -> Column:
    for each in columns:
        if each.name == name:
            return each
    there = ", ".join(each.name for each in columns)
    has = f"there are {there}" if there else "there is no metadata that says more than their names"
    raise ImagesError(f"The images have no column called {name}: {has}.")


def _join(path: Path, names: Sequence[str]) -> tuple[Joined, tuple[Column, ...]]:
    table = read_table(path)
    row_of = _rows_of(table, names)
    is_used = np.zeros(len(table.keys) + 1, np.bool_)
    is_used[row_of] = True  # the last: where -1 points
    unmatched = _unmatched(table, is_used[:-1])
    without_row = int(np.count_nonzero(row_of < 0))
    joined = Joined(path, table.names, unmatched, without_row)
    if without_row == len(names):  # it is not about these images
        return joined, ()
    cells = zip(table.names, table.texts, table.codes, strict=True)
    return joined, tuple(column(name, texts, np.append(codes, -1)[row_of]) for name, texts, codes in cells)


def _unmatched(table: MetadataTable, is_used: NDArray[np.bool_]) -> tuple[str, ...]:
    """What the rows that are of no image are about; those that repeat a used one are left out."""
    matched = {_as_path(table.keys[row]) for row in np.flatnonzero(is_used).tolist()}
    unused = dict[str, None]()
    for row in np.flatnonzero(~is_used).tolist():
        key = table.keys[row]
        if not is_utf8(key):
            raise problem(table.path, table.lines[row], "is not UTF-8 and names no image", IN_UTF8)
        if _as_path(key) not in matched:
            unused[key.strip() or f"(no name in line {table.lines[row]:,})"] = None
    return tuple(unused)


def _rows_of(table: MetadataTable, names: Sequence[str]) -> Codes:
    """The row (N,) of each image, -1 where there is none; each way to match only for what is left by those before."""
    rows = _distinct_rows(table)
    row_of = np.full(len(names), -1, np.int64)
    for of_name, of_key in _WAYS[all(map(str.isascii, rows)) :]:
        if not rows or (row_of >= 0).all():
            break
        row_with = _unique(map(of_key, rows), rows.values())
        image_with = _unique(map(of_name, names), range(len(names)), among=row_with)
        for form, image in image_with.items():
            if row_of[image] < 0:
                row_of[image] = row_with[form]
        taken = set(row_of.tolist())
        rows = {key: row for key, row in rows.items() if row not in taken}
    return row_of


def _unique(forms: Iterable[str], places: Iterable[int], among: Container[str] | None = None) -> dict[str, int]:
    """The place of each form that occurs once; only of those `among` others, which is what keeps it small."""
    found, twice = dict[str, int](), set[str]()
    for form, place in zip(forms, places, strict=True):
        if (among is None or form in among) and found.setdefault(form, place) != place:
            twice.add(form)
    return {form: place for form, place in found.items() if form not in twice} if twice else found


def _distinct_rows(table: MetadataTable) -> dict[str, int]:
    """The row of each key, as a path with strokes; raises ImagesError where two rows say different things."""
    rows = dict[str, int]()
    for row, key in enumerate(table.keys):
        path = _as_path(key)
        first = rows.setdefault(path, row)
        if first != row and any(codes[first] != codes[row] for codes in table.codes):
            said = f"says something else of {key} than line {table.lines[first]:,}"
            raise problem(table.path, table.lines[row], said)
    rows.pop("", None)
    return rows


def _as_path(key: str) -> str:
    return key.strip().replace("\\", "/").removeprefix("./")


def _whole(name: str) -> str:
    """As most systems write accents: a Mac writes them apart."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def _base(name: str) -> str:
    return _whole(name).rpartition("/")[2]


def _stem(name: str) -> str:
    return os.path.splitext(_whole(name))[0]


def _base_stem(name: str) -> str:
    return os.path.splitext(_base(name))[0]


_Form = Callable[[str], str]
_WAYS: tuple[tuple[_Form, _Form], ...] = (  # what of an image's name must be what of a key
    (str, str),  # more exact than the next, and the same where the keys are plain
    (_whole, _whole),
    (_base, _base),
    (_stem, _whole),
    (_stem, _stem),
    (_base_stem, _base),
    (_base_stem, _base_stem),
)
