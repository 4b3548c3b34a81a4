"""What is told of images while they are read, and what is known of them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.skipped_file import Skipped

if TYPE_CHECKING:
    from core.images.image_set import ImageSet

Array = NDArray[np.generic]


NOTHING_SAID = "(none)"  # the level of images that a column says nothing of


# Why a row of a table says nothing of any image.
ROW_REASONS = NO_SUCH_IMAGE, FITS_SEVERAL, FITS_LESS, UNREADABLE, NAMELESS = (
    "no such image",
    "fits several images",
    "another row fits better",
    "row cannot be read",
    "row names no image",
)


@dataclass(frozen=True, eq=False)
class Column:
    """What is known of each image beside its class: words, or numbers in ranges so that a legend can hold them."""

    name: str
    levels: tuple[str, ...]  # what a legend lists, in its order
    codes: NDArray[np.int64]  # (N,) index into levels
    numbers: NDArray[np.float64] | None = None  # (N,) NaN where nothing is said; None for a column of words


@dataclass(frozen=True)
class Intake:
    """What the files were, and what was done to them to make images of them."""

    formats: dict[str, int] = field(default_factory=dict)  # "PNG": files used
    treatments: dict[str, int] = field(default_factory=dict)  # "turned upright": files used
    frames: int = 0  # further frames and pages, not used
    least_square: tuple[int, ...] = ()  # indices of the images whose files are longest or widest, at most 8
    folders: str = ""  # how they were sorted into classes and sides, where that is not plain to see
    class_column: str = ""  # that the classes are of; empty: they are of folders
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)  # "uint16": black and white, for the whole set
    by_picture: tuple[str, ...] = ()  # kinds of number, such as "uint16", that were scaled picture by picture
    bulk: dict[str, tuple[float, float, float]] = field(default_factory=dict)  # lowest, highest, share of stray numbers
    range_offered: str = ""  # another setting of the range, by which nearly all numbers are seen better
    range_said: str = ""  # why, in a sentence


@dataclass(frozen=True)
class Joined:
    """How a table of metadata fits the images: `unmatched` are the rows that say nothing of any, and why."""

    path: Path
    columns: tuple[str, ...]
    unmatched: tuple[Skipped, ...]  # by what they name, their line in the detail
    without_row: int  # images that it says nothing of
    key: str = ""  # the column that says which image a row is about
    remarks: tuple[str, ...] = ()  # what was done to understand the table, a sentence each
    trouble: str = ""  # why nothing of it could be read; empty: something could


@dataclass(frozen=True, eq=False)
class ImagesPreview:
    """A few images as they come in: uint8, (n, H, W, C)."""

    pixels: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class ImageSetReady:
    """All are there: the end of reading them."""

    image_set: "ImageSet"
