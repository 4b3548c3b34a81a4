"""What is meant by a word or a path that stands for images: a folder, a ZIP archive, a named set; or what helps."""

import os
import re
import stat
from dataclasses import dataclass
from difflib import get_close_matches

from core.errors import ImagesError
from core.images.decoding.decode import LFS_POINTER, MAGIC_LENGTH, format_of, no_picture
from core.images.named_sets.catalogue import is_named, list_names
from core.images.scanning.advice import ARCHIVE, ARRAY, CONTAINER, VIDEO, ZIP, help_for, with_article
from core.images.scanning.zip_archive import looks_like_archive
from core.written_paths import no_folder, read_path, said

SET = "set:"  # before the name of a set, whatever folder is called so
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
_SUFFIXES = (  # of files that are told by their names, as their beginnings say nothing
    ((".tar", ".tgz", ".tbz2", ".txz", ".gz", ".bz2", ".xz", ".zst", ".rar", ".7z"), ARCHIVE),
    ((".npy", ".npz"), ARRAY),
    ((".h5", ".hdf5", ".mat", ".parquet", ".arrow", ".tfrecord", ".lmdb", ".pt", ".pkl"), CONTAINER),
    ((".mp4", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".wmv", ".ts"), VIDEO),
    ((".csv", ".tsv", ".xlsx", ".json", ".jsonl"), "table"),
)


@dataclass(frozen=True)
class Found:
    """Where images are: the absolute path of a folder or a .zip, or a set's name; `note` says what else was named."""

    source: str
    note: str = ""


def find_images(words: str) -> Found:
    """What these words stand for; raises ImagesError with the sentence that helps when they stand for no images.

    A folder that is there goes before a set of the same name, which `set:NAME` names whatever there is.
    """
    name = words.strip()
    if name.startswith(SET):
        return Found(_known(name[len(SET) :]))
    path = read_path(words) if name else ""
    if is_named(name):
        if not os.path.isdir(path):
            return Found(name)
        return Found(path, f"{name} is the folder {said(path)} here; the image set of that name is {SET}{name}.")
    kind = _kind(path, words)
    if stat.S_ISDIR(kind):
        return Found(path)
    if not stat.S_ISREG(kind):
        raise ImagesError(f"{said(path)} is neither folder nor file: choose a folder of pictures, or a .zip of one.")
    if (sentence := about_file(path)) != "":
        raise ImagesError(sentence)
    return Found(path)


def is_picture(path: str) -> bool:
    """Whether a file begins as one of the pictures that are decoded; raises ImagesError when it cannot be opened."""
    return format_of(_head(path)) is not None


def about_file(path: str) -> str:
    """Why no images can be read from a file, and what helps; empty for an archive that can be. Raises ImagesError."""
    head = _head(path)
    if format_of(head) is not None:
        folder = said(os.path.dirname(path))
        return f"{said(path)} is one picture, and a model learns from many: choose the folder it lies in, {folder}."
    match _kind_of_file(path, head):
        case "ZIP archive":
            return ""
        case "":
            what = "no picture" if head else "an empty file"
            return f"{said(path)} is {what}: choose a folder of pictures, or a .zip of one."
        case "table":
            return f"{said(path)} is a table, and no picture: choose the folder that its pictures lie in."
        case kind if kind == LFS_POINTER:
            return f"{said(path)} is {kind}: the picture itself is not here."
        case kind:
            return f"{said(path)} is {with_article(kind)}, and no folder of pictures. {help_for(kind)}"


def _kind_of_file(path: str, head: bytes) -> str:
    """One of the kinds that help is known for, or "table"; empty when it is none of them."""
    reason, detail = no_picture(head)
    by_name = next((kind for suffixes, kind in _SUFFIXES if path.lower().endswith(suffixes)), "")
    if reason == LFS_POINTER or by_name == ARRAY:  # .npz is a .zip too
        return reason if reason == LFS_POINTER else ARRAY
    if looks_like_archive(path, head):
        return ZIP
    return detail if help_for(detail) else by_name


def _known(name: str) -> str:
    if is_named(name):
        return name
    close = get_close_matches(name, list_names(), n=1)
    raise ImagesError(f"There is no image set called {said(name)}{_meant(close)}", "list of sets")


def _kind(path: str, words: str) -> int:
    """The mode of what is at a path; raises ImagesError when nothing is, or when it may not be looked at."""
    if not path:
        raise ImagesError("No folder was named: choose a folder of pictures.")
    if (address := _ADDRESS.match(words.strip())) and address[1].lower() != "file":
        raise ImagesError(
            f"{said(words.strip())} is an address in a network, and nothing is fetched from there: "
            "save it to this machine or mount it there, and choose the folder or the .zip."
        )
    try:
        return os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        pass
    except OSError as error:
        raise ImagesError(f"{said(path)} cannot be opened: {error.strerror}.") from None
    if os.path.islink(path):
        raise ImagesError(f"{said(path)} is a link that leads to {said(os.readlink(path))}, where nothing is.")
    raise _nothing_there(path, words.strip())


def _nothing_there(path: str, words: str) -> ImagesError:
    if os.sep in words or (os.altsep or os.sep) in words:
        return ImagesError(f"{no_folder(path)}.")
    close = get_close_matches(words.lower(), list_names(), n=1)
    return ImagesError(f"{no_folder(path)}, and no image set is called {said(words)}{_meant(close)}", "list of sets")


def _meant(close: list[str]) -> str:
    return f" (did you mean {close[0]}?)" if close else ""


def _head(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(MAGIC_LENGTH)
    except OSError as error:
        raise ImagesError(f"{said(path)} cannot be opened: {error.strerror}.") from error
