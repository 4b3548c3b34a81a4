"""Which of some images a run has learned from: told by what they show, wherever their files lie now."""

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from core.images.image_set import ImageSet
from core.images.twins import shown_in
from core.reports import Progress
from core.training.sides import Sided


def learned_before(images: ImageSet, own: Sided) -> Generator[Progress, None, NDArray[np.bool_]]:
    """Returns whether each image (N,) shows, in every pixel or nearly, a picture that the run has learned from.

    `own` are the run's images as they are now; what was learned from and has gone from its folder is not known again.
    Both must be read in the same way: size, channels, fit.
    """
    return (yield from shown_in(images.pixels, own.image_set.pixels, own.learned_from))
