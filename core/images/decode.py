"""Decoding one picture file safely into the square of pixels a model learns from."""

import os
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, UnidentifiedImageError

from core.errors import ImagesError

# What is decoded. Left out on purpose: formats that run programs (EPS), need other software, or have no magic bytes.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "JPEG2000", "AVIF")
MAGIC_LENGTH = 32
MEGAPIXEL = 1_000_000
PIXEL_CAP = 100 * MEGAPIXEL  # decoded; a JPEG may be 64 times larger in its file and decode at an eighth of its sides
HEADER_CAP = 400 * MEGAPIXEL
GREY_TOLERANCE = 4  # levels between channels that colour profiles and JPEG rounding leave in a grey picture

BACKGROUNDS: dict[str, int] = {"white": 255, "black": 0}
_SHADES_AS_COLOUR = ("1", "P", "PA", "RGBX", "HSV", "YCbCr")
_ORIENTATION_TAG = 0x0112
_UPRIGHT = {  # EXIF orientation: what turns the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Image.MAX_IMAGE_PIXELS = HEADER_CAP


def refuse_bombs() -> None:
    """Pillow warns above its limit and refuses above twice that: make its warning refuse too, in this process."""
    warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


refuse_bombs()


@dataclass(frozen=True)
class Target:
    """What every picture becomes: `size` pixels square, 1 or 3 channels."""

    size: int
    channels: int
    fit: Literal["crop", "pad", "stretch"] = "crop"
    background: Literal["white", "black"] = "white"


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture: uint8 (size, size, channels); `is_grey` whatever the channels asked for."""

    pixels: NDArray[np.uint8]
    is_grey: bool


class UnreadablePictureError(ImagesError):
    """A picture that is not used: `reason` to group by, `detail` what the library said."""

    def __init__(self, path: str | Path, reason: str, detail: str = "") -> None:
        more = f" ({detail})" if detail else ""
        super().__init__(f"{Path(path).name} cannot be used: {reason}{more}.")
        self.reason = reason
        self.detail = detail


def read_picture(
    path: Path,
    size: int,
    channels: int,
    fit: Literal["crop", "pad", "stretch"] = "crop",
    background: Literal["white", "black"] = "white",
) -> NDArray[np.uint8]:
    """One file in this process, (size, size, channels); raises ImagesError with a sentence to show."""
    return decode(path, Target(size, channels, fit, background)).pixels


def decode(path: str | Path, target: Target) -> Picture:
    """Read one file; raises UnreadablePictureError for whatever is wrong with it, and nothing else."""
    if not os.path.isfile(path):
        raise UnreadablePictureError(path, "no such file" if not os.path.exists(path) else "not a file")
    try:
        with Image.open(path, formats=FORMATS) as image:
            return _picture(image, target)
    except _TooLargeError as error:
        raise UnreadablePictureError(path, "too many pixels", str(error)) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadablePictureError(path, "too many pixels", f"above {HEADER_CAP // MEGAPIXEL} megapixels") from error
    except MemoryError as error:
        raise UnreadablePictureError(path, "needs too much memory") from error
    except UnidentifiedImageError as error:
        raise UnreadablePictureError(path, _unidentified(path)) from error
    except OSError as error:
        reason = "damaged" if error.errno is None else "cannot be opened"
        raise UnreadablePictureError(path, reason, error.strerror or str(error)) from error
    except Exception as error:  # decoders raise anything from SyntaxError to struct.error on damaged files
        raise UnreadablePictureError(path, "damaged", str(error) or type(error).__name__) from error


def format_of(head: bytes) -> str | None:
    """The format in FORMATS that a file starting with these bytes claims to be; the file's name has no say."""
    Image.init()
    for name in FORMATS:
        accept = Image.OPEN[name][1] if name in Image.OPEN else None
        if accept and accept(head) is True:
            return name
    return None


class _TooLargeError(Exception):
    pass


def _unidentified(path: str | Path) -> str:
    with open(path, "rb") as file:
        head = file.read(MAGIC_LENGTH)
    if not head:
        return "empty file"
    return "damaged" if format_of(head) else "not a picture"


def _picture(image: Image.Image, target: Target) -> Picture:
    image.draft(None, (2 * target.size, 2 * target.size))  # JPEG decodes at 1/2, 1/4 or 1/8; does nothing to others
    _check_pixels(image)
    image.load()
    profile, orientation = image.info.get("icc_profile"), _orientation(image)
    small = _upright(_reduced(_eight_bit(image), target), orientation)
    colours = _on_background(_in_srgb(small, profile), target)
    levels = np.array(colours, dtype=np.uint8)
    is_grey = bool(np.ptp(levels, axis=2).max() <= GREY_TOLERANCE)
    if target.channels == 1:
        levels = np.array(colours.convert("L"), dtype=np.uint8)[..., np.newaxis]
    return Picture(levels, is_grey)


def _check_pixels(image: Image.Image) -> None:
    width, height = image.size
    if width * height > PIXEL_CAP:
        found, most = width * height // MEGAPIXEL, PIXEL_CAP // MEGAPIXEL
        raise _TooLargeError(f"{width} × {height} is {found} megapixels; the most is {most}")


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, asked after loading: Pillow turns a TIFF upright itself and then says 1."""
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # a damaged EXIF block is no reason to lose the picture
        return 1


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    turn = _UPRIGHT.get(orientation)
    return image if turn is None else image.transpose(turn)


def _eight_bit(image: Image.Image) -> Image.Image:
    """The picture in L, RGB, RGBA, CMYK or LAB, whatever it was stored as."""
    if image.mode.startswith(("I", "F")):
        return _scaled_grey(image)
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("RGB") if image.mode in _SHADES_AS_COLOUR else image


def _scaled_grey(image: Image.Image) -> Image.Image:
    levels = np.asarray(image).astype(np.float32)
    low, high = _value_range(levels, image)
    levels -= low
    levels *= 255.0 / max(high - low, 1e-30)
    np.nan_to_num(levels, copy=False, nan=0.0, posinf=255.0, neginf=0.0)
    np.rint(levels, out=levels)
    return Image.fromarray(np.clip(levels, 0.0, 255.0, out=levels).astype(np.uint8))


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


def _reduced(image: Image.Image, target: Target) -> Image.Image:
    """Crop or scale to the target's size, each new pixel the mean of all it covers; colour weighs by its alpha."""
    width, height = image.size
    size, box = (target.size, target.size), (0.0, 0.0, float(width), float(height))
    if target.fit == "crop":
        side = min(width, height)
        left, top = (width - side) / 2, (height - side) / 2
        box = (left, top, left + side, top + side)
    elif target.fit == "pad":
        scale = target.size / max(width, height)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return image.resize(size, Image.Resampling.BICUBIC, box=box, reducing_gap=3.0)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as a screen shows them; a profile that is broken or not of this mode is ignored, as browsers do."""
    try:
        if image.mode == "LAB":
            return _converted(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")))
        if profile:
            return _converted(image, ImageCms.ImageCmsProfile(BytesIO(profile)))
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        pass
    return image


def _converted(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    converted = ImageCms.profileToProfile(image, source, screen, outputMode=mode)
    return image if converted is None else converted


def _on_background(image: Image.Image, target: Target) -> Image.Image:
    """RGB, centred on a square of the background, which shows through what is transparent."""
    level = BACKGROUNDS[target.background]
    square = Image.new("RGB", (target.size, target.size), (level, level, level))
    place = ((target.size - image.width) // 2, (target.size - image.height) // 2)
    square.paste(image.convert("RGB"), place, image if image.mode == "RGBA" else None)
    return square
