"""What a class-conditional model is told of images: their classes by name, or the likeliest where nothing says them."""

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from core.evaluation.typicality import AT_ONCE, objectives
from core.images.image_set import ImageSet
from core.latent.classes import known_labels, labels_in, listed
from core.latent.latent_space import LatentSpace
from core.pace import Pace
from core.reports.progress import Progress

Labels = NDArray[np.int64]


def classes_told(latent_space: LatentSpace, image_set: ImageSet) -> Generator[Progress, None, Labels]:
    """Returns the labels (N,) as a class-conditional model numbers them; for others the set's own.

    An image whose class the run does not know, for it is of a folder or a table of other words, or of none, is of the
    class under which its objective is least (as Kingma et al. 2014 classify, M2, with a uniform p(y)). Raises
    ImagesError where there is no objective, of an imported model.
    """
    if latent_space.conditional != "class":
        return image_set.labels
    if not latent_space.was_trained_here:
        return labels_in(latent_space.classes, image_set)
    labels = known_labels(latent_space.classes, image_set)
    rows = np.flatnonzero(labels < 0)
    if len(rows):
        labels[rows] = yield from _likeliest(latent_space, image_set, rows)
    return labels


def untold_in_words(latent_space: LatentSpace, image_set: ImageSet) -> str:
    """A sentence about the images whose class the run does not know; empty where there are none."""
    if latent_space.conditional != "class":
        return ""
    unknown = known_labels(latent_space.classes, image_set) < 0
    if not unknown.any():
        return ""
    names = listed([image_set.classes[label] for label in np.unique(image_set.labels[unknown])])
    count = int(unknown.sum())
    images = "an image is" if count == 1 else f"{count:,} images are"
    return f"The run knows no class {names}, which {images} of: each is read as of the class that it fits best."


def _likeliest(
    latent_space: LatentSpace, image_set: ImageSet, rows: NDArray[np.int64]
) -> Generator[Progress, None, Labels]:
    """Of some images, among the classes that were learned."""
    labels, classes = np.zeros(len(rows), np.int64), np.asarray(latent_space.learned_labels)
    pace = Pace("Finding the likeliest classes", len(rows))
    for start in range(0, len(rows), AT_ONCE):
        pixels = np.asarray(image_set.pixels[rows[start : start + AT_ONCE]])
        nats = [objectives(latent_space, pixels, np.full(len(pixels), label)) for label in classes.tolist()]
        labels[start : start + AT_ONCE] = classes[np.argmin(nats, axis=0)]
        yield from pace.reports(start + len(pixels))
    return labels
