"""The files of a selection, copied or moved into one folder: none is ever written over, each is accounted for."""

import os
import shutil
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from core.errors import ConfigError
from core.reports.progress import Progress
from core.written_paths import no_folder

EVERY = 0.1  # seconds between two reports
AT_ONCE = 1 << 20  # bytes
MOST_TRIES = 10_000  # of " (2)", " (3)" …


@dataclass(frozen=True)
class Gathered:
    """The end of `gather`: what went where, (from, to) each, and which files did not and why, (file, reason) each.

    `left` files were not tried, because it was stopped.
    """

    folder: Path
    has_moved: bool
    done: tuple[tuple[Path, Path], ...]
    failed: tuple[tuple[Path, str], ...]
    left: int = 0


def gather(
    paths: Sequence[Path],
    folder: Path,
    moves: bool,
    log: Path | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Generator[Progress | Gathered, None, None]:
    """Copy or move files into a folder; names that collide get " (2)". The last report is Gathered.

    What cannot be done with one file does not stop the others; once `is_stopped`, no more are tried. A line for each
    goes to the end of `log` as it is done, so that even a crash leaves no doubt: verb, from and to, tabs between.
    Raises ConfigError when there is no such folder, or the log cannot be written.
    """
    if not folder.is_dir():
        raise ConfigError(f"{no_folder(folder)}: make one first, or choose another.")
    yield from _carry([(path, folder / path.name) for path in paths], folder, moves, log, is_stopped)


def put_back(
    gathered: Gathered, log: Path | None = None, is_stopped: Callable[[], bool] = lambda: False
) -> Generator[Progress | Gathered, None, None]:
    """Undo a move: each file goes to where it was, beside whatever has taken its name since. Raises ConfigError."""
    yield from _carry([(to, came_from) for came_from, to in gathered.done], gathered.folder, True, log, is_stopped)


def _carry(
    wishes: Sequence[tuple[Path, Path]], folder: Path, moves: bool, log: Path | None, is_stopped: Callable[[], bool]
) -> Generator[Progress | Gathered, None, None]:
    doing, verb, last = ("Moving", "moved", 0.0) if moves else ("Copying", "copied", 0.0)
    done, failed = list[tuple[Path, Path]](), list[tuple[Path, str]]()
    with _opened(log) as notes:
        for number, (path, wanted) in enumerate(wishes):
            if is_stopped():
                break
            if time.monotonic() - last >= EVERY:
                last = time.monotonic()
                yield Progress(doing, number, len(wishes))
            try:
                done.append((path, _carried(path, wanted, moves)))
                _note(notes, verb, path, done[-1][1])
            except OSError as error:
                failed.append((path, error.strerror or str(error)))
                _note(notes, "failed", path, failed[-1][1])
    tried = len(done) + len(failed)
    yield Progress(doing, tried, len(wishes))
    yield Gathered(folder, moves, tuple(done), tuple(failed), len(wishes) - tried)


def _carried(path: Path, wanted: Path, moves: bool) -> Path:
    """Where the file is now; raises OSError, and then it is where it was."""
    if path.parent.resolve() == wanted.parent.resolve() and path.name == wanted.name:
        raise FileExistsError(17, "it lies in this folder already")
    if not path.is_file():
        raise FileNotFoundError(2, "the file is not there any more" if not path.exists() else "it is not a file")
    for target in _names(wanted):
        with suppress(FileExistsError):
            return _moved(path, target) if moves else _copied(path, target)
    raise FileExistsError(17, "too many files are called that")


def _names(wanted: Path) -> Iterator[Path]:
    """`wanted`, then the same with " (2)", " (3)" … before its suffix."""
    yield wanted
    for number in range(2, MOST_TRIES):
        yield wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")


def _moved(path: Path, target: Path) -> Path:
    """By a second name where the disk allows that: unlike a rename it never takes the place of another file."""
    try:
        if path.is_symlink():
            raise OSError("a link is moved by what it points to")
        os.link(path, target)
    except FileExistsError:
        raise
    except OSError:
        _copied(path, target)
    try:
        path.unlink()
    except OSError:
        target.unlink()
        raise
    return target


def _copied(path: Path, target: Path) -> Path:
    with path.open("rb") as source:
        copy = target.open("xb")
        try:
            with copy:
                shutil.copyfileobj(source, copy, AT_ONCE)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    with suppress(OSError):  # dates and rights are not worth losing the copy for
        shutil.copystat(path, target)
    return target


def _opened(log: Path | None) -> AbstractContextManager[TextIO | None]:
    """Line by line on the disk; opened before any file is touched. Raises ConfigError."""
    if log is None:
        return nullcontext()
    try:
        return log.open("a", buffering=1, encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise ConfigError(
            f"{log} cannot be written ({error.strerror}), and no file is moved without a note of it: make room for it."
        ) from error


def _note(notes: TextIO | None, verb: str, path: Path, to: object) -> None:
    if notes is not None:
        notes.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')}\t{verb}\t{path}\t{to}\n")
