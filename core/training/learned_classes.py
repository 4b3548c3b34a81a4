"""The classes of a run's images as its class-conditional model numbers them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.training.image_table import ImageTable
from core.training.run_folder import Kept
from core.unicode_names import place_of


def unlearned_classes(
    labels: NDArray[np.int64], held_out: NDArray[np.bool_], classes: Sequence[str]
) -> NDArray[np.int64]:
    """The labels of classes that have images, all of them held out: a model that is told the class never met them."""
    met, learned = (np.bincount(each, minlength=len(classes)) for each in (labels, labels[~held_out]))
    return np.flatnonzero((met > 0) & (learned == 0))


def unlearned_labels(kept: Kept, table: ImageTable) -> frozenset[int]:
    """The labels of classes whose images are all held out; none where the model is not conditional on a class."""
    if kept.config.model.conditional != "class":
        return frozenset()
    names = (table.classes[label] for label in unlearned_classes(table.labels, table.held_out, table.classes))
    places = (place_of(name, kept.classes) for name in names)
    return frozenset(label for label in places if label is not None)


def labels_told(kept: Kept, table: ImageTable) -> NDArray[np.int64] | None:
    """The labels of the images (N,), −1 for a class that the model does not know.

    None where the model is not conditional on a class, or the run is too old to name its classes.
    """
    if kept.config.model.conditional != "class" or not kept.classes:
        return None
    places = [place_of(name, kept.classes) for name in table.classes]
    return np.array([-1 if place is None else place for place in places], np.int64)[table.labels]
