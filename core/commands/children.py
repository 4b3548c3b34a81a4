"""Commands in processes of their own, several at once: what they say on stderr becomes one line for all."""

import os
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.commands.progress import TRAINING, Line

TICK = 0.25  # seconds between two looks at the processes
CORE_FOLDER = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Job:
    """One command and the name it goes by; `words` are those after `latentscape`."""

    name: str
    words: Sequence[str]


@dataclass(frozen=True)
class Ended:
    """A command is over; `problem` is the sentence it ended with when it failed."""

    job: Job
    problem: str | None
    seconds: float


def run_all(doing: str, jobs: Sequence[Job], at_once: int) -> Iterator[Line | Ended]:
    """Run commands, so many at once, each with its share of the cores.

    Closing the generator asks those that run to end, which makes a training save itself, and waits for them.
    """
    waiting, running, seconds = deque(jobs), list[_Child](), list[float]()
    threads = max(1, _cores() // at_once) if at_once > 1 else None
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                running.append(_Child(waiting.popleft(), threads))
            for child in [child for child in running if not child.is_running]:
                running.remove(child)
                seconds.append(child.seconds)
                yield child.ended()
            yield _together(doing, len(jobs), running, len(waiting), seconds, at_once)
            time.sleep(TICK)
    finally:
        for child in running:
            child.stop()
        for child in running:
            child.ended()


class _Child:
    """One command that runs."""

    def __init__(self, job: Job, threads: int | None) -> None:
        self.job = job
        self._since = time.monotonic()
        descriptor, said = tempfile.mkstemp(prefix="latentscape-")
        self._said = Path(said)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "core", *job.words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=descriptor,
            env=_environment(threads),
            start_new_session=os.name == "posix",  # Ctrl+C is for the parent, which passes it on once
        )
        os.close(descriptor)

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._since

    @property
    def line(self) -> Line | None:
        """How far its training was when it last said so."""
        lines = (Line.read(text) for text in reversed(self._lines()) if text.startswith(TRAINING))
        return next(filter(None, lines), None)

    def stop(self) -> None:
        """Ask it to save and end; on Windows Ctrl+C has reached it already, and nothing else would let it save."""
        if os.name == "posix":
            self._process.terminate()

    def ended(self) -> Ended:
        """Wait for its end."""
        code = self._process.wait()
        lines = [text for text in self._lines() if text.strip()]
        self._said.unlink()
        problem = None if code == 0 else (lines[-1] if lines and code > 0 else f"It was ended by signal {-code}.")
        return Ended(self.job, problem, self.seconds)

    def _lines(self) -> list[str]:
        return self._said.read_text(encoding="utf-8", errors="replace").splitlines()


def _environment(threads: int | None) -> dict[str, str]:
    paths = [str(CORE_FOLDER), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}
    if threads is not None:
        environment["OMP_NUM_THREADS"] = str(threads)
    return environment


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _together(
    doing: str, total: int, running: Sequence[_Child], waiting: int, seconds: Sequence[float], at_once: int
) -> Line:
    """One line for all: those that wait are expected to take as long as the others do on average."""
    lines = [(child, child.line) for child in running]
    known = [(child.seconds, line.seconds_left) for child, line in lines if line is not None and line.seconds_left]
    whole = [*seconds, *(sum(each) for each in known)]
    left = None
    if whole and len(known) == len(running):
        usual = sum(whole) / len(whole)
        left = max((sum(each for _, each in known) + waiting * usual) / at_once, *(each for _, each in known), 0.0)
    shares = [(child.job.name, 0.0 if line is None or line.share is None else line.share) for child, line in lines]
    done = total - waiting - len(running)
    details = ", ".join([f"{done} of {total} done", *(f"{name} at {share:.0%}" for name, share in shares)])
    return Line(doing, (done + sum(share for _, share in shares)) / total, details, left)
