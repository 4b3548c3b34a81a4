"""Small files of a run, replaced whole or not at all; and the number of their format."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FORMAT = 2  # 2: the noise of a run hangs on its seed


def write_whole(path: Path, text: str) -> None:
    """Replace a small file in one move, so that no reader ever sees half of it; raises OSError."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file beside `path` to write to, which takes its place at the end of the block, or is gone. Raises OSError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield temporary
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
