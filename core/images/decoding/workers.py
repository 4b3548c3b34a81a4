"""Decoding in other processes: a decoder that crashes or hangs costs its file and nothing else."""

import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess, SpawnContext, SpawnProcess
from pathlib import Path
from typing import TYPE_CHECKING

from core.callers_script import not_run_again
from core.errors import ImagesError
from core.images.decoding.decode import decode
from core.images.decoding.target import Target
from core.images.decoding.worker_process import Batch, Decode, Orders, Outcome, Task, work
from core.pixel_range import Range
from core.skipped_file import Skipped

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

_BATCH = 64  # files on their way to a worker: enough never to wait for the next, few enough to share evenly
_AHEAD = 256
_FEWEST = 4  # files that are worth starting a process for
_BEAT_SECONDS = 0.1
_START_SECONDS = 60.0
_STARTS_IN_VAIN = 3
_TIME_LIMIT = 30.0
_THREADS = "OPENBLAS_NUM_THREADS"


@dataclass(eq=False)
class _Worker:
    """One process, and the files it has been sent and not answered yet."""

    process: SpawnProcess | ForkServerProcess
    connection: "Connection[object, object]"
    at: "Synchronized[int]"  # the row of the file it is at
    waiting: deque[Task] = field(default_factory=deque)
    is_ready: bool = False
    since: float = field(default_factory=time.monotonic)

    def seconds(self) -> float:
        return time.monotonic() - self.since


