"""Fetching a named set from where torchvision knows it to be: only when asked, whole or not at all."""

import errno
import os
import re
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import HTTPError

from core.byte_sizes import bytes_said
from core.child_process import in_own_process
from core.errors import ImagesError
from core.images.named_sets.catalogue import known_set
from core.images.named_sets.named_set import NamedSet, Source
from core.images.named_sets.torchvision_reading import Place, open_split
from core.places import datasets_folder, not_kept
from core.reports.progress import Progress

_ARCHIVES = (".gz", ".tgz", ".zip")  # torchvision reads what was in them
_LOADED = re.compile(r"\.(gz|tgz|zip|bz2|mat|txt)")  # in the names of what torchvision loads; gdown adds to them
_LAYERS = ("*", "*/*", "*/*/*")  # where it puts those
_LOCAL = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EFBIG)
_MAKING = ".making-"
_SILENCE_SECONDS = 30.0
_STALE_SECONDS = 24 * 3600


def download(name: str) -> Iterator[Progress]:
    """Fetch a set that is not on this machine; nothing is reported when it is, or when nothing is to be fetched.

    Closing the generator ends it within a second and leaves nothing behind. Raises ImagesError: no such set, no
    network, not enough room. Reports come every 0.1 s.
    """
    found = known_set(name)
    if not found.missing():
        return
    source = _fetchable(found)
    root = datasets_folder()
    with _kept_in(root):
        root.mkdir(parents=True, exist_ok=True)
        _check_space(name, source, root)
        with _making(root) as making:
            with closing(in_own_process(fetch_all, Place(name, source, making))) as beats:
                yield from _progress(name, source, making, beats)
            _move_into(making, root)


def fetch_all(place: Place) -> Iterator[str]:
    """The names of its splits, each when it is there whole. In a process of its own. Raises ImagesError."""
    socket.setdefaulttimeout(_SILENCE_SECONDS)
    try:
        for split in place.source.splits:
            open_split(place, split, download=True)
            yield split.name
        for path in _loaded(place.root):
            if path.suffix in _ARCHIVES:
                path.unlink()
    except Exception as error:  # torchvision, urllib, gdown, tarfile … each have their own
        raise ImagesError(_why(place, error)) from error


def _fetchable(found: NamedSet) -> Source:
    if found.source is None:
        raise ImagesError(found.missing())
    if found.source.module and find_spec(found.source.module) is None:
        module = found.source.module
        raise ImagesError(f"Downloading {found.name} needs the Python package {module}: `pip install {module}` first.")
    return found.source


def _check_space(name: str, source: Source, root: Path) -> None:
    free = shutil.disk_usage(root).free
    if free < source.disk_bytes:
        raise ImagesError(
            f"Downloading {name} needs {bytes_said(source.disk_bytes)} in {root} and {bytes_said(free)} are free: "
            "free some, or put a link to a folder on a larger disk there."
        )


@contextmanager
def _kept_in(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ImagesError(not_kept("Image sets", root, error)) from error


@contextmanager
def _making(root: Path) -> Iterator[Path]:
    """A folder beside the sets that is gone at the end, whatever is left in it."""
    for left in root.glob(f"{_MAKING}*"):  # by a program that was killed
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix=_MAKING, dir=root, ignore_cleanup_errors=True) as making:
        yield Path(making)


def _progress(name: str, source: Source, making: Path, beats: Iterator[object]) -> Iterator[Progress]:
    """The bytes that have come, as often as the other process gives time to look; then that it unpacks."""
    total, began, done = source.download_bytes, time.monotonic(), 0
    for _ in beats:
        if done < 0.99 * total:
            done = max(done, _amount(making))
        if done < 0.99 * total:
            left = (time.monotonic() - began) / done * (total - done) if done else None
            yield Progress(f"Downloading {name}", done, total, left, in_bytes=True)
        else:
            yield Progress(f"Unpacking {name}", total, 0, in_bytes=True)


def _loaded(folder: Path) -> Iterator[Path]:
    found = chain.from_iterable(folder.glob(layer) for layer in _LAYERS)
    return (path for path in found if _LOADED.search(path.name) and path.is_file())


def _amount(folder: Path) -> int:
    with suppress(OSError):  # a file was moved or removed meanwhile
        return sum(path.stat().st_size for path in _loaded(folder))
    return 0


def _move_into(folder: Path, target: Path) -> None:
    """Whole folders where there are none, else file by file: what else is there stays."""
    for path in folder.iterdir():
        there = target / path.name
        if path.is_dir() and there.is_dir():
            _move_into(path, there)
        else:
            os.replace(path, there)


def _why(place: Place, error: Exception) -> str:
    """The sentence for what kept torchvision from fetching a set; it often only says so in words."""
    said, root = " ".join(str(error).split()), datasets_folder()
    if isinstance(error, OSError) and error.errno in _LOCAL:
        return f"{place.name} cannot be kept in {root}: {error.strerror}."
    if isinstance(error, HTTPError) or "HTTP Error" in said:
        return f"{place.name} cannot be downloaded, its server refuses ({said}): try again later."
    if isinstance(error, OSError) or "urlopen error" in said:
        return (
            f"{place.name} cannot be downloaded: this machine is offline, or the set's server is not there; "
            f"try again later, or put torchvision's files of it in {root}."
        )
    return f"{place.name} cannot be downloaded ({said or type(error).__name__}): try again later."
