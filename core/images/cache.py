"""Cache entries: a folder with `pixels.npy` and `index.json`, either whole or not there."""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from core.places import cache_folder
from core.reports import Skipped

_MAKING = ".making-"
_STALE_SECONDS = 24 * 3600  # what a killed program left half-made is swept away after a day
_ROWS = 512
_LUMA = np.array([19595, 38470, 7471], np.uint32)  # ITU-R 601 in 1/65536, as Pillow's convert("L")


@dataclass(frozen=True)
class Index:
    """All about the images but their pixels; `test` marks an official test part, None where there is none."""

    names: Sequence[str]
    labels: Sequence[int]
    classes: Sequence[str]
    skipped: Sequence[Skipped] = ()
    test: Sequence[int] | None = None


def key_of(*parts: object) -> str:
    """The name of the entry that these parts lead to: a sha256 in hex."""
    return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()


@contextmanager
def new_entry(key: str) -> Iterator[Path]:
    """A temporary folder that becomes the entry when the block ends well, and vanishes when it does not."""
    root = _root()
    _sweep(root)
    making = Path(tempfile.mkdtemp(prefix=_MAKING, dir=root))
    try:
        yield making
        shutil.rmtree(root / key, ignore_errors=True)
        with suppress(FileExistsError):  # another program made the same entry a moment ago: theirs will do
            os.replace(making, root / key)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def read_entry(key: str) -> tuple[NDArray[np.uint8], Index] | None:
    """The pixels as a read-only memory map and their index; None when the entry is missing or damaged."""
    folder = _root() / key
    try:
        index = _parsed((folder / "index.json").read_text(encoding="ascii"))
        pixels = np.load(folder / "pixels.npy", mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (pixels, index) if len(pixels) == len(index.names) == len(index.labels) else None


def write_index(folder: Path, index: Index) -> None:
    """As ASCII: JSON's escapes carry file names of any bytes."""
    skipped = [[each.path, each.reason, each.detail] for each in index.skipped]
    words = {**vars(index), "skipped": skipped}
    (folder / "index.json").write_text(json.dumps(words), encoding="ascii")


@contextmanager
def pixels_file(folder: Path, shape: tuple[int, int, int, int]) -> Iterator[BinaryIO]:
    """`pixels.npy` open for writing, its header written: the images (H, W, C) follow one after the other."""
    with open(folder / "pixels.npy", "wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
        yield file


def chosen_rows(raw: Path, rows: NDArray[np.int64], size: int, channels: int) -> Iterator[NDArray[np.uint8]]:
    """Some rows of a raw file of pictures (size, size, channels), a few hundred at a time."""
    pictures = np.memmap(raw, np.uint8, "r").reshape(-1, size, size, channels)
    for start in range(0, len(rows), _ROWS):
        yield pictures[rows[start : start + _ROWS]]


def to_channels(pixels: NDArray[np.uint8], channels: int) -> NDArray[np.uint8]:
    """Pixels (..., C) with 1 channel (luma) or 3."""
    there = pixels.shape[-1]
    if there == channels:
        return pixels
    if channels == 3:
        return np.repeat(pixels, 3, axis=-1)
    return ((pixels @ _LUMA + 0x8000) >> 16).astype(np.uint8)[..., np.newaxis]


def _parsed(text: str) -> Index:
    words = json.loads(text)
    return Index(**{**words, "skipped": [Skipped(*each) for each in words["skipped"]]})


def _root() -> Path:
    root = cache_folder() / "image_sets"
    root.mkdir(parents=True, exist_ok=True)
    return root


def _sweep(root: Path) -> None:
    for left in root.glob(f"{_MAKING}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
