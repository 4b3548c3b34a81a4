"""The image set a run learns from: a folder or a named set, decoded once into a uint8 memory map."""

import os
import sqlite3
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.config import ImagesConfig
from core.errors import ImagesError
from core.images.cache_entry import Entry
from core.images.decoding.bit_depth import offered_ranges
from core.images.decoding.pages import file_and_page, file_of
from core.images.decoding.target import Target
from core.images.duplicates import known_twins, without_blank
from core.images.from_folder import read_folder
from core.images.from_named_set import read_named_set
from core.images.held_out import held_out
from core.images.named_sets.catalogue import is_named, named_set
from core.images.scanning.advice import advice, kind_of
from core.images.scanning.class_folders import ClassFolders, class_folders, described
from core.images.scanning.zip_archive import Unpacked, unpack
from core.images.tables import metadata
from core.images.tables.offered_tables import tables_beside
from core.pixel_range import AUTO, offer_in_words, setting_of
from core.places import DECODED, cache_folder, not_kept
from core.reports.images import Column, ImageSetReady, ImagesPreview, Intake, Joined
from core.reports.progress import Progress
from core.skipped_file import Skipped
from core.unicode_names import normal
from core.written_paths import said

FEWEST = 2  # images that a model can learn anything from


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images (N, H, W, C), their labels and names; safe to share between threads. There may be too few to learn from.

    `columns` is what is known of each beside its class; `joined` how the metadata fits, None where there is none, and
    `tables` those that lie beside the images. `amiss`: what was asked of a table and is not there, in a sentence;
    such a set is looked at, encoded and evaluated on, and not learned from.
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
    tables: tuple[str, ...] = ()  # relative to source
    amiss: str = ""
    intake: Intake = field(default_factory=Intake)
    unpacked: str = ""  # the folder that an archive's files were unpacked to
    images: ImagesConfig = field(default_factory=ImagesConfig)  # how it was read, with the range that AUTO came to
    twins: NDArray[np.int64] | None = None  # (N,) the first image of the same picture; None: nobody looked
    has_test_part: bool = False  # held out is a part of its own, by folders or as published: no share was drawn

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
        return None if self.folder is None else self.folder / file_of(self.names[index])

    @property
    def folder(self) -> Path | None:
        """The folder that the names are relative to; None in a named set."""
        return Path(self.unpacked or self.source) if os.path.isabs(self.source) else None

    def target(self, index: int) -> Target:
        """What was made of the image's own file."""
        size, _, channels = self.shape
        _, page = file_and_page(self.names[index])
        return replace(Target.of(self.images, size, channels), page=page)


Report = Progress | ImagesPreview | ImageSetReady


def build_image_set(source: str, config: ImagesConfig, is_anew: bool = False) -> Generator[Report, None, None]:
    """Decode a folder or a named set, or find it decoded before; the last report is ImageSetReady.

    With `is_anew` every file of a folder is decoded once more, whatever is known of it.
    Memory does not grow with the images. Closing the generator early leaves nothing behind.
    Raises ImagesError: no such folder, an unknown set, a full disk. What is wrong with metadata raises nothing: it
    stands in the image set.
    A named set with an official test part holds out that part whatever share is asked for, and nothing for 0.
    """
    if not _is_text(source):
        raise ImagesError(f"The name of the folder {source!a} is not valid text: rename the folder.")
    unpacked: Unpacked | None = None
    try:
        if is_named(source):
            entry = yield from read_named_set(named_set(source), config)
        else:
            source = str(Path(source).expanduser().absolute())
            if os.path.isfile(source):
                unpacked = yield from unpack(Path(source))
            entry = yield from read_folder(unpacked.folder if unpacked else Path(source), config, is_anew)
    except (OSError, sqlite3.Error) as error:
        raise ImagesError(not_kept(DECODED, cache_folder(), error)) from error
    if entry is None:
        raise ImagesError(f"Decoded images vanished from {cache_folder()} while they were read: try again.")
    twins = yield from known_twins(entry.folder, entry.facts.key, entry.pixels)
    yield ImageSetReady(_image_set(source, entry, config, unpacked, twins))


