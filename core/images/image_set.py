"""The image set a run learns from: a folder or a named set, decoded once into a uint8 memory map."""

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.config import ImagesConfig
from core.errors import ImagesError
from core.images import cache
from core.images.decode import Picture, Target
from core.images.named_sets import NamedSet, is_named, named_set
from core.images.pace import PREVIEW, Pace, Preview
from core.images.scan import Candidate, Listing, natural_key, scan
from core.images.workers import decode_files
from core.places import cache_folder
from core.reports import ImageSetReady, ImagesPreview, Progress, Skipped

_FORMAT = 1  # of a cache entry, and of what decoding makes of a file
_FOLDER_SIZE = 64

Report = Progress | ImagesPreview | ImageSetReady


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images (N, H, W, C), their labels and names; safe to share between threads."""

    source: str  # absolute folder or named set
    pixels: NDArray[np.uint8]  # read-only memory map (N, H, W, C), C 1 or 3
    labels: NDArray[np.int64]  # (N,) index into classes
    classes: tuple[str, ...]
    names: Sequence[str]  # (N,) path relative to source, or such as "train/00012" in a named set
    held_out: NDArray[np.bool_]  # (N,)
    skipped: tuple[Skipped, ...]
    key: str  # name of its cache entry

    def __len__(self) -> int:
        return len(self.pixels)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(H, W, C) of every image."""
        height, width, channels = self.pixels.shape[1:]
        return height, width, channels

    def path(self, index: int) -> Path | None:
        """The image's own file; None in a named set."""
        return Path(self.source, self.names[index]) if os.path.isabs(self.source) else None


def build_image_set(source: str, config: ImagesConfig) -> Iterator[Report]:
    """Decode a folder or a named set, or find it decoded before; the last report is ImageSetReady.

    Closing the generator early leaves nothing behind. Raises ImagesError: nothing usable, an unknown set, a full disk.
    A named set with an official test part holds out that part whatever share is asked for, and nothing for 0.
    """
    if not _is_text(source):
        raise ImagesError(f"The name of the folder {source!a} is not valid text: rename the folder.")
    try:
        if is_named(source):
            yield from _build_named(named_set(source), config)
        else:
            yield from _build_folder(Path(source).expanduser().absolute(), config)
    except OSError as error:
        where = cache_folder()
        raise ImagesError(f"Decoded images cannot be kept in {where}: {error.strerror or error}.") from error