def worker_count() -> int:
    """One for each core, from 1 to 8: they give way to the window whenever it has something to do."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(8, max(1, cores))


class Decoders:
    """Processes that write the pixels of files of one folder to their rows of `into`.

    Closing it ends them at once. `into` is there before they are started.
    """

    def __init__(
        self,
        folder: Path,
        into: Path,
        target: Target,
        *,
        workers: int | None = None,
        time_limit: float = _TIME_LIMIT,
        decode_one: Decode = decode,
    ) -> None:
        self._orders = Orders(str(folder), into, target, decode_one)
        self._most = self._workers = workers or worker_count()
        self._time_limit = time_limit
        self._crew = list[_Worker]()
        self.ranges: Mapping[str, Range] = {}  # for the tasks that are handed out from now on

    def start(self) -> None:
        """Start them all now: they take a third of a second until they can begin, in which other work can be done."""
        self._crew += [_started(self._orders) for _ in range(self._most - len(self._crew))]

    def decode(self, tasks: Iterable[Task]) -> Iterator[list[Outcome]]:
        """Say what became of every file, once each, in no set order; tasks are asked for as they are needed.

        The lists may be empty: one comes at least every 0.1 s or so. Raises ImagesError when no process can be started.
        """
        todo, crew, vain = _Todo(tasks), self._crew, 0
        self._most = min(self._workers, -(-todo.in_sight() // _FEWEST))
        while todo.in_sight() or any(worker.waiting for worker in crew):
            self.start()
            found = [outcome for worker in _ripe(crew) for outcome in _answers(worker)]
            for worker in [each for each in crew if _is_lost(each, self._time_limit)]:
                crew.remove(worker)
                found += _buried(worker, todo, self._time_limit)
                vain = 0 if worker.is_ready else vain + 1
            if vain >= _STARTS_IN_VAIN:
                raise ImagesError("Pictures cannot be decoded: the decoding processes end before they begin.")
            for worker in crew:
                _hand_out(worker, todo.share(self._most), self.ranges)
            yield found

    def close(self) -> None:
        """End them."""
        for worker in self._crew:
            worker.process.kill()
        for worker in self._crew:
            worker.process.join()
            worker.connection.close()
        self._crew.clear()


def decode_files(
    folder: Path,
    tasks: Iterable[Task],
    into: Path,
    target: Target,
    *,
    workers: int | None = None,
    time_limit: float = _TIME_LIMIT,
    decode_one: Decode = decode,
) -> Iterator[list[Outcome]]:
    """What `Decoders.decode` says of these tasks, with processes of its own; closing the generator ends them."""
    decoders = Decoders(folder, into, target, workers=workers, time_limit=time_limit, decode_one=decode_one)
    with closing(decoders):
        yield from decoders.decode(tasks)


class _Todo:
    """The files that no worker has yet; a few hundred are looked at ahead, to share the last ones evenly."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._tasks, self._ahead = iter(tasks), deque[Task]()

    def in_sight(self) -> int:
        """How many there are, up to a few hundred."""
        self._ahead.extend(islice(self._tasks, max(0, _AHEAD - len(self._ahead))))
        return len(self._ahead)

    def share(self, workers: int) -> Iterator[Task]:
        """Some for one of so many workers, fewer towards the end; what is not taken stays."""
        for _ in range(min(_BATCH, -(-self.in_sight() // (2 * workers)))):
            yield self._ahead.popleft()

    def take_back(self, tasks: Sequence[Task]) -> None:
        """Files that a lost worker was sent and had not begun."""
        self._ahead.extendleft(reversed(tasks))


def _started(orders: Orders) -> _Worker:
    context = _context()
    ours, theirs = context.Pipe()
    at = context.Value("q", -1, lock=False)
    process = context.Process(target=work, args=(theirs, at, orders), daemon=True, name="decoder")
    with _lone_thread(), not_run_again():
        process.start()
    theirs.close()  # so that its death reads as the end of the file
    return _Worker(process, ours, at)


def _context() -> SpawnContext | ForkServerContext:
    """How processes start: never as a copy of this one, whose threads may hold anything.

    On Linux as copies of one small process that has read all it needs, so that each begins at once.
    """
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([work.__module__])
    return context


@contextmanager
def _lone_thread() -> Iterator[None]:
    """What starts now has no threads for numpy's linear algebra, which decoding never needs: half its start."""
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = before


def _ripe(crew: list[_Worker]) -> list[_Worker]:
    ready = set(wait([worker.connection for worker in crew], timeout=_BEAT_SECONDS))
    return [worker for worker in crew if worker.connection in ready]


def _answers(worker: _Worker) -> list[Outcome]:
    """All that the worker has said by now: first that it is ready, then what became of files, in their order."""
    found: list[Outcome] = []
    with suppress(EOFError, OSError):  # its side of the connection is gone
        while worker.connection.poll():
            answer = worker.connection.recv()
            worker.since = time.monotonic()
            worker.is_ready = True
            if isinstance(answer, ImagesError):
                raise answer
            assert isinstance(answer, list)
            for _ in answer:
                worker.waiting.popleft()
            found += answer
    return found


def _hand_out(worker: _Worker, tasks: Iterator[Task], ranges: Mapping[str, Range]) -> None:
    if not worker.is_ready or len(worker.waiting) > _BATCH // 2 or not (batch := list(tasks)):
        return
    if not worker.waiting:
        worker.since = time.monotonic()
    worker.waiting.extend(batch)
    with suppress(OSError):  # it died a moment ago: the next round buries it
        worker.connection.send(Batch(batch, ranges))


def _is_lost(worker: _Worker, time_limit: float) -> bool:
    if not worker.process.is_alive():
        return True
    if not worker.is_ready:
        return worker.seconds() > _START_SECONDS
    return bool(worker.waiting) and worker.seconds() > time_limit


def _buried(worker: _Worker, todo: _Todo, time_limit: float) -> list[Outcome]:
    """The file a lost worker was at is skipped; the others it was sent go back to be done."""
    took_too_long = worker.process.is_alive()
    worker.process.kill()
    worker.process.join()
    found = _answers(worker)  # what it said before it was gone
    lost = [] if took_too_long and found else [task for task in worker.waiting if task[0] == worker.at.value]
    for task in lost:
        reason = "took too long" if took_too_long else "crashed the decoder"
        detail = f"more than {time_limit:g} s" if took_too_long else _cause(worker.process.exitcode)
        found.append(Skipped(task[1], reason, detail))
        worker.waiting.remove(task)
    todo.take_back(list(worker.waiting))
    worker.connection.close()
    return found


def _cause(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return signal.strsignal(-exit_code) or f"signal {-exit_code}"
    return f"exit code {exit_code}"
