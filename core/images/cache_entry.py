"""One entry of the cache: the pixels of an image set and what is known of each, mapped from disk and not loaded."""

import json
import math
import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from core.bounded_read import LARGE, as_count, read_text
from core.images.image_names import Names
from core.images.scanning.file_index import FileIndex
from core.reports.images import Intake
from core.skipped_file import Skipped

PIXELS, INDEX = "pixels.bin", "files.sqlite"
_ABOUT, _HASHES, _LABELS, _TEST, _NUMBERS = "about.json", "hashes.npy", "labels.npy", "test.npy", "numbers.npz"
# What comes of reading files that are not what they were.
_DAMAGES = (
    OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, EOFError, MemoryError, RecursionError,
    sqlite3.Error, BadZipFile, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Facts:
    """All about the images but pixels and names; `key` tells two image sets apart by their content."""

    key: str
    hashes: NDArray[np.uint64]  # of the names, as `held_out` ranks them
    labels: NDArray[np.int64]
    classes: Sequence[str]
    intake: Intake = field(default_factory=Intake)
    test: NDArray[np.bool_] | None = None  # an official test part; None where there is none
    numbers: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Entry:
    """An entry as it was read: read-only pixels (N, H, W, C), names, facts, and the files that are not used."""

    pixels: NDArray[np.uint8]
    names: Names
    facts: Facts
    skipped: tuple[Skipped, ...]
    folder: Path


def write_facts(folder: Path, shape: tuple[int, int, int, int], facts: Facts) -> None:
    """The last files of an entry; as ASCII, because JSON's escapes carry class names of any bytes."""
    np.save(folder / _HASHES, facts.hashes)
    np.save(folder / _LABELS, facts.labels)
    if facts.test is not None:
        np.save(folder / _TEST, facts.test)
    if facts.numbers:
        np.savez(folder / _NUMBERS, **facts.numbers)  # type: ignore[arg-type]
    about = {"shape": shape, "key": facts.key, "classes": list(facts.classes), "intake": asdict(facts.intake)}
    (folder / _ABOUT).write_text(json.dumps(about), encoding="ascii")


def read_entry(folder: Path) -> Entry | None:
    """None when the entry is missing or damaged."""
    try:
        if not all(file.is_file() for file in folder.iterdir()):  # a pipe would be waited for
            return None
        about = json.loads(read_text(folder / _ABOUT, LARGE))
        pixels, names = _mapped(folder / PIXELS, tuple(map(as_count, about["shape"]))), Names.read(folder)
        hashes, labels = (np.load(folder / name, allow_pickle=False) for name in (_HASHES, _LABELS))
        test = np.load(folder / _TEST, allow_pickle=False) if (folder / _TEST).exists() else None
        intake = _intake(**about["intake"])
        facts = Facts(about["key"], hashes, labels, about["classes"], intake, test, _numbers(folder / _NUMBERS))
        skipped = _skipped(folder / INDEX)
    except _DAMAGES:
        return None
    fits = len(pixels) == len(names) == len(hashes) == len(labels) and _are_labels(labels, len(facts.classes))
    return Entry(pixels, names, facts, skipped, folder) if fits else None


def _are_labels(labels: NDArray[np.int64], classes: int) -> bool:
    is_kind = labels.dtype == np.int64 and labels.ndim == 1
    return is_kind and (not len(labels) or (int(labels.min()) >= 0 and int(labels.max()) < max(1, classes)))


def _intake(
    least_square: Sequence[int],
    ranges: Mapping[str, Sequence[float]],
    by_picture: Sequence[str],
    bulk: Mapping[str, Sequence[float]] | None = None,  # which no entry of a named set had at first
    **others: Any,
) -> Intake:
    by_kind = {kind: (float(black), float(white)) for kind, (black, white) in ranges.items()}
    nearly = {kind: (float(low), float(high), float(share)) for kind, (low, high, share) in (bulk or {}).items()}
    told = Intake(least_square=tuple(least_square), ranges=by_kind, bulk=nearly, **others)
    return replace(told, by_picture=tuple(by_picture))


def _mapped(path: Path, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    if path.stat().st_size != math.prod(shape):
        raise ValueError("the pixels are not as many as they were")
    return np.memmap(path, np.uint8, "r", shape=shape) if shape[0] else np.zeros(shape, np.uint8)


def _numbers(path: Path) -> dict[str, NDArray[np.float64]]:
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as found:
        return dict(found)


def _skipped(path: Path) -> tuple[Skipped, ...]:
    if not path.exists():
        return ()
    with closing(FileIndex(path)) as index:
        return tuple(index.skipped())
