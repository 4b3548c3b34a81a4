"""What a folder holds: the files that look like pictures by their content, and the ones that do not."""

import os
import re
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import ImagesError
from core.images.decode import MAGIC_LENGTH, format_of
from core.reports import Progress, Skipped

HIDDEN = "hidden or system file"
_SYSTEM_NAMES = {"thumbs.db", "desktop.ini", "ehthumbs.db", "__macosx", "$recycle.bin", "system volume information"}
_KNOWN_OTHERS = (  # bytes, offset, what to tell the user
    (b"8BPS", 0, "Photoshop"),
    (b"%PDF", 0, "PDF"),
    (b"%!PS", 0, "PostScript"),
    (b"\xc5\xd0\xd3\xc6", 0, "PostScript"),
    (b"SIMPLE  =", 0, "FITS"),
    (b"ftypheic", 4, "HEIC"),
    (b"ftypheix", 4, "HEIC"),
    (b"ftypmif1", 4, "HEIF"),
    (b"<svg", 0, "SVG"),
    (b"\x00\x00\x01\x00", 0, "icon"),
)
_REPORT_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that starts like a picture; `name` is its path relative to the folder, with forward slashes."""

    name: str
    class_name: str
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Listing:
    """The end of `scan`: candidates in natural order."""

    folder: Path
    files: tuple[Candidate, ...]
    skipped: tuple[Skipped, ...]


def scan(folder: Path) -> Iterator[Progress | Listing]:
    """Walk a folder; the last report is the Listing. Raises ImagesError when the folder itself cannot be read.

    A sub-folder is a class (its deeper ones too); files directly in the folder are one class called by its name.
    """
    if not folder.is_dir():
        raise ImagesError(f"There is no folder {folder}: choose one that holds pictures.")
    files: list[Candidate] = []
    skipped: list[Skipped] = []
    seen: dict[tuple[int, int], str] = {}
    reported = time.monotonic()
    for name in _walk(folder, skipped):
        found = _candidate(folder, name, seen)
        (files if isinstance(found, Candidate) else skipped).append(found)  # type: ignore[arg-type]
        if time.monotonic() - reported >= _REPORT_SECONDS:
            reported = time.monotonic()
            yield Progress("Looking through the folder", len(files))
    files.sort(key=lambda file: natural_key(file.name))
    skipped.sort(key=lambda file: natural_key(file.path))
    yield Listing(folder, tuple(files), tuple(skipped))


def natural_key(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Sorts "page 9" before "page 10", and a folder's files together; never ties for different names."""
    words = re.findall(r"\d+|[^\d/]+|/", name.casefold())
    return [(1, int(word), "") if word.isdecimal() else (0 if word == "/" else 2, 0, word) for word in words], name


def _walk(folder: Path, skipped: list[Skipped]) -> Iterator[str]:
    """Relative names of everything that is not a folder, links last: what they lead to keeps its own name."""
    folders, linked, links, visited = [""], list[str](), list[str](), set[tuple[int, int]]()
    while folders or linked:
        inside = folders.pop() if folders else linked.pop()
        for entry in _entries(folder, inside, visited, skipped):
            name = f"{inside}/{entry.name}" if inside else entry.name
            if _is_hidden(entry.name):
                skipped.append(Skipped(name, HIDDEN))
            elif _is_folder(entry):
                (linked if entry.is_symlink() else folders).append(name)
            elif entry.is_symlink():
                links.append(name)
            else:
                yield name
    yield from sorted(links, key=natural_key)


def _entries(
    folder: Path, inside: str, visited: set[tuple[int, int]], skipped: list[Skipped]
) -> list["os.DirEntry[str]"]:
    """What one folder holds; nothing if it was entered before (links may loop) or cannot be read."""
    try:
        found = os.stat(folder / inside)
        if (found.st_dev, found.st_ino) in visited:
            skipped.append(Skipped(inside, "folder already read", "a link leads back to it"))
            return []
        visited.add((found.st_dev, found.st_ino))
        with os.scandir(folder / inside) as entries:
            return sorted(entries, key=lambda entry: natural_key(entry.name))
    except OSError as error:
        if not inside:
            raise ImagesError(f"The folder {folder} cannot be read: {error.strerror}.") from error
        skipped.append(Skipped(inside, "folder cannot be opened", error.strerror or str(error)))
        return []


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name.casefold() in _SYSTEM_NAMES


def _candidate(folder: Path, name: str, seen: dict[tuple[int, int], str]) -> Candidate | Skipped:
    try:
        found = os.stat(folder / name)
        if not stat.S_ISREG(found.st_mode):  # opening a pipe would wait for ever
            return Skipped(name, "not a file")
        if found.st_size == 0:
            return Skipped(name, "empty file")
        with open(folder / name, "rb") as file:
            head = file.read(MAGIC_LENGTH)
    except OSError as error:
        return Skipped(name, "cannot be opened", error.strerror or str(error))
    if format_of(head) is None:
        return _other(name, head)
    first = seen.setdefault((found.st_dev, found.st_ino), name)
    if first != name:
        return Skipped(name, "same file as another", first)
    class_name = name.split("/", 1)[0] if "/" in name else (folder.name or str(folder))
    return Candidate(name, class_name, found.st_size, found.st_mtime_ns)


def _other(name: str, head: bytes) -> Skipped:
    for magic, offset, what in _KNOWN_OTHERS:
        if head.startswith(magic, offset):
            return Skipped(name, "format not supported", what)
    return Skipped(name, "not a picture")