def _is_text(name: str) -> bool:
    """Whether a run's configuration, which is UTF-8, can hold this name."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def held_out_by_name(names: Sequence[str], share: float) -> NDArray[np.bool_]:
    """A split that a new image hardly changes: ranked by a hash of the name, the lowest share is held out."""
    held_out = np.zeros(len(names), np.bool_)
    if share == 0.0:
        return held_out
    digests = [hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest() for name in names]
    ranked = sorted(range(len(names)), key=digests.__getitem__)
    held_out[ranked[: max(1, round(share * len(names)))]] = True
    return held_out


def _build_folder(folder: Path, config: ImagesConfig) -> Iterator[Report]:
    listing = Listing(folder, (), ())
    for report in scan(folder):
        if isinstance(report, Listing):
            listing = report
        else:
            yield report
    size = _FOLDER_SIZE if config.image_size == "auto" else config.image_size
    target = Target(size, 3 if config.channels == "auto" else config.channels, config.fit, config.background)
    files = [[file.name, file.size, file.mtime_ns] for file in listing.files]
    key, by_itself = (
        cache.key_of(_FORMAT, str(folder), vars(target) | {"channels": channels}, files)
        for channels in (config.channels, "auto")
    )
    found = cache.read_entry(by_itself)
    if found is not None and found[0].shape[-1] == config.channels:  # "auto" came to the same: a run opened again
        key = by_itself
    elif cache.read_entry(key) is None:
        yield from _decode_into_cache(listing, target, config, key)
    yield ImageSetReady(_opened(str(folder), key, config, listing.skipped))


def _decode_into_cache(listing: Listing, target: Target, config: ImagesConfig, key: str) -> Iterator[Report]:
    _check_enough(listing.folder, len(listing.files), listing.skipped)
    _check_space(len(listing.files) * target.size**2 * target.channels)
    skipped: list[Skipped] = []
    grey: dict[int, bool] = {}
    with cache.new_entry(key) as making:
        raw = making / "raw"
        yield from _decode_into(raw, listing, target, grey, skipped)
        _check_enough(listing.folder, len(grey), (*skipped, *listing.skipped))
        rows = np.array(sorted(grey), np.int64)
        channels = 1 if config.channels == "auto" and all(grey.values()) else target.channels
        with cache.pixels_file(making, (len(rows), target.size, target.size, channels)) as file:
            for pixels in cache.chosen_rows(raw, rows, target.size, target.channels):
                file.write(np.ascontiguousarray(cache.to_channels(pixels, channels)).data)
        raw.unlink()
        cache.write_index(making, _index([listing.files[row] for row in rows], skipped))


def _decode_into(
    raw: Path, listing: Listing, target: Target, grey: dict[int, bool], skipped: list[Skipped]
) -> Iterator[Report]:
    """Write each picture at its own row of `raw`; the rows of those that cannot be used stay empty."""
    total, pace, preview = len(listing.files), Pace("Decoding pictures", len(listing.files)), Preview()
    stride = target.size**2 * target.channels
    with open(raw, "wb") as file:
        file.truncate(total * stride)
        for found in decode_files(listing.folder, [each.name for each in listing.files], target):
            for row, outcome in found:
                if isinstance(outcome, Skipped):
                    skipped.append(outcome)
                    continue
                grey[row] = outcome.is_grey
                file.seek(row * stride)
                file.write(outcome.pixels.data)
            yield from preview.reports([each for _, each in found if isinstance(each, Picture)])
            yield from pace.reports(len(grey) + len(skipped))


def _build_named(found: NamedSet, config: ImagesConfig) -> Iterator[Report]:
    size = found.size if config.image_size == "auto" else config.image_size
    channels = found.channels if config.channels == "auto" else config.channels
    key = cache.key_of(_FORMAT, found.name, found.stamp(), size, channels)
    if cache.read_entry(key) is None:
        _check_space(found.count * size**2 * channels)
        with cache.new_entry(key) as making:
            yield from _read_into(making, found, size, channels)
    yield ImageSetReady(_opened(found.name, key, config, ()))


def _read_into(making: Path, found: NamedSet, size: int, channels: int) -> Iterator[Report]:
    names, labels, test = list[str](), list[int](), list[int]()
    pace = Pace(f"Reading {found.name}", found.count)
    with cache.pixels_file(making, (found.count, size, size, channels)) as file:
        for part in found.parts(size):
            pixels = cache.to_channels(part.pixels, channels)
            if not names:
                yield ImagesPreview(pixels[:PREVIEW])
            file.write(np.ascontiguousarray(pixels).data)
            names += part.names
            labels += part.labels.tolist()
            test += [int(part.is_test)] * len(part.names)
            yield from pace.reports(len(names))
    cache.write_index(making, cache.Index(names, labels, found.classes, test=test if found.has_test else None))


def _opened(source: str, key: str, config: ImagesConfig, skipped_now: Sequence[Skipped]) -> ImageSet:
    entry = cache.read_entry(key)
    if entry is None:
        raise ImagesError(f"Decoded images vanished from {cache_folder()} while they were read: try again.")
    pixels, index = entry
    if index.test is not None:
        held_out = np.array(index.test, np.bool_) & (config.held_out > 0.0)
    else:
        held_out = held_out_by_name(index.names, config.held_out)
    skipped = sorted((*index.skipped, *skipped_now), key=lambda each: natural_key(each.path))
    labels = np.array(index.labels, np.int64)
    return ImageSet(source, pixels, labels, tuple(index.classes), tuple(index.names), held_out, tuple(skipped), key)


def _index(files: Sequence[Candidate], skipped: Sequence[Skipped]) -> cache.Index:
    classes = sorted({file.class_name for file in files}, key=natural_key)
    number = {name: label for label, name in enumerate(classes)}
    return cache.Index([file.name for file in files], [number[file.class_name] for file in files], classes, skipped)


def _check_enough(folder: Path, usable: int, skipped: Sequence[Skipped]) -> None:
    if usable >= 2:
        return
    reasons = Counter(each.reason for each in skipped)
    found = ", ".join(f"{count} × {reason}" for reason, count in reasons.most_common()) or "nothing else"
    said = "no usable picture" if usable == 0 else "only one usable picture, which is too few to learn from,"
    raise ImagesError(f"There is {said} in {folder} (found: {found}): choose a folder with at least two pictures.")


def _check_space(size: int) -> None:
    """Raise before hours of decoding end at a full disk; pixels are there twice for a moment."""
    free = shutil.disk_usage(cache_folder()).free
    if 2 * size > free:
        needed, there = 2 * size / 1e9, free / 1e9
        raise ImagesError(
            f"Decoding needs {needed:.1f} GB in {cache_folder()} and {there:.1f} GB are free: "
            "free some, choose a smaller image size, or move the cache with LATENTSCAPE_HOME."
        )
