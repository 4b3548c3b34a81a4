"""Decoded images on disk: a folder for each way of reading a source, whole or not there, the oldest gone first."""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from core.atomic_write import write_whole
from core.bounded_read import LARGE, as_count, read_json
from core.byte_sizes import bytes_said
from core.errors import ImagesError, PlaceError
from core.places import DECODED, SETTINGS, cache_folder, keeping, set_aside, settings_folder

GIGABYTE = 10**9
USUAL_LIMIT = 50 * GIGABYTE
_LIMIT_FILE = "cache.json"
UNPACKED = "unpacked.json"  # in an entry that is an archive's files; `bytes` says how many they are
_GOING = ".going-"
_MAKING = ".making-"
_STALE_SECONDS = 24 * 3600  # what a killed program left half-made is swept away after a day


@dataclass(frozen=True)
class CacheUsage:
    """What decoded images take up on disk, and of how many sets."""

    bytes: int
    sets: int


def key_of(*parts: object) -> str:
    """The name of the entry that these parts lead to: a sha256 in hex."""
    return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()


def entry_folder(key: str) -> Path:
    """Where the entry of this name is, the newest of it, if it is there."""
    return max(_root().glob(f"{key}*"), default=_root() / key, key=lambda entry: entry.name)


@contextmanager
def making() -> Iterator[Path]:
    """A temporary folder for an entry, gone at the end of the block unless it was kept."""
    root = _root()
    with keeping(DECODED, root):
        _sweep(root)
        folder = Path(tempfile.mkdtemp(prefix=_MAKING, dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(folder: Path, key: str) -> Path:
    """A temporary folder becomes the newest entry of this name, and earlier ones go; returns where it is now.

    Never in the place of another: two programs that read the same pictures at the same time would take them from
    under each other.
    """
    earlier = list(_root().glob(f"{key}*"))
    kept = _root() / f"{key}.{time.time_ns():020}"
    os.replace(folder, kept)
    for entry in earlier:
        _discard(entry)
    trim(keep=kept)
    return kept


def mark_used(entry: Path) -> None:
    """It was opened: others go before it."""
    with suppress(OSError):
        os.utime(entry)


def usage() -> CacheUsage:
    """How much there is; looks at a few files for each set."""
    entries = _entries()
    return CacheUsage(sum(map(_size, entries)), sum(not (entry / UNPACKED).exists() for entry in entries))


def clear() -> None:
    """Forget all decoded images; those that are open somewhere stay readable there. Raises PlaceError."""
    for entry in _entries():
        _discard(entry)
    if _entries() and not os.access(_root(), os.W_OK):
        raise PlaceError(f"Decoded images in {_root()} cannot be deleted: this user may not write there.")


def limit() -> int:
    """How many bytes decoded images may take up."""
    kept = None
    with suppress(PlaceError):
        kept = _kept_limit()
    return USUAL_LIMIT if kept is None else kept


def set_limit(size: int) -> None:
    """Keep no more bytes than this from now on; what cannot be read is kept under another name. Raises PlaceError."""
    file = settings_folder() / _LIMIT_FILE
    with keeping(SETTINGS, settings_folder()):
        if os.path.lexists(file) and _kept_limit() is None:
            set_aside(file)
        write_whole(file, json.dumps({"limit": size}))
    trim()


def _kept_limit() -> int | None:
    """None where there is none that can be read. Raises PlaceError."""
    try:
        return as_count(read_json(settings_folder() / _LIMIT_FILE)["limit"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def trim(keep: Path | None = None) -> None:
    """Let the sets that were not used for longest go until the rest is within the limit; one is kept in any case."""
    entries = sorted(_entries(), key=_last_used)
    most, total = limit(), sum(map(_size, entries))
    for entry in entries:
        if total <= most:
            return
        if entry != keep:
            total -= _size(entry)
            _discard(entry)


def check_space(size: int, doing: str = "Decoding") -> None:
    """Raise ImagesError before hours of decoding end at a full disk."""
    free = shutil.disk_usage(cache_folder()).free
    if size > free:
        raise ImagesError(
            f"{doing} needs {bytes_said(size)} in {cache_folder()}, and {bytes_said(free)} are free", "room"
        )


def _root() -> Path:
    root = cache_folder() / "image_sets"
    with keeping(DECODED, root):
        root.mkdir(parents=True, exist_ok=True)
    return root


def _entries() -> list[Path]:
    return [entry for entry in _root().iterdir() if not entry.name.startswith((_MAKING, _GOING))]


def _last_used(entry: Path) -> float:
    with suppress(OSError):
        return entry.stat().st_mtime
    return 0.0


def _size(entry: Path) -> int:
    total = _unpacked(entry)
    with suppress(OSError):
        for file in entry.iterdir():
            found = file.stat()
            total += found.st_blocks * 512 if hasattr(found, "st_blocks") else found.st_size
    return total


def _unpacked(entry: Path) -> int:
    """What the files of an archive take up; 0 for decoded images."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return as_count(read_json(entry / UNPACKED, LARGE)["bytes"])
    return 0


def _discard(entry: Path) -> None:
    """Renamed first: an entry that Windows will not let go stays whole, and no reader finds half of one."""
    if not entry.exists():
        return
    going = entry.with_name(f"{_GOING}{os.getpid()}-{time.monotonic_ns()}")
    with suppress(OSError):
        os.replace(entry, going)
        shutil.rmtree(going, ignore_errors=True)


def _sweep(root: Path) -> None:
    for left in (*root.glob(f"{_MAKING}*"), *root.glob(f"{_GOING}*")):
        if time.time() - _last_used(left) > _STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
