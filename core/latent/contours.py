"""Where most of the prior and of the aggregate posterior lies on the map: lines around a share of either."""

from dataclasses import dataclass
from math import log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from core.latent.projection import AnyPlane

Floats = NDArray[np.float32]
Extent = tuple[float, float, float, float]  # left, bottom, right, top on the plane

SHARES = (0.5, 0.95)  # of the whole, inside the lines
MOST_IMAGES = 2_000  # whose posteriors stand for all
CELLS = 128  # of the grid, along its longer side
REACH = 3.0  # standard deviations of the posteriors beyond their outermost mean
CELLS_OF_A_LINE = 1_024  # where there is but one dimension
CORNERS = 97  # of a circle
SIDES = np.array([-1.0, 1.0])
AT_ONCE = 256
SMOOTH = 0.5  # of Scott's rule, which is for one hill: codes have several


@dataclass(frozen=True, eq=False)
class Contour:
    """Lines (k, 2) on the plane; inside them lies `share` of the whole."""

    share: float
    lines: tuple[Floats, ...]


def prior_contours(plane: AnyPlane, shares: tuple[float, ...] = SHARES) -> tuple[Contour, ...]:
    """The prior N(0, I), projected on the plane: circles about the point of z = 0, or two lines where z is a number.

    Projected on two orthonormal axes it is N(0, I) again, of which 1 − exp(−r²/2) lies within r; on one axis it is
    N(0, 1), whose shares are those of its quantiles.
    """
    centre = plane.to_points(np.zeros((1, len(plane.origin)), np.float32))[0]
    if is_a_line(plane):
        return tuple(Contour(share, _upright(centre[0] + reach * SIDES, reach)) for share, reach in _reaches(shares))
    turns = np.linspace(0, 2 * np.pi, CORNERS)
    circle = np.stack((np.cos(turns), np.sin(turns)), axis=1)
    return tuple(
        Contour(share, (np.asarray(centre + sqrt(-2 * log(1 - share)) * circle, np.float32),)) for share in shares
    )


def aggregate_contours(
    plane: AnyPlane, means: Floats, log_variances: Floats, shares: tuple[float, ...] = SHARES
) -> tuple[Contour, ...]:
    """The aggregate posterior, the mean of q(z|x) over images (Hoffman & Johnson 2016), projected on the plane.

    `means` and `log_variances` (M, d) are those of the images' Gaussians, without what a flow does to them. M images
    stand for very many: each Gaussian is widened by half of what Scott's rule (1992) gives M points, or narrow ones
    would show as so many spots.
    """
    if not len(means):
        return ()
    points = plane.to_points(means).astype(np.float64)
    if is_a_line(plane):
        return _on_a_line(points[:, 0], np.exp(np.asarray(log_variances[:, 0], np.float64)), shares)
    covariances = posterior_covariances(plane, log_variances) + widening(points)
    values, extent = _mixture_on_grid(points, covariances)
    return tuple(Contour(share, contour_lines(values, extent, level_of(values, share))) for share in shares)


def is_a_line(plane: AnyPlane) -> bool:
    """Whether the plane shows a single latent dimension: its second axis is zero, and v means nothing."""
    return len(plane.origin) == 1


def posterior_covariances(plane: AnyPlane, log_variances: Floats) -> NDArray[np.float64]:
    """The covariances (M, 2, 2) on the plane of diagonal Gaussians with these log-variances (M, d)."""
    axes = plane.axes.astype(np.float64)
    variances = np.exp(np.asarray(log_variances, np.float64))
    covariances: NDArray[np.float64] = np.einsum("id,md,jd->mij", axes, variances, axes)
    return covariances


def widening(points: NDArray[np.floating]) -> NDArray[np.float64]:
    """The covariance (2, 2) that lets M points (M, 2) stand for the distribution they come from."""
    widths = SMOOTH * points.std(axis=0) * len(points) ** (-1 / 6)
    return np.asarray(np.diag(widths**2), np.float64)


def level_of(values: NDArray[np.floating], share: float) -> float:
    """The level above which this share of the sum of `values` lies: of the highest-density region (Hyndman 1996)."""
    falling = np.sort(values, axis=None)[::-1].astype(np.float64)
    within = np.cumsum(falling)
    return float(falling[min(int(np.searchsorted(within, share * within[-1])), len(falling) - 1)])


