"""Which images of a run are learned from and which are held out: once said, it stays, whatever comes after."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.config import RunConfig
from core.images.held_out import hashes_of, held_out
from core.images.image_set import ImageSet
from core.reports.images import NOTHING_SAID, Column
from core.training.image_table import ImageTable, read_images
from core.training.learned_classes import unlearned_classes
from core.training.picture_digests import digests_of, read_digests
from core.unicode_names import normal

Sides = NDArray[np.bool_]  # (N,), True where held out


@dataclass(frozen=True, eq=False)
class Sided:
    """Images with the sides that a run gave them; `is_new` (N,) it had not met before, `gone` are no longer there.

    `renamed` are those that it knows, pixel for pixel, by names that are gone.
    """

    image_set: ImageSet
    is_new: Sides
    gone: int = 0
    renamed: int = 0

    @property
    def new(self) -> int:
        """How many images the run had not met before."""
        return int(self.is_new.sum())

    @property
    def learned_from(self) -> Sides:
        """The images (N,) that the run has learned from so far."""
        return ~self.image_set.held_out & ~self.is_new

    @property
    def has_changed(self) -> bool:
        """Whether the folder holds other images than when the run last wrote its table."""
        return self.new + self.gone + self.renamed > 0


def as_begun(image_set: ImageSet, config: RunConfig) -> ImageSet:
    """The images for a new run: one that learns classes keeps a picture of every class to learn from, in all copies.

    Unless a group column says which images stand together, or a part of their own what is held out: then a class may
    have to be held out as a whole.
    """
    is_said = image_set.has_test_part or config.images.group_column != "none"
    if config.model.conditional != "class" or is_said:
        return image_set
    sides, pictures = image_set.held_out.copy(), _pictures(image_set, config)
    copies = np.bincount(pictures, minlength=len(image_set))[pictures]
    for label in unlearned_classes(image_set.labels, sides, image_set.classes):
        if (image_set.labels[~sides] == label).any():  # a copy of one of an earlier class
            continue
        rows = np.flatnonzero(image_set.labels == label)
        sides[pictures == pictures[rows[np.argmin(copies[rows])]]] = False
    return replace(image_set, held_out=sides)


def as_the_run_split(run: Path, image_set: ImageSet, config: RunConfig, splits_new: bool = True) -> Sided:
    """The images with the sides that they have in the run's table, by name; new ones are split among themselves.

    A picture whose name is gone and which is there by another has the side that it had.

    Unless `splits_new`, the held-out images are those that the run has held out and no others.
    New images of a known group or picture go with it, and where fewer are new than make one held-out image all are
    learned from. What has a part of its own to hold out is not split: new images are on the side of their part.
    Raises RunError when the table cannot be read.
    """
    table = read_images(run)
    if list(table.names) == list(image_set.names):
        same = np.array_equal(table.held_out, image_set.held_out)
        return all_known(image_set if same else replace(image_set, held_out=table.held_out))
    known = dict(zip(map(normal, table.names), table.held_out.tolist(), strict=True))
    names = [normal(name) for name in image_set.names]
    is_new = np.array([name not in known for name in names], np.bool_)
    sides = np.array([known.get(name, False) for name in names], np.bool_)
    gone = max(0, len(known) - int((~is_new).sum()))
    renamed = _sides_of_renamed(run, table, set(names), image_set, is_new)
    for row, side in renamed.items():
        is_new[row], sides[row] = False, side
    if splits_new:
        has_part = image_set.has_test_part
        new = image_set.held_out[is_new] if has_part else _sides_of_new(image_set, is_new, sides, config)
        sides[is_new] = new
    return Sided(replace(image_set, held_out=sides), is_new, max(0, gone - len(renamed)), len(renamed))


def all_known(image_set: ImageSet) -> Sided:
    """Images of which none is new and none has gone."""
    return Sided(image_set, np.zeros(len(image_set), np.bool_))


def _sides_of_renamed(
    run: Path, table: ImageTable, names: set[str], image_set: ImageSet, is_new: Sides
) -> dict[int, bool]:
    """The sides of images by new names that show, pixel for pixel, what was there by a name that is gone."""
    digests = read_digests(run)
    if len(digests) != len(table.names):
        return {}
    side_of = dict[bytes, bool]()
    for digest, name, side in zip(digests, table.names, table.held_out.tolist(), strict=True):
        if normal(name) not in names:
            side_of[digest] = side and side_of.get(digest, True)  # what was learned from once is learned
    rows = np.flatnonzero(is_new)
    found = zip(rows.tolist(), digests_of(image_set, rows), strict=True)
    return {row: side_of[digest] for row, digest in found if digest in side_of}


def _sides_of_new(image_set: ImageSet, is_new: Sides, sides: Sides, config: RunConfig) -> Sides:
    """The sides of the images that are new, in their order."""
    rows, share = np.flatnonzero(is_new), config.images.held_out
    group = next((column for column in image_set.columns if column.name == config.images.group_column), None)
    pictures = _pictures(image_set, config)
    own = np.zeros(len(rows), np.bool_)
    if round(share * len(rows)):
        hashes = hashes_of(image_set.names[row] for row in rows.tolist())
        own = held_out(hashes, share, group and _part(group, rows), _firsts(pictures[rows]))
    own = _with_the_known(own, pictures, is_new, sides)
    if group is not None:
        values = group.codes.astype(np.float64) if group.numbers is None else group.numbers.copy()
        values[group.codes == _nothing(group)] = np.nan  # an image that nothing is said of is alone
        own = _with_the_known(own, values, is_new, sides)
    return own


def _pictures(image_set: ImageSet, config: RunConfig) -> NDArray[np.int64]:
    """The first image (N,) of those that must stay with each, for they show one picture."""
    if config.images.duplicates == "apart" or image_set.twins is None:
        return np.arange(len(image_set))
    return image_set.twins


def _with_the_known(own: Sides, values: NDArray[np.generic], is_new: Sides, sides: Sides) -> Sides:
    """New images whose value (N,) a known image has too go to its side."""
    side_of = dict(zip(values[~is_new].tolist(), sides[~is_new].tolist(), strict=True))
    both = zip(values[is_new].tolist(), own.tolist(), strict=True)
    return np.array([side_of.get(value, side) for value, side in both], np.bool_)


def _firsts(pictures: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each image's picture comes first among these."""
    _, first, of_image = np.unique(pictures, return_index=True, return_inverse=True)
    return first[of_image]


def _part(group: Column, rows: NDArray[np.int64]) -> Column:
    return replace(group, codes=group.codes[rows], numbers=None if group.numbers is None else group.numbers[rows])


def _nothing(group: Column) -> int:
    return group.levels.index(NOTHING_SAID) if NOTHING_SAID in group.levels else -1
