"""The index of a folder's files: what each is, and what became of it; on disk, so that a million cost no memory."""

import os
import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.images.decoding.bit_depth import auto_range
from core.images.decoding.decode import GONE
from core.images.decoding.worker_process import Outcome
from core.images.natural_order import natural_key
from core.images.scanning.walk import CANNOT_BE_OPENED, Found
from core.pixel_range import Range
from core.reports.images import Intake
from core.reports.progress import Progress
from core.skipped_file import Skipped

Judge = Callable[[str], Skipped | None]  # why the file of a name is no picture; None when it may be one

SAME_FILE = "same file as another"
_FOR_NOW = {"unopened": CANNOT_BE_OPENED, "gone": GONE}  # reasons that may be over the next time
_BLOCK = 2000
_BEAT_SECONDS = 0.1
_LEAST_SQUARE = 8
_SIXTY_THREE_BITS = 2**63 - 1  # of an inode: what SQLite holds

# `reason` says why a file is not used; those without are in the pixels in the order of `sort`; `was` is its row in
# the earlier pixels.
_TABLES = """
CREATE TABLE files (
    name BLOB PRIMARY KEY, size INTEGER, mtime INTEGER, device INTEGER, inode INTEGER, is_link INTEGER,
    ctime INTEGER, page INTEGER,
    sort BLOB, reason TEXT, detail BLOB, was INTEGER,
    is_grey INTEGER, format TEXT, width INTEGER, height INTEGER, frames INTEGER, treatments TEXT, fingerprint BLOB,
    kind TEXT, low REAL, high REAL, black REAL, white REAL, bottom REAL, top REAL, beyond REAL
) WITHOUT ROWID;
"""
_ADD = """
INSERT OR IGNORE INTO files (name, size, mtime, device, inode, is_link, ctime, page, sort, reason, detail)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_UNJUDGED = "SELECT name, reason IS NULL FROM files WHERE sort IS NULL AND name > ? ORDER BY name LIMIT ?"
_JUDGE = "UPDATE files SET sort = ?, reason = coalesce(?, reason), detail = coalesce(?, detail) WHERE name = ?"
_IS_SAME = """
SELECT (SELECT count(*) FROM files) = (SELECT count(*) FROM earlier.files) AND NOT EXISTS (
    SELECT 1 FROM files AS now LEFT JOIN earlier.files AS past ON past.name = now.name
    WHERE past.name IS NULL OR past.size <> now.size OR past.mtime <> now.mtime
        OR past.inode <> now.inode OR past.ctime <> now.ctime
        OR (now.reason IS NULL AND past.reason IN (:unopened, :gone)) OR (now.reason <> past.reason))
"""
_ADOPT = """
WITH past AS (
    SELECT *, row_number() OVER (PARTITION BY reason IS NULL ORDER BY sort) - 1 AS place FROM earlier.files)
UPDATE files SET sort = past.sort, reason = past.reason, detail = past.detail,
    was = CASE WHEN past.reason IS NULL THEN past.place END,
    is_grey = past.is_grey, format = past.format, width = past.width, height = past.height,
    frames = past.frames, treatments = past.treatments, fingerprint = past.fingerprint,
    kind = past.kind, low = past.low, high = past.high, black = past.black, white = past.white,
    bottom = past.bottom, top = past.top, beyond = past.beyond
FROM past
WHERE past.name = files.name AND past.size = files.size AND past.mtime = files.mtime AND files.reason IS NULL
    AND (past.reason IS NULL OR past.reason NOT IN (:unopened, :gone, :same))
    AND (past.reason IS NULL OR (past.inode = files.inode AND past.ctime = files.ctime))
    AND files.name NOT IN (SELECT name FROM changed)
"""
_DOUBTED = """
SELECT now.name, past.fingerprint, now.size, past.ctime = now.ctime
FROM files AS now JOIN earlier.files AS past ON past.name = now.name
WHERE now.name > ? AND now.reason IS NULL AND past.reason IS NULL AND past.size = now.size AND past.mtime = now.mtime
    AND (? OR past.inode <> now.inode OR past.ctime <> now.ctime)
ORDER BY now.name LIMIT ?
"""
_FIND_TWINS = """
CREATE TEMP TABLE twins AS SELECT device, inode, page FROM files
WHERE reason IS NULL AND inode <> 0 GROUP BY device, inode, page HAVING count(*) > 1
"""
_MARK_TWINS = """
UPDATE files SET reason = :same, detail = each.first FROM (
    SELECT name AS twin, first_value(name) OVER (PARTITION BY device, inode, page ORDER BY is_link, sort) AS first
    FROM files JOIN twins USING (device, inode, page) WHERE reason IS NULL) AS each
