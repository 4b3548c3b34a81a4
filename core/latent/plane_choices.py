"""The planes a person can choose: two dimensions, two directions, three images; and the ways each can be moved."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError
from core.latent.plane import Floats, Plane, a_sample, principal_axes

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
LEAST_SINE = 1e-3  # of the angle between two directions: below it rounding decides where the second axis points
MOST_WAYS = 8


@dataclass(frozen=True, eq=False)
class Ways:
    """Directions (k, d) at right angles to a plane, orthonormal, along which the codes are widest; widest first.

    `spread` (k,) is the standard deviation of the codes along each. A plane of two dimensions moves along the others.
    """

    names: tuple[str, ...]
    directions: Floats
    spread: Floats


def dimension_name(index: int) -> str:
    """What a latent dimension is called; the first is z₁."""
    return f"z{index + 1}".translate(SUBSCRIPTS)


def plane_of_dimensions(codes: Floats, across: int, up: int) -> Plane:
    """Two latent dimensions as they are, through the mean of the codes (N, d) in all others. Raises ConfigError."""
    latent_dims = codes.shape[1]
    if across == up or not (0 <= across < latent_dims and 0 <= up < latent_dims):
        raise ConfigError(f"A plane needs two different dimensions of the {latent_dims}: choose another.")
    origin = mean_code(codes)
    origin[[across, up]] = 0.0
    axes = np.eye(latent_dims, dtype=np.float32)[[across, up]]
    return Plane(origin, axes, (dimension_name(across), dimension_name(up)), "dimensions")


def plane_of_directions(codes: Floats, across: Floats, up: Floats, names: tuple[str, str]) -> Plane:
    """The plane through the mean of the codes (N, d) that holds two directions, each (d,).

    The first lies along u; the second points upwards, as much along u as it does in latent space. Raises ConfigError.
    """
    try:
        axes = _orthonormal(across, up)
    except ValueError as error:
        raise ConfigError(f"“{names[0]}” and “{names[1]}” point the same way: choose another direction.") from error
    return Plane(mean_code(codes), axes, names, "directions")


def plane_through(z: Floats, names: tuple[str, str, str]) -> Plane:
    """The plane through three latents (3, d): the middle of them is its origin, u points from the first to the second.

    Raises ConfigError when they lie on one line.
    """
    first, second, third = np.asarray(z, np.float64)
    try:
        axes = _orthonormal(second - first, third - first)
    except ValueError as error:
        raise ConfigError(f"{names[0]}, {names[1]} and {names[2]} lie on one line: choose another image.") from error
    along = (f"{names[0]} → {names[1]}", f"towards {names[2]}")
    return Plane(np.asarray(z.mean(axis=0), np.float32), axes, along, "images")


def ways_to_move(codes: Floats, plane: Plane, most: int = MOST_WAYS) -> Ways:
    """How a plane can be moved: along the other dimensions, or the widest directions of the codes at right angles.

    The latter are the principal axes of what the plane does not show of the codes (N, d).
    """
    sample = a_sample(codes)
    latent_dims = codes.shape[1]
    if len(sample) < 2 or latent_dims <= 2:
        return Ways((), np.zeros((0, latent_dims), np.float32), np.zeros(0, np.float32))
    if plane.kind == "dimensions":
        return _other_dimensions(sample, plane, most)
    axes = plane.axes.astype(np.float64)
    centred = sample - sample.mean(axis=0)
    off = centred - (centred @ axes.T) @ axes
    directions, variances = principal_axes(off, min(most, latent_dims - 2))
    count = len(directions)
    directions *= np.where(directions[np.arange(count), np.abs(directions).argmax(axis=1)] < 0, -1.0, 1.0)[:, None]
    first = 3 if plane.kind == "principal" else 1
    names = tuple(f"PC {first + index}" if plane.kind == "principal" else f"Rest {1 + index}" for index in range(count))
    spread = np.sqrt(np.maximum(variances, 0.0))
    return Ways(names, directions.astype(np.float32), spread.astype(np.float32))


def mean_code(codes: Floats) -> Floats:
    """The mean of the codes (N, d) that have been seen, (d,); zero of none."""
    sample = a_sample(codes)
    return np.asarray(sample.mean(axis=0) if len(sample) else np.zeros(codes.shape[1]), np.float32)


def _other_dimensions(sample: NDArray[np.float64], plane: Plane, most: int) -> Ways:
    shown = np.abs(plane.axes).argmax(axis=1)
    spread = sample.std(axis=0)
    others = [int(index) for index in np.argsort(-spread, kind="stable") if index not in shown][:most]
    directions = np.eye(len(spread), dtype=np.float32)[others]
    return Ways(tuple(dimension_name(index) for index in others), directions, spread[others].astype(np.float32))


def _orthonormal(across: NDArray[np.floating], up: NDArray[np.floating]) -> Floats:
    """Axes (2, d) that span two directions, by Gram and Schmidt; raises ValueError when they span a line."""
    first, second = np.asarray(across, np.float64), np.asarray(up, np.float64)
    long, wide = np.linalg.norm(first), np.linalg.norm(second)
    if long == 0 or wide == 0:
        raise ValueError("a direction has no length")
    first = first / long
    second = second / wide
    second = second - (second @ first) * first
    sine = np.linalg.norm(second)
    if sine < LEAST_SINE:
        raise ValueError("the directions are one")
    return np.asarray(np.stack((first, second / sine)), np.float32)
