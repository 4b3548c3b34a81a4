"""A run's history: what it reported, a line each in `history.jsonl`, and in TensorBoard's event files."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import cached_property
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

from core.atomic_write import replacing
from core.bounded_read import LARGE, read_text
from core.errors import RunError
from core.reports.training import HeldOutDone, StepDone, Terms, Untrained
from core.training.checksums import EVENTS, Checksum, GrowingFile, checksum_of, vouch

HISTORY = "history.jsonl"
KINDS: dict[str, type[Untrained | StepDone | HeldOutDone]] = {
    "untrained": Untrained,
    "step": StepDone,
    "held_out": HeldOutDone,
}  # the lines of a history
TERMS = ("mean", "low", "high", "terms")  # the fields of a line that hold terms
_COUNTS = ("step", "images")
_LARGEST = 1 << 53


class History:
    """Takes the reports of a session, and writes them when a checkpoint is: neither is ahead of the other for long."""

    def __init__(self, run: Path, step: int) -> None:
        _forget_after(run, step)
        self._run, self._step = run, step
        self._file = GrowingFile(run, HISTORY)
        self._lines, self._points = bytearray(), bytearray()  # still to be written

    def add(self, report: Untrained | StepDone | HeldOutDone) -> None:
        """Take one report."""
        kind = next(kind for kind, of_kind in KINDS.items() if isinstance(report, of_kind))
        self._lines += json.dumps({"kind": kind, **asdict(report)}).encode("utf-8") + b"\n"
        if isinstance(report, Untrained):
            return
        from core.training.tensorboard import point  # 0.3 s

        terms, side = (report.mean, "training") if isinstance(report, StepDone) else (report.terms, "held_out")
        for name, value in asdict(terms).items():
            self._points += point(f"{name}/{side}", value, report.step)

    def write(self) -> tuple[Checksum, ...]:
        """Put all that was taken on the disk; returns what vouches for it. Raises OSError, and may be tried again."""
        if self._lines:
            self._file.add(bytes(self._lines))
            self._lines.clear()
        if self._points:
            self._events.add(bytes(self._points))
            self._points.clear()
        files = [self._file, *([self._events] if "_events" in vars(self) else [])]
        return tuple(file.checksum for file in files)

    @cached_property
    def _events(self) -> GrowingFile:
        """A file for each session, made when there is something to write."""
        from core.training.tensorboard import opening

        taken = (f"{EVENTS}{int(time.time()) + later}.latentscape" for later in range(1 << 20))
        file = GrowingFile(self._run, next(name for name in taken if not (self._run / name).exists()))
        file.add(opening(self._step))
        return file


class Told(NamedTuple):
    """What a run reported so far; a run of an older version does not know what it cost untrained."""

    steps: tuple[StepDone, ...] = ()
    held_out: tuple[HeldOutDone, ...] = ()
    untrained: Untrained | None = None


def read_history(run: Path, until: float = inf) -> Told:
    """The reports of a run up to a step, which is that of its checkpoint: what was told of later ones was not saved.

    A line that cannot be read is left out. Raises RunError when the file is no file, or one of many gigabytes.
    """
    steps: list[StepDone] = []
    held_out: list[HeldOutDone] = []
    untrained = None
    for line in _lines(run / HISTORY):
        match _parse(line):
            case StepDone() as report if report.step <= until:
                steps.append(report)
            case HeldOutDone() as report if report.step <= until:
                held_out.append(report)
            case Untrained() as report:
                untrained = report
    return Told(tuple(steps), tuple(held_out), untrained)


def keep_readable(run: Path) -> None:
    """Leave out of a damaged history what cannot be read, and vouch for the rest. Raises OSError, RunError."""
    _rewrite(run, [line for line in _lines(run / HISTORY) if _parse(line) is not None])


def _parse(line: str) -> Untrained | StepDone | HeldOutDone | None:
    try:
        content: dict[str, Any] = json.loads(line)
        kind = KINDS[content.pop("kind")]
        terms: dict[str, Any] = {key: Terms(**content.pop(key)) for key in TERMS if key in content}
        numbers = (*content.items(), *(pair for each in terms.values() for pair in vars(each).items()))
        return kind(**content, **terms) if all(map(_is_sound, numbers)) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _is_sound(number: tuple[str, object]) -> bool:
    """A loss may be infinite or no number; a step is a whole one."""
    name, value = number
    if isinstance(value, int):
        return type(value) is int and abs(value) < _LARGEST and (value >= 0 or name not in _COUNTS)
    if isinstance(value, float):
        return name not in _COUNTS
    return value is None and name in ("seconds_left", "trimmed")


def _forget_after(run: Path, step: int) -> None:
    """Drop what was written after the checkpoint that training goes on from."""
    lines = _lines(run / HISTORY)
    kept = [line for line in lines if (report := _parse(line)) is not None and _step_of(report) <= step]
    if len(kept) != len(lines):
        _rewrite(run, kept)


def _rewrite(run: Path, lines: Sequence[str]) -> None:
    with replacing(run / HISTORY) as temporary:
        temporary.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="")
        vouch(run, checksum_of(temporary, HISTORY))


def _step_of(report: Untrained | StepDone | HeldOutDone) -> int:
    return 0 if isinstance(report, Untrained) else report.step


def _lines(path: Path) -> Sequence[str]:
    try:
        return read_text(path, 8 * LARGE, errors="replace").splitlines()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise RunError(f"{path} cannot be read: {error.strerror or error}.") from error
