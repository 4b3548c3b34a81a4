"""Tables that lie beside pictures and are not used: named, so that a person may choose one."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath

from core.images.tables.metadata import TABLE
from core.images.tables.read_table import SUFFIXES
from core.skipped_file import Skipped

USUAL = ("metadata", "labels", "label", "annotations", "annotation", "classes", "captions", "index", "data", "train")
MOST = 12


def tables_beside(folder: Path, skipped: Iterable[Skipped]) -> tuple[str, ...]:
    """Their paths relative to a folder: those in it, by what was skipped there, and usual ones in the folder above.

    Those with usual names first, and no more than a menu holds.
    """
    inside = {each.path for each in skipped if "/" not in each.path and each.path.lower().endswith(SUFFIXES)}
    above = {f"../{name}" for stem in USUAL for suffix in SUFFIXES if _is_file(folder.parent / (name := stem + suffix))}
    return tuple(sorted((inside | above) - {TABLE}, key=_rank)[:MOST])


def _rank(name: str) -> tuple[bool, int, str]:
    stem = PurePosixPath(name).stem.lower()
    return name.startswith("../"), USUAL.index(stem) if stem in USUAL else len(USUAL), name


def _is_file(path: Path) -> bool:
    with suppress(OSError):
        return path.is_file()
    return False
