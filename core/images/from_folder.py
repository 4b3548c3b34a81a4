"""Making an image set of a folder: each file is decoded once, and only again when it has changed."""

import errno
import hashlib
import os
import sqlite3
import time
from array import array
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.config import ImagesConfig
from core.images import cache
from core.images.cache_entry import INDEX, PIXELS, Entry, Facts, read_entry, write_facts
from core.images.decoding.colour_modes import to_channels
from core.images.decoding.pages import file_of
from core.images.decoding.row_files import RowsFile, grey_twin, read_rows
from core.images.decoding.target import Target
from core.images.decoding.worker_process import Decoded
from core.images.decoding.workers import Decoders
from core.images.held_out import hashes_of
from core.images.image_names import NamesFile
from core.images.natural_order import natural_key
from core.images.preview import Preview
from core.images.scanning.changed_files import find_changed, is_believed
from core.images.scanning.file_index import FileIndex, Judge
from core.images.scanning.page_counts import each_page
from core.images.scanning.walk import Found, class_of, sniff, walk
from core.pace import REPORT_SECONDS, Pace
from core.pixel_range import AUTO, setting_of
from core.reports.images import ImagesPreview
from core.reports.progress import Progress
from core.skipped_file import Skipped

ENTRY_FORMAT = 4  # of a cache entry
FORMAT = 3  # of what decoding makes of a file
FOLDER_SIZE = 64
_WALKED = 1000
_SEEN = "seen.sha256"
_BLOCK_BYTES = 16_000_000
_SAMPLE = 64  # pictures by which a range is guessed
_SPOILED = (sqlite3.Error, ValueError, TypeError, LookupError)  # what may come of an entry that is not what it was

Report = Progress | ImagesPreview


def read_folder(folder: Path, config: ImagesConfig, is_anew: bool = False) -> Generator[Report, None, Entry | None]:
    """Returns its entry of the cache; with `is_anew` nothing that was decoded before is believed.

    Closed early, it leaves nothing behind; raises ImagesError or OSError.
    """
    size = FOLDER_SIZE if config.image_size == "auto" else config.image_size
    target = Target.of(config, size, 3 if config.channels == "auto" else config.channels)
    own = _key(folder, target, config.channels)
    earlier = read_entry(cache.entry_folder(_key(folder, replace(target, range=AUTO), "auto")))
    # A run that is opened again asks for what "auto" came to.
    if earlier is None or not _is_as_asked(earlier, config):
        earlier = read_entry(cache.entry_folder(own))
    before = None if is_anew else earlier
    try:
        kept = yield from _kept(own, folder, target, config, before)
    except _SPOILED:
        if before is None:
            raise
        kept = yield from _kept(own, folder, target, config, None)  # all of it anew
    earlier = kept or earlier  # what "auto" comes to may be something else now
    if earlier is None:  # another program read the same folder, and was done a moment later
        earlier = read_entry(cache.entry_folder(own))
    if earlier is not None:
        cache.mark_used(earlier.folder)
    return earlier


def _kept(
    own: str, folder: Path, target: Target, config: ImagesConfig, before: Entry | None
) -> Generator[Report, None, Entry | None]:
    """Returns the new entry; None where the one before is as the folder is now."""
    is_doubted = before is not None and not is_believed(folder, before.folder, before.names)
    if before is not None and not is_doubted and (yield from _is_as_seen(folder, before.folder)):
        return None
    with cache.making() as making:
        with _full_disk_said():
            is_made = yield from _make(making, folder, target, config, before, is_doubted)
        return (read_entry(cache.keep(making, own)) or read_entry(cache.entry_folder(own))) if is_made else None


