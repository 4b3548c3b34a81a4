"""Many small pictures as one JPEG, so that a page holds one file of them."""

from dataclasses import dataclass
from io import BytesIO
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]

BLOCK = 8  # pixels a side that a JPEG compresses together: a cell of whole blocks takes nothing from its neighbours


@dataclass(frozen=True, eq=False)
class TileSheet:
    """A JPEG of square pictures of `side` pixels, `columns` in a row, each in the corner of a cell of `cell` pixels."""

    jpeg: bytes
    side: int
    cell: int
    columns: int


def tile_sheet(tiles: Pixels, quality: int, columns: int | None = None) -> TileSheet:
    """Pictures (M, side, side, C) row by row, about as many rows as columns unless these are said."""
    count, side, _, channels = tiles.shape
    columns = columns or ceil(sqrt(count))
    rows, cell = -(-count // columns), BLOCK * -(-side // BLOCK)
    filled = np.zeros((rows * columns, cell, cell, channels), np.uint8)
    filled[:count] = np.pad(tiles, ((0, 0), (0, cell - side), (0, cell - side), (0, 0)), mode="edge")
    grid = filled.reshape(rows, columns, cell, cell, channels).transpose(0, 2, 1, 3, 4)
    sheet = grid.reshape(rows * cell, columns * cell, channels)
    file = BytesIO()
    image = Image.fromarray(np.ascontiguousarray(sheet[..., 0] if channels == 1 else sheet))
    image.save(file, format="JPEG", quality=quality, subsampling=0)
    return TileSheet(file.getvalue(), side, cell, columns)


def tiles_of(sheet: TileSheet) -> Pixels:
    """The pictures (rows · columns, side, side, C) of a sheet, as they are seen."""
    with Image.open(BytesIO(sheet.jpeg)) as image:
        pixels = np.asarray(image)
    rows, channels = pixels.shape[0] // sheet.cell, pixels.size // (pixels.shape[0] * pixels.shape[1])
    cells = pixels.reshape(rows, sheet.cell, sheet.columns, sheet.cell, channels).transpose(0, 2, 1, 3, 4)
    return cells.reshape(-1, sheet.cell, sheet.cell, channels)[:, : sheet.side, : sheet.side]


def smaller(pixels: Pixels, side: int) -> Pixels:
    """Square pictures (M, H, H, C) at a smaller size, every pixel the mean of those it stands for."""
    if pixels.shape[1] <= side:
        return pixels
    made = [Image.fromarray(each[..., 0] if each.shape[2] == 1 else each) for each in pixels]
    resized = [np.asarray(each.resize((side, side), Image.Resampling.BOX)) for each in made]
    return np.stack(resized).reshape(len(pixels), side, side, pixels.shape[3])