WHERE files.name = each.twin AND each.twin <> each.first
"""
_NUMBER = """
INSERT INTO rows SELECT row_number() OVER (ORDER BY sort) - 1, name, was FROM files WHERE reason IS NULL
"""
_RECORD = """
UPDATE files SET reason = ?, detail = ?, is_grey = ?, format = ?, width = ?, height = ?, frames = ?, treatments = ?,
    fingerprint = ?, kind = ?, low = ?, high = ?, black = ?, white = ?, bottom = ?, top = ?, beyond = ?
WHERE name = ?
"""
_KNOWN = (
    "SELECT rows.row, rows.was, is_grey FROM rows JOIN files USING (name) WHERE rows.was IS NOT NULL ORDER BY rows.row"
)
_KEPT = "SELECT rows.row, files.is_grey FROM rows JOIN files USING (name) WHERE files.reason IS NULL ORDER BY rows.row"
_COUNT_USED = "SELECT count(*), coalesce(sum(is_grey), 0) FROM files WHERE reason IS NULL"
_USED = """
SELECT rows.row, files.name, files.size, files.fingerprint FROM rows JOIN files USING (name)
WHERE rows.row > ? AND files.reason IS NULL ORDER BY rows.row LIMIT ?
"""
_OTHERWISE = """
SELECT rows.row, name FROM rows JOIN files USING (name)
WHERE files.reason IS NULL AND kind = ? AND (black <> ? OR white <> ?)
"""
_LEAST = """
WITH least AS (
    SELECT sort, max(width, height) * 1.0 / min(width, height) AS shape FROM files
    WHERE reason IS NULL AND width <> height ORDER BY shape DESC, sort LIMIT ?)
