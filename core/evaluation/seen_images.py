"""Which of some images a run has learned from: told by what they show, wherever their files lie now."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.images.duplicates import shown_in
from core.images.image_set import ImageSet
from core.reports.progress import Progress
from core.training.held_out_split import Sided
from core.training.image_table import read_images
from core.training.picture_digests import digests_of, read_digests


@dataclass(frozen=True, eq=False)
class LearnedBefore:
    """Whether each image (N,) shows a picture that a run has learned from.

    `gone` of those are no longer to be read: only what equals one of them in every pixel is known again.
    """

    shown: NDArray[np.bool_]
    gone: int


def learned_before(run: Path, images: ImageSet, own: Sided | None) -> Generator[Progress, None, LearnedBefore | None]:
    """Returns which images show, in every pixel or nearly, a picture that the run has learned from.

    `own` are the run's images as they are now, None where they can no longer be read; both must be read in the same
    way: size, channels, fit. Returns None where some have gone and the run, of an older version, kept no digests.
    Raises RunError.
    """
    table = read_images(run)
    shown, gone = np.zeros(len(images), np.bool_), int((~table.held_out).sum())
    if own is not None:
        shown = yield from shown_in(images.pixels, own.image_set.pixels, own.learned_from)
        gone = max(0, gone - int(own.learned_from.sum()))
    if not gone:
        return LearnedBefore(shown, 0)
    digests = read_digests(run)
    if len(digests) != len(table.names):
        return None
    known = {digest for digest, is_held_out in zip(digests, table.held_out.tolist(), strict=True) if not is_held_out}
    equal = (digest in known for digest in digests_of(images, np.arange(len(images))))
    return LearnedBefore(shown | np.fromiter(equal, np.bool_, len(images)), gone)
