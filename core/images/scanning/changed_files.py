"""Whether files are still those that were decoded: by what the file system says, and by some of their bytes."""

import os
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from core.images.cache_entry import INDEX
from core.images.decoding.fingerprint import WHOLE, fingerprint_of
from core.images.decoding.pages import file_of
from core.images.scanning.file_index import FileIndex, Seen
from core.pace import REPORT_SECONDS
from core.reports.progress import Progress

_SAMPLE = 16  # files whose bytes are looked at each time
_stat = os.stat


def is_believed(folder: Path, before: Path, names: Sequence[str]) -> bool:
    """Whether a few files, drawn anew each time, still hold the bytes that they held when they were decoded.

    A file system that keeps its times while contents change is found out by it; files that are gone are no matter.
    """
    if not names:
        return True
    places = random.sample(range(len(names)), min(_SAMPLE, len(names)))
    with closing(FileIndex(before / INDEX)) as index:
        return not any(_is_other(folder / file_of(name), index.seen(name)) for name in (names[at] for at in places))


def find_changed(index: FileIndex, folder: Path, is_every: bool) -> Iterator[Progress]:
    """Mark the files of unchanged name, size and time that are others all the same.

    A file whose inode or ctime is another one (moved, copied back, on a drive that was plugged in anew) is believed
    only by its bytes: by all of them, or by some where its ctime is the same.
    """
    reported = time.monotonic()
    for met, (name, known, size, is_same_ctime) in enumerate(index.doubted(is_every)):
        is_known = size <= WHOLE or is_same_ctime
        if not is_known or fingerprint_of(folder / file_of(name)) != known:
            index.mark_changed(name)
        if time.monotonic() - reported >= REPORT_SECONDS:
            reported = time.monotonic()
            yield Progress("Looking at what may have changed", met)


def _is_other(path: Path, seen: Seen | None) -> bool:
    """Whether a file that seems to be as it was holds other bytes."""
    try:
        found = _stat(path)
    except OSError:
        return False
    if seen is None or (found.st_size, found.st_mtime_ns, found.st_ctime_ns) != (seen.size, seen.mtime, seen.ctime):
        return False
    now = fingerprint_of(path)
    return now is not None and now != seen.fingerprint
