"""Decoding in other processes: a decoder that crashes or hangs costs its file and nothing else."""

import multiprocessing
import os
import signal
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from core.errors import ImagesError
from core.images.decode import MEGAPIXEL, Picture, Target, UnreadablePictureError, decode, refuse_bombs
from core.reports import Skipped

Decode = Callable[[str, Target], Picture]
Decoded = tuple[int, Picture | Skipped]  # the index of a name, and what became of it

_MEMORY_LIMIT = 2_000 * MEGAPIXEL  # bytes a worker may ask for beyond what it starts with
_BATCH = 8  # files on their way to a worker: enough never to wait for the next, few enough to share evenly
_BEAT_SECONDS = 0.1
_START_SECONDS = 60.0
_STARTS_IN_VAIN = 3
_TIME_LIMIT = 30.0


@dataclass(eq=False)
class _Worker:
    """One process, and the indices it has been sent and not answered yet; the first is the one it is at."""

    process: SpawnProcess
    connection: "Connection[object, object]"
    waiting: deque[int] = field(default_factory=deque)
    is_ready: bool = False
    since: float = field(default_factory=time.monotonic)

    def seconds(self) -> float:
        return time.monotonic() - self.since


def worker_count() -> int:
    """One core stays free for the window: cores − 1, from 1 to 4."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(4, max(1, cores - 1))


def decode_files(
    folder: Path,
    names: Sequence[str],
    target: Target,
    *,
    workers: int | None = None,
    time_limit: float = _TIME_LIMIT,
    decode_one: Decode = decode,
) -> Iterator[list[Decoded]]:
    """Every name of the folder once, in no set order, in lists that may be empty: one at least every 0.1 s or so.

    Closing the generator ends the processes at once. Raises ImagesError when no process can be started at all.
    """
    count = min(workers or worker_count(), len(names))
    task = (str(folder), target, decode_one)
    todo, crew = deque(range(len(names))), list[_Worker]()
    done = vain = 0
    try:
        crew.extend(_started(task) for _ in range(count))
        while done < len(names):
            found: list[Decoded] = []
            for worker in _ripe(crew):
                found += _answers(worker)
            for place, worker in enumerate(crew):
                if not _is_lost(worker, time_limit):
                    continue
                found += _buried(worker, names, todo, time_limit)
                vain = 0 if worker.is_ready else vain + 1
                if vain == _STARTS_IN_VAIN:
                    raise ImagesError("Pictures cannot be decoded: the decoding processes end before they begin.")
                crew[place] = _started(task)
            _hand_out(crew, names, todo)
            done += len(found)
            yield found
    finally:
        _end(crew)


def _started(task: tuple[str, Target, Decode]) -> _Worker:
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_work, args=(theirs, *task), daemon=True, name="decoder")
    process.start()
    theirs.close()  # so that its death reads as the end of the file
    return _Worker(process, ours)


def _ripe(crew: list[_Worker]) -> list[_Worker]:
    ready = set(wait([worker.connection for worker in crew], timeout=_BEAT_SECONDS))
    return [worker for worker in crew if worker.connection in ready]


def _answers(worker: _Worker) -> list[Decoded]:
    """All that the worker has said by now: first that it is ready, then one answer a file."""
    found: list[Decoded] = []
    with suppress(EOFError, OSError):  # its side of the connection is gone
        while worker.connection.poll():
            answer = worker.connection.recv()
            worker.since = time.monotonic()
            if worker.is_ready:
                found.append(_decoded(worker.waiting.popleft(), answer))
            worker.is_ready = True
    return found


def _decoded(index: int, answer: object) -> Decoded:
    if isinstance(answer, Picture):
        return index, answer
    assert isinstance(answer, Skipped)
    return index, answer


def _is_lost(worker: _Worker, time_limit: float) -> bool:
    if not worker.process.is_alive():
        return True
    if not worker.is_ready:
        return worker.seconds() > _START_SECONDS
    return bool(worker.waiting) and worker.seconds() > time_limit


def _buried(worker: _Worker, names: Sequence[str], todo: deque[int], time_limit: float) -> list[Decoded]:
    """The file a lost worker was at is skipped; the others it was sent go back to be done."""
    took_too_long = worker.process.is_alive()
    worker.process.kill()
    worker.process.join()
    found = _answers(worker)  # what it said before it was gone
    if worker.waiting and not (took_too_long and found):
        index = worker.waiting.popleft()
        reason = "took too long" if took_too_long else "crashed the decoder"
        detail = f"more than {time_limit:g} s" if took_too_long else _cause(worker.process.exitcode)
        found.append((index, Skipped(names[index], reason, detail)))
    todo.extendleft(reversed(worker.waiting))
    worker.connection.close()
    return found


def _cause(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return signal.strsignal(-exit_code) or f"signal {-exit_code}"
    return f"exit code {exit_code}"


def _hand_out(crew: list[_Worker], names: Sequence[str], todo: deque[int]) -> None:
    for worker in crew:
        if not todo or not worker.is_ready or len(worker.waiting) > _BATCH // 2:
            continue
        batch = [todo.popleft() for _ in range(min(_BATCH, len(todo)))]
        if not worker.waiting:
            worker.since = time.monotonic()
        worker.waiting.extend(batch)
        with suppress(OSError):  # it died a moment ago: the next round buries it
            worker.connection.send([names[index] for index in batch])


def _end(crew: list[_Worker]) -> None:
    for worker in crew:
        worker.process.kill()
    for worker in crew:
        worker.process.join()
        worker.connection.close()


def _work(connection: "Connection[object, object]", folder: str, target: Target, decode_one: Decode) -> None:
    """The life of one worker: it ends when the other side of its connection is gone."""
    _settle()
    with suppress(EOFError, OSError):
        connection.send("ready")
        while True:
            for name in connection.recv():  # type: ignore[attr-defined]
                connection.send(_answer(folder, name, target, decode_one))


def _settle() -> None:
    """Leave Ctrl+C to the program, say nothing in its terminal, and take no more than a share of the memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    refuse_bombs()
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)  # C libraries write there about every odd file
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + _MEMORY_LIMIT
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(folder: str, name: str, target: Target, decode_one: Decode) -> Picture | Skipped:
    try:
        return decode_one(os.path.join(folder, name), target)
    except UnreadablePictureError as error:
        return Skipped(name, error.reason, error.detail)
