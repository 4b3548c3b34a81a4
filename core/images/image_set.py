"""The image set a run learns from: a folder or a named set, decoded once into a uint8 memory map."""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.config import ImagesConfig
from core.errors import ImagesError
from core.images import metadata
from core.images.decode import Target
from core.images.entry import Entry
from core.images.from_folder import read_folder
from core.images.from_named_set import read_named_set
from core.images.held_out import held_out
from core.images.named_sets import is_named, named_set
from core.images.pages import file_and_page, file_of
from core.places import cache_folder
from core.ranges import AUTO, setting_of
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
    images: ImagesConfig = field(default_factory=ImagesConfig)  # how it was read, with the range that AUTO came to

    def __len__(self) -> int:
        return len(self.pixels)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(H, W, C) of every image."""
        height, width, channels = self.pixels.shape[1:]
        return height, width, channels

    def path(self, index: int) -> Path | None:
        """The image's own file; None in a named set."""
        return Path(self.source, file_of(self.names[index])) if os.path.isabs(self.source) else None

    def target(self, index: int) -> Target:
        """What was made of the image's own file."""
        size, _, channels = self.shape
        _, page = file_and_page(self.names[index])
        return replace(Target.of(self.images, size, channels), page=page)


def build_image_set(source: str, config: ImagesConfig, is_anew: bool = False) -> Iterator[Report]:
    """Decode a folder or a named set, or find it decoded before; the last report is ImageSetReady.

    With `is_anew` every file of a folder is decoded once more, whatever is known of it.
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
            entry = yield from read_folder(Path(source), config, is_anew)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or error
        raise ImagesError(f"Decoded images cannot be kept in {cache_folder()}: {why}.") from error
    if entry is None:
        raise ImagesError(f"Decoded images vanished from {cache_folder()} while they were read: try again.")
    yield ImageSetReady(_image_set(source, entry, config))


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


def _image_set(source: str, entry: Entry, config: ImagesConfig) -> ImageSet:
    facts, names = entry.facts, entry.names
    folder = Path(source) if os.path.isabs(source) else None
    own = [metadata.number_column(name, numbers) for name, numbers in facts.numbers.items()]
    known = _known(folder, names, config, own)
    labels, classes = facts.labels, tuple(facts.classes)
    if known.classes is not None:
        labels, classes = known.classes.codes, known.classes.levels
    if facts.test is None:
        sides = held_out(facts.hashes, config.held_out, known.group)
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
        images=config.model_copy(
            update={"range": config.range if config.range != AUTO else setting_of(facts.intake.ranges)}
        ),
    )


def _as_read(config: ImagesConfig, intake: Intake) -> ImagesConfig:
    return config.model_copy(update={"range": setting_of(intake.ranges)}) if config.range == AUTO else config


def _known(folder: Path | None, names: Sequence[str], config: ImagesConfig, own: Sequence[Column]) -> metadata.Known:
    """What tables say of the images: of files, whose pages share it."""
    if config.pages != "all" or folder is None:
        return metadata.known(folder, names, config, own)
    files = dict[str, int]()
    of_image = np.array([files.setdefault(file_of(name), len(files)) for name in names], np.int64)
    known = metadata.known(folder, tuple(files), config)
    classes, group = (each and _spread(each, of_image) for each in (known.classes, known.group))
    return metadata.Known(known.joined, tuple(_spread(each, of_image) for each in known.columns), classes, group)


def _spread(column: Column, of_image: NDArray[np.int64]) -> Column:
    """A column of files as one of their images."""
    numbers = None if column.numbers is None else column.numbers[of_image]
    return Column(column.name, column.levels, column.codes[of_image], numbers)


def _without(skipped: tuple[Skipped, ...], joined: Joined | None, source: str) -> tuple[Skipped, ...]:
    """The table of metadata is no picture, but it is used."""
    used = None if joined is None else Path(os.path.relpath(joined.path, source)).as_posix()
    return tuple(each for each in skipped if each.path != used)
