"""What is said of the plane that the map shows: on its bar, on the line below the map, of the cursor."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.exploration import Exploration
from core.latent.plane import along
from explorer.map.plane.plane_bar import PlaneShown, Way

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace
    from core.latent.plane_choices import Ways
    from core.latent.projection import AnyPlane

Floats = NDArray[np.float32]

THREE = 3  # images that a plane goes through
LEARNED_PRIOR = "This model learned where codes lie, given what is visible: its prior is not N(0, I)"
UNIFORM_PRIOR = "This model draws z evenly from −1 to 1: its prior is not N(0, I)"
TINY = 1e-3  # latent units: a cursor this near the plane is on it
KINDS = {
    "sheet": "a sheet that follows the codes of {dims} dimensions",
    "principal": "the codes' two widest directions of {dims}",
    "dimensions": "two of {dims} dimensions",
    "directions": "the plane of two directions",
    "images": "the plane through three images",
}

MEANINGS = {
    "a sheet that follows": "The two directions in which the codes spread most; what these do not show of z is taken "
    "from images that lie there, and blended between them, so that a hand on the map stays among the pictures.",
    "off the sheet": "Off the sheet: how far the cursor's z lies from the sheet that the map shows, in the unit of z. "
    "The picture is that of the cursor, not of the point of the sheet below it.",
    "widest directions": "The map is flat, latent space is not: it shows the plane in which the codes spread most.",
    "off the plane": "Off the plane: how far the cursor's z lies from the plane that the map shows, in the unit of z. "
    "The picture is that of the cursor, not of the point of the plane below it.",
    "UMAP": "UMAP puts near codes near each other, and has no place of its own for other z: what is seen between dots "
    "is blended from images around.",
}


def words_for_plane(latent_space: "LatentSpace") -> str:
    """What the map shows, for the line below it; empty where there is only one plane."""
    plane, dims = latent_space.plane, latent_space.latent_dims
    if plane.kind == "projection":
        learned = "" if plane.step == latent_space.step else f" of step {plane.step:,}"
        return f"UMAP{learned}, not exact: a place blends known z"
    if dims <= 2:
        return ""
    said = KINDS[plane.kind].format(dims=dims)
    return said if plane.shift is None else f"{said}, moved by {np.linalg.norm(plane.shift):.2f}"


def explained(said: str) -> str:
    """What the words of the line below the map mean, a line each, for those that are there."""
    return "\n".join(meaning for words, meaning in MEANINGS.items() if words in said)


def prior_centre(plane: "AnyPlane") -> tuple[float, float] | None:
    """The point of z = 0; None on a map that is no plane."""
    if not plane.is_exact:
        return None
    u, v = plane.to_points(np.zeros((1, len(plane.origin)), np.float32))[0]
    return float(u), float(v)


def why_no_rings(space: "LatentSpace") -> str:
    """Why rings about the origin are not what its prior is; empty: they are."""
    if space.has_standard_prior:
        return ""
    return LEARNED_PRIOR if space.conditional == "completion" else UNIFORM_PRIOR


def words_for_cursor(plane: "AnyPlane", z: Floats, names: Sequence[str]) -> str:
    """How the cursor at z (d,) lies to the plane; empty: on it."""
    if plane.kind == "projection":
        return f"nearest known z: {names[int(plane.nearest(plane.to_points(z[None]))[0])]}"
    off = float(plane.distances(z[None])[0])
    return f"cursor {off:.2f} off the {'sheet' if plane.kind == 'sheet' else 'plane'}" if off > TINY else ""


def nearness(distances: Floats) -> Floats:
    """How much of its colour a dot keeps, (N,): all on the plane, half where half the codes are nearer to it."""
    seen = distances[np.isfinite(distances)]
    half = np.median(seen) if len(seen) else 0.0
    if half <= 0:
        return np.ones(len(distances), np.float32)
    return np.asarray(np.nan_to_num(np.exp2(-np.square(distances / half)), nan=1.0), np.float32)


def facts_of_plane(space: "LatentSpace", ways: "Ways | None", exploration: Exploration) -> PlaneShown:
    """What the bar shows; how the plane can be moved is not known at once."""
    from core.latent.plane_choices import dimension_name

    if space.latent_dims <= 2:
        return PlaneShown(has_map=True)
    plane = space.plane
    shift = plane.shift if plane.kind != "projection" else None
    return PlaneShown(
        has_map=True,
        kind=plane.kind,
        names=plane.names,
        dimensions=tuple(dimension_name(index) for index in range(space.latent_dims)),
        strongest=_strongest(space.kl_per_dim),
        directions=tuple(each.name for each in exploration.directions),
        has_three=len(exploration.selection) == THREE,
        ways=() if ways is None or plane.kind in ("projection", "sheet") else _ways_shown(ways, shift),
        moved=0.0 if shift is None else float(np.linalg.norm(shift)),
    )


def _ways_shown(ways: "Ways", shift: Floats | None) -> tuple[Way, ...]:
    offsets = np.zeros(len(ways.names)) if shift is None else along(shift, ways.directions)
    each = zip(ways.names, offsets.tolist(), ways.spread.tolist(), strict=True)
    return tuple(Way(name, offset, spread) for name, offset, spread in each)


def _strongest(kl_per_dim: Floats) -> tuple[int, int]:
    """The two dimensions that say most."""
    first, second = np.argsort(-kl_per_dim, kind="stable")[:2]
    return int(first), int(second)
