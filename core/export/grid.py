"""The plane as a sheet of decoded tiles."""

import numpy as np
from numpy.typing import NDArray

from core.export.stills import PAPERS, lay_out
from core.latent.latent_space import LatentSpace
from core.latent.projection import AnyPlane

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Extent = tuple[float, float, float, float]  # left, bottom, right, top on the plane

MOST_ROWS = 4  # a column: a map that is a narrow slit is not worth more tiles
CENTRAL = (0.01, 0.99)  # quantiles of the codes between which "where the codes are" lies
PRIOR = 3.0  # without codes: where all but 0.3 % of N(0, 1) lies
PAPER = PAPERS["white"]


def grid_latents(plane: AnyPlane, extent: Extent, columns: int, rows: int) -> Floats:
    """Latents (rows · columns, d) at the centres of tiles that cover the extent; row by row, highest v first."""
    left, bottom, right, top = extent
    u = left + (np.arange(columns) + 0.5) * (right - left) / columns
    v = top - (np.arange(rows) + 0.5) * (top - bottom) / rows
    points = np.stack(np.meshgrid(u, v), axis=-1).reshape(-1, 2)
    return plane.to_latent(points.astype(np.float32))


def tile_sheet(pixels: Pixels, columns: int, gap: int = 0) -> Pixels:
    """Images (M, H, W, C) row by row on one sheet (H′, W′, C), with white gaps and white where the last row ends."""
    return lay_out(pixels, columns, gap, PAPER)


def decode_grid(latent_space: LatentSpace, extent: Extent, columns: int, rows: int | None = None) -> Pixels:
    """One sheet (H′, W′, C) of tiles that cover the extent; without `rows`, as many as make the tiles about square."""
    left, bottom, right, top = extent
    if rows is None:
        square = round(columns * (top - bottom) / (right - left))
        rows = min(max(1, square), MOST_ROWS * columns)
    return tile_sheet(latent_space.decode(grid_latents(latent_space.plane, extent, columns, rows)), columns)


def central_extent(points: Floats) -> Extent:
    """Where nearly all points (N, 2) lie; rows that are NaN are left out."""
    seen = points[np.isfinite(points).all(axis=1)]
    if not len(seen):
        return -PRIOR, -PRIOR, PRIOR, PRIOR
    (left, bottom), (right, top) = np.quantile(seen, CENTRAL, axis=0)
    across = 0.0 if right > left else 1.0  # one image, or a latent space of one dimension, has no width
    down = 0.0 if top > bottom else 1.0
    return float(left - across), float(bottom - down), float(right + across), float(top + down)
