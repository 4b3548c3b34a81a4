"""The image set a run learns from: a folder or a named set, decoded once into a uint8 memory map."""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.config import ImagesConfig
from core.errors import ImagesError
from core.images import metadata
from core.images.entry import Entry
from core.images.from_folder import read_folder
from core.images.from_named_set import read_named_set
from core.images.held_out import held_out
from core.images.named_sets import is_named, named_set
from core.images.twins import known_twins, without_blank
from core.places import cache_folder
from core.reports import Column, ImageSetReady, ImagesPreview, Intake, Joined, Progress, Skipped

Report = Progress | ImagesPreview | ImageSetReady
FEWEST = 2  # images that a model can learn anything from


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images (N, H, W, C), their labels and names; safe to share between threads. There may be too few to learn from.

    `columns` is what is known of each beside its class; `joined` how the metadata fits, None where there is none.
    """

    source: str  # absolute folder or named set
    pixels: NDArray[np.uint8]  # read-only memory map (N, H, W, C), C 1 or 3
    labels: NDArray[np.int64]  # (N,) index into classes
    classes: tuple[str, ...]
    names: Sequence[str]  # (N,) path relative to source, or such as "train/00012" in a named set
    held_out: NDArray[np.bool_]  # (N,)
    skipped: tuple[Skipped, ...]
    key: str  # tells two sets of images apart by their content
    columns: tuple[Column, ...] = ()
    joined: Joined | None = None
    intake: Intake = field(default_factory=Intake)
    twins: NDArray[np.int64] | None = None  # (N,) the first image of the same picture; None: nobody looked

    def __len__(self) -> int:
        return len(self.pixels)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(H, W, C) of every image."""
        height, width, channels = self.pixels.shape[1:]
        return height, width, channels

    def count_learned_and_held_out(self) -> int:
        """How many images are held out though another of the same picture is learned from."""
        if self.twins is None:
            return 0
        is_learned = np.zeros(len(self), np.bool_)
        is_learned[self.twins[~self.held_out]] = True
        return int(np.count_nonzero(is_learned[self.twins] & self.held_out))

    def path(self, index: int) -> Path | None:
        """The image's own file; None in a named set."""
        return Path(self.source, self.names[index]) if os.path.isabs(self.source) else None


def build_image_set(source: str, config: ImagesConfig) -> Iterator[Report]:
    """Decode a folder or a named set, or find it decoded before; the last report is ImageSetReady.

    Memory does not grow with the images. Closing the generator early leaves nothing behind.
    Raises ImagesError: no such folder, an unknown set, metadata that cannot be used, a full disk.
    A named set with an official test part holds out that part whatever share is asked for, and nothing for 0.
    """
    if not _is_text(source):
        raise ImagesError(f"The name of the folder {source!a} is not valid text: rename the folder.")
    try:
        if is_named(source):
            entry = yield from read_named_set(named_set(source), config)
        else:
            source = str(Path(source).expanduser().absolute())
            entry = yield from read_folder(Path(source), config)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or error
        raise ImagesError(f"Decoded images cannot be kept in {cache_folder()}: {why}.") from error
    if entry is None:
        raise ImagesError(f"Decoded images vanished from {cache_folder()} while they were read: try again.")
    twins = yield from known_twins(entry.folder, entry.facts.key, entry.pixels)
    yield ImageSetReady(_image_set(source, entry, config, twins))


def too_few(image_set: ImageSet) -> str | None:
    """Why these images cannot be learned from, and what was found instead; None when there are enough."""
    if len(image_set) >= FEWEST:
        return None
    reasons = Counter(each.reason for each in image_set.skipped)
    found = ", ".join(f"{count} × {reason}" for reason, count in reasons.most_common()) or "nothing else"
    said = "no usable picture" if not len(image_set) else "only one usable picture, which is too few to learn from,"
    return f"There is {said} in {image_set.source} (found: {found}): choose a folder with at least two pictures."


def _is_text(name: str) -> bool:
    """Whether a run's configuration, which is UTF-8, can hold this name."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _image_set(source: str, entry: Entry, config: ImagesConfig, twins: NDArray[np.int64]) -> ImageSet:
    facts, names = entry.facts, entry.names
    folder = Path(source) if os.path.isabs(source) else None
    own = [metadata.number_column(name, numbers) for name, numbers in facts.numbers.items()]
    known = metadata.known(folder, names, config, own)
    labels, classes = facts.labels, tuple(facts.classes)
    if known.classes is not None:
        labels, classes = known.classes.codes, known.classes.levels
    if facts.test is None:
        joining = None if config.duplicates == "apart" else twins
        if joining is not None and known.group is not None:  # a blank picture says nothing of who belongs with whom
            joining = without_blank(joining, entry.pixels)
        sides = held_out(facts.hashes, config.held_out, known.group, joining)
    else:
        sides = facts.test & (config.held_out > 0.0)
    return ImageSet(
        source=source,
        pixels=entry.pixels,
        labels=labels,
        classes=classes,
        names=names,
        held_out=sides,
        skipped=_without(entry.skipped, known.joined, source),
        key=facts.key,
        columns=known.columns,
        joined=known.joined,
        intake=facts.intake,
        twins=twins,
    )


def _without(skipped: tuple[Skipped, ...], joined: Joined | None, source: str) -> tuple[Skipped, ...]:
    """The table of metadata is no picture, but it is used."""
    used = None if joined is None else Path(os.path.relpath(joined.path, source)).as_posix()
    return tuple(each for each in skipped if each.path != used)
