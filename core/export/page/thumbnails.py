"""The small copies of a user's images in a page: as large as leaves it a size that can be mailed."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.export.page.tile_sheet import TileSheet, smaller, tile_sheet
from core.reports.progress import Progress

SIDES = (64, 48, 32, 24, 16)  # pixels, the largest that fits
QUALITY = 72
AT_ONCE = 512


@dataclass(frozen=True, eq=False)
class Thumbnails:
    """A picture for each dot; those of `missing` (k,) dots are blank, for their images are not to be had."""

    sheet: TileSheet
    missing: NDArray[np.int64]


def bake_thumbnails(
    pixels: NDArray[np.uint8], rows: NDArray[np.int64], most: int
) -> Generator[Progress, None, Thumbnails]:
    """Copies of these images (n,) of all (M, H, W, C), −1 for one that is missing.

    They take at most so many bytes, unless the smallest take more.
    """
    sheet = None
    for side in dict.fromkeys(min(side, pixels.shape[1]) for side in SIDES):
        parts = []
        for start in range(0, len(rows), AT_ONCE):
            yield Progress("Making small pictures", start, len(rows))
            parts.append(smaller(pixels[rows[start : start + AT_ONCE]], side))
        tiles = np.concatenate(parts)
        tiles[rows < 0] = 0
        sheet = tile_sheet(tiles, QUALITY)
        if len(sheet.jpeg) <= most:
            break
    assert sheet is not None
    return Thumbnails(sheet, np.flatnonzero(rows < 0))
