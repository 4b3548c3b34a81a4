"""What this program writes into pictures that it saves and into folders of its runs, by which it knows them again."""

import json
from pathlib import Path

from PIL import Image

from core.export.ownership import CHUNK, DESCRIPTION

SAVED_HERE = "saved by this program"
RUN_HERE = "folder of a run"
_COMMENT = f'{{"{CHUNK}"'
_CONFIG = "config.json"
_MOST_BYTES = 1_000_000
_MARKS = {CHUNK, "format", "image_shape"}


def is_carried_by(image: Image.Image) -> bool:
    """Whether an opened picture or film says that this program saved it."""
    match image.format:
        case "PNG":
            return CHUNK in image.info
        case "GIF":
            comment = image.info.get("comment", b"")
            return isinstance(comment, bytes) and comment.startswith(_COMMENT.encode("ascii"))
        case "WEBP" if "exif" in image.info:
            return str(image.getexif().get(DESCRIPTION, "")).startswith(_COMMENT)
    return False


def is_run(folder: Path) -> bool:
    """Whether a folder holds a run of this program."""
    try:
        with open(folder / _CONFIG, "rb") as file:
            content = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and content.keys() >= _MARKS
