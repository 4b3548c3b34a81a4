"""The plane the map shows: an origin and two orthonormal axes in latent space."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Kind = Literal["principal", "dimensions", "directions", "images"]

ENOUGH_NUMBERS = 2_000_000  # principal axes of a sample this large do not visibly differ from those of all codes
MOST_SQUARED = 2_048  # latent dimensions of which matrices (d, d) are made: beyond, they take gigabytes and minutes
TINY = 1e-5  # latent units: float32 origins moved at right angles to the axes differ so much along them
AT_ONCE = 65_536  # latents measured at a time: all of them beside a million codes would be another copy of these


@dataclass(frozen=True, eq=False)
class Plane:
    """Points (u, v) ↔ latents: z = origin + u·axes[0] + v·axes[1]; origin (d,), axes (2, d) orthonormal.

    `kind` says how the plane was chosen; `shift` (d,) how far it has been moved, at right angles to itself, from where
    it was made; None: not at all. With one latent dimension the second axis is zero: every v stands for the same z.
    """

    origin: Floats
    axes: Floats
    names: tuple[str, str]
    kind: Kind = "principal"
    shift: Floats | None = None

    @property
    def is_exact(self) -> bool:
        """Whether every point stands for one z, which decodes there: always, of a plane."""
        return True

    def to_latent(self, points: Floats) -> Floats:
        """Points (M, 2) → latents (M, d), exactly on the plane."""
        return np.asarray(np.asarray(points, np.float32) @ self.axes + self.origin, np.float32)

    def to_points(self, z: Floats) -> Floats:
        """Latents (M, d) → the points (M, 2) nearest to them."""
        return along(np.asarray(z, np.float32) - self.origin, self.axes)

    def points_of_codes(self, codes: Floats) -> Floats:
        """Where all codes (N, d) lie, (N, 2); unlike `to_points` it copies none of them."""
        return np.asarray(codes @ self.axes.T - along(self.origin, self.axes), np.float32)

    def fits(self, codes: Floats) -> bool:
        """Whether it can show these codes (N, d): it is in a space of as many dimensions."""
        return self.origin.shape == codes.shape[1:]

    def following(self, codes: Floats) -> "Plane":
        """The same plane for newer codes: itself, for it does not hang on them."""
        return self

    def distances(self, z: Floats) -> Floats:
        """How far latents (M, d) are from the plane: Euclidean, (M,), NaN where z is."""
        return in_parts(z, self._distances)

    @property
    def flat(self) -> "Plane":
        """Itself: so that a sheet over it is known to be over it."""
        return self

    def tangents(self, points: Floats) -> Floats:
        """How z changes with u and with v at points (M, 2): its axes, everywhere, (2, 1, d)."""
        return self.axes[:, None]

    def moved(self, shift: Floats) -> "Plane":
        """The plane as it was made, moved by `shift` (d,) instead; what lies along the plane itself is left out."""
        shift = np.asarray(shift, np.float32)
        across = np.asarray(shift - along(shift, self.axes) @ self.axes, np.float32)
        made_at = self.origin if self.shift is None else self.origin - self.shift
        is_moved = bool(np.abs(across).max(initial=0.0) > 0)
        return replace(self, origin=np.asarray(made_at + across, np.float32), shift=across if is_moved else None)

    def is_beside(self, other: object) -> bool:
        """Whether another is this plane, moved at right angles to itself, or a sheet over it: each z has one point."""
        return is_same_flat(self, other)

    def _distances(self, z: Floats) -> Floats:
        off = z - self.origin
        off -= along(off, self.axes) @ self.axes
        squares: Floats = np.einsum("nd,nd->n", off, off)
        return np.sqrt(squares)


def in_parts(z: Floats, measure: Callable[[Floats], Floats]) -> Floats:
    """What is measured of latents (M, d), (M,), some of them at a time."""
    z = np.asarray(z, np.float32)
    parts = [measure(z[start : start + AT_ONCE]) for start in range(0, len(z), AT_ONCE)]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def is_same_flat(one: object, other: object) -> bool:
    """Whether each z has the same point on two planes, or on the planes that sheets are laid over."""
    first, second = getattr(one, "flat", None), getattr(other, "flat", None)
    if not isinstance(first, Plane) or not isinstance(second, Plane) or not np.array_equal(first.axes, second.axes):
        return False
    return bool(np.abs(along(second.origin - first.origin, first.axes)).max() < TINY)


def along(z: Floats, axes: Floats) -> Floats:
    """How far z (…, d) reaches along each of the axes (k, d), (…, k).

    Not by `@`: of five numbers OpenBLAS 0.3.31 multiplies more than it adds, whatever is on the stack, and NumPy then
    warns of an invalid value though all are finite.
    """
    found: Floats = np.einsum("...d,kd->...k", z, axes)
    return found


def first_two_dims(latent_dims: int) -> Plane:
    """The plane of the first two latent dimensions; the whole latent space when there are only two."""
    axes = np.eye(2, latent_dims, dtype=np.float32)
    return Plane(np.zeros(latent_dims, np.float32), axes, ("z₁", "z₂"))


def kept_plane(origin: Floats, axes: Floats) -> Plane:
    """The plane that a checkpoint keeps, origin (d,) and axes (2, d): one that `principal_plane` found."""
    return Plane(origin, axes, ("z₁", "z₂") if len(origin) <= 2 else ("PC 1", "PC 2"))


def principal_plane(codes: Floats, like: Plane | None = None) -> Plane:
    """The plane through the mean of the codes (N, d) along their two widest directions (PCA).

    Principal axes may swap or flip while a model learns; `like` turns the new axes, within their plane, to lie as
    close as they can to an earlier plane's (orthogonal Procrustes, Schönemann 1966), so that the map does not jump.
    """
    latent_dims = codes.shape[1]
    if latent_dims <= 2:
        return first_two_dims(latent_dims)
    sample = a_sample(codes)
    if len(sample) < 3:
        return like or first_two_dims(latent_dims)
    origin = sample.mean(axis=0)
    axes, _ = principal_axes(sample - origin, 2)
    axes *= np.where(axes[np.arange(2), np.abs(axes).argmax(axis=1)] < 0, -1.0, 1.0)[:, None]
    if like is not None:
        left, _, right = np.linalg.svd(like.axes @ axes.T)
        axes = left @ right @ axes
    return Plane(origin.astype(np.float32), np.ascontiguousarray(axes, np.float32), ("PC 1", "PC 2"))


def principal_axes(centred: NDArray[np.float64], most: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The directions (k, d) in which centred rows (n, d) are widest, widest first, and the variances (k,) along them.

    k is `most`, or less where there are fewer rows or dimensions. By the smaller of XᵀX (d, d) and XXᵀ (n, n), which
    have the same eigenvalues: Xᵀu is a vector of the one for every vector u of the other.
    """
    count, dims = centred.shape
    if dims <= count:
        variances, vectors = np.linalg.eigh(np.cov(centred, rowvar=False))
        return np.asarray(vectors[:, ::-1][:, :most].T), np.asarray(variances[::-1][:most])
    squares, vectors = np.linalg.eigh(centred @ centred.T)
    axes = vectors[:, ::-1][:, : min(most, count - 1)].T @ centred
    axes /= np.maximum(np.linalg.norm(axes, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    return axes, np.asarray(squares[::-1][: len(axes)] / (count - 1))


def learned_plane(codes: Floats, held_out: NDArray[np.bool_] | None, like: Plane | None = None) -> Plane:
    """The plane that the images learned from are widest on: held-out codes are seen there, and move it not."""
    return principal_plane(codes if held_out is None else codes[~held_out], like)


def a_sample(codes: Floats) -> NDArray[np.float64]:
    """Codes that have been seen (M, d), evenly taken, as many as means and principal axes need."""
    seen = np.flatnonzero(np.isfinite(codes[:, 0]))
    enough = max(2_000, ENOUGH_NUMBERS // codes.shape[1])
    return codes[seen[:: -(-len(seen) // enough) or 1]].astype(np.float64)
