"""A map that is no plane: codes put in places by a method that knows no way back; a place means the nearest code."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.latent.plane import Plane

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Projection:
    """Places (N, 2) of the codes (N, d), found for those of training step `step`; NaN rows have none.

    It stands where a plane does, and says `is_exact` False: `to_latent` gives the code whose place is nearest, and
    `to_points` the place of the nearest code. No direction of latent space is one of this map: `axes` are zero.
    """

    codes: Floats
    places: Floats
    step: int
    names: tuple[str, str] = ("UMAP 1", "UMAP 2")

    @property
    def is_exact(self) -> bool:
        """Never: what decodes at a place is the nearest known z."""
        return False

    @property
    def kind(self) -> Literal["projection"]:
        """As of a plane: how it was chosen."""
        return "projection"

    @property
    def origin(self) -> Floats:
        """As of a plane, (d,): zero."""
        return np.zeros(self.codes.shape[1], np.float32)

    @property
    def axes(self) -> Floats:
        """As of a plane, (2, d): zero."""
        return np.zeros((2, self.codes.shape[1]), np.float32)

    def nearest(self, points: Floats) -> Indices:
        """The images whose places are nearest to points (M, 2); at least one must have a place."""
        return _nearest(self.places, np.asarray(points, np.float32))

    def to_latent(self, points: Floats) -> Floats:
        """The codes (M, d) whose places are nearest to points (M, 2): known, not exact."""
        return self.codes[self.nearest(points)]

    def to_points(self, z: Floats) -> Floats:
        """The places (M, 2) of the codes nearest to latents (M, d)."""
        return self.places[_nearest(self.codes, np.asarray(z, np.float32))]

    def points_of_codes(self, codes: Floats) -> Floats:
        """The places of all codes: they stay where they were put, whatever the model has learned since."""
        return self.places

    def distances(self, z: Floats) -> Floats:
        """As of a plane; every code has a place of its own, so all are zero, (M,)."""
        return np.zeros(len(z), np.float32)

    def fits(self, codes: Floats) -> bool:
        """Whether it can show these codes (N, d): they are of as many images and dimensions."""
        return self.codes.shape == codes.shape

    def following(self, codes: Floats) -> "Projection":
        """The same places, standing for newer codes (N, d) of the same images."""
        return replace(self, codes=codes)

    def is_beside(self, other: object) -> bool:
        """Whether codes have the same places on both."""
        return isinstance(other, Projection) and other.places is self.places


AnyPlane = Plane | Projection


def _nearest(rows: Floats, wanted: Floats) -> Indices:
    """For each wanted (M, k) the row of (N, k) at the least Euclidean distance; rows of NaN are never it."""
    found = np.empty(len(wanted), np.int64)
    for index, one in enumerate(wanted):
        off = rows - one
        squares = np.einsum("nk,nk->n", off, off)
        found[index] = np.nanargmin(squares)
    return found
