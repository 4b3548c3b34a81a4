"""A table of metadata as it stands in its file: every cell kept once, and what of it could not be read, by line."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import ImagesError
from core.images.tables.cells import Cells
from core.images.tables.text_lines import CELLS_A_LINE, MOST_COLUMNS, TEXTS_A_LINE

WAY_OUT = "mend it, choose another table, or do without one"

_SAMPLE = 50  # rows that show how wide the table is
_AT_ONCE = 40_000  # cells

Codes = NDArray[np.int64]
Row = tuple[int, list[str]]  # the line it ends on, and its cells


@dataclass(frozen=True)
class Remark:
    """What is to be said of one line: `is_lost` when it could not be read, and says nothing of any image."""

    line: int
    said: str
    is_lost: bool = True


@dataclass(frozen=True, eq=False)
class MetadataTable:
    """Columns of R rows, each as indices (R,) into texts, -1: empty; `header` are their names, "" where there is none.

    Texts may hold bytes that are not UTF-8, as names of files do.
    """

    path: Path
    header: tuple[str, ...]
    header_line: int
    lines: NDArray[np.int64]  # (R,)
    texts: tuple[list[str], ...]
    codes: tuple[Codes, ...]
    remarks: tuple[Remark, ...]

    def without_header(self) -> "MetadataTable":
        """The same where the first line is a row as the others are: columns are called by their place."""
        added = [_with(*each) for each in zip(self.header, self.texts, self.codes, strict=True)]
        remark = Remark(self.header_line, "names a file, not columns: they are called by their place", is_lost=False)
        return replace(
            self,
            header=tuple(f"column {place}" for place in range(1, len(self.header) + 1)),
            lines=np.concatenate(([self.header_line], self.lines)),
            texts=tuple(texts for texts, _ in added),
            codes=tuple(codes for _, codes in added),
            remarks=(remark, *self.remarks),
        )


def problem(path: Path, said: str, mend: str = WAY_OUT) -> ImagesError:
    """One sentence on a table that cannot be read at all."""
    return ImagesError(f"The metadata in {path} {said}: {mend}.")


def check_width(path: Path, columns: int) -> None:
    """Raise ImagesError for a table that is wider than it may be."""
    if columns > MOST_COLUMNS:
        raise problem(path, f"has {columns:,} columns, and may have {MOST_COLUMNS:,}", "choose another table, or none")


def tabulate(path: Path, rows: Iterable[Row], remarks: list[Remark], most: int) -> MetadataTable:
    """A table of rows as a reader finds them, the first with names in it as its header; raises ImagesError, OSError.

    It may have `most` lines, forty times as many cells, and in them twice as many different texts.

    `remarks` are the reader's own, and grow as the rows are read. Titles above the header are passed over; a row with
    more cells than the header has names is left out, for nobody knows which of them it is that stands where.
    """
    rest = (row for row in rows if any(map(str.strip, row[1])))
    sample = list(islice(rest, _SAMPLE))
    if not sample:
        raise problem(path, "is empty")
    first = _header_at(sample)
    remarks += [Remark(line, "is taken for a title", is_lost=False) for line, _ in sample[:first]]
    header_line, header = sample[first]
    header = _trimmed(header)
    check_width(path, len(header))
    if first + 1 < len(sample) and _usual_width(sample[first + 1 :]) == len(header) + 1:
        header = ["", *header]  # as R writes row names
    every, lines = [Cells() for _ in header], array("q")
    kept = _even(chain(sample[first + 1 :], rest), len(header), remarks)
    while part := list(islice(kept, max(1, _AT_ONCE // len(header)))):
        lines.extend(line for line, _ in part)
        if len(lines) * len(header) > CELLS_A_LINE * most:
            raise OSError(f"it has more than {CELLS_A_LINE * most:,} cells, too many for so few images")
        for cells, column in zip(every, zip(*(row for _, row in part), strict=True), strict=True):
            cells.add(map(str.strip, column))
        if sum(map(len, every)) > TEXTS_A_LINE * most:
            raise OSError(
                f"its cells say more than {TEXTS_A_LINE * most:,} different things, too many for so few images"
            )
    return MetadataTable(
        path=path,
        header=_told_apart([name.strip() for name in header], header_line, remarks),
        header_line=header_line,
        lines=np.array(lines, np.int64),
        texts=tuple(cells.texts for cells in every),
        codes=tuple(cells.codes for cells in every),
        remarks=tuple(sorted(remarks, key=lambda remark: remark.line)),
    )


def _header_at(rows: Sequence[Row]) -> int:
    """The first row that is no title, nor a comment: one cell, and nothing beside it, above rows that have several."""
    wide = next((place for place, (_, row) in enumerate(rows) if len(_trimmed(row)) > 1), 0)
    are_comments = all(row[0].lstrip().startswith("#") for _, row in rows[:wide])
    return wide if are_comments or _usual_width(rows) > 1 else 0


def _usual_width(rows: Sequence[Row]) -> int:
    widths = Counter(len(_trimmed(row)) for _, row in rows)
    return max(widths, key=lambda width: (widths[width], width))


def _trimmed(row: Sequence[str]) -> list[str]:
    """Without the empty cells at its end."""
    width = max((place + 1 for place, cell in enumerate(row) if cell.strip()), default=0)
    return list(row[:width])


def _even(rows: Iterable[Row], width: int, remarks: list[Remark]) -> Iterator[Row]:
    """Rows as wide as the header: what a short one does not say is empty."""
    for line, row in rows:
        if len(row) > width and any(map(str.strip, row[width:])):
            remarks.append(Remark(line, f"has {len(_trimmed(row))} cells where the header has {width}"))
        else:
            yield line, row if len(row) == width else (row + [""] * width)[:width]


def _told_apart(names: Sequence[str], line: int, remarks: list[Remark]) -> tuple[str, ...]:
    """Names of columns, each once: "age" and "age (2)"."""
    seen, told = Counter[str](), list[str]()
    for name in names:
        seen[name] += bool(name)
        if seen[name] > 1:
            told.append(f"{name} ({seen[name]})")
            remarks.append(Remark(line, f"has {name} {seen[name]} times: the last is called {told[-1]}", is_lost=False))
        else:
            told.append(name)
    return tuple(told)


def _with(text: str, texts: list[str], codes: Codes) -> tuple[list[str], Codes]:
    if not text:
        return texts, np.concatenate(([-1], codes))
    if text in texts:
        return texts, np.concatenate(([texts.index(text)], codes))
    return [*texts, text], np.concatenate(([len(texts)], codes))
