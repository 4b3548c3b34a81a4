"""Walking a folder, and telling by a file's first bytes whether it could be a picture."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from core.errors import ImagesError
from core.images.decoding import own_files
from core.images.decoding.decode import MAGIC_LENGTH, format_of, no_picture
from core.images.natural_order import natural_key
from core.skipped_file import Skipped
from core.written_paths import no_folder

HIDDEN = "hidden or system file"
CANNOT_BE_OPENED = "cannot be opened"
_SYSTEM_NAMES = {
    "thumbs.db", "desktop.ini", "ehthumbs.db", "__macosx", "$recycle.bin", "recycler", "recycled", "found.000",
    "system volume information", "lost+found", "network trash folder", "temporary items", "@eadir", "#recycle",
    "@recycle", "#snapshot", "@recently-snapshot",
}  # fmt: skip
_LIKELY = tuple(form for each in (".png", ".jpg", ".jpeg") for form in (each, each.upper()))


class Found(NamedTuple):
    """A file; `name` is its path relative to the folder, with forward slashes. Device and inode tell who is who.

    With `page`, counted from 1, it is one of the file's pages, and named after it.
    """

    name: str
    size: int
    mtime_ns: int
    device: int
    inode: int
    is_link: bool
    ctime_ns: int = 0
    page: int = 0


def walk(folder: Path) -> Iterator[Found | Skipped]:
    """Everything in a folder, in no set order, links to folders last: what they lead to keeps its own name.

    Memory does not grow with the number of files. Raises ImagesError when the folder itself cannot be read.
    """
    if not os.path.isdir(folder):
        raise ImagesError(f"{no_folder(folder)}: choose a folder that holds pictures.")
    folders, linked, visited = [""], list[str](), set[tuple[int, int]]()
    while folders or linked:
        if not folders:
            linked.sort(key=natural_key, reverse=True)
            folders.append(linked.pop())
        yield from _entries(folder, folders.pop(), visited, folders, linked)


def sniff(folder: Path, name: str) -> Skipped | None:
    """Why a file is no picture, by its first bytes; None when it may be one.

    Its name has no say, but a file that is named as a picture is left to its decoder, which looks at the same bytes.
    """
    if name.endswith(_LIKELY):
        return None
    try:
        file = os.open(os.path.join(folder, name), os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            head = os.read(file, MAGIC_LENGTH)
        finally:
            os.close(file)
    except OSError as error:
        return Skipped(name, CANNOT_BE_OPENED, error.strerror or str(error))
    return None if format_of(head) is not None else Skipped(name, *no_picture(head))


def class_of(folder: Path, name: str) -> str:
    """The class of a file: its first sub-folder, or the folder itself."""
    return name.split("/", 1)[0] if "/" in name else (folder.name or str(folder))


def _entries(
    folder: Path, inside: str, visited: set[tuple[int, int]], folders: list[str], linked: list[str]
) -> Iterator[Found | Skipped]:
    """What one folder holds; nothing if it was entered before (links may loop) or cannot be read."""
    try:
        found = os.stat(folder / inside)
        if (found.st_dev, found.st_ino) in visited:
            yield Skipped(inside, "folder already read", "a link leads back to it")
            return
        visited.add((found.st_dev, found.st_ino))
        if inside and own_files.is_run(folder / inside):
            yield Skipped(inside, own_files.RUN_HERE)
            return
        with os.scandir(folder / inside) as entries:
            for entry in entries:
                name = f"{inside}/{entry.name}" if inside else entry.name
                if _is_hidden(entry.name):
                    yield Skipped(name, HIDDEN)
                elif _is_folder(entry):
                    (linked if entry.is_symlink() else folders).append(name)
                else:
                    yield _file(entry, name)
    except OSError as error:
        if not inside:
            raise ImagesError(f"The folder {folder} cannot be read: {error.strerror}.") from error
        yield Skipped(inside, "folder cannot be opened", error.strerror or str(error))


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name.casefold() in _SYSTEM_NAMES


def _file(entry: "os.DirEntry[str]", name: str) -> Found | Skipped:
    try:
        found = entry.stat() if os.name == "posix" else os.stat(entry.path)  # Windows' entries have no inode
    except OSError as error:
        return Skipped(name, CANNOT_BE_OPENED, error.strerror or str(error))
    if not stat.S_ISREG(found.st_mode):  # opening a pipe would wait for ever
        return Skipped(name, "not a file")
    return Found(
        name, found.st_size, found.st_mtime_ns, found.st_dev, found.st_ino, entry.is_symlink(), found.st_ctime_ns
    )
