"""A map that is no plane: codes put in places by a method that knows no way back; between them one is blended."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.latent.knots import Grid, agreeing
from core.latent.plane import Plane
from core.latent.sheet import Sheet

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

SIDE, CANDIDATES = 40, 24  # knots each way, and the images each is one of: it is to be like the dots around it


@dataclass(frozen=True, eq=False)
class Projection:
    """Places (N, 2) of the codes (N, d), found for those of training step `step`; NaN rows have none.

    It stands where a plane does, and says `is_exact` False: `to_latent` blends the codes of those images that are the
    `knots` (R, C) of a grid, and `to_points` gives the place of the nearest code. No direction of latent space is one
    of this map: `axes` are zero.
    """

    codes: Floats
    places: Floats
    step: int
    grid: Grid
    knots: Indices
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
        """Latents (M, d) between the codes of the knots around points (M, 2): like the dots there, not exact."""
        return self.grid.blend(self._knot_codes, points)

    def tangents(self, points: Floats) -> Floats:
        """How z changes with each of both at points (M, 2), (2, M, d)."""
        return self.grid.slopes(self._knot_codes, points)

    def to_points(self, z: Floats) -> Floats:
        """The places (M, 2) of the codes nearest to latents (M, d)."""
        return self.places[_nearest(self.codes, np.asarray(z, np.float32))]

    @cached_property
    def _knot_codes(self) -> Floats:
        """Of the images that are knots, (R, C, d): gathered once, not at every move of a hand."""
        return self.codes[self.knots]

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


AnyPlane = Plane | Sheet | Projection


def project(codes: Floats, places: Floats, step: int) -> Projection:
    """Codes (N, d) in places (N, 2), of which one must be known, as a map to drag on: it takes seconds."""
    return Projection(codes, places, step, *agreeing(places, codes, SIDE, CANDIDATES))


def _nearest(rows: Floats, wanted: Floats) -> Indices:
    """For each wanted (M, k) the row of (N, k) at the least Euclidean distance; rows of NaN are never it."""
    found = np.empty(len(wanted), np.int64)
    for index, one in enumerate(wanted):
        off = rows - one
        squares = np.einsum("nk,nk->n", off, off)
        found[index] = np.nanargmin(squares)
    return found
