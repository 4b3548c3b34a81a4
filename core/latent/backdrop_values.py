"""What lies behind the dots: a number for every point of the map, by which a backdrop is coloured."""

from collections.abc import Callable
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.latent.density import Density, density_of
from core.latent.jacobian import change_on_plane
from core.latent.latent_space import LatentSpace
from core.latent.neighbours import Neighbours

Floats = NDArray[np.float32]
Kind = Literal["density", "error", "change", "empty"]

NEAREST = 8  # images whose errors are averaged
STRENGTHS = np.array([0.0, 0.3, 0.7, 1.0], np.float32)  # of the tint, for each of VERDICTS


class Terrain:
    """Values at points (M, 2) of a latent space's map. Any thread may ask; an index is made by the first that needs it.

    `errors` (N,) are those of the images, in nats, None while they are not known. `before` is an earlier terrain: what
    it has found that holds for this one too is taken over, so that a plane that only moves costs nothing.
    """

    def __init__(self, space: LatentSpace, errors: Floats | None, before: "Terrain | None" = None) -> None:
        self.space, self.errors = space, errors
        if before is not None and before.space.codes is space.codes and before.errors is errors:
            self._take_over("_measured", before)
        if before is not None and before.space.points is space.points:
            self._take_over("_density", before)

    def values(self, kind: Kind, points: Floats) -> Floats:
        """One number for each point (M, 2); NaN where it is not known."""
        find: dict[str, Callable[[Floats], Floats]] = {
            "density": self.density,
            "error": self.error,
            "change": self.change,
            "empty": self.emptiness,
        }
        return find[kind](points)

    def density(self, points: Floats) -> Floats:
        """Codes a square unit of the map."""
        return self._density.at(points)

    def error(self, points: Floats) -> Floats:
        """The mean reconstruction error, in nats, of the images nearest in latent space to the z of each point."""
        measured, neighbours = self._measured
        if self.errors is None or not neighbours.count:
            return np.full(len(points), np.nan, np.float32)
        found, _ = neighbours.nearest(self.space.plane.to_latent(points), NEAREST)
        return np.asarray(measured[found].mean(axis=1), np.float32)

    def change(self, points: Floats) -> Floats:
        """How much the picture changes with a step on the plane, by a unit of z."""
        return change_on_plane(self.space, points)

    def emptiness(self, points: Floats) -> Floats:
        """How strongly to tint: not among the pictures, fully far from any."""
        return STRENGTHS[self.space.support.verdicts(self.space.plane.to_latent(points))]

    def range_of(self, kind: Kind, values: Floats) -> tuple[float, float]:
        """The ends of the colours, the same wherever one looks: of errors all but the outermost 1 % either way.

        Of the change no more is known than `values`, those seen so far.
        """
        if kind == "error" and self.errors is not None and np.isfinite(self.errors).any():
            low, high = np.nanquantile(self.errors, (0.01, 0.99))
            return float(low), float(high)
        high = self._density.highest if kind == "density" else float(np.nanmax(values, initial=0.0))
        return 0.0, high if high > 0 else 1.0

    @cached_property
    def _density(self) -> Density:
        return density_of(self.space.points)

    @cached_property
    def _measured(self) -> tuple[Floats, Neighbours]:
        errors = np.zeros(0, np.float32) if self.errors is None else self.errors
        is_known = np.isfinite(errors) if len(errors) else np.zeros(len(self.space.codes), np.bool_)
        return errors, Neighbours(self.space.codes, is_known)

    def _take_over(self, name: str, before: "Terrain") -> None:
        if name in vars(before):
            setattr(self, name, vars(before)[name])
