"""Tables as text, a row a line: whatever separates the cells, and in whatever letters they are written."""

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from core.images.tables.table import MetadataTable, Remark, Row, tabulate
from core.images.tables.text_lines import text_lines

SEPARATORS = (",", ";", "\t", "|")
_SPACE = " "  # only where none of these cuts anything

_USUAL = "utf-8-sig"
_SAMPLE = 20  # lines that show which separator it is
_PEEK = 1024  # bytes
_MARKS = (  # before the longer the shorter would fit
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SEPARATOR_SAID = re.compile(r'"?sep=(.)"?[,;\t|\s]*', re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+")
_NUMBER = re.compile(r"[+-]?[0-9]+([.][0-9]+)?")


def read_delimited(path: Path, most: int, asked: str = "") -> MetadataTable:
    """Read CSV, TSV and their kin, of at most so many lines; raises ImagesError and OSError.

    `asked` is what it is read in unless it is UTF-16 or UTF-32; raises UnicodeDecodeError where that cannot be.
    """
    encoding, errors = _encoding(path), "replace"
    if encoding == _USUAL:
        encoding, errors = (asked, "strict") if asked else (_USUAL, "surrogateescape")
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        remarks = list[Remark]()
        lines = _Lines(text_lines(file, most), remarks)
        separator = _separator(lines)
        table = tabulate(path, _rows(lines, separator, remarks), remarks, most)
    if separator != ",":
        for texts in table.texts:
            texts[:] = _with_points(texts, separator)
    return table


class _Lines:
    """The lines of a file, counted; those of a row that cannot be read are given once more, but its first."""

    def __init__(self, file: Iterator[str], remarks: list[Remark]) -> None:
        self.number = 0
        self._file, self._remarks = file, remarks
        self._again, self._of_row = deque[str](), list[str]()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._file)
        self.number += 1
        self._of_row.append(line)
        if "\0" not in line:
            return line
        self._remarks.append(Remark(self.number, "holds a zero byte, which is left out", is_lost=False))
        return line.replace("\0", "")

    def begin_row(self) -> None:
        self._of_row.clear()

    def back_to_second(self) -> int:
        """The lines of this row but its first come again; returns the number of the first."""
        self._again.extendleft(reversed(self._of_row[1:]))
        self.number -= max(0, len(self._of_row) - 1)
        return self.number

    def peek(self, count: int) -> list[str]:
        """The next lines, which stay."""
        taken = list(islice(self._file, count - len(self._again))) if len(self._again) < count else []
        self._again.extend(taken)
        return list(islice(self._again, count))


def _rows(lines: _Lines, separator: str, remarks: list[Remark]) -> Iterator[Row]:
    """Every row, with the line it ends on; a row that cannot be read costs its first line, and no other."""
    while True:
        rows = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=separator == _SPACE)
        try:
            lines.begin_row()
            for row in rows:
                yield lines.number, row
                lines.begin_row()
            return
        except csv.Error as error:
            remarks.append(Remark(lines.back_to_second(), f"cannot be read ({error})"))


def _encoding(path: Path) -> str:
    """By the mark at its beginning, else by where its zeros are; UTF-8 otherwise."""
    with path.open("rb") as file:
        start = file.read(_PEEK)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    evens, odds = start[0::2].count(0), start[1::2].count(0)
    if 4 * max(evens, odds) > len(start) and 20 * min(evens, odds) <= max(evens, odds):
        return "utf-16-le" if odds > evens else "utf-16-be"
    return _USUAL


def _separator(lines: _Lines) -> str:
    """As the first line says ("sep=;"), which is taken; else that which cuts most lines into equally many cells."""
    first = "".join(lines.peek(1))
    if said := _SEPARATOR_SAID.fullmatch(first.strip("\r\n")):
        next(lines)
        return said[1]
    sample = lines.peek(_SAMPLE)
    found = max(SEPARATORS, key=lambda separator: _fit(sample, separator))
    return found if _fit(sample, found) > (0, 0) or _fit(sample, _SPACE) == (0, 0) else _SPACE


def _fit(lines: Sequence[str], separator: str) -> tuple[int, int]:
    try:
        rows = [row for row in csv.reader((line.replace("\0", "") for line in lines), delimiter=separator) if row]
    except csv.Error:
        return 0, 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0, 0
    width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    return count, width


def _with_points(texts: list[str], separator: str) -> list[str]:
    """Numbers as they are written where a comma begins the decimals, and so does not separate the cells."""
    commas = [text for text in texts if _DECIMAL_COMMA.fullmatch(text)]
    if not commas or (separator != ";" and all(map(_THOUSANDS.fullmatch, commas))):
        return texts
    pointed = [text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text for text in texts]
    return pointed if all(map(_NUMBER.fullmatch, pointed)) else texts
