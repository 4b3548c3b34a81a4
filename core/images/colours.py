"""What the numbers in a picture file mean: any mode, depth, profile and transparency to what a screen shows."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

_SHADES_AS_COLOUR = ("1", "P", "PA", "RGBX", "HSV", "YCbCr")
_GREYS_IN_A_BYTE = {"L;2": 85, "L;4": 17}  # how a PNG of 2 or 4 bits is stretched to 8
_PHOTOMETRIC_TAG, _SAMPLE_FORMAT_TAG = 262, 339
_WHITE_IS_ZERO, _UNSIGNED = 0, 1
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
    """Bring a PNG's transparent colour to the 8 bits that Pillow brings its pixels to; Pillow leaves it as it was."""
    key = image.info.get("transparency")
    if isinstance(key, int) and raw in _GREYS_IN_A_BYTE:
        image.info["transparency"] = key * _GREYS_IN_A_BYTE[raw]
    elif isinstance(key, tuple) and ";16" in raw:
        image.info["transparency"] = tuple(level >> 8 for level in key)


def eight_bit(image: Image.Image) -> Image.Image:
    """The picture in L, RGB, RGBA, CMYK or LAB, whatever it was stored as."""
    if image.mode.startswith(("I", "F")):
        return _scaled_grey(image)
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("RGB") if image.mode in _SHADES_AS_COLOUR else image


def is_deep(image: Image.Image, raw: str) -> bool:
    """Whether the file has more than 8 bits for a channel."""
    return image.mode.startswith(("I", "F")) or ";16" in raw


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


def _scaled_grey(image: Image.Image) -> Image.Image:
    stored = np.asarray(image)
    if image.mode == "I" and _tag(image, _SAMPLE_FORMAT_TAG) == _UNSIGNED:
        stored = stored.view(np.uint32)  # Pillow has no mode for it: its upper half came as below zero
    levels = stored.astype(np.float32)
    low, high = _value_range(levels, image)
    levels -= low
    levels *= 255.0 / max(high - low, 1e-30)
    np.nan_to_num(levels, copy=False, nan=0.0, posinf=255.0, neginf=0.0)
    np.rint(levels, out=levels)
    if _tag(image, _PHOTOMETRIC_TAG) == _WHITE_IS_ZERO:
        np.subtract(255.0, levels, out=levels)
    grey = Image.fromarray(np.clip(levels, 0.0, 255.0, out=levels).astype(np.uint8))
    key = image.info.get("transparency")
    return grey if key is None else _with_key(grey, stored == key)


def _with_key(grey: Image.Image, is_clear: NDArray[np.bool_]) -> Image.Image:
    picture = grey.convert("RGBA")
    picture.putalpha(Image.fromarray(np.where(is_clear, 0, 255).astype(np.uint8)))
    return picture


def clear_outside(image: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    """The picture with all that lies outside the box transparent."""
    picture = image.convert("RGBA")
    clear = Image.new("RGBA", picture.size)
    clear.paste(picture.crop(box), box)
    return clear


def _tag(image: Image.Image, number: int) -> object:
    """What a TIFF says of itself; None for other formats."""
    found = getattr(image, "tag_v2", {}).get(number)
    return found[0] if isinstance(found, tuple) and found else found


def _value_range(levels: NDArray[np.float32], image: Image.Image) -> tuple[float, float]:
    """Which values are black and white: the format's own where it has one, else the picture's lowest and highest.

    PNG and PPM say that 65,535 is white. TIFF does not, and 12-bit cameras write it: 4,095 when nothing is above.
    """
    finite = levels if image.mode != "F" else levels[np.isfinite(levels)]
    if not finite.size:
        raise ValueError("it holds no finite value")
    low, high = float(finite.min()), float(finite.max())
    if image.mode == "F":
        scales: tuple[float, ...] = (1.0,)
    else:
        scales = (4095.0, 65535.0) if image.format == "TIFF" else (65535.0,)
    white = next((scale for scale in scales if low >= 0.0 and high <= scale), None)
    return (low, high) if white is None else (0.0, white)


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
