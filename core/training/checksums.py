"""`checksums.jsonl`: what each file of a run was when this program wrote it, so that damage is noticed.

A line is added before its file is replaced: whenever a crash comes, the file is one of those that there are lines for.
A file that grows is vouched for up to the length that it had at the last checkpoint.
"""

import hashlib
import json
import os
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from core.atomic_write import FORMAT, replacing, write_whole
from core.bounded_read import SMALL, as_count, open_regular, parse_json, read_bytes
from core.version import app_version

CHECKSUMS = "checksums.jsonl"
EVENTS = "events.out.tfevents."  # how the names of TensorBoard's files begin
_GROWING = ("history.jsonl", EVENTS)
_MOST = 64 * SMALL  # bytes of all lines
_LONG = SMALL // 4  # bytes of lines, most of them of generations that have gone
_BLOCK = 1 << 20
_ENDLESS = 1 << 62
_GONE = ""


@dataclass(frozen=True)
class Checksum:
    """The first `bytes` of a file, named from the run's folder on; all of it, unless it is one that grows."""

    file: str
    bytes: int
    sha256: str


class GrowingFile:
    """A file of a run that is only ever added to; what was half-written when the disk was full is taken back."""

    def __init__(self, run: Path, name: str) -> None:
        self._run, self._path, self._name = run, run / name, name
        self._size, self._hash = _hashed(self._path) if self._path.exists() else (0, hashlib.sha256())

    def add(self, content: bytes) -> None:
        """Write at its end, and on to the disk; raises OSError."""
        if not self._size:
            vouch(self._run, self.checksum)
        with self._path.open("ab") as file:
            file.truncate(self._size)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        self._hash.update(content)
        self._size += len(content)

    @property
    def checksum(self) -> Checksum:
        """Of what it holds now."""
        return Checksum(self._name, self._size, self._hash.hexdigest())


def is_vouched_for(run: Path) -> bool:
    """Whether there are checksums; runs of older versions have none."""
    return os.path.lexists(run / CHECKSUMS)


def begin(run: Path, files: Iterable[str]) -> None:
    """Vouch for the files of a run from now on: for these as they are, if nobody did before. Raises OSError."""
    if not is_vouched_for(run):
        begin_anew(run, files)
    elif (run / CHECKSUMS).stat().st_size > _LONG:
        known, damage = _read(run)
        there = (each for name, sums in known.items() if (run / name).exists() for each in sums[-2:])
        if not damage:
            write_whole(run / CHECKSUMS, _header() + _lines(there))


def begin_anew(run: Path, files: Iterable[str]) -> None:
    """Vouch for these files of a run as they are, whatever was vouched for before. Raises OSError."""
    write_whole(run / CHECKSUMS, _header() + _lines(checksum_of(run / name, name) for name in files))


def vouch(run: Path, *sums: Checksum) -> None:
    """Add lines, if the files of this run are vouched for; nothing for what the last line of a file says already.

    Raises OSError.
    """
    if not is_vouched_for(run):
        return
    known, _ = _read(run)
    if new := _lines(each for each in sums if known[each.file][-1:] != [each]):
        _append(run / CHECKSUMS, new.encode("utf-8"))


def vouch_for_none(run: Path, name: str) -> None:
    """A file is about to be removed. Raises OSError."""
    vouch(run, Checksum(name, 0, _GONE))


@contextmanager
def replacing_vouched(path: Path) -> Iterator[Path]:
    """As `replacing`, for a file that lies in a run's own folder and is vouched for. Raises OSError."""
    with replacing(path) as temporary:
        yield temporary
        vouch(path.parent, checksum_of(temporary, path.name))


def write_vouched(path: Path, text: str) -> None:
    """As `write_whole`, for a file that lies in a run's own folder and is vouched for. Raises OSError."""
    content = text.encode("utf-8")
    vouch(path.parent, Checksum(path.name, len(content), hashlib.sha256(content).hexdigest()))
    write_whole(path, text)


def checksum_of(path: Path, name: str) -> Checksum:
    """Of a file as it is, by the name that it has or will have; raises OSError."""
    size, found = _hashed(path)
    return Checksum(name, size, found.hexdigest())


