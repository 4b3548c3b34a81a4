"""How densely codes lie on the map: a Gaussian about each, summed on a grid."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Extent = tuple[float, float, float, float]  # left, bottom, right, top on the plane

CELLS_A_WIDTH = 4  # of the grid, in one standard deviation of the Gaussians: finer does not show
MOST_CELLS = 1_024  # across or up: a few codes far away make the grid coarse, not large
REACH = 4.0  # standard deviations at which a Gaussian is cut off


@dataclass(frozen=True, eq=False)
class Density:
    """Codes a square unit, `values` (h, w) over `extent`, the first row at the bottom; zero outside."""

    values: Floats
    extent: Extent
    widths: tuple[float, float]  # of the Gaussians: their standard deviation across and up

    @property
    def highest(self) -> float:
        """Where codes lie densest."""
        return float(self.values.max(initial=0.0))

    def at(self, points: Floats) -> Floats:
        """The density at points (M, 2), (M,): between the cells it is linear, beyond them zero."""
        from scipy.ndimage import map_coordinates

        left, bottom, right, top = self.extent
        height, width = self.values.shape
        x = (points[:, 0] - left) / (right - left) * width - 0.5
        y = (points[:, 1] - bottom) / (top - bottom) * height - 0.5
        return np.asarray(map_coordinates(self.values, (y, x), order=1, mode="constant"), np.float32)


def density_of(points: Floats) -> Density:
    """The density of points (N, 2), rows of NaN left out; widths by Scott's rule: spread over the sixth root of N.

    The sum is taken on a grid of a quarter of that width (Silverman 1982; Scott 1992, §6.3): a million take 0.2 s.
    """
    from scipy.ndimage import gaussian_filter

    seen = points[np.isfinite(points).all(axis=1)].astype(np.float64)
    if not len(seen):
        return Density(np.zeros((1, 1), np.float32), (-1.0, -1.0, 1.0, 1.0), (1.0, 1.0))
    spread = np.maximum(seen.std(axis=0), 1e-6 + 1e-3 * seen.std(axis=0).max())  # a line of codes has a width as well
    widths = spread * len(seen) ** (-1 / 6)
    low, high = seen.min(axis=0) - REACH * widths, seen.max(axis=0) + REACH * widths
    cells = np.clip(np.ceil((high - low) / widths * CELLS_A_WIDTH), 1, MOST_CELLS).astype(int)
    sides = [(low[1], high[1]), (low[0], high[0])]
    counts, _, _ = np.histogram2d(seen[:, 1], seen[:, 0], bins=cells[::-1], range=sides)
    size = (high - low) / cells
    smooth = gaussian_filter(counts, (widths / size)[::-1], mode="constant", truncate=REACH)
    values = np.asarray(smooth / size.prod(), np.float32)
    return Density(values, (float(low[0]), float(low[1]), float(high[0]), float(high[1])), (widths[0], widths[1]))
