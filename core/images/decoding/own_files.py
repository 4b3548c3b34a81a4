"""What this program saved is not learned from: pictures that say so, and the folders of its runs."""

import json
from pathlib import Path

from core.export.ownership import CHUNK

SAVED_HERE = "saved by this program"
RUN_HERE = "folder of a run"
_CONFIG = "config.json"
_MOST_BYTES = 1_000_000
_MARKS = {CHUNK, "format", "image_shape"}


def is_run(folder: Path) -> bool:
    """Whether a folder holds a run of this program."""
    try:
        with open(folder / _CONFIG, "rb") as file:
            content = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and content.keys() >= _MARKS