SELECT (SELECT count(*) FROM files WHERE reason IS NULL AND files.sort < least.sort) FROM least
ORDER BY shape DESC, sort
"""


_SEEN = "SELECT size, mtime, ctime, fingerprint FROM files WHERE name = ? AND fingerprint IS NOT NULL"


class Seen(NamedTuple):
    """A file as it was: its size and times, and some of its bytes."""

    size: int
    mtime: int
    ctime: int
    fingerprint: bytes


class FileIndex:
    """One SQLite file, written by one thread; names in it are bytes."""

    def __init__(self, path: Path) -> None:
        self._data = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # Its folder becomes a cache entry when it is whole, or goes: nothing needs a journal.
        self._data.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -64000;")

    @classmethod
    def new(cls, path: Path) -> "FileIndex":
        """An empty one."""
        index = cls(path)
        index._data.executescript(_TABLES)
        index._data.execute("BEGIN")
        return index

    def keep(self) -> None:
        """Write what is left; raises sqlite3.OperationalError where the disk is full."""
        if self._data.in_transaction:
            self._data.execute("COMMIT")

    def close(self) -> None:
        """Let it go; what was not kept may be lost."""
        if self._data.in_transaction:
            with suppress(sqlite3.OperationalError):  # one was ended half-way: its folder goes
                self._data.execute("COMMIT")
        self._data.close()

    # what there is

    def add(self, found: Iterable[Found | Skipped], judge: Judge | None = None) -> None:
        """Files that were met on a walk; with `judge` they are judged at once."""
        self._data.executemany(_ADD, (_as_row(each, judge) for each in found))

    def is_as_in(self, earlier: Path) -> Generator[Progress, None, bool]:
        """Whether these are the files of an earlier index, unchanged."""
        self._data.execute("COMMIT")  # attaching needs it
        self._data.execute("ATTACH ? AS earlier", (str(earlier),))
        self._data.execute("BEGIN")
        found = yield from self._watched(_IS_SAME, **_FOR_NOW)
        return bool(found[0][0])

    def doubted(self, is_every: bool = False) -> Iterator[tuple[str, bytes, int, bool]]:
        """Files that could be others under the same name, or every one: name, earlier fingerprint, size, same ctime."""
        self._data.execute("CREATE TEMP TABLE changed (name BLOB PRIMARY KEY) WITHOUT ROWID")
        last = b""
        while block := self._data.execute(_DOUBTED, (last, is_every, _BLOCK)).fetchall():
            last = block[-1][0]
            for name, known, size, is_same in block:
                yield os.fsdecode(name), known, size, bool(is_same)

    def mark_changed(self, name: str) -> None:
        """What is known of this file is of another one."""
        self._data.execute("INSERT OR IGNORE INTO changed VALUES (?)", (os.fsencode(name),))

    def seen(self, name: str) -> Seen | None:
        """A file that is used, as it was when it was decoded."""
        found = self._data.execute(_SEEN, (os.fsencode(name),)).fetchone()
        return found and Seen(*found)

    def take_over(self) -> Iterator[Progress]:
        """What that earlier index knows of the files that have not changed."""
        yield from self._watched(_ADOPT, **_FOR_NOW, same=SAME_FILE)

    def judge(self, judge: Judge) -> Iterator[int]:
        """Ask of each file that nobody has judged yet why it is no picture; says how many at a time."""
        last: bytes | None = b""
        while last is not None:
            found = self._data.execute(_UNJUDGED, (last, _BLOCK)).fetchall()
            last = found[-1][0] if len(found) == _BLOCK else None
            self._data.executemany(_JUDGE, (_as_verdict(name, bool(may), judge) for name, may in found))
            yield len(found)

    def number(self) -> Iterator[Progress]:
        """Give each file that may be used a row; of several names for one file, the first has it."""
        yield from self._watched(_FIND_TWINS)
        if self._one("SELECT EXISTS (SELECT 1 FROM twins)"):
            yield from self._watched(_MARK_TWINS, same=SAME_FILE)
        self._data.execute("CREATE TEMP TABLE rows (row INTEGER PRIMARY KEY, name BLOB, was INTEGER)")
        yield from self._watched(_NUMBER)

    def count_rows(self) -> tuple[int, int]:
        """How many rows there are, and how many of them are new."""
        return self._one("SELECT count(*) FROM rows"), self._one("SELECT count(*) FROM rows WHERE was IS NULL")

    # what becomes of it

    def rows_known(self) -> Iterator[NDArray[np.int64]]:
        """Blocks (n, 3) of rows whose pixels are known, their rows in the earlier pixels, and whether they are grey."""
        yield from self._arrays(_KNOWN)

    def rows_new(self, sample: int = 1, rest: bool = False) -> Iterator[tuple[int, str]]:
        """Rows to decode, and their names: every so many, or with `rest` all the others."""
        which = "row % ? <> 0" if rest else "row % ? = 0"
        found = self._data.execute(f"SELECT row, name FROM rows WHERE was IS NULL AND {which} ORDER BY row", (sample,))
        for row, name in found:
            yield row, os.fsdecode(name)

    def ranges(self) -> dict[str, Range]:
        """What is black and white in the deep pictures decoded so far, by kind of number, if they are one set."""
        found = self._data.execute(
            "SELECT kind, min(low), max(high) FROM files WHERE reason IS NULL AND kind NOT LIKE '%/%' GROUP BY kind"
        )
        return {kind: auto_range(kind, low, high) for kind, low, high in found}

    def rows_scaled_otherwise(self, ranges: Mapping[str, Range]) -> list[tuple[int, str]]:
        """Rows of pictures that were scaled by another range than that of their kind, and their names."""
        found = list[tuple[int, str]]()
        for kind, ends in ranges.items():
            found += (
                (row, os.fsdecode(name)) for row, name in self._data.execute(_OTHERWISE, (kind, *ends)).fetchall()
            )
        return sorted(found)

    def record(self, outcomes: Iterable[Outcome]) -> None:
        """What decoding made of files."""
        self._data.executemany(_RECORD, map(_as_outcome, outcomes))

    def count_used(self) -> tuple[int, int]:
        """How many files are used, and how many of them are grey."""
        used, grey = self._data.execute(_COUNT_USED).fetchone()
        return used, grey

    def rows_kept(self) -> Iterator[NDArray[np.int64]]:
        """Blocks (n, 2) of the rows that are used after all, in order, and whether they are grey."""
        yield from self._arrays(_KEPT)

    def used(self) -> Iterator[list[tuple[str, int, bytes]]]:
        """Blocks of the files that are used, in order: name, size and fingerprint."""
        last = -1
        while block := self._data.execute(_USED, (last, _BLOCK)).fetchall():
            last = block[-1][0]
            yield [(os.fsdecode(name), size, known) for _, name, size, known in block]

    def has_files(self) -> bool:
        """Whether the images that are used come from more than one file."""
        first = "SELECT fingerprint FROM files WHERE reason IS NULL LIMIT 1"
        return bool(self._one(f"SELECT EXISTS (SELECT 1 FROM files WHERE reason IS NULL AND fingerprint <> ({first}))"))

    def has_unopened(self) -> bool:
        """Whether there is a file that could not be opened, or was gone, and perhaps can be another time."""
        return bool(self._one("SELECT EXISTS (SELECT 1 FROM files WHERE reason IN (:unopened, :gone))", **_FOR_NOW))

    def skipped(self) -> Iterator[Skipped]:
        """The files that are not used, in natural order."""
        for name, reason, detail in self._data.execute(
            "SELECT name, reason, detail FROM files WHERE reason IS NOT NULL ORDER BY sort"
        ):
            yield Skipped(os.fsdecode(name), reason, os.fsdecode(detail))

    def intake(self) -> Intake:
        """What the files were, and what was done to them."""
        used = "FROM files WHERE reason IS NULL"
        formats = self._data.execute(f"SELECT format, count(*) {used} GROUP BY format ORDER BY count(*) DESC")
        treatments: dict[str, int] = {}
        for words, files in self._data.execute(f"SELECT treatments, count(*) {used} GROUP BY treatments"):
            for word in filter(None, words.split(",")):
                treatments[word] = treatments.get(word, 0) + files
        frames = self._one(f"SELECT coalesce(sum(frames - 1), 0) {used} AND page = 0")
        least = self._data.execute(_LEAST, (_LEAST_SQUARE,))
        ranges, by_picture = self._scaled_by()
        places = tuple(place for (place,) in least)
        said = Intake(dict(formats), treatments, frames, places)
        return replace(said, ranges=ranges, by_picture=by_picture, bulk=self._bulk())

    # inside

    def _scaled_by(self) -> tuple[dict[str, Range], tuple[str, ...]]:
        ranges, by_picture = dict[str, Range](), list[str]()
        found = self._data.execute(
            "SELECT kind, min(black), max(white), min(black) = max(black) AND min(white) = max(white) FROM files "
            "WHERE reason IS NULL AND kind IS NOT NULL GROUP BY kind"
        )
        for kind, black, white, is_one in found:
            if is_one:
                ranges[kind] = black, white
            else:
                by_picture.append(kind)
        return ranges, tuple(by_picture)

    def _bulk(self) -> dict[str, tuple[float, float, float]]:
        found = self._data.execute(
            "SELECT kind, min(bottom), max(top), max(beyond) FROM files "
            "WHERE reason IS NULL AND kind IS NOT NULL GROUP BY kind"
        )
        return {kind: (bottom, top, beyond) for kind, bottom, top, beyond in found}

    def _arrays(self, query: str) -> Iterator[NDArray[np.int64]]:
        cursor = self._data.execute(query)
        while block := cursor.fetchmany(_BLOCK):
            yield np.array(block, np.int64)

    def _watched(self, statement: str, **words: object) -> Generator[Progress, None, list[Any]]:
        """What a statement finds that takes seconds for a million files; closing this ends it at once."""
        with ThreadPoolExecutor(1) as thread:
            running = thread.submit(lambda: self._data.execute(statement, words).fetchall())
            try:
                while wait((running,), _BEAT_SECONDS).not_done:
                    yield Progress("Sorting files", 0)
            except GeneratorExit:
                self._data.interrupt()
                raise
            return running.result()

    def _one(self, query: str, **words: object) -> Any:
        return self._data.execute(query, words).fetchone()[0]


def _as_row(found: Found | Skipped, judge: Judge | None) -> Sequence[object]:
    if isinstance(found, Skipped):
        nothing = (-1, 0, 0, 0, 0, 0, 0)
        return os.fsencode(found.path), *nothing, judge and _sort(found.path), found.reason, os.fsencode(found.detail)
    device, inode = found.device & _SIXTY_THREE_BITS, found.inode & _SIXTY_THREE_BITS
    name = os.fsencode(found.name)
    *verdict, _ = _as_verdict(name, True, judge) if judge else (None, None, None, name)
    seen = (found.size, found.mtime_ns, device, inode, found.is_link, found.ctime_ns, found.page)
    return name, *seen, *verdict


def _as_verdict(name: bytes, may_be_used: bool, judge: Judge) -> Sequence[object]:
    text = os.fsdecode(name)
    no = judge(text) if may_be_used else None
    return _sort(text), no and no.reason, no and os.fsencode(no.detail), name


def _as_outcome(outcome: Outcome) -> Sequence[object]:
    if isinstance(outcome, Skipped):
        nothing = (None,) * 15
        return outcome.reason, os.fsencode(outcome.detail), *nothing, os.fsencode(outcome.path)
    origin, depth = outcome.origin, outcome.origin.depth
    size = (origin.width, origin.height, origin.frames)
    treatments = ",".join(origin.treatments)
    scaled = (None,) * 8 if depth is None else astuple(depth)
    seen = (outcome.is_grey, origin.format, *size, treatments, origin.fingerprint)
    return None, None, *seen, *scaled, os.fsencode(outcome.name)


def _sort(name: str) -> bytes:
    return natural_key(name).encode("utf-8", "surrogatepass")
