"""What the numbers in a picture file mean: any mode, depth, profile and transparency to what a screen shows."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

_SHADES_AS_COLOUR = ("1", "P", "PA", "RGBX", "HSV", "YCbCr")
_GREYS_IN_A_BYTE = {"L;2": 85, "L;4": 17}  # how a PNG of 2 or 4 bits is stretched to 8
_LUMA = (np.uint32(19595), np.uint32(38470), np.uint32(7471))  # ITU-R 601 in 1/65536, as Pillow's convert("L")
_UNSEEN = 2  # levels that a profile may move a colour by without being worth a word


def raw_mode(image: Image.Image) -> str:
    """How the file holds its pixels, such as "RGB;16B"; only before it is loaded, and "" when that is not known."""
    tiles = getattr(image, "tile", None)
    if not tiles:
        return ""
    arguments = tiles[0][3]
    first = arguments[0] if isinstance(arguments, tuple) and arguments else arguments
    return first if isinstance(first, str) else ""


def mend_key(image: Image.Image, raw: str) -> None:
    """Bring a PNG's transparent grey to the 8 bits that Pillow brings its pixels to; Pillow leaves it as it was."""
    key = image.info.get("transparency")
    if isinstance(key, int) and raw in _GREYS_IN_A_BYTE:
        image.info["transparency"] = key * _GREYS_IN_A_BYTE[raw]


def eight_bit(image: Image.Image) -> Image.Image:
    """A picture of 8 bits in L, RGB, RGBA, CMYK or LAB, whatever it was stored as."""
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("RGB") if image.mode in _SHADES_AS_COLOUR else image


def to_channels(pixels: NDArray[np.uint8], channels: int) -> NDArray[np.uint8]:
    """Pixels (..., C) with 1 channel (luma) or 3."""
    there = pixels.shape[-1]
    if there == channels:
        return pixels
    if channels == 3:
        return np.concatenate([pixels] * 3, axis=-1)  # in a quarter of the time of `repeat`
    luma = np.full(pixels.shape[:-1], 0x8000, np.uint32)
    for channel, weight in enumerate(_LUMA):  # a matrix product of integers takes ten times as long
        luma += pixels[..., channel] * weight
    return (luma >> 16).astype(np.uint8)[..., np.newaxis]


def clear_outside(image: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    """The picture with all that lies outside the box transparent."""
    picture = image.convert("RGBA")
    clear = Image.new("RGBA", picture.size)
    clear.paste(picture.crop(box), box)
    return clear


def in_srgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, bool]:
    """Colours as a screen shows them, and whether that changed any; what a broken profile says is not followed."""
    try:
        if image.mode == "LAB":
            return _converted(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))), True
        if profile:
            shown = _converted(image, ImageCms.ImageCmsProfile(BytesIO(profile)))
            return shown, image.mode == "CMYK" or _differ(image, shown)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        pass
    return image, image.mode == "CMYK"


def _converted(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    """By littleCMS; the profile of a grey picture knows one channel, however many Pillow has made of it."""
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    is_grey = source.profile.xcolor_space.strip() == "GRAY"
    opaque = image.convert("L" if is_grey else "RGB") if alpha or is_grey else image
    shown = ImageCms.profileToProfile(opaque, source, screen, outputMode="RGB")
    assert shown is not None  # only None when done in place
    if alpha:
        shown.putalpha(alpha)
    return shown


def _differ(one: Image.Image, other: Image.Image) -> bool:
    before, after = (np.asarray(each.convert("RGB"), np.int16) for each in (one, other))
    return bool(np.abs(before - after).max() > _UNSEEN)


def on_background(image: Image.Image, level: int, size: tuple[int, int]) -> tuple[Image.Image, bool]:
    """L or RGB, centred on a canvas of one grey that shows through what is transparent, and whether anything is."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    opaque = image if image.mode in ("L", "RGB") else image.convert("RGB")
    if alpha is None and image.size == size:
        return opaque, False
    canvas = Image.new(opaque.mode, size, level if opaque.mode == "L" else (level, level, level))
    place = ((size[0] - image.width) // 2, (size[1] - image.height) // 2)
    canvas.paste(opaque, place, alpha)
    return canvas, alpha is not None and alpha.getextrema()[0] != 255