def too_few(image_set: ImageSet) -> str | None:
    """Why these images cannot be learned from, and what was found instead; None when there are enough."""
    if len(image_set) >= FEWEST:
        return None
    reasons = Counter(map(kind_of, image_set.skipped))
    if not reasons and not len(image_set):
        return f"There is no file in {said(image_set.source)}: choose a folder that holds pictures."
    found = ", ".join(f"{count} × {reason}" for reason, count in reasons.most_common()) or "nothing else"
    what = "no usable picture" if not len(image_set) else "only one usable picture, which is too few to learn from,"
    helps = advice(image_set.skipped) or "Choose a folder with at least two pictures."
    return f"There is {what} in {said(image_set.source)} (found: {found}). {helps}"


def _is_text(name: str) -> bool:
    """Whether a run's configuration, which is UTF-8, can hold this name."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _image_set(
    source: str, entry: Entry, config: ImagesConfig, unpacked: Unpacked | None, twins: NDArray[np.int64]
) -> ImageSet:
    facts, names = entry.facts, entry.names
    folder = unpacked.folder if unpacked else Path(source) if os.path.isabs(source) else None
    own = [metadata.number_column(name, numbers) for name, numbers in facts.numbers.items()]
    known = _known(folder, names, config, own)
    folders = ClassFolders(facts.labels, tuple(facts.classes), facts.test)
    if folder is not None:
        folders = class_folders(folder, names, facts.labels, facts.classes, config.classes_from)
    labels, classes = _merged(folders.labels, folders.classes)
    if known.classes is not None:
        labels, classes = known.classes.codes, known.classes.levels
    test = folders.test if known.group is None else facts.test  # a group says more than a folder that holds others
    if test is None:
        joining = None if config.duplicates == "apart" else twins
        if joining is not None and known.group is not None:  # a blank picture says nothing of who belongs with whom
            joining = without_blank(joining, entry.pixels)
        sides = held_out(facts.hashes, config.held_out, known.group, joining)
    else:
        sides = test & (config.held_out > 0.0)
    return ImageSet(
        source=source,
        pixels=entry.pixels,
        labels=labels,
        classes=classes,
        names=names,
        held_out=sides,
        skipped=_without(entry.skipped, known.joined, folder) + (unpacked.skipped if unpacked else ()),
        key=facts.key,
        columns=known.columns,
        joined=known.joined,
        tables=() if folder is None else tables_beside(folder, entry.skipped),
        amiss=known.amiss,
        intake=described(_with_offer(facts.intake, config), folders, known, config.held_out, classes),
        unpacked=str(unpacked.folder) if unpacked else "",
        images=_as_read(config, facts.intake),
        twins=twins,
        has_test_part=test is not None,
    )


def _with_offer(intake: Intake, config: ImagesConfig) -> Intake:
    """The intake with another range, where the one that was found spends most of its levels on few numbers."""
    offered = offered_ranges(intake.ranges, intake.bulk) if config.range == AUTO else {}
    if not offered:
        return intake
    said = offer_in_words(offered, intake.bulk)
    return replace(intake, range_offered=setting_of(intake.ranges | offered), range_said=said)


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
    columns = tuple(_spread(each, of_image) for each in known.columns)
    return metadata.Known(known.joined, columns, classes, group, known.amiss)


def _spread(column: Column, of_image: NDArray[np.int64]) -> Column:
    """A column of files as one of their images."""
    numbers = None if column.numbers is None else column.numbers[of_image]
    return Column(column.name, column.levels, column.codes[of_image], numbers)


def _merged(labels: NDArray[np.int64], classes: Sequence[str]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Classes in their normal form: sub-folders whose names differ in nothing else are one."""
    if all(map(str.isascii, classes)):
        return labels, tuple(classes)
    names = dict.fromkeys(map(normal, classes))
    place = {name: label for label, name in enumerate(names)}
    return np.array([place[normal(name)] for name in classes], np.int64)[labels], tuple(names)


def _without(skipped: tuple[Skipped, ...], joined: Joined | None, folder: Path | None) -> tuple[Skipped, ...]:
    """The table of metadata is no picture, but it is used."""
    used = None if joined is None or folder is None else Path(os.path.relpath(joined.path, folder)).as_posix()
    return tuple(each for each in skipped if each.path != used)
