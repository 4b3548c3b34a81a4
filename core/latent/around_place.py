"""What surrounds a place in latent space: the nearest real images, the verdict, and what a round trip makes of it."""

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from core.latent.latent_space import LatentSpace
from core.latent.place_verdict import Standing

Floats = NDArray[np.float32]

NEAREST = 8
TYPICAL_FROM = 32  # held-out codes whose round trips say what is typical
REFIT_SHARE = 0.05  # of the time that what is fitted may take while the model moves on


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Of one place: indices (k,) of the images nearest to it with distances (k,), and how far its picture holds.

    None are near where the dots are no images. `round_trip` is how far z → picture → code comes out from z, over the
    dimensions whose codes vary, NaN without an encoder, and `typical` the median of that for held-out codes. `is_old`
    says that the verdict is still from an earlier moment of training.
    """

    nearest: NDArray[np.int64]
    distances: Floats
    standing: Standing | None
    round_trip: float
    typical: float
    is_old: bool = False
    unjudged: str = ""  # why nothing is said of the place; empty where something could be


class Surveyor:
    """Finds surroundings, one after the other in one thread; what it has fitted it keeps while that is worth it."""

    def __init__(self) -> None:
        self._fitted: LatentSpace | None = None
        self._typical = np.nan
        self._until = 0.0

    def survey(self, latent_space: LatentSpace, z: Floats) -> Surroundings:
        """The surroundings of one latent (d,)."""
        nearest, distances = latent_space.nearest(z, 0 if latent_space.are_samples else NEAREST)
        is_old = not self._fit(latent_space)
        assert self._fitted is not None
        length, standing = float(round_trips(latent_space, z[None])[0]), self._fitted.support.verdict(z)
        return Surroundings(nearest, distances, standing, length, self._typical, is_old, latent_space.unjudged)

    def _fit(self, latent_space: LatentSpace) -> bool:
        """Whether what is fitted is of this latent space: while the model learns, it need not be at every step."""
        old = self._fitted
        if old is not None and old.support is latent_space.support:
            return True
        began = perf_counter()
        if old is not None and _is_alike(old, latent_space) and old.support.is_known and began < self._until:
            return False
        latent_space.support.fit()
        self._fitted, self._typical = latent_space, typical_round_trip(latent_space)
        self._until = perf_counter() + (perf_counter() - began) / REFIT_SHARE
        return True


def _is_alike(one: LatentSpace, other: LatentSpace) -> bool:
    """Whether the two decode the same class of the same images."""
    return one.codes.shape == other.codes.shape and one.label == other.label


def round_trips(latent_space: LatentSpace, z: Floats) -> Floats:
    """How far latents (M, d) lie from the codes of the pictures that they decode to, (M,), over active dimensions.

    NaN where there is no encoder.
    """
    if not latent_space.can_encode:
        return np.full(len(z), np.nan, np.float32)
    codes, _ = latent_space.encode(latent_space.decode(z))
    return np.asarray(np.linalg.norm((codes - z)[:, latent_space.support.is_active], axis=1), np.float32)


def typical_round_trip(latent_space: LatentSpace) -> float:
    """The median round trip of held-out codes, of any codes where none are held out; NaN without codes."""
    if not latent_space.can_encode:
        return float("nan")
    known = np.isfinite(latent_space.codes_of_class).all(axis=1)
    held_out = known & (False if latent_space.held_out is None else latent_space.held_out)
    rows = np.flatnonzero(held_out if held_out.any() else known)
    if not len(rows):
        return float("nan")
    some = rows[np.linspace(0, len(rows) - 1, min(TYPICAL_FROM, len(rows))).astype(int)]
    return float(np.median(round_trips(latent_space, latent_space.codes[some])))