def damages(run: Path, there: Iterable[str]) -> tuple[str, ...]:
    """What is wrong with the files that are `there` and with all that are vouched for, a clause each.

    Nothing where none are vouched for; where the checksums themselves are damaged they vouch for nothing.
    """
    if not is_vouched_for(run):
        return ()
    known, own = _read(run)
    return (own,) if own else damage(run, *sorted({*known, *there}))


def damage(run: Path, *files: str) -> tuple[str, ...]:
    """What is wrong with these files, a clause each as in "config.json is damaged"; nothing where nobody knows."""
    if not is_vouched_for(run):
        return ()
    read = {name: _found(run / name, name) for name in files if not name.startswith(_GROWING)}
    known, own = _read(run)  # after the files: a line is there before its file
    clauses = (_clause(run / name, name, known.get(name, []), read.get(name)) for name in files)
    return () if own else tuple(filter(None, clauses))


def is_known(run: Path, found: Checksum) -> bool:
    """Whether a file that was read is one that this program wrote; True where none are vouched for."""
    if not is_vouched_for(run):
        return True
    known, own = _read(run)
    return bool(own) or found in known[found.file]


def _clause(path: Path, name: str, lines: Sequence[Checksum], found: Checksum | None) -> str:
    """What is wrong with one file; empty where nothing is."""
    if not lines:
        return f"{name} is not in {CHECKSUMS}" if os.path.lexists(path) else ""
    if not os.path.lexists(path):
        is_new, has_gone = len(lines) == 1, lines[-1].sha256 == _GONE
        may_be_so = is_new or has_gone or name.startswith("checkpoints/")  # generations come and go
        return "" if may_be_so else f"{name} is missing"
    now, is_growing = found, name.startswith(_GROWING)
    if is_growing:
        now = _found(path, name, lines[-1].bytes)
    return "" if now in (lines[-1:] if is_growing else lines) else f"{name} is damaged"


def _found(path: Path, name: str, most: int | None = None) -> Checksum | None:
    try:
        size, found = _hashed(path, most)
    except OSError:
        return None
    return Checksum(name, size, found.hexdigest())


def _hashed(path: Path, most: int | None = None) -> tuple[int, "hashlib._Hash"]:
    size, found = 0, hashlib.sha256()
    with open_regular(path, _ENDLESS) as file:
        for block in _blocks(file, most):
            size += len(block)
            found.update(block)
    return size, found


def _blocks(file: BinaryIO, most: int | None) -> Iterator[bytes]:
    left = _ENDLESS if most is None else most
    while left and (block := file.read(min(left, _BLOCK))):
        left -= len(block)
        yield block


def _read(run: Path) -> tuple[defaultdict[str, list[Checksum]], str]:
    """The lines for each file, oldest first, and what is wrong with the lines themselves."""
    known, damaged = defaultdict[str, list[Checksum]](list), f"{CHECKSUMS} is damaged"
    try:
        first, *lines, last = read_bytes(run / CHECKSUMS, _MOST).split(b"\n")
        _content(first)
        for line in map(_content, lines):
            known[str(line["file"])].append(Checksum(str(line["file"]), as_count(line["bytes"]), str(line["sha256"])))
        return known, damaged if last else ""
    except (OSError, ValueError, KeyError, TypeError):
        return known, damaged


def _append(path: Path, content: bytes) -> None:
    with open_regular(path, _MOST):  # a pipe would be waited for
        size = path.stat().st_size
    try:
        with path.open("ab") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            os.truncate(path, size)  # half a line would vouch for nothing
        raise


def _header() -> str:
    return _line({"format": FORMAT, "latentscape": app_version()})


def _lines(sums: Iterable[Checksum]) -> str:
    return "".join(_line(asdict(each)) for each in sums)


def _line(content: dict[str, object]) -> str:
    text = json.dumps(content)
    return f'{text[:-1]}, "crc": {zlib.crc32(text.encode("utf-8"))}}}\n'


def _content(line: bytes) -> dict[str, object]:
    text, _, crc = line.rpartition(b', "crc": ')
    if crc != b"%d}" % zlib.crc32(text + b"}"):
        raise ValueError("the line is not as it was written")
    content = parse_json(line)
    if not isinstance(content, dict):
        raise ValueError("the line is no checksum")
    return content
