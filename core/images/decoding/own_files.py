"""What this program saved is not learned from: pictures that say so, and the folders of its runs."""

from pathlib import Path

from core.bounded_read import read_json
from core.export.ownership import CHUNK

SAVED_HERE = "saved by this program"
RUN_HERE = "folder of a run"
_CONFIG = "config.json"
_MARKS = {CHUNK, "format", "image_shape"}


def is_run(folder: Path) -> bool:
    """Whether a folder holds a run of this program."""
    try:
        content = read_json(folder / _CONFIG)
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and content.keys() >= _MARKS
