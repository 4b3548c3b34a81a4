"""Stills as they are saved: a picture, a grid or a sheet of pictures, in a format, a size and on a background."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from core.export.destination import destination
from core.export.look import Look
from core.export.ownership import CHUNK, DESCRIPTION
from core.version import app_version

Pixels = NDArray[np.uint8]

SUFFIXES = {"png": ".png", "webp": ".webp", "jpeg": ".jpg"}
MOST_SIDE = 8_192  # pixels: WebP ends at twice that, and few programs open more
QUALITY = 95  # of JPEG: the eye sees no loss
PAPERS = {"white": 255, "black": 0, "none": 0}


@dataclass(frozen=True, eq=False)
class Still:
    """Pictures (M, H, W, C), `columns` of them in a row, `gap` pixels apart; `facts` say what they were made from."""

    tiles: Pixels
    columns: int = 1
    gap: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of all of it, as decoded."""
        (height, width), rows = self.tiles.shape[1:3], -(-len(self.tiles) // self.columns)
        return rows * (height + self.gap) - self.gap, self.columns * (width + self.gap) - self.gap

    @property
    def has_background(self) -> bool:
        """Whether anything of it is no picture."""
        return bool(self.gap and len(self.tiles) > 1) or len(self.tiles) % self.columns > 0


def scales(shape: tuple[int, int], most: int = MOST_SIDE) -> list[int]:
    """How many times larger something of this shape can be saved: powers of two."""
    return [1, *(2**power for power in range(1, 10) if 2**power * max(shape) <= most)]


def draw(still: Still, look: Look) -> Pixels:
    """All of it, (H′, W′, C); with transparency, C 4, where there is nothing behind it."""
    tiles = still.tiles if look.scale == 1 else np.stack([enlarged(t, look.scale, look.is_smooth) for t in still.tiles])
    if look.background == "none" and look.format != "jpeg" and still.has_background:
        colours = np.broadcast_to(tiles, (*tiles.shape[:3], 3))
        tiles = np.concatenate([colours, np.full((*tiles.shape[:3], 1), 255, np.uint8)], axis=3)
    paper = PAPERS["white" if look.format == "jpeg" and look.background == "none" else look.background]
    return lay_out(tiles, still.columns, look.scale * still.gap, paper)


def encode(pixels: Pixels, format: str, facts: Mapping[str, Any]) -> bytes:
    """The file of pixels (H, W, 1, 3 or 4), which carries `facts` and this program's version."""
    note = json.dumps({"latentscape": app_version(), **facts}, default=_plain)
    image = Image.fromarray(np.ascontiguousarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels))
    file = BytesIO()
    if format == "png":
        text = PngImagePlugin.PngInfo()
        text.add_itxt(CHUNK, note)
        image.save(file, format="PNG", pnginfo=text)
        return file.getvalue()
    exif = Image.Exif()
    exif[DESCRIPTION] = note
    how: dict[str, Any] = {"lossless": True} if format == "webp" else {"quality": QUALITY, "subsampling": 0}
    image.save(file, format=format.upper(), exif=exif.tobytes(), **how)
    return file.getvalue()


def write(path: Path, content: bytes, format: str, may_replace: bool = False) -> None:
    """Write a still's file; only if it `may_replace` them over other people's. Raises ConfigError."""
    with destination(path, SUFFIXES[format], may_replace) as file:
        file.write_bytes(content)


def lay_out(pixels: Pixels, columns: int, gap: int, paper: int) -> Pixels:
    """Images (M, H, W, C) row by row on one sheet (H′, W′, C); gaps, and where the last row ends, are of `paper`."""
    count, height, width, channels = pixels.shape
    rows = -(-count // columns)
    sheet = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap, channels), paper, np.uint8)
    for index, tile in enumerate(pixels):
        row, column = divmod(index, columns)
        top, left = row * (height + gap), column * (width + gap)
        sheet[top : top + height, left : left + width] = tile
    return sheet


def enlarged(pixels: Pixels, scale: int, is_smooth: bool = False) -> Pixels:
    """(H, W, C) → (scale · H, scale · W, C): every pixel a square, or blended into the next."""
    if not is_smooth:
        return pixels.repeat(scale, axis=0).repeat(scale, axis=1)
    size = (scale * pixels.shape[1], scale * pixels.shape[0])
    levels = [Image.fromarray(level).resize(size, Image.Resampling.BICUBIC) for level in np.moveaxis(pixels, 2, 0)]
    return np.stack([np.asarray(level) for level in levels], axis=2)


def _plain(value: Any) -> Any:
    """Arrays and numpy's numbers, as JSON has them."""
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else str(value)
