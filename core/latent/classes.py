"""The classes that a class-conditional run knows, by name."""

from collections.abc import Container, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError, ImagesError
from core.unicode_names import place_of

if TYPE_CHECKING:
    from core.images.image_set import ImageSet

MOST_NAMED = 12  # classes in one sentence


def label_of(name: str, classes: Sequence[str], unlearned: Container[int] = ()) -> int:
    """The label of a class by its name, however its accents are written; raises ConfigError, also if unlearned."""
    label = place_of(name, classes)
    if label is not None and label in unlearned:
        raise ConfigError(
            f"This run learned from no image of class {name}: all of them were held out. Choose another class, or "
            "train with fewer images held out."
        )
    if label is not None:
        return label
    close = get_close_matches(name, classes, n=1)
    meant = f" Did you mean {close[0]}?" if close else f" It knows {listed(classes)}."
    raise ConfigError(f"This run learned no class {name}.{meant}")


def known_labels(classes: Sequence[str], image_set: "ImageSet") -> NDArray[np.int64]:
    """The labels of an image set as a run numbers them, (N,), by name; −1 for images of classes that it knows not."""
    if tuple(classes) == image_set.classes:
        return image_set.labels.copy()
    places = [place_of(name, classes) for name in image_set.classes]
    table = np.array([-1 if label is None else label for label in places], np.int64)
    labels: NDArray[np.int64] = table[image_set.labels]
    return labels


def labels_in(classes: Sequence[str], image_set: "ImageSet") -> NDArray[np.int64]:
    """The labels of an image set as a run numbers them, (N,): classes are matched by name.

    Raises ImagesError when images are of a class that the run never learned.
    """
    labels = known_labels(classes, image_set)
    strange = np.unique(image_set.labels[labels < 0])
    if len(strange):
        names = [image_set.classes[label] for label in strange]
        raise ImagesError(
            f"The run learned no class {listed(names)}, which images in {image_set.source} are of: "
            f"it knows {listed(classes)}."
        )
    return labels


def listed(names: Sequence[str]) -> str:
    """At most so many names with commas between them, and how many more."""
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def first_learned(classes: tuple[str, ...], unlearned: frozenset[int]) -> int:
    """The class that is decoded before one is chosen: the first that was learned, 0 where there are none."""
    return next((label for label in range(len(classes)) if label not in unlearned), 0)
