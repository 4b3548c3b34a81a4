"""How a picture of any shape stands upright and fits a square."""

from typing import Literal

from PIL import Image

Size = tuple[int, int]
Box = tuple[float, float, float, float]

UPRIGHT = {  # EXIF orientation: what turns the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
ON_ITS_SIDE = (5, 6, 7, 8)
_ORIENTATION_TAG = 0x0112


def orientation(image: Image.Image) -> int:
    """What its EXIF block says, 1 when it says nothing; a damaged block is no reason to lose the picture."""
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:
        return 1


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """Upright."""
    turn = UPRIGHT.get(orientation)
    return image if turn is None else image.transpose(turn)


def square(side: int, fit: Literal["crop", "pad", "stretch"], stored: Size) -> tuple[Size, Box]:
    """The size to scale to, and what part of the picture, so that it fits a square of this side."""
    width, height = stored
    if fit == "crop":
        inner = min(width, height)
        left, top = (width - inner) / 2, (height - inner) / 2
        return (side, side), (left, top, left + inner, top + inner)
    if fit == "pad":
        return _to_longest(side, stored)
    return (side, side), (0.0, 0.0, float(width), float(height))


def whole(longest: int, stored: Size) -> tuple[Size, Box]:
    """The size to scale to so that no side is above `longest`, and all of the picture; never enlarged."""
    return _to_longest(min(longest, max(stored)), stored)


def _to_longest(longest: int, stored: Size) -> tuple[Size, Box]:
    width, height = stored
    scale = longest / max(width, height)
    return (max(1, round(width * scale)), max(1, round(height * scale))), (0.0, 0.0, float(width), float(height))
