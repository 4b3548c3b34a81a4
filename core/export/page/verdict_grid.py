"""Whether there are pictures at a place of the map, found out beforehand at as many as can be told apart."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.export.page.dots import Extent, places_of
from core.latent.latent_space import LatentSpace
from core.reports.progress import Progress

PLACES = 64  # each way over the view
MOST_CLASSES = 16  # that are judged, each by its own images


@dataclass(frozen=True, eq=False)
class VerdictGrid:
    """For each label the indices into VERDICTS at PLACES × PLACES places, row by row, highest first; none if unknown.

    Of a model that is told no class there is one label, that of the latent space.
    """

    verdicts: dict[int, NDArray[np.uint8]]


def bake_verdicts(space: LatentSpace, view: Extent) -> Generator[Progress, None, VerdictGrid]:
    """Returns the grid."""
    labels = space.learned_labels[:MOST_CLASSES].tolist() if space.conditional == "class" else [space.label]
    z, found = space.plane.to_latent(places_of(view, PLACES)), dict[int, NDArray[np.uint8]]()
    for label in labels:
        yield Progress("Looking where pictures are", len(found), len(labels))
        support = space.with_label(label).support
        if support.is_known:
            found[label] = support.verdicts(z).astype(np.uint8)
    return VerdictGrid(found)
