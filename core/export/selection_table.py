"""Some of the images as a table for other programs: what is known of each, and its code; imports no torch."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.export.destination import destination
from core.export.plain_cells import plain_cell, plain_path
from core.images.tables.columns import texts_of
from core.reports.images import Column
from core.reports.progress import Progress

SUFFIX = ".csv"
AT_ONCE = 4096  # rows


@dataclass(frozen=True, eq=False)
class Selected:
    """Which images, `indices` (n,), and what is known of all of them; `codes` (N, d), NaN where none is known yet."""

    indices: NDArray[np.int64]
    codes: NDArray[np.float32]
    names: Sequence[str]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    is_held_out: NDArray[np.bool_]
    columns: tuple[Column, ...] = ()


def write_selected(path: Path, selected: Selected, may_replace: bool = False) -> Iterator[Progress]:
    """A CSV: file, class, held_out (0 or 1), z1…, further columns; in the order of the indices, nothing encoded anew.

    A name that is not UTF-8 keeps its own bytes, and no cell is a formula; a code that is not known is left empty.
    Raises ConfigError.
    """
    head = ["file", "class", "held_out", *(f"z{n}" for n in range(1, selected.codes.shape[1] + 1))]
    head += [f"{each.name} (metadata)" if each.name in head else each.name for each in selected.columns]
    with (
        destination(path, SUFFIX, may_replace) as temporary,
        temporary.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file,
    ):
        table = csv.writer(file)
        table.writerow(map(plain_cell, head))
        for start in range(0, len(selected.indices), AT_ONCE):
            yield Progress("Writing", start, len(selected.indices))
            table.writerows(_rows(selected, selected.indices[start : start + AT_ONCE]))


def _rows(selected: Selected, part: NDArray[np.int64]) -> Iterator[tuple[object, ...]]:
    names = (plain_path(selected.names[index]) for index in part.tolist())
    kinds = (plain_cell(selected.classes[label]) for label in selected.labels[part].tolist())
    sides = selected.is_held_out[part].astype(int).tolist()
    codes = (["" if number != number else number for number in code] for code in selected.codes[part])
    further = [map(plain_cell, texts_of(_part(each, part))) for each in selected.columns]
    rows = zip(names, kinds, sides, codes, *further, strict=True)
    return ((name, kind, side, *code, *cells) for name, kind, side, code, *cells in rows)


def _part(column: Column, part: NDArray[np.int64]) -> Column:
    numbers = None if column.numbers is None else column.numbers[part]
    return replace(column, codes=column.codes[part], numbers=numbers)
