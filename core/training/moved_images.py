"""A run whose images lie elsewhere now: known again by their names and by the bytes of some, and remembered so."""

import hashlib
import json
import os
import unicodedata
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import numpy as np

from core.atomic_write import FORMAT
from core.bounded_read import SMALL, read_json
from core.config import RunConfig
from core.errors import ImagesError
from core.images.image_set import ImageSet
from core.images.scanning.zip_archive import unpack
from core.imported.settings import NO_IMAGES
from core.reports.images import ImagesPreview
from core.reports.progress import Progress
from core.training import run_folder
from core.training.checksums import write_vouched
from core.training.image_table import read_images
from core.written_paths import said

FILES = "files.json"
_KEPT = 32  # files whose bytes are kept in mind, evenly spread
_HEAD = 1 << 20  # bytes of each
_LOOKED_AT = 10_000  # names, evenly spread: each is a question to a disk that may be far away
_ENOUGH_NAMES, _ENOUGH_PICTURES = 0.5, 0.9  # shares: files may have gone, but those that are there are the same


class OtherImagesError(ImagesError):
    """A folder does not hold the images that a run learned from."""


class _Mark(TypedDict):
    file: str
    size: int
    sha256: str  # of the first _HEAD bytes


@dataclass(frozen=True)
class _Fit:
    """How many names were looked for and are there; how many files that are there were compared and are the same."""

    looked: int
    there: int
    compared: int
    same: int

    @property
    def is_enough(self) -> bool:
        are_same = self.compared == 0 or self.same >= _ENOUGH_PICTURES * self.compared
        return self.there > _ENOUGH_NAMES * self.looked and are_same


def write_files(run: Path, image_set: ImageSet) -> None:
    """Write `files.json`: size and sha256 of the beginning of some files; nothing where images are no files."""
    marks = [_mark(image_set.folder, image_set.names[index]) for index in _spread(len(image_set), _KEPT)]
    known = [mark for mark in marks if mark is not None]
    if known:
        write_vouched(run / FILES, json.dumps({"format": FORMAT, "bytes": _HEAD, "files": known}, indent=1) + "\n")


def is_there(config: RunConfig) -> bool:
    """Whether there is something where the images of a run were."""
    return not os.path.isabs(config.source) or os.path.exists(config.source)


def check_there(run: Path, config: RunConfig) -> None:
    """Raise ImagesError when there is nothing any more where the images of a run were, or it never had any."""
    if config.source == NO_IMAGES:
        raise ImagesError(f"{said(run)} was opened without images: its dots are samples of the prior.")
    if not is_there(config):
        raise ImagesError(f"The images of {said(run)} were in {said(config.source)}, where nothing is now.")


def relocate(run: Path, source: str) -> Generator[Progress | ImagesPreview, None, None]:
    """From now on the run's images are in `source`, an absolute folder or .zip, or in its sub-folder of the old name.

    Raises OtherImagesError when they are not, with how many names and pictures fit; RunError.
    """
    kept = run_folder.read_config(run)
    if not os.path.isabs(kept.config.source):
        raise ImagesError(f"{said(run)} learned from the image set {kept.config.source}, which lies in no folder.")
    if not os.path.isabs(source):
        raise OtherImagesError(f"{source} is an image set, and {said(run)} learned from a folder: name where that is.")
    names, marks = read_images(run).names, _read_marks(run)
    folders = [Path(source), Path(source, Path(kept.config.source).name)]
    if os.path.isfile(source):
        folders = [(yield from unpack(Path(source))).folder]
    fits = [_fit(names, marks, folder) for folder in folders]
    best = max(fits, key=lambda fit: (fit.is_enough, fit.same, fit.there))
    if not best.is_enough:
        raise OtherImagesError(_refusal(run, kept.config.source, source, best, bool(marks)))
    place = source if os.path.isfile(source) else str(folders[fits.index(best)])
    images = _with_metadata(kept.config, place)
    with run_folder.locked(run):
        run_folder.write_config(run, kept._replace(config=images))


def _with_metadata(config: RunConfig, place: str) -> RunConfig:
    """The configuration with another source; a table that lies in the folder has moved with it."""
    images, old = config.images, Path(config.source)
    if os.path.isabs(images.metadata) and Path(images.metadata).is_relative_to(old):
        moved = Path(place) / Path(images.metadata).relative_to(old)
        images = images.model_copy(update={"metadata": str(moved)})
    return config.model_copy(update={"source": place, "images": images})


def _refusal(run: Path, old: str, source: str, fit: _Fit, has_marks: bool) -> str:
    names = f"{fit.there:,} of {fit.looked:,} file names are there"
    are_compared = has_marks and fit.compared
    pictures = f", and {fit.same:,} of {fit.compared:,} pictures compared are the same" if are_compared else ""
    return (
        f"{said(source)} does not hold the images that {said(run)} learned from: {names}{pictures}. "
        f"Choose the folder that was {said(old)}."
    )


def _fit(names: Sequence[str], marks: Sequence[_Mark], folder: Path) -> _Fit:
    looked = _spread(len(names), _LOOKED_AT)
    there = sum(_found(folder, names[index]) is not None for index in looked)
    pairs = [(mark, found) for mark in marks if (found := _found(folder, mark["file"])) is not None]
    same = sum(_is_same(mark, found) for mark, found in pairs)
    return _Fit(len(looked), there, len(pairs), same)


def _found(folder: Path, name: str) -> Path | None:
    """The file of a name, also as a Mac writes it: é as one letter, or as e and an accent."""
    forms = dict.fromkeys((name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)))
    return next((folder / each for each in forms if os.path.isfile(folder / each)), None)


def _is_same(mark: _Mark, path: Path) -> bool:
    found = _mark(path.parent, path.name)
    return found is not None and (found["size"], found["sha256"]) == (mark["size"], mark["sha256"])


def _mark(folder: Path | None, name: str) -> _Mark | None:
    """None for what is no file, or cannot be read or written down."""
    if folder is None:
        return None
    try:
        with (folder / name).open("rb") as file:
            sha256 = hashlib.sha256(file.read(_HEAD)).hexdigest()
            return _Mark(file=name, size=os.fstat(file.fileno()).st_size, sha256=sha256)
    except OSError:
        return None


def _read_marks(run: Path) -> list[_Mark]:
    """None of a run of an older version."""
    try:
        content = read_json(run / FILES, 16 * SMALL)
        return [
            _Mark(file=str(each["file"]), size=int(each["size"]), sha256=str(each["sha256"]))
            for each in content["files"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _spread(count: int, most: int) -> list[int]:
    """At most so many indices, evenly spread."""
    return sorted(set(np.linspace(0, count - 1, min(count, most)).astype(int).tolist())) if count else []
