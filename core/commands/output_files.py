"""Where a command writes, checked before its work: what is not this program's own is written over by `--force` only."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import ConfigError
from core.export.destination import OccupiedError, check_destination


def check_output(out: Path, suffix: str, force: bool) -> None:
    """Raise ConfigError when a file with this suffix cannot be written there."""
    with naming_force():
        check_destination(out, suffix, force)


@contextmanager
def naming_force() -> Iterator[None]:
    """Whoever is told that something is in the way is told of the flag too; core itself knows no flags."""
    try:
        yield
    except OccupiedError as error:
        raise ConfigError(f"{error} --force writes over it.") from error
