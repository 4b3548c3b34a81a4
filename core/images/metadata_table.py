"""A table of metadata as it stands in its file: checked line by line, every cell kept once."""

import csv
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from core.errors import ImagesError
from core.images.cells import Cells

KEYS = ("file_name", "filename", "file", "path", "image", "name")
SEPARATORS = (",", ";", "\t")
WAY_OUT = "mend it, or set the metadata to none"
IN_UTF8 = "save the table as CSV in UTF-8"

_SAMPLE = 20  # lines that show which separator it is
_AT_ONCE = 4096  # rows
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_NUMBER = re.compile(r"[+-]?[0-9]+([.][0-9]+)?")


@dataclass(frozen=True, eq=False)
class MetadataTable:
    """Rows (R,) of a file: what each says it is about, on which line, and its cells as indices into texts, -1: empty.

    `keys` may hold bytes that are not UTF-8, as names of files do.
    """

    path: Path
    keys: list[str]
    lines: Sequence[int]
    names: tuple[str, ...]  # of the columns beside the key
    texts: tuple[list[str], ...]  # of each column, each text once
    codes: tuple[NDArray[np.int64], ...]  # of each column, (R,)


def problem(path: Path, line: int, said: str, mend: str = WAY_OUT) -> ImagesError:
    """One sentence on one line of a table."""
    return ImagesError(f"Line {line:,} of {path} {said}: {mend}.")


def read_table(path: Path) -> MetadataTable:
    """Read a CSV; raises ImagesError, naming file and line, for whatever cannot be understood."""
    try:
        _check_bytes(path)
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            separator = _separator(list(islice(file, _SAMPLE)))
            file.seek(0)
            return _read(path, _numbered(path, file, separator), has_decimal_comma=separator == ";")
    except OSError as error:
        reason = error.strerror or error
        raise ImagesError(f"The metadata in {path} cannot be read ({reason}): choose another file.") from error


def is_utf8(text: str) -> bool:
    """Whether no byte of it had to be kept as it was."""
    return text.isascii() or not any("\udc80" <= letter <= "\udcff" for letter in text)


def _check_bytes(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(2)
    if not start:
        raise ImagesError(f"The metadata in {path} is empty: {WAY_OUT}.")
    if start in _UTF16:
        raise ImagesError(f"The metadata in {path} is UTF-16: {IN_UTF8}.")


def _separator(lines: Sequence[str]) -> str:
    """Of the usual ones, that which cuts the most of the first lines into as many cells as the header."""

    def fit(separator: str) -> tuple[int, int]:
        try:
            rows = [row for row in csv.reader(lines, delimiter=separator) if row]
        except csv.Error:
            return 0, 0
        width = len(rows[0]) if rows else 0
        return (sum(len(row) == width for row in rows), width) if width > 1 else (0, 0)

    return max(SEPARATORS, key=fit)


def _read(path: Path, numbered: Iterator[tuple[int, list[str]]], has_decimal_comma: bool) -> MetadataTable:
    line, header = next(numbered, (1, [""]))
    names = [cell.strip() for cell in header]
    _check_header(path, line, names)
    key = _key(names)
    keys, lines, every = list[str](), array("q"), [Cells() for _ in names]
    while part := list(islice(numbered, _AT_ONCE)):
        lines.extend(line for line, _ in part)
        columns = list(zip(*_even(path, part, len(names)), strict=True))
        keys += columns[key]
        for place, (cells, column) in enumerate(zip(every, columns, strict=True)):
            if names[place] and place != key:
                cells.add(map(str.strip, column))
    kept = {name: cells for place, (name, cells) in enumerate(zip(names, every, strict=True)) if name and place != key}
    table = MetadataTable(
        path,
        keys,
        lines,
        tuple(kept),
        tuple(_with_points(cells.texts) if has_decimal_comma else cells.texts for cells in kept.values()),
        tuple(cells.codes for cells in kept.values()),
    )
    _check_texts(table)
    return table


def _even(path: Path, part: Sequence[tuple[int, list[str]]], width: int) -> Iterator[list[str]]:
    """Rows as wide as the header: what a short one does not say is empty."""
    for line, row in part:
        if len(row) > width and any(map(str.strip, row[width:])):
            raise problem(path, line, f"has {len(row)} cells where the header has {width}")
        yield row if len(row) == width else (row + [""] * width)[:width]


def _numbered(path: Path, file: TextIO, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not empty, with the line it ends on."""
    rows = csv.reader(file, delimiter=separator, strict=True)
    try:
        for row in rows:
            if any(map(str.strip, row)):
                yield rows.line_num, row
    except csv.Error as error:
        raise problem(path, max(1, rows.line_num), f"cannot be read as CSV ({error})") from error


def _check_header(path: Path, line: int, names: Sequence[str]) -> None:
    if not any(names):
        raise problem(path, line, "has no names of columns")
    for place, name in enumerate(names):
        if not is_utf8(name):
            raise problem(path, line, "is not UTF-8", IN_UTF8)
        if name and name in names[:place]:
            raise problem(path, line, f"has two columns called {name}")


def _check_texts(table: MetadataTable) -> None:
    for texts, codes in zip(table.texts, table.codes, strict=True):
        for place, text in enumerate(texts):
            if not is_utf8(text):
                row = int(np.argmax(codes == place))
                raise problem(table.path, table.lines[row], "is not UTF-8", IN_UTF8)


def _key(names: Sequence[str]) -> int:
    """The column that says which image a row is about."""
    lowered = [name.lower() for name in names]
    for name in KEYS:
        if name in lowered:
            return lowered.index(name)
    return next(place for place, name in enumerate(names) if name)


def _with_points(texts: list[str]) -> list[str]:
    """Numbers as they are written where a comma begins the decimals: there the separator is a semicolon."""
    if not any(map(_DECIMAL_COMMA.fullmatch, texts)):
        return texts
    pointed = [text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text for text in texts]
    return pointed if all(map(_NUMBER.fullmatch, pointed)) else texts
