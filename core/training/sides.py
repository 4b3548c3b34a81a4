"""Which images of a run are learned from and which are held out: once said, it stays, whatever comes after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.config import RunConfig
from core.images.held_out import hashes_of, held_out
from core.images.image_set import ImageSet
from core.naming import normal
from core.reports import NOTHING_SAID, Column
from core.training.image_table import read_images

Sides = NDArray[np.bool_]  # (N,), True where held out


@dataclass(frozen=True, eq=False)
class Sided:
    """Images with the sides that a run gave them; `new` of them it had not met before, `gone` are no longer there."""

    image_set: ImageSet
    new: int = 0
    gone: int = 0

    @property
    def has_changed(self) -> bool:
        """Whether the folder holds other images than when the run last wrote its table."""
        return self.new + self.gone > 0


def as_begun(image_set: ImageSet, config: RunConfig) -> ImageSet:
    """The images for a new run: one that learns classes keeps an image of every class to learn from.

    Unless a group column says which images stand together: then a class may have to be held out as a whole.
    """
    if config.model.conditional != "class" or config.images.group_column != "none":
        return image_set
    sides = image_set.held_out.copy()
    learned = np.bincount(image_set.labels[~sides], minlength=len(image_set.classes))
    for label in np.unique(image_set.labels[sides]):
        if not learned[label]:
            sides[np.flatnonzero(image_set.labels == label)[0]] = False
    return replace(image_set, held_out=sides)


def as_the_run_split(run: Path, image_set: ImageSet, config: RunConfig, splits_new: bool = True) -> Sided:
    """The images with the sides that they have in the run's table, by name; new ones are split among themselves.

    Unless `splits_new`, the held-out images are those that the run has held out and no others.
    New images of a known group go with it, and where fewer are new than make one held-out image all are learned from.
    Raises RunError when the table cannot be read.
    """
    table = read_images(run)
    if list(table.names) == list(image_set.names):
        same = np.array_equal(table.held_out, image_set.held_out)
        return Sided(image_set if same else replace(image_set, held_out=table.held_out))
    known = dict(zip(map(normal, table.names), table.held_out.tolist(), strict=True))
    names = [normal(name) for name in image_set.names]
    is_new = np.array([name not in known for name in names], np.bool_)
    sides = np.array([known.get(name, False) for name in names], np.bool_)
    if splits_new:
        sides[is_new] = _sides_of_new(image_set, is_new, sides, config)
    gone = max(0, len(known) - int((~is_new).sum()))
    return Sided(replace(image_set, held_out=sides), int(is_new.sum()), gone)


def unlearned_classes(labels: NDArray[np.int64], sides: Sides, classes: Sequence[str]) -> NDArray[np.int64]:
    """The labels of classes that have images, all of them held out: a model that is told the class never met them."""
    met, learned = (np.bincount(each, minlength=len(classes)) for each in (labels, labels[~sides]))
    return np.flatnonzero((met > 0) & (learned == 0))


def _sides_of_new(image_set: ImageSet, is_new: Sides, sides: Sides, config: RunConfig) -> Sides:
    """The sides of the images that are new, in their order."""
    rows, share = np.flatnonzero(is_new), config.images.held_out
    group = next((column for column in image_set.columns if column.name == config.images.group_column), None)
    twins = None if config.images.duplicates == "apart" else image_set.twins
    own = np.zeros(len(rows), np.bool_)
    if round(share * len(rows)):
        hashes = hashes_of(image_set.names[row] for row in rows.tolist())
        own = held_out(hashes, share, group and _part(group, rows), None if twins is None else _firsts(twins[rows]))
    if twins is not None:
        own = _with_the_known(own, twins, is_new, sides)
    if group is not None:
        values = group.codes.astype(np.float64) if group.numbers is None else group.numbers.copy()
        values[group.codes == _nothing(group)] = np.nan  # an image that nothing is said of is alone
        own = _with_the_known(own, values, is_new, sides)
    return own


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
