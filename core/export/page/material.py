"""What a page is made of, whoever asks for it: the command from a run's folder, the window from what it shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.exploration import NONE, Direction
from core.latent.latent_space import LatentSpace
from core.latent.reports import RunOpened
from core.unicode_names import places_of

if TYPE_CHECKING:
    from core.images.image_set import ImageSet


@dataclass(frozen=True, eq=False)
class PageMaterial:
    """A run's name, its latent space as the map shows it, and what is known of the images (N,).

    `pixels` (M, H, W, C) are those of the images as far as they are to be had: image i is row `rows[i]`, −1 for none.
    """

    name: str
    space: LatentSpace
    names: Sequence[str]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    directions: tuple[Direction, ...] = ()
    pixels: NDArray[np.uint8] | None = None
    rows: NDArray[np.int64] = field(default_factory=lambda: NONE)


def material_of(opened: RunOpened, directions: tuple[Direction, ...], image_set: "ImageSet | None") -> PageMaterial:
    """A run that was read back, with its images."""
    known = (opened.names, opened.labels, opened.classes, directions)
    return PageMaterial(opened.name, opened.latent_space, *known, *pixels_of(opened.names, image_set))


def pixels_of(names: Sequence[str], image_set: "ImageSet | None") -> tuple[NDArray[np.uint8] | None, NDArray[np.int64]]:
    """The pixels of an image set, and which row of them each named image is, found by its name."""
    if image_set is None:
        return None, NONE
    places = places_of(names, image_set.names)
    return image_set.pixels, np.array([places.get(name, -1) for name in names], np.int64)


@dataclass(frozen=True)
class PageChoices:
    """What of the images themselves goes into the page: small copies of them, the names of their files."""

    pictures: bool = True
    names: bool = False
