"""The life of one decoding process: what it is told, what it does to each file, what it answers."""

import os
import signal
import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.errors import ImagesError
from core.images.decoding.decode import Origin, Picture, UnreadablePictureError, refuse_bombs
from core.images.decoding.own_files import SAVED_HERE
from core.images.decoding.pages import file_and_page
from core.images.decoding.row_files import RowsFile
from core.images.decoding.target import Target
from core.pixel_range import Range
from core.skipped_file import Skipped

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

Decode = Callable[[str, Target], Picture]
Task = tuple[int, str]  # a row, and the name of the file whose pixels belong there

_MEMORY_LIMIT = 2_000_000_000  # bytes a process may ask for beyond what it starts with
_ANSWER_SECONDS = 0.02
NICE = 10  # so much more willingly than the window they wait for a core


@dataclass(frozen=True)
class Decoded:
    """A picture whose pixels are in their row now."""

    row: int
    name: str
    is_grey: bool
    origin: Origin


Outcome = Decoded | Skipped


class Batch(NamedTuple):
    """What a process is sent: files, and the ranges that deep ones among them are scaled by."""

    tasks: Sequence[Task]
    ranges: Mapping[str, Range]


@dataclass(frozen=True)
class Orders:
    """What every process is told when it starts: the folder, the file of pixels to write into, what to make of each."""

    folder: str
    into: Path
    target: Target
    decode_one: Decode


def work(connection: "Connection[object, object]", at: "Synchronized[int]", orders: Orders) -> None:
    """Answer until the other side of the connection is gone; `at` always says which row it is at."""
    _settle()
    with suppress(EOFError, OSError), closing(RowsFile(orders.into, orders.target)) as rows:
        connection.send([])
        try:
            while True:
                batch: Batch = connection.recv()  # type: ignore[assignment]
                now = replace(orders, target=replace(orders.target, ranges=batch.ranges))
                _work_on(batch.tasks, connection, at, partial(_answer, now, rows))
        except ImagesError as error:
            connection.send(error)


def _work_on(
    tasks: Sequence[Task],
    connection: "Connection[object, object]",
    at: "Synchronized[int]",
    answer: Callable[[int, str], Outcome],
) -> None:
    """Answers go back a few at a time: to wake the program for each would cost it as much as decoding a small file."""
    answers, said = list[Outcome](), time.monotonic()
    for row, name in tasks:
        at.value = row
        answers.append(answer(row, name))
        if time.monotonic() - said > _ANSWER_SECONDS:
            connection.send(answers)
            answers, said = [], time.monotonic()
    connection.send(answers)


def _settle() -> None:
    """Leave Ctrl+C to the program, say nothing in its terminal, and take no more than a share of the machine."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    refuse_bombs()
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)  # C libraries write there about every odd file
    if hasattr(os, "nice"):
        os.nice(NICE)
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + _MEMORY_LIMIT
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(orders: Orders, rows: RowsFile, row: int, name: str) -> Outcome:
    file, page = file_and_page(name) if orders.target.pages == "all" else (name, None)
    target = replace(orders.target, page=page) if page is not None else orders.target
    try:
        picture = orders.decode_one(os.path.join(orders.folder, file), target)
    except UnreadablePictureError as error:
        return Skipped(name, error.reason, error.detail)
    if picture.origin.is_ours:
        return Skipped(name, SAVED_HERE)
    try:
        rows.write(row, picture.levels)
    except OSError as error:
        from core.places import DECODED, cache_folder, not_kept

        raise ImagesError(not_kept(DECODED, cache_folder(), error)) from error
    return Decoded(row, name, picture.is_grey, picture.origin)
