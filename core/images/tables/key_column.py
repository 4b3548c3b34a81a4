"""Which column of a table says what image a row is about: the one that fits most files, whatever it is called."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.images.tables.file_paths import names_picture
from core.images.tables.row_matching import WAYS, Fit, fit
from core.images.tables.table import MetadataTable

KEYS = ("file_name", "filename", "file", "path", "image", "name")  # between columns that fit as well

_SAMPLE = 3_000  # texts of each column
_FEW = 20  # images: too few to choose by, where only a sample was looked at
_WITH_EXTENSION = 2  # ways before this


def with_key(table: MetadataTable, names: Sequence[str], folder: Path | None) -> tuple[MetadataTable, int]:
    """The column of the key; the table is without its header where that is a row as the others are."""
    sampled = [texts[:: 1 + len(texts) // _SAMPLE] for texts in table.texts]
    key, weight, is_header = _chosen(table, sampled, names, folder)
    if weight < _FEW and any(len(few) < len(all_) for few, all_ in zip(sampled, table.texts, strict=True)):
        key, _, is_header = _chosen(table, table.texts, names, folder)
    return (table if is_header else table.without_header()), key


def _chosen(
    table: MetadataTable, texts: Sequence[Sequence[str]], names: Sequence[str], folder: Path | None
) -> tuple[int, float, bool]:
    """The column, what its images weigh, and whether what stands above it is its name."""
    columns = [[header, *some] for header, some in zip(table.header, texts, strict=True)]
    every = [text for column in columns for text in column]
    found, ends = fit(every, names, folder), np.cumsum([len(column) for column in columns])
    parts = [slice(end - len(column), end) for column, end in zip(columns, ends.tolist(), strict=True)]
    are_pictures = [_are_pictures(column[1:]) for column in columns]
    weights = [
        _weight(column, _part(found, part), _distinct(table, place), any(are_pictures))
        for place, (column, part) in enumerate(zip(columns, parts, strict=True))
    ]

    def rank(place: int) -> tuple[float, int, bool, bool, int]:
        name = table.header[place]
        return weights[place], _rank(name), are_pictures[place], bool(name), -place

    key = max(range(len(columns)), key=rank)
    return key, weights[key], _is_header(table.header[key], _part(found, parts[key]), len(names))


def _weight(texts: Sequence[str], found: Fit, distinct: float, numbers_say_nothing: bool) -> float:
    """How many images a column fits; a bare number may be of anything, and says little."""
    weight_of = dict[int, float]()
    for place in np.flatnonzero(found.image_of >= 0).tolist():
        way, image = int(found.way_of[place]), int(found.image_of[place])
        weight = WAYS[way].weight
        if way >= _WITH_EXTENSION and texts[place].isdigit():
            weight = 0.0 if numbers_say_nothing else 0.3 * distinct * weight
        weight_of[image] = max(weight, weight_of.get(image, 0.0))
    return sum(weight_of.values())


def _distinct(table: MetadataTable, place: int) -> float:
    """The share of rows that a column says something else of."""
    said = int(np.count_nonzero(table.codes[place] >= 0))
    return len(table.texts[place]) / said if said else 0.0


def _is_header(name: str, found: Fit, images: int) -> bool:
    if not name or name.lower() in KEYS or not images:
        return True
    return not (names_picture(name) or found.image_of[0] >= 0)


def _are_pictures(texts: Sequence[str]) -> bool:
    return bool(texts) and 2 * sum(map(names_picture, texts)) >= len(texts)


def _rank(name: str) -> int:
    return -KEYS.index(name.lower()) if name.lower() in KEYS else -len(KEYS)


def _part(found: Fit, part: slice) -> Fit:
    return Fit(found.image_of[part], found.way_of[part])
