"""What a class-conditional model is told of images: their classes by name, or the likeliest where nothing says them."""

from collections.abc import Generator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import ImagesError
from core.evaluation.typicality import AT_ONCE, objectives
from core.images.image_set import ImageSet
from core.images.pace import Pace
from core.latent.classes import labels_in
from core.latent.latent_space import LatentSpace
from core.reports import Progress

Labels = NDArray[np.int64]


def classes_told(latent_space: LatentSpace, image_set: ImageSet) -> Generator[Progress, None, Labels]:
    """Returns the labels (N,) as a class-conditional model numbers them; for others the set's own.

    Pictures that say nothing of their classes, for they have no table or lack its column, are each of the class under
    which the objective is least (as Kingma et al. 2014 classify, M2, with a uniform p(y)). Raises ImagesError for
    images of a class that the run never learned.
    """
    if latent_space.conditional != "class":
        return image_set.labels
    try:
        return labels_in(latent_space.classes, image_set)
    except ImagesError:
        if not says_nothing(image_set):
            raise
    return (yield from _likeliest(latent_space, image_set))


def says_nothing(image_set: ImageSet) -> bool:
    """Whether its one class is only the name of the folder, or the column that would tell them is not there."""
    is_flat = image_set.classes == (Path(image_set.source).name,) and not any("/" in name for name in image_set.names)
    return bool(image_set.amiss) or is_flat


def _likeliest(latent_space: LatentSpace, image_set: ImageSet) -> Generator[Progress, None, Labels]:
    labels, classes = np.zeros(len(image_set), np.int64), range(len(latent_space.classes))
    pace = Pace("Finding the likeliest classes", len(image_set))
    for start in range(0, len(image_set), AT_ONCE):
        pixels = np.asarray(image_set.pixels[start : start + AT_ONCE])
        nats = [objectives(latent_space, pixels, np.full(len(pixels), label)) for label in classes]
        labels[start : start + AT_ONCE] = np.argmin(nats, axis=0)
        yield from pace.reports(start + len(pixels))
    return labels
