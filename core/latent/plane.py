"""The plane the map shows: an origin and two orthonormal axes in latent space."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

ENOUGH_NUMBERS = 2_000_000  # principal axes of a sample this large do not visibly differ from those of all codes


@dataclass(frozen=True, eq=False)
class Plane:
    """Points (u, v) ↔ latents: z = origin + u·axes[0] + v·axes[1]; origin (d,), axes (2, d) orthonormal.

    With one latent dimension the second axis is zero: every v stands for the same z.
    """

    origin: Floats
    axes: Floats
    names: tuple[str, str]

    def to_latent(self, points: Floats) -> Floats:
        """Points (M, 2) → latents (M, d), exactly on the plane."""
        return np.asarray(np.asarray(points, np.float32) @ self.axes + self.origin, np.float32)

    def to_points(self, z: Floats) -> Floats:
        """Latents (M, d) → the points (M, 2) nearest to them."""
        return np.asarray((np.asarray(z, np.float32) - self.origin) @ self.axes.T, np.float32)


def first_two_dims(latent_dims: int) -> Plane:
    """The plane of the first two latent dimensions; the whole latent space when there are only two."""
    return Plane(np.zeros(latent_dims, np.float32), np.eye(2, latent_dims, dtype=np.float32), ("z₁", "z₂"))


def principal_plane(codes: Floats, like: Plane | None = None) -> Plane:
    """The plane through the mean of the codes (N, d) along their two widest directions (PCA).

    Principal axes may swap or flip while a model learns; `like` turns the new axes, within their plane, to lie as
    close as they can to an earlier plane's (orthogonal Procrustes, Schönemann 1966), so that the map does not jump.
    """
    latent_dims = codes.shape[1]
    if latent_dims <= 2:
        return first_two_dims(latent_dims)
    seen = np.flatnonzero(np.isfinite(codes[:, 0]))
    if len(seen) < 3:
        return like or first_two_dims(latent_dims)
    enough = max(2_000, ENOUGH_NUMBERS // latent_dims)
    sample = codes[seen[:: -(-len(seen) // enough)]].astype(np.float64)
    origin = sample.mean(axis=0)
    _, vectors = np.linalg.eigh(np.cov(sample - origin, rowvar=False))
    axes = vectors[:, :-3:-1].T
    axes *= np.where(axes[np.arange(2), np.abs(axes).argmax(axis=1)] < 0, -1.0, 1.0)[:, None]
    if like is not None:
        left, _, right = np.linalg.svd(like.axes @ axes.T)
        axes = left @ right @ axes
    return Plane(origin.astype(np.float32), np.ascontiguousarray(axes, np.float32), ("PC 1", "PC 2"))