@contextmanager
def _full_disk_said() -> Iterator[None]:
    """What SQLite says of a full disk becomes the OSError that all others raise."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" not in str(error) and "disk" not in str(error):
            raise
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error


def _key(folder: Path, target: Target, channels: int | str) -> str:
    return cache.key_of(ENTRY_FORMAT, str(folder), asdict(target) | {"channels": channels})


def _is_as_asked(entry: Entry, config: ImagesConfig) -> bool:
    """Whether what `auto` came to in an entry is what is asked for."""
    intake = entry.facts.intake
    is_same_range = config.range in (AUTO, setting_of(intake.ranges)) or not intake.ranges
    return is_same_range and config.channels in ("auto", _channels(entry))


def _make(
    making: Path, folder: Path, target: Target, config: ImagesConfig, earlier: Entry | None, is_doubted: bool
) -> Generator[Report, None, bool]:
    """Returns whether there was anything to do: what was made of the folder earlier may be as it is now."""
    pixels, seen = making / PIXELS, hashlib.sha256()
    with closing(FileIndex.new(making / INDEX)) as index, closing(Decoders(folder, pixels, target)) as decoders:
        add = partial(_add, index, folder, config.pages == "all")
        if earlier is None:
            pixels.touch()  # the decoders open it as they start
            yield from _walk(folder, seen, partial(add, judge=partial(_sniff, folder)), decoders.start)
        else:
            yield from _walk(folder, seen, add)
            if (yield from index.is_as_in(earlier.folder / INDEX)) and not is_doubted:
                return False
            yield from find_changed(index, folder, is_doubted)
            yield from index.take_over()
            yield from _judge(index, folder)
        yield from index.number()
        if earlier is not None and index.count_rows() == (len(earlier.names), 0) and _linked(earlier.folder, making):
            channels = _channels(earlier)
        else:
            channels = yield from _fill(index, decoders, pixels, target, config, earlier)
        yield from _describe(index, folder, making, target, channels)
        index.keep()
        if not index.has_unopened():  # they are tried again each time
            (making / _SEEN).write_text(seen.hexdigest(), encoding="ascii")
    return True


def _is_as_seen(folder: Path, before: Path) -> Generator[Progress, None, bool]:
    """Whether a walk meets all that it met before, in the same order: in half the time that the index takes to say."""
    try:
        known = (before / _SEEN).read_text(encoding="ascii")
    except (OSError, ValueError):
        return False
    seen = hashlib.sha256()
    yield from _walk(folder, seen)
    return seen.hexdigest() == known


def _walk(
    folder: Path,
    seen: "hashlib._Hash",
    take: Callable[[list[Found | Skipped]], None] = lambda block: None,
    when_many: Callable[[], None] = lambda: None,
) -> Iterator[Progress]:
    """Give what a folder holds to `take`, block by block, and to the hash of all that was seen."""
    met, found, reported = 0, walk(folder), time.monotonic()
    while block := list(islice(found, _WALKED)):
        seen.update("".join(map(_as_seen, block)).encode("utf-8", "surrogatepass"))
        take(block)
        met += len(block)
        if met == _WALKED:
            when_many()
        if time.monotonic() - reported >= REPORT_SECONDS:
            reported = time.monotonic()
            yield Progress("Looking through the folder", met)


def _as_seen(found: Found | Skipped) -> str:
    if isinstance(found, Skipped):
        return f"{found.path}\0{found.reason}\n"
    return f"{found.name}\0{found.size}\0{found.mtime_ns}\0{found.inode}\0{found.ctime_ns}\n"


def _add(
    index: FileIndex, folder: Path, is_each_page: bool, block: list[Found | Skipped], judge: Judge | None = None
) -> None:
    index.add(each_page(folder, block) if is_each_page else block, judge)


def _sniff(folder: Path, name: str) -> Skipped | None:
    return sniff(folder, file_of(name))


def _judge(index: FileIndex, folder: Path) -> Iterator[Progress]:
    """Look at the first bytes of each file that is new or has changed."""
    met = 0
    for judged in index.judge(partial(_sniff, folder)):
        met += judged
        yield Progress("Looking at what is new", met)


def _fill(
    index: FileIndex, decoders: Decoders, pixels: Path, target: Target, config: ImagesConfig, earlier: Entry | None
) -> Generator[Report, None, int]:
    """Write `pixels.bin`; returns how many channels it has."""
    rows, new = index.count_rows()
    cache.check_space(rows * target.nbytes)
    with open(pixels, "ab") as file:
        file.truncate(rows * target.nbytes)
    if earlier is not None and new < rows:
        yield from _copy(index, earlier.pixels, pixels, target)
    yield from _decode(index, decoders, Preview(pixels, target), new)
    if config.range == AUTO:
        yield from _scale_alike(index, decoders)
    decoders.close()  # whose files can be moved now, on Windows too
    used, grey = index.count_used()
    channels = 1 if config.channels == "auto" and grey == used else target.channels
    if grey and channels < target.channels:
        os.replace(grey_twin(pixels), pixels)
    if used < rows or (grey and channels > 1):
        yield from _put_together(index, pixels, replace(target, channels=channels))
    grey_twin(pixels).unlink(missing_ok=True)
    return channels


def _linked(before: Path, making: Path) -> bool:
    """The same pixels as before, only the files beside them are others: one more name for them costs nothing."""
    try:
        os.link(before / PIXELS, making / PIXELS)
    except OSError:
        return False
    return True


def _copy(index: FileIndex, earlier: NDArray[np.uint8], into: Path, target: Target) -> Iterator[Progress]:
    """Rows that are known from before, run by run."""
    with closing(RowsFile(into, target)) as rows:
        done = 0
        for block in _small(index.rows_known(), target):
            for run in _runs(block, is_grey=2):
                levels = to_channels(earlier[run[:, 1]], 1 if run[0, 2] else target.channels)
                rows.write(int(run[0, 0]), np.ascontiguousarray(levels))
            done += len(block)
            yield Progress("Taking what was decoded before", done)


def _decode(index: FileIndex, decoders: Decoders, preview: Preview, total: int) -> Iterator[Report]:
    """A sample goes first: by it the others are scaled, which spares them from being decoded twice."""
    pace, done = Pace("Decoding pictures", total), 0
    sample = total // _SAMPLE
    for tasks in (index.rows_new(sample), index.rows_new(sample, rest=True)) if sample > 1 else (index.rows_new(),):
        decoders.ranges = index.ranges()
        for found in decoders.decode(tasks):
            index.record(found)
            done += len(found)
            yield from preview.reports(each for each in found if isinstance(each, Decoded))
            yield from pace.reports(done)


def _scale_alike(index: FileIndex, decoders: Decoders) -> Iterator[Report]:
    """Decode deep pictures once more that were scaled by another range than the one that all of them came to."""
    ranges = index.ranges()
    if not (tasks := index.rows_scaled_otherwise(ranges)):
        return
    decoders.ranges = ranges
    pace, done = Pace("Scaling to one range", len(tasks)), 0
    for found in decoders.decode(tasks):
        index.record(found)
        done += len(found)
        yield from pace.reports(done)


def _put_together(index: FileIndex, pixels: Path, target: Target) -> Iterator[Progress]:
    """Every picture that is used to its place: in the same file, as none goes behind its row."""
    place = 0
    with open(pixels, "r+b") as file:
        for block in _small(index.rows_kept(), target):
            for run in _runs(block, is_grey=1):
                row, is_in_twin = int(run[0, 0]), bool(run[0, 1]) and target.channels > 1
                if place != row or is_in_twin:
                    levels = read_rows(pixels, row, np.full(len(run), is_in_twin), target)
                    file.seek(place * target.nbytes)
                    file.write(levels.data)
                place += len(run)
            yield Progress("Putting pictures together", place)
        file.truncate(place * target.nbytes)


def _describe(index: FileIndex, folder: Path, making: Path, target: Target, channels: int) -> Iterator[Progress]:
    """Everything of the entry but its pixels."""
    numbers, labels, hashes = dict[str, int](), array("q"), [np.zeros(0, np.uint64)]
    intake, split_by = index.intake(), file_of if index.has_files() else str
    made = (target.size, target.fit, target.background, channels, target.pages, sorted(intake.ranges.items()))
    key = hashlib.sha256(repr((FORMAT, str(folder), *made)).encode())
    with NamesFile(making) as names:
        for block in index.used():
            names.add(name for name, _, _ in block)
            hashes.append(hashes_of(split_by(name) for name, _, _ in block))
            labels.extend(numbers.setdefault(class_of(folder, name), len(numbers)) for name, _, _ in block)
            key.update(ascii(block).encode())
            yield Progress("Writing down what is where", len(labels))
    classes = sorted(numbers, key=natural_key)
    rank = {name: label for label, name in enumerate(classes)}
    order = np.array([rank[name] for name in numbers], np.int64)
    labelled = order[np.array(labels, np.int64)]
    facts = Facts(key.hexdigest(), np.concatenate(hashes), labelled, classes, intake)
    write_facts(making, (len(labels), target.size, target.size, channels), facts)


def _runs(block: NDArray[np.int64], is_grey: int) -> list[NDArray[np.int64]]:
    """The block in pieces whose rows, its first column, follow one another, and are grey or not by another column."""
    ends = (np.diff(block[:, 0]) != 1) | (np.diff(block[:, is_grey]) != 0)
    return np.split(block, np.flatnonzero(ends) + 1)


def _small(blocks: Iterable[NDArray[np.int64]], target: Target) -> Iterator[NDArray[np.int64]]:
    """The same rows in blocks whose pixels take little memory."""
    most = max(1, _BLOCK_BYTES // target.nbytes)
    for block in blocks:
        for start in range(0, len(block), most):
            yield block[start : start + most]


def _channels(entry: Entry) -> int:
    return int(entry.pixels.shape[3])
