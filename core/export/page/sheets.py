"""Pictures of a map drawn beforehand, and blended between: of a model that a browser cannot run."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.export.page.dots import Extent, places_of
from core.export.page.tile_sheet import TileSheet, smaller, tile_sheet, tiles_of
from core.latent.latent_space import LatentSpace
from core.reports.progress import Progress

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

PLACES = 48  # each way, of pictures up to PICTURE pixels
PICTURE, LARGEST_PICTURE = 64, 128  # pixels a side
LARGEST_SHEET = 4_096  # pixels a side: more than its square some phones do not open
MOST_CLASSES, FEWEST_PLACES = 16, 12
MOST_BYTES = 1_200_000  # of all sheets
QUALITY = 90
AT_ONCE = 128
TRIED = 64  # dots at which blended pictures are compared with the model's


@dataclass(frozen=True, eq=False)
class FromSheets:
    """Blended from the nearest four of `places` × `places` over the view: a sheet for each of `labels` (k,).

    `off` is by how many of 255 levels that differs from the model's own pictures at dots, on average.
    """

    sheets: tuple[TileSheet, ...]
    labels: tuple[int, ...]
    places: int
    off: float


def bake_sheets(space: LatentSpace, view: Extent) -> Generator[Progress, None, FromSheets]:
    """Draw the places of a view of the map: fewer, the larger a picture is and the more classes there are.

    And fewer where the sheets would be too many bytes: that costs less than a lower quality of each.
    """
    labels = tuple(space.learned_labels[:MOST_CLASSES].tolist()) if space.conditional == "class" else (space.label,)
    side = min(space.image_shape[0], LARGEST_PICTURE)
    wished = min(PLACES, LARGEST_SHEET // max(side, PICTURE)) / np.sqrt(len(labels))
    sheets = yield from _draw_sheets(space, labels, view, max(FEWEST_PLACES, int(wished)))
    size = sum(len(each.jpeg) for each in sheets)
    if size > MOST_BYTES and sheets[0].columns > FEWEST_PLACES:
        fewer = int(sheets[0].columns * np.sqrt(MOST_BYTES / size))
        sheets = yield from _draw_sheets(space, labels, view, max(FEWEST_PLACES, fewer))
    return FromSheets(sheets, labels, sheets[0].columns, _off(space, labels[0], tiles_of(sheets[0]), view))


def _draw_sheets(
    space: LatentSpace, labels: tuple[int, ...], view: Extent, count: int
) -> Generator[Progress, None, tuple[TileSheet, ...]]:
    """A sheet for each class of count × count places."""
    side, z = min(space.image_shape[0], LARGEST_PICTURE), space.plane.to_latent(places_of(view, count))
    sheets = list[TileSheet]()
    for label in labels:
        parts = []
        for start in range(0, len(z), AT_ONCE):
            yield Progress("Drawing the map's places", len(sheets) * len(z) + start, len(labels) * len(z))
            part = z[start : start + AT_ONCE]
            parts.append(smaller(space.decode(part, np.full(len(part), label)), side))
        sheets.append(tile_sheet(np.concatenate(parts), QUALITY, count))
    return tuple(sheets)


def _off(space: LatentSpace, label: int, tiles: Pixels, view: Extent) -> float:
    """The mean difference of blended pictures, in levels, from the model's own at dots in the view."""
    left, bottom, right, top = view
    within = (space.points >= (left, bottom)).all(axis=1) & (space.points <= (right, top)).all(axis=1)
    points = space.points[within]
    points = points[:: max(1, len(points) // TRIED)][:TRIED]
    own = space.decode(space.plane.to_latent(points), np.full(len(points), label))
    found = blended(tiles, points, view)
    return float(np.abs(found - smaller(own, tiles.shape[1])).mean())


def blended(tiles: Pixels, points: Floats, view: Extent) -> Floats:
    """Between pictures (count², side, side, C) of the places of a view, what a page shows at points (M, 2) of it."""
    count = round(len(tiles) ** 0.5)
    left, bottom, right, top = view
    shares = np.stack(((points[:, 0] - left) / (right - left), (top - points[:, 1]) / (top - bottom)), axis=1)
    at = np.clip(shares, 0, 1) * (count - 1)
    before = np.minimum(at.astype(np.int64), count - 2)
    total = np.zeros((len(points), *tiles.shape[1:]), np.float32)
    for corner in np.ndindex(2, 2):
        share = (1 - np.abs(at - before - corner)).prod(axis=1)
        column, row = (before + corner).T
        total += share[:, None, None, None].astype(np.float32) * tiles[row * count + column]
    return total
