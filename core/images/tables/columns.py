"""What is known of each image, as columns that a legend can hold: words as levels, numbers in ranges."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import floor, log10

import numpy as np
from numpy.typing import NDArray

from core.images.natural_order import natural_key
from core.reports.images import NOTHING_SAID, Column

OTHER = "(other)"
MOST_LEVELS = 1_000
MOST_RANGES, FEWEST_RANGES = 8, 4
MOST_INTEGERS = 12  # distinct ones that are kinds, such as digits, and not amounts

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

# No leading zeros and at most fifteen digits: else it is the number of something, such as a postcode.
_NUMBER = re.compile(r"[+-]?(?=[.]?[0-9])(?!0[0-9])[0-9]{0,15}(\.[0-9]*)?([eE]([+]?[0-9]{1,2}|-[0-9]{1,3}))?")
_NO_NUMBER = {"na", "n/a", "nan", "null", "none"}  # what other programs write where a number is missing
_LARGE = 1e15  # with more digits than `_NUMBER` takes
_BEYOND = 1e100  # nothing that was measured
_AFTER_ALL = {OTHER: 1, NOTHING_SAID: 2}


def column(name: str, texts: Sequence[str], codes: Codes) -> Column:
    """The column whose cells are `texts[codes]`, nothing where a code is -1: numbers where all are, else words."""
    used = np.bincount(codes[codes >= 0], minlength=len(texts)) > 0
    numbers = _as_numbers(text for text, is_used in zip(texts, used, strict=True) if is_used)
    if numbers is None:
        return _words(name, texts, used, codes)
    values = np.full(len(texts) + 1, np.nan)  # the last, where -1 points, is of images that nothing is said of
    values[:-1][used] = numbers
    return number_column(name, values[codes])


def number_column(name: str, numbers: Floats) -> Column:
    """Numbers (N,), NaN where nothing is said, in at most eight ranges; a few integers or values stay as they are."""
    numbers = np.where(np.abs(numbers) < _BEYOND, numbers, np.nan)
    distinct = np.unique(numbers[np.isfinite(numbers)])
    if len(distinct) <= MOST_INTEGERS and _are_integers(distinct):
        return integer_levels(name, numbers)
    if len(distinct) <= MOST_RANGES:
        levels, codes = _each(distinct.tolist()), np.searchsorted(distinct, numbers)
    else:
        levels, codes = _ranges(numbers, distinct)
    return Column(name, *_with_nothing(levels, codes, np.isnan(numbers)), numbers)


def integer_levels(name: str, numbers: Floats) -> Column:
    """Each whole number a level of its own."""
    distinct = np.unique(numbers[np.isfinite(numbers)])
    levels = [str(int(value)) for value in distinct]
    return Column(name, *_with_nothing(levels, np.searchsorted(distinct, numbers), np.isnan(numbers)))


def are_kinds(column: Column) -> bool:
    """Whether numbers may as well be the names of classes."""
    if column.numbers is None:
        return True
    distinct = np.unique(column.numbers[np.isfinite(column.numbers)])
    return len(distinct) <= MOST_LEVELS and _are_integers(distinct)


def capped(column: Column) -> Column:
    """The same with at most a thousand levels: the rarest become "(other)"."""
    if len(column.levels) <= MOST_LEVELS + len(_AFTER_ALL):
        return column
    counts = np.bincount(column.codes, minlength=len(column.levels))
    ranked = [code for code in np.argsort(-counts, kind="stable") if column.levels[code] not in _AFTER_ALL]
    kept = sorted(ranked[:MOST_LEVELS])
    levels = [*(column.levels[code] for code in kept), OTHER]
    to_new = np.full(len(column.levels), MOST_LEVELS)
    to_new[kept] = np.arange(MOST_LEVELS)
    if NOTHING_SAID in column.levels:
        to_new[column.levels.index(NOTHING_SAID)] = len(levels)
        levels.append(NOTHING_SAID)
    return Column(column.name, tuple(levels), to_new[column.codes])


def texts_of(column: Column, part: slice = slice(None)) -> list[str]:
    """The column, or a part of it, as cells of a table: what `column` reads back as the same."""
    if column.numbers is not None:
        return ["" if np.isnan(number) else _exactly(number) for number in column.numbers[part].tolist()]
    levels = ["" if level == NOTHING_SAID else level for level in column.levels]
    return [levels[code] for code in column.codes[part].tolist()]


def _exactly(number: float) -> str:
    return repr(number).removesuffix(".0") if abs(number) < _LARGE else f"{number:.16e}"


def _as_numbers(texts: Iterable[str]) -> list[float] | None:
    """None unless all of them are numbers, or words for a missing one."""
    numbers, has_any = list[float](), False
    for text in texts:
        if _NUMBER.fullmatch(text) and abs(float(text)) < _BEYOND:
            numbers.append(float(text))
            has_any = True
        elif text.lower() in _NO_NUMBER or text == NOTHING_SAID:
            numbers.append(np.nan)
        else:
            return None
    return numbers if has_any else None


def _words(name: str, texts: Sequence[str], used: NDArray[np.bool_], codes: Codes) -> Column:
    places = [place for place in np.flatnonzero(used).tolist() if texts[place] != NOTHING_SAID]
    places.sort(key=lambda place: (_AFTER_ALL.get(texts[place], 0), natural_key(texts[place])))
    to_level = np.full(len(texts) + 1, -1)
    to_level[places] = np.arange(len(places))
    levels = to_level[codes]
    return Column(name, *_with_nothing([texts[place] for place in places], levels, levels < 0))


def _with_nothing(levels: list[str], codes: Codes, is_nothing: NDArray[np.bool_]) -> tuple[tuple[str, ...], Codes]:
    codes = np.where(is_nothing, len(levels), codes).astype(np.int64)
    return (*levels, *([NOTHING_SAID] if is_nothing.any() else [])), codes


def _are_integers(values: Floats) -> bool:
    return bool((values == np.round(values)).all() and (np.abs(values) < _LARGE).all())


def _each(values: list[float]) -> list[str]:
    short = [f"{value:.6g}" for value in values]
    return short if len(set(short)) == len(values) else list(map(_exactly, values))


def _ranges(numbers: Floats, distinct: Floats) -> tuple[list[str], Codes]:
    """Ranges that hold about as many images each, their ends as round as that allows."""
    known = numbers[np.isfinite(numbers)]
    shares = np.arange(1, MOST_RANGES) / MOST_RANGES
    ends = _without_empty(np.quantile(known, shares), known)
    if len(ends) + 1 < FEWEST_RANGES:  # nearly all images have the same few numbers
        ends = _without_empty(np.quantile(distinct, shares), known)
    whole = _are_integers(distinct)
    ends, decimals = _rounded(np.ceil(ends) if whole else ends, known, 0 if whole else 17)
    return _written(ends, distinct, decimals, whole), np.searchsorted(ends, numbers, side="right")


def _rounded(ends: Floats, known: Floats, most: int) -> tuple[Floats, int]:
    """The ends at the fewest decimals that keep every range at least half as full as it was."""
    ends = _without_empty(ends, known)
    fewest = np.bincount(np.searchsorted(ends, known, side="right")).min()
    first = 1 - floor(log10(known.max() - known.min()))
    for decimals in range(min(first, most), min(first + 5, most) + 1):
        rounded = _without_empty(np.array([round(end, decimals) for end in ends.tolist()]), known)
        counts = np.bincount(np.searchsorted(rounded, known, side="right"))
        if len(rounded) == len(ends) and 2 * counts.min() >= fewest:
            return rounded, decimals
    return ends, min(first + 5, most)


def _without_empty(ends: Floats, known: Floats) -> Floats:
    """Only the ends, in order, that have numbers below them and from them on."""
    ends = np.unique(ends)
    counts = np.bincount(np.searchsorted(ends, known, side="right"), minlength=len(ends) + 1)
    return np.asarray(ends[(counts[:-1] > 0) & (ends <= known.max())])


def _written(ends: Floats, distinct: Floats, decimals: int, whole: bool) -> list[str]:
    low, high = float(distinct[0]), float(distinct[-1])
    if whole:
        lows, highs = [low, *ends], [*(end - 1 for end in ends), high]
        pairs = zip(lows, highs, strict=True)
        comma = "," if max(abs(low), high) >= 10_000 else ""  # years have none
        return [f"{one:{comma}.0f}" + (f" to {other:{comma}.0f}" if one < other else "") for one, other in pairs]
    step = 10.0**-decimals
    edges = [floor(low / step) * step, *ends.tolist(), -floor(-high / step) * step] if step else []
    levels = [f"{one} to {other}" for one, other in pairwise(_text(edge, decimals) for edge in edges)]
    if len(set(levels)) == len(ends) + 1:
        return levels
    return [f"{one} to {other}" for one, other in pairwise(_each([low, *ends.tolist(), high]))]


def _text(number: float, decimals: int) -> str:
    if decimals <= 6 and abs(number) < 1e9:
        return f"{number + 0.0:,.{max(0, decimals)}f}"
    return f"{number:.{max(0, decimals + floor(log10(abs(number) or 1.0)))}e}"
