"""Some of the images that a run learned from, read once more from where they were."""

from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import ImagesError
from core.images.decoding.colour_modes import to_channels
from core.images.decoding.decode import decode
from core.images.decoding.pages import file_and_page
from core.images.decoding.target import Target
from core.images.named_sets.catalogue import is_named, named_set
from core.reports.progress import Progress
from core.training.image_table import read_images
from core.training.run_folder import Kept, read_config

Pixels = NDArray[np.uint8]

FEWEST = 2
DOING = "Reading images"


def own_images(run: Path, most: int) -> Generator[Progress, None, Pixels | None]:
    """Returns up to so many of a run's images, uint8 (n, H, W, C), evenly spread; None where next to none are there.

    Only these are read, however many the run learned from, and of a set known by name its first ones. What is not
    there any more, or cannot be read, is left out. Raises RunError.
    """
    kept, names, pixels = read_config(run), read_images(run).names, list[Pixels]()
    size, _, channels = kept.image_shape
    places = np.linspace(0, len(names) - 1, min(most, len(names))).round().astype(int)
    yield Progress(DOING, 0, len(places))
    if is_named(kept.config.source):
        found = _of_set(kept.config.source, size, channels)
    else:
        found = _of_folder(Path(kept.config.source), [names[place] for place in places], kept)
    with closing(found):
        for some in found:
            pixels += some
            yield Progress(DOING, min(len(pixels), len(places)), len(places))
            if len(pixels) >= len(places):
                break
    return np.stack(pixels[: len(places)]) if len(pixels) >= FEWEST else None


def _of_folder(folder: Path, names: Sequence[str], kept: Kept) -> Generator[list[Pixels], None, None]:
    size, _, channels = kept.image_shape
    target = Target.of(kept.config.images, size, channels)
    for name in names:
        file, page = file_and_page(name)
        with suppress(ImagesError):
            yield [decode(folder / file, replace(target, page=page)).pixels]


def _of_set(name: str, size: int, channels: int) -> Generator[list[Pixels], None, None]:
    with suppress(ImagesError):  # it is not on this machine any more
        for part in named_set(name).parts(size):
            yield list(to_channels(part.pixels, channels))
