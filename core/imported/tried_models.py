"""Which models were tried on this machine: a run that comes from elsewhere is tried once more before it is opened."""

from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from core.atomic_write import write_whole
from core.bounded_read import read_text
from core.errors import PlaceError
from core.imported.settings import ImportedSettings
from core.places import settings_folder

FILE = "tried-models.txt"  # a line a model
MOST = 1_000  # lines


def is_tried(settings: ImportedSettings) -> bool:
    """Whether these graphs were run here as these settings have them, and nothing was wrong with them."""
    return _line(settings) in set(_lines())


def note_tried(settings: ImportedSettings) -> None:
    """They were; where that cannot be kept they are tried each time."""
    lines = [line for line in _lines() if line != _line(settings)][-MOST + 1 :]
    with suppress(OSError, PlaceError):
        write_whole(_file(), "".join(f"{line}\n" for line in (*lines, _line(settings))))


def _line(settings: ImportedSettings) -> str:
    return sha256(settings.model_dump_json(include={"decoder", "encoder", "classes", "picture"}).encode()).hexdigest()


def _lines() -> Iterator[str]:
    with suppress(OSError, ValueError, PlaceError):
        yield from read_text(_file()).split()


def _file() -> Path:
    return settings_folder() / FILE
