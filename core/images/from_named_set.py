"""Making an image set of a named set: drawn, or read from its own files, once."""

from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.config import ImagesConfig
from core.images import cache
from core.images.cache_entry import PIXELS, Entry, Facts, read_entry, write_facts
from core.images.decoding.colour_modes import to_channels
from core.images.from_folder import FORMAT
from core.images.held_out import hashes_of
from core.images.image_names import NamesFile
from core.images.named_sets.catalogue import NamedSet
from core.images.preview import PREVIEW
from core.pace import Pace
from core.reports.images import ImagesPreview
from core.reports.progress import Progress

Report = Progress | ImagesPreview


def read_named_set(found: NamedSet, config: ImagesConfig) -> Generator[Report, None, Entry | None]:
    """Returns its entry of the cache. Closed early, it leaves nothing behind; raises ImagesError or OSError."""
    size = found.size if config.image_size == "auto" else config.image_size
    channels = found.channels if config.channels == "auto" else config.channels
    key = cache.key_of(FORMAT, found.name, found.stamp(), size, channels)
    if (entry := read_entry(cache.entry_folder(key))) is None:
        cache.check_space(found.count * size**2 * channels)
        with cache.making() as making:
            yield from _read_into(making, found, size, channels, key)
            entry = read_entry(cache.keep(making, key))
        if entry is None:  # another program read the same set, and was done a moment later
            entry = read_entry(cache.entry_folder(key))
    if entry is not None:
        cache.mark_used(entry.folder)
    return entry


def _read_into(making: Path, found: NamedSet, size: int, channels: int, key: str) -> Iterator[Report]:
    names, labels, test = list[str](), list[NDArray[np.int64]](), list[NDArray[np.bool_]]()
    numbers = dict[str, list[NDArray[np.float64]]]()
    classes, pace = found.classes, Pace(f"Reading {found.name}", found.count)
    with open(making / PIXELS, "wb") as file:
        for part in found.parts(size):
            pixels = to_channels(part.pixels, channels)
            classes = part.classes or classes
            if not names and len(pixels):
                yield ImagesPreview(pixels[:PREVIEW])
            file.write(np.ascontiguousarray(pixels).data)
            names += part.names
            labels.append(part.labels)
            test.append(np.full(len(part.names), part.is_test))
            for name, some in part.numbers.items():
                numbers.setdefault(name, []).append(some)
            yield from pace.reports(len(names))
    with NamesFile(making) as file_of_names:
        file_of_names.add(names)
    facts = Facts(
        key=key,
        hashes=hashes_of(names),
        labels=np.concatenate(labels),
        classes=classes,
        test=np.concatenate(test) if found.has_test else None,
        numbers={name: np.concatenate(some) for name, some in numbers.items()},
    )
    write_facts(making, (len(names), size, size, channels), facts)
