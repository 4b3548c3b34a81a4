"""The plane of an earlier moment, turned to lie as that of a later one: what is left of the movement is real."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.latent.plane import ENOUGH_NUMBERS, Plane

Floats = NDArray[np.float32]


class Aligned(NamedTuple):
    """A plane of the earlier moment's latent space, and the share of the movement between both that is no turn.

    `real` is in [0, 1]: root mean square distances of codes after and before the turn; 0 where nothing has moved.
    `turn` (d, d) and both middles (d,) bring codes of the earlier space to the later.
    """

    plane: Plane
    real: float
    turn: NDArray[np.float64]
    middle: NDArray[np.float64]
    middle_later: NDArray[np.float64]

    def turned(self, codes: Floats) -> Floats:
        """Codes (N, d) of the earlier space as they lie in the later."""
        turn, shift = self.turn.astype(np.float32), self.middle_later - self.middle @ self.turn
        return np.asarray(codes @ turn + shift.astype(np.float32), np.float32)


def align(codes: Floats, later: Floats, plane: Plane) -> Aligned:
    """The later plane as it lies in the earlier space: orthogonal Procrustes (Schönemann 1966) of codes (N, d) each.

    Only the plane is turned, or mirrored: what is decoded is what that model decodes. In one or two dimensions it turns
    about z = 0, so that the prior stays where it is; in more, about the mean of the codes, which it goes through.
    """
    dims = codes.shape[1]
    rows = np.flatnonzero(np.isfinite(codes[:, 0]) & np.isfinite(later[:, 0]))
    enough = max(2_000, ENOUGH_NUMBERS // dims)
    rows = rows[:: -(-len(rows) // enough) or 1]
    if len(rows) <= 2:
        return Aligned(plane, 1.0, np.eye(dims), np.zeros(dims), np.zeros(dims))
    before, after = codes[rows].astype(np.float64), later[rows].astype(np.float64)
    moved = np.square(before - after).sum()
    middle_before, middle_after = np.zeros((2, dims)) if dims <= 2 else (before.mean(axis=0), after.mean(axis=0))
    before, after = before - middle_before, after - middle_after
    left, singular, right = np.linalg.svd(before.T @ after)
    turn = left @ right  # z' - middle_after = (z - middle_before) @ turn
    rest = np.square(before).sum() + np.square(after).sum() - 2.0 * singular.sum()
    real = float(np.sqrt(min(1.0, max(0.0, rest) / moved))) if moved > 0 else 0.0
    origin = middle_before + (plane.origin - middle_after) @ turn.T
    axes = np.ascontiguousarray(plane.axes @ turn.T, np.float32)
    turned = Plane(np.asarray(origin, np.float32), axes, plane.names, plane.kind)
    return Aligned(turned, real, turn, middle_before, middle_after)
