"""Small files of a run, replaced whole or not at all; and the number of their format."""

import os
from pathlib import Path

FORMAT = 2  # 2: the noise of a run hangs on its seed


def write_whole(path: Path, text: str) -> None:
    """Replace a small file in one move, so that no reader ever sees half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