def contour_lines(values: NDArray[np.floating], extent: Extent, level: float) -> tuple[Floats, ...]:
    """Where values (h, w), at the centres of cells, first row at the bottom, pass a level: lines (k, 2)."""
    from contourpy import contour_generator

    left, bottom, right, top = extent
    height, width = values.shape
    u = left + (np.arange(width) + 0.5) * (right - left) / width
    v = bottom + (np.arange(height) + 0.5) * (top - bottom) / height
    return tuple(np.asarray(line, np.float32) for line in contour_generator(u, v, values).lines(level))


def _reaches(shares: tuple[float, ...]) -> tuple[tuple[float, float], ...]:
    """How far from 0 this share of N(0, 1) lies, to both sides."""
    return tuple((share, NormalDist().inv_cdf(0.5 + share / 2)) for share in shares)


def _upright(places: NDArray[np.floating], height: float) -> tuple[Floats, ...]:
    """Lines across the map at places on u, as high above and below it."""
    return tuple(np.array([[u, -height], [u, height]], np.float32) for u in places)


def _on_a_line(
    points: NDArray[np.float64], variances: NDArray[np.float64], shares: tuple[float, ...]
) -> tuple[Contour, ...]:
    """Where the mixture of Gaussians at points (M,) of one dimension passes the levels of its shares."""
    widths = np.sqrt(variances + (SMOOTH * points.std() * len(points) ** (-1 / 5)) ** 2)
    u = np.linspace((points - REACH * widths).min(), (points + REACH * widths).max(), CELLS_OF_A_LINE)
    widths = np.maximum(widths, u[1] - u[0])  # one narrower than a cell is not missed between two
    values = np.zeros(len(u))
    for start in range(0, len(points), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        values += (np.exp(-0.5 * ((u[:, None] - points[part]) / widths[part]) ** 2) / widths[part]).sum(axis=1)
    return tuple(
        Contour(share, _upright(_crossings(u, values, level_of(values, share)), reach))
        for share, reach in _reaches(shares)
    )


def _crossings(u: NDArray[np.float64], values: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """Where values at u pass a level, linear between them."""
    above = values > level
    left = np.flatnonzero(above[1:] != above[:-1])
    share = (level - values[left]) / (values[left + 1] - values[left])
    return np.asarray(u[left] + share * (u[left + 1] - u[left]), np.float64)


def _mixture_on_grid(
    points: NDArray[np.float64], covariances: NDArray[np.float64]
) -> tuple[NDArray[np.float64], Extent]:
    """The sum of Gaussians on a grid (h, w) that reaches beyond all of them, first row at the bottom."""
    widest = REACH * np.sqrt(covariances[:, [0, 1], [0, 1]])
    low, high = (points - widest).min(axis=0), (points + widest).max(axis=0)
    size = float((high - low).max()) / CELLS
    width, height = np.maximum(np.ceil((high - low) / size), 2).astype(int)
    u, v = low[0] + (np.arange(width) + 0.5) * size, low[1] + (np.arange(height) + 0.5) * size
    covariances = covariances + np.eye(2) * (size / 2) ** 2  # one narrower than a cell is not missed between two
    values = np.zeros((height, width))
    for start in range(0, len(points), AT_ONCE):
        values += _sum_of(points[start : start + AT_ONCE], covariances[start : start + AT_ONCE], u, v)
    return values, (float(low[0]), float(low[1]), float(low[0] + width * size), float(low[1] + height * size))


def _sum_of(
    points: NDArray[np.float64], covariances: NDArray[np.float64], u: NDArray[np.float64], v: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Σ N(·; point, covariance) over a few points at (h, w) places.

    N(u, v) = N(u) · N(v given u): the mean of v moves with u, so each is one row of numbers for every column.
    """
    across, both, up = covariances[:, 0, 0], covariances[:, 0, 1], covariances[:, 1, 1]
    du = u[None] - points[:, :1]  # (m, w)
    weights = np.exp(-0.5 * du**2 / across[:, None]) / np.sqrt(2 * np.pi * across[:, None])
    rest = up - both**2 / across  # of v given u
    mean = points[:, 1:] + du * (both / across)[:, None]  # (m, w)
    dv = v[:, None, None] - mean[None]  # (h, m, w)
    heights = np.exp(-0.5 * dv**2 / rest[:, None]) / np.sqrt(2 * np.pi * rest[:, None])
    values: NDArray[np.float64] = np.einsum("mw,hmw->hw", weights, heights)
    return values
