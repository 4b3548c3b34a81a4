"""A sheet through latent space that follows the codes, so that a hand on the map stays among the pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from core.latent.knots import Grid, agreeing
from core.latent.plane import Floats, Plane, in_parts, is_same_flat
from core.verdicts import VERDICTS

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace

SIDE = 16  # knots each way
PLACES = 400  # of the map where the plane is tried
MIDDLE = 0.9  # share of the dots that they lie among
ENOUGH = 0.9  # of them that are to be inside, or at the edge: then a plane is as good, and smoother
EDGE = VERDICTS.index("few")  # up to here a place is inside or at the edge
GOLDEN = np.pi * (3.0 - np.sqrt(5.0))
CORNER, STEP, REST = "sheet_corner", "sheet_step", "sheet_rest"  # what a checkpoint calls its parts


@dataclass(frozen=True, eq=False)
class Sheet:
    """Points (u, v) ↔ latents: z = what the plane has there + what it does not show, taken from images that lie there.

    `rest` (R, C, d), at right angles to the plane, is that of the knots of `grid`, blended between them. It stands
    where a plane does: every point is one z, and codes have the same points on both.
    """

    flat: Plane
    grid: Grid
    rest: Floats

    @property
    def is_exact(self) -> bool:
        """As of a plane: every point stands for one z, which decodes there."""
        return True

    @property
    def kind(self) -> Literal["sheet"]:
        """As of a plane: how it was chosen."""
        return "sheet"

    @property
    def origin(self) -> Floats:
        """The plane's, (d,)."""
        return self.flat.origin

    @property
    def axes(self) -> Floats:
        """The plane's, (2, d): along them latents are seen."""
        return self.flat.axes

    @property
    def names(self) -> tuple[str, str]:
        """Of the axes."""
        return self.flat.names

    @property
    def shift(self) -> None:
        """It is not moved: it lies where the codes are."""
        return

    def to_latent(self, points: Floats) -> Floats:
        """Points (M, 2) → latents (M, d), exactly on the sheet."""
        return self.flat.to_latent(points) + self.grid.blend(self.rest, points)

    def tangents(self, points: Floats) -> Floats:
        """How z changes with u and with v at points (M, 2), (2, M, d)."""
        return self.flat.axes[:, None] + self.grid.slopes(self.rest, points)

    def to_points(self, z: Floats) -> Floats:
        """Latents (M, d) → the points (M, 2) below which they lie: those of the plane."""
        return self.flat.to_points(z)

    def points_of_codes(self, codes: Floats) -> Floats:
        """Where all codes (N, d) lie, (N, 2)."""
        return self.flat.points_of_codes(codes)

    def distances(self, z: Floats) -> Floats:
        """How far latents (M, d) are from the sheet's z at their own points: (M,), NaN where z is."""
        return in_parts(z, self._distances)

    def fits(self, codes: Floats) -> bool:
        """Whether it can show these codes (N, d)."""
        return self.flat.fits(codes)

    def following(self, codes: Floats) -> "Sheet":
        """The same sheet for newer codes: it stays where it was laid."""
        return self

    def is_beside(self, other: object) -> bool:
        """Whether each z has the same point on both."""
        return is_same_flat(self, other)

    def _distances(self, z: Floats) -> Floats:
        return np.asarray(np.linalg.norm(z - self.to_latent(self.to_points(z)), axis=1), np.float32)


def sheet_over(space: "LatentSpace") -> Sheet:
    """The sheet over a latent space's own plane that follows the codes of the images learned from."""
    return lay_sheet(space.own_plane.flat, space.codes_learned_from)


def lay_sheet(plane: Plane, codes: Floats) -> Sheet:
    """The sheet over a plane that follows these codes (N, d), of which one must be known: a fifth of a second."""
    points = plane.points_of_codes(codes)
    grid, chosen = agreeing(points, codes - points @ plane.axes, SIDE)
    knots = codes[chosen].reshape(-1, codes.shape[1])
    rest = knots - plane.to_latent(plane.to_points(knots))
    return Sheet(plane, grid, np.asarray(rest.reshape(*chosen.shape, -1), np.float32))


def plane_to_drag_on(space: "LatentSpace") -> "OwnPlane":
    """A latent space's plane, or the sheet over it where a hand among the dots would else leave the pictures."""
    plane, codes = space.own_plane.flat, space.codes_learned_from
    if space.latent_dims <= 2 or not space.support.is_known:
        return plane
    places = among_the_dots(plane.points_of_codes(codes))
    share = _share_inside(space, plane.to_latent(places))
    if share >= ENOUGH:
        return plane
    sheet = lay_sheet(plane, codes)
    return sheet if _share_inside(space, sheet.to_latent(places)) > share else plane


OwnPlane = Plane | Sheet  # that a latent space has of itself


def arrays_of(sheet: Sheet | None) -> dict[str, Floats]:
    """What a checkpoint keeps of it; nothing of none."""
    if sheet is None:
        return {}
    return {CORNER: sheet.grid.corner, STEP: sheet.grid.step, REST: sheet.rest}


def kept_sheet(plane: Plane, arrays: Mapping[str, Floats]) -> Plane | Sheet:
    """The sheet over a plane that a checkpoint keeps; the plane itself where it keeps none."""
    if REST not in arrays:
        return plane
    return Sheet(plane, Grid(arrays[CORNER], arrays[STEP]), arrays[REST])


def may_be_sheet(arrays: Mapping[str, Any]) -> bool:
    """Whether arrays of a file hold a sheet as it is kept, or none; raises KeyError where a part is missing."""
    if not {CORNER, STEP, REST} & set(arrays):
        return True
    corner, step, rest = arrays[CORNER], arrays[STEP], arrays[REST]
    is_grid = corner.shape == step.shape == (2,) and bool((step > 0).all()) and rest.ndim == 3
    is_wide = is_grid and min(rest.shape[:2]) > 1 and rest.shape[2:] == arrays["codes"].shape[1:]
    return is_wide and all(np.isfinite(each).all() for each in (corner, step, rest))


def among_the_dots(points: Floats) -> Floats:
    """Places (M, 2) evenly over the ellipse that holds the middle of the dots (N, 2)."""
    known = points[np.isfinite(points).all(axis=1)].astype(np.float64)
    middle, spread = known.mean(axis=0), np.maximum(known.std(axis=0), 1e-9)
    reach = np.quantile(np.linalg.norm((known - middle) / spread, axis=1), MIDDLE)
    number = np.arange(PLACES)
    far, angle = reach * np.sqrt((number + 0.5) / PLACES), GOLDEN * number  # as seeds lie in a sunflower (Vogel 1979)
    circle = np.stack((far * np.cos(angle), far * np.sin(angle)), axis=1)
    return np.asarray(middle + spread * circle, np.float32)


def _share_inside(space: "LatentSpace", z: Floats) -> float:
    return float(np.mean(space.support.verdicts(z) <= EDGE))
