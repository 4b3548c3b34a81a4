"""Where an exported file goes: checked before the work, written whole or not at all, and never over another's."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import ConfigError
from core.export.ownership import is_own
from core.written_paths import no_folder, said


class OccupiedError(ConfigError):
    """Something is there that this program did not save, and nobody has said that it may be written over."""


def check_destination(path: Path, suffix: str, may_replace: bool = False) -> None:
    """Raise ConfigError when a file with this suffix cannot be written there.

    OccupiedError when it would take the place of one that is not this program's own, unless it `may_replace` it.
    """
    if path.suffix.lower() != suffix:
        raise ConfigError(f"{said(path)} does not end in {suffix}, the only kind of file that this is saved as.")
    if os.path.isdir(path):
        raise ConfigError(f"{said(path)} is a folder: name a file in it.")
    check_folder(path.absolute().parent)
    check_vacant(path, may_replace)


def check_vacant(path: Path, may_replace: bool = False) -> None:
    """Raise OccupiedError for a file that is there and not this program's own, unless it may be replaced."""
    if os.path.lexists(path) and not may_replace and not is_own(path):
        raise OccupiedError(f"{said(path)} is there already, and Latentscape did not save it: choose another name.")


def check_folder(folder: Path) -> None:
    """Raise ConfigError where no file can be written: now, not after hours of work."""
    if not os.path.isdir(folder):
        raise ConfigError(f"{no_folder(folder)}: make one first, or choose another.")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ConfigError(
            f"{said(folder)} cannot be written in: {error.strerror or error}. Choose another folder."
        ) from error


@contextmanager
def destination(path: Path, suffix: str, may_replace: bool = False) -> Iterator[Path]:
    """A file beside `path` to write to; it takes the place of `path` when all went well.

    A link stays one: what it leads to is replaced. Raises as `check_destination` does.
    """
    check_destination(path, suffix, may_replace)
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{os.getpid()}_{target.name}")
    try:
        yield temporary
        temporary.replace(target)
    except OSError as error:
        raise ConfigError(f"{said(path)} cannot be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):  # of a folder that has become read-only, or has gone: that has been said
            temporary.unlink()


def check_new_folder(out: Path) -> None:
    """Raise ConfigError where no folder of this name can be made: it may be there if it is empty."""
    if os.path.isdir(out) and not os.listdir(out):
        return
    if os.path.lexists(out):
        raise ConfigError(f"{said(out)} is there already: name a new folder.")
    check_folder(out.absolute().parent)


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """A folder beside `out` to write into; it becomes `out` when all went well, else it is gone.

    Raises as `check_new_folder` does.
    """
    check_new_folder(out)
    target = Path(os.path.realpath(out))
    making = target.with_name(f".{os.getpid()}_{target.name}")
    try:
        making.mkdir()
        yield making
        if target.exists():
            target.rmdir()
        making.rename(target)
    except OSError as error:
        raise ConfigError(f"{said(out)} cannot be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
