"""A run's folder: configuration, history, and the lock that keeps a second program out."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from filelock import FileLock, Timeout
from pydantic import ValidationError

from core.atomic_write import FORMAT, write_whole
from core.config import RunConfig
from core.errors import RunError
from core.reports.training import HeldOutDone, StepDone, Terms, Untrained
from core.version import app_version
from core.written_paths import no_folder

if TYPE_CHECKING:
    from core.training.tensorboard import Board

CONFIG, HISTORY = "config.json", "history.jsonl"
SKIPPED, CARD, CHECKPOINTS = "skipped.csv", "README.md", "checkpoints"
KINDS: dict[str, type[Untrained | StepDone | HeldOutDone]] = {
    "untrained": Untrained,
    "step": StepDone,
    "held_out": HeldOutDone,
}  # the lines of a history
BEFORE = {
    "classes_from": "first",
    "range": "picture",
    "duplicates": "apart",
}  # images as read before there was a choice
TERMS = ("mean", "low", "high", "terms")  # the fields of a line that hold terms


class Kept(NamedTuple):
    """What `config.json` keeps: the configuration, the shape (H, W, C) of the images and the names of their classes.

    A run of an older version names no classes. `begun_in` is the format that the run began in, which it goes on in.
    """

    config: RunConfig
    image_shape: tuple[int, int, int]
    classes: tuple[str, ...] = ()
    begun_in: int = FORMAT


@contextmanager
def locked(run: Path) -> Iterator[None]:
    """Hold a run while writing to it; raises RunError when another program does, or when it cannot be written to."""
    lock = FileLock(run / ".lock", timeout=0)
    try:
        run.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise RunError(f"{run} is being trained by another Latentscape; stop that one first.") from error
    except OSError as error:
        raise RunError(f"The run cannot be written in {run}: {error.strerror or error}.") from error
    try:
        yield
    except OSError as error:
        raise RunError(f"The run cannot be written in {run}: {error.strerror or error}.") from error
    finally:
        lock.release()
        _remove_if_empty(run)


def write_config(run: Path, kept: Kept) -> None:
    """Write `config.json`; a source inside the run's own folder would be relative, all others are kept as they are."""
    content = {
        "format": kept.begun_in,
        "latentscape": app_version(),
        "image_shape": list(kept.image_shape),
        "classes": list(kept.classes),
        **kept.config.model_dump(mode="json"),
    }
    write_whole(run / CONFIG, json.dumps(content, indent=2) + "\n")


def read_config(run: Path) -> Kept:
    """The configuration of a run, the shape of its images and their classes; raises RunError."""
    path = run / CONFIG
    if not os.path.isdir(run):
        raise RunError(f"{no_folder(run)}: choose the folder of a run.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found, writer = int(content.pop("format")), content.pop("latentscape", "?")
        if found > FORMAT:
            raise RunError(
                f"{path} was written by Latentscape {writer} in format {found}; this is {app_version()}, "
                f"which reads up to format {FORMAT}: install a newer Latentscape."
            )
        height, width, channels = (int(number) for number in content.pop("image_shape"))
        classes = tuple(str(name) for name in content.pop("classes", ()))
        if isinstance(images := content.setdefault("images", {}), dict):
            for name, was in BEFORE.items():
                images.setdefault(name, was)
        return Kept(RunConfig.model_validate(content), (height, width, channels), classes, found)
    except FileNotFoundError as error:
        raise RunError(f"{run} is not a run: there is no {CONFIG} in it.") from error
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise RunError(f"{path} cannot be read as a run's configuration: {_first_line(error)}.") from error


class History:
    """Appends to `history.jsonl` and to TensorBoard's event file; a line for each report."""

    def __init__(self, run: Path, step: int) -> None:
        _forget_after(run / HISTORY, step)
        self._run, self._step = run, step
        self._file = (run / HISTORY).open("a", encoding="utf-8")

    def add(self, report: Untrained | StepDone | HeldOutDone) -> None:
        """Write one report."""
        kind = next(kind for kind, of_kind in KINDS.items() if isinstance(report, of_kind))
        self._file.write(json.dumps({"kind": kind, **asdict(report)}) + "\n")
        if isinstance(report, Untrained):
            return
        terms, side = (report.mean, "training") if isinstance(report, StepDone) else (report.terms, "held_out")
        for name, value in asdict(terms).items():
            self._board.add(f"{name}/{side}", value, report.step)

    def flush(self) -> None:
        """Make sure that what was added is on disk."""
        self._file.flush()
        if "_board" in vars(self):
            self._board.flush()

    def close(self) -> None:
        """Close both files."""
        try:
            self._file.close()
        finally:
            if "_board" in vars(self):
                self._board.close()

    @cached_property
    def _board(self) -> "Board":
        """Made when there is something to write: each makes a file of its own, and takes 0.3 s to import."""
        from core.training.tensorboard import Board

        return Board(self._run, self._step)


class Told(NamedTuple):
    """What a run reported so far; a run of an older version does not know what it cost untrained."""

    steps: tuple[StepDone, ...] = ()
    held_out: tuple[HeldOutDone, ...] = ()
    untrained: Untrained | None = None


def read_history(run: Path) -> Told:
    """The reports of a run so far; a line that was cut off by a crash is left out."""
    steps: list[StepDone] = []
    held_out: list[HeldOutDone] = []
    untrained = None
    for line in _lines(run / HISTORY):
        match _parse(line):
            case StepDone() as report:
                steps.append(report)
            case HeldOutDone() as report:
                held_out.append(report)
            case Untrained() as report:
                untrained = report
    return Told(tuple(steps), tuple(held_out), untrained)


def _parse(line: str) -> Untrained | StepDone | HeldOutDone | None:
    try:
        fields: dict[str, Any] = json.loads(line)
        kind = KINDS[fields.pop("kind")]
        terms = {key: Terms(**value) for key, value in fields.items() if key in TERMS}
        return kind(**(fields | terms))
    except (ValueError, KeyError, TypeError):
        return None


def _forget_after(path: Path, step: int) -> None:
    """Drop what was written after the checkpoint that training goes on from."""
    lines = _lines(path)
    kept = [line for line in lines if (report := _parse(line)) is not None and _step_of(report) <= step]
    if len(kept) != len(lines):
        write_whole(path, "".join(line + "\n" for line in kept))


def _step_of(report: Untrained | StepDone | HeldOutDone) -> int:
    return 0 if isinstance(report, Untrained) else report.step


def _lines(path: Path) -> Sequence[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return ()


def _remove_if_empty(run: Path) -> None:
    """A run that failed before it wrote anything leaves no folder behind."""
    if {path.name for path in run.iterdir()} <= {".lock"}:
        (run / ".lock").unlink(missing_ok=True)
        with suppress(OSError):
            run.rmdir()


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        problem = error.errors()[0]
        return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
    return str(error).split("\n", 1)[0]
