"""Telling what this program saved from what it did not: by what a file carries, never by its name."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PIL import Image

CHUNK = "latentscape"  # the text of a PNG that says what it was made from
DESCRIPTION = 0x010E  # of EXIF: where a WebP or a JPEG says so
SVG_TITLE = "Latentscape"  # an SVG is called so, and the version
_NUMBERS = r"z1(,z\d+)*"
_HEADERS = re.compile(  # as core.export.code_table, selection_table and films, and core.evaluation.sweep begin a table
    rf"file,class,{_NUMBERS},lv1(,lv\d+)*,reconstruction_error|file,class,held_out,{_NUMBERS}"
    rf"|frame,seconds,{_NUMBERS}|[a-z-]+,run,parameters,objective,reconstruction,kl,active_units,seconds,found,problem"
)
GENERATOR = "Latentscape"  # an HTML page says so, and the version
_LONGEST = 1 << 20  # bytes of a header, and of the beginning of an SVG
_HEAD = 4096  # bytes in which a page says what it was made by


def is_own(path: Path) -> bool:
    """Whether a file is one that this program saved; False for all that cannot be read."""
    tell = _TELLING.get(path.suffix.lower())
    with suppress(Exception):  # other people's files make decoders raise anything
        return path.is_file() and tell is not None and tell(path)
    return False


def is_carried_by(image: Image.Image) -> bool:
    """Whether an opened picture or film says that this program saved it."""
    match image.format:
        case "PNG":
            return CHUNK in image.info
        case "GIF":
            return _carries(image.info.get("comment", b""))
        case "WEBP" | "JPEG" if "exif" in image.info:
            return _carries(image.getexif().get(DESCRIPTION, ""))
    return False


def _carries(noted: object) -> bool:
    """Whether a note is the JSON that our pictures and films carry."""
    with suppress(ValueError, RecursionError):
        facts = json.loads(noted) if isinstance(noted, str | bytes) else None
        return isinstance(facts, dict) and CHUNK in facts
    return False


def _is_own_picture(path: Path) -> bool:
    with Image.open(path, formats=("PNG", "GIF", "WEBP", "JPEG")) as image:
        return is_carried_by(image)


def _is_own_mp4(path: Path) -> bool:
    import av

    with av.open(str(path)) as container:
        return _carries(container.metadata["comment"])


def _is_own_table(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        return _HEADERS.match(file.readline(_LONGEST)) is not None


def _is_own_drawing(path: Path) -> bool:
    with path.open("rb") as file:
        return f"<dc:title>{SVG_TITLE} ".encode() in file.read(_LONGEST)


def _is_own_page(path: Path) -> bool:
    with path.open("rb") as file:
        return f'<meta name="generator" content="{GENERATOR} '.encode() in file.read(_HEAD)


_TELLING: dict[str, Callable[[Path], bool]] = {
    ".png": _is_own_picture,
    ".gif": _is_own_picture,
    ".webp": _is_own_picture,
    ".jpg": _is_own_picture,
    ".mp4": _is_own_mp4,
    ".csv": _is_own_table,
    ".svg": _is_own_drawing,
    ".html": _is_own_page,
}
