"""Where an exported file goes: checked before the work, written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import ConfigError


def check_destination(path: Path, suffix: str) -> None:
    """Raise ConfigError when a file with this suffix cannot be written there."""
    if path.suffix.lower() != suffix:
        raise ConfigError(f"{path} does not end in {suffix}, the only kind of file that this is saved as.")
    if path.is_dir():
        raise ConfigError(f"{path} is a folder: name a file in it.")
    if not path.absolute().parent.is_dir():
        raise ConfigError(f"There is no folder {path.absolute().parent}: make it first, or choose another.")


@contextmanager
def destination(path: Path, suffix: str) -> Iterator[Path]:
    """A file beside `path` to write to; it takes the place of `path` when all went well. Raises ConfigError."""
    check_destination(path, suffix)
    temporary = path.with_name(f".{os.getpid()}_{path.name}")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        temporary.unlink(missing_ok=True)
