"""Decoding one picture file safely into the square of pixels a model learns from."""

import errno
import os
import re
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from core.errors import ImagesError
from core.images.decoding import colour_modes, fitting, headers, plain_png
from core.images.decoding.bit_depth import Depth
from core.images.decoding.fingerprint import SameFile, fingerprint, fingerprint_whole
from core.images.decoding.headers import HEADER_CAP, MEGAPIXEL, TooMuchError
from core.images.decoding.stored_numbers import Stored, stored_image, stored_tiff
from core.images.decoding.target import Target

# What is decoded. Left out on purpose: formats that run programs (EPS), need other software, or have no magic bytes.
_DECODERS = {
    "JPEG": "Jpeg", "PNG": "Png", "WEBP": "WebP", "GIF": "Gif", "BMP": "Bmp", "TIFF": "Tiff", "PPM": "Ppm",
    "JPEG2000": "Jpeg2K", "AVIF": "Avif",
}  # fmt: skip
FORMATS = tuple(_DECODERS)
MAGIC_LENGTH = 32
GONE = "no such file"
GREY_TOLERANCE = 4  # levels between channels that colour profiles and JPEG rounding leave in a grey picture

_KNOWN_OTHERS = (  # bytes, offset, what to tell the user
    (b"8BPS", 0, "Photoshop"),
    (b"%PDF", 0, "PDF"),
    (b"%!PS", 0, "PostScript"),
    (b"\xc5\xd0\xd3\xc6", 0, "PostScript"),
    (b"SIMPLE  =", 0, "FITS"),
    (b"ftypheic", 4, "HEIC"),
    (b"ftypheix", 4, "HEIC"),
    (b"ftypmif1", 4, "HEIF"),
    (b"\xff\x0a", 0, "JPEG XL"),
    (b"JXL ", 4, "JPEG XL"),
    (b"P7\n", 0, "PAM"),
    (b"<svg", 0, "SVG"),
    (b"\x00\x00\x01\x00", 0, "icon"),
    *((b"ftyp" + brand, 4, "video") for brand in (b"isom", b"iso", b"mp4", b"M4V", b"qt  ", b"avc1", b"3gp", b"dash")),
    (b"\x1aE\xdf\xa3", 0, "video"),
    (b"AVI ", 8, "video"),
    (b"\x00\x00\x01\xba", 0, "video"),
    (b"FLV\x01", 0, "video"),
    (b"0&\xb2u\x8ef\xcf\x11", 0, "video"),
    (b"\x93NUMPY", 0, "NumPy array"),
    (b"\x89HDF\r\n\x1a\n", 0, "container of arrays"),
    (b"MATLAB 5.0 MAT-file", 0, "container of arrays"),
    (b"PK\x03\x04", 0, "ZIP archive"),
    (b"PK\x05\x06", 0, "ZIP archive"),
    (b"\x1f\x8b", 0, "archive"),
    (b"7z\xbc\xaf\x27\x1c", 0, "archive"),
    (b"Rar!\x1a\x07", 0, "archive"),
)
_LFS, LFS_POINTER = b"version https://git-lfs.github.", "a Git LFS pointer, fetch it by git lfs pull"

BACKGROUNDS: dict[str, int] = {"white": 255, "black": 0}
_UNSUPPORTED = re.compile("unsupported|not supported|unknown pixel mode|unable to determine", re.IGNORECASE)


for _name in _DECODERS.values():  # all of Pillow's would take each decoding process 0.05 s
    with suppress(ImportError):  # AVIF is not in every Pillow
        import_module(f"PIL.{_name}ImagePlugin")


def refuse_bombs() -> None:
    """Pillow warns above its limit and refuses above twice that: make its warning refuse too, in this process."""
    warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


refuse_bombs()


@dataclass(frozen=True)
class Origin:
    """What a picture was: the sides of the upright original, all its frames, and what was done to it.

    `depth` is None for a picture of 8 bits; `is_ours` when this program saved it; `fingerprint` is the file's.
    """

    format: str  # one of FORMATS; "" when it came from no file
    width: int
    height: int
    frames: int
    treatments: tuple[str, ...]
    depth: Depth | None = None
    is_ours: bool = False
    fingerprint: bytes = b""


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture: uint8 levels (size, size, 1 or 3); one channel says all there is when `is_grey`."""

    levels: NDArray[np.uint8]
    channels: int  # as they were asked for
    is_grey: bool
    origin: Origin

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """(size, size, channels)."""
        return colour_modes.to_channels(self.levels, self.channels)


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
    with _opened(path, target, target.size) as (stored, known):
        return _picture(stored, target, known)


def decode_whole(
    path: str | Path, longest: int, background: Literal["white", "black"] = "white", target: Target | None = None
) -> NDArray[np.uint8]:
    """The whole picture upright, (h, w, 3), no side above `longest` and none enlarged; raises as `decode` does.

    Depth and pages as `target` has them.
    """
    with _opened(path, target or Target(longest, 3), longest) as (stored, _):
        small = stored.reduced(*fitting.whole(longest, stored.image.size))
        shown, _ = colour_modes.in_srgb(small, stored.profile)
        whole, _ = colour_modes.on_background(shown, BACKGROUNDS[background], shown.size)
        return _array(whole.convert("RGB"))


def from_image(image: Image.Image, target: Target) -> Picture:
    """What `decode` makes of a file, of a picture that Pillow holds; raises whatever its decoder does."""
    return _picture(stored_image(image, target, target.size), target)


def _picture(stored: Stored, target: Target, known: bytes = b"") -> Picture:
    small = stored.reduced(*fitting.square(target.size, target.fit, stored.image.size))
    shown, is_converted = colour_modes.in_srgb(small, stored.profile)
    canvas = (target.size, target.size)
    square, is_flattened = colour_modes.on_background(shown, BACKGROUNDS[target.background], canvas)
    levels, is_grey = _levels(square, target.channels)
    treatments = stored.treatments(is_converted, is_flattened)
    origin = Origin(stored.format, *stored.size, stored.frames, treatments, stored.depth, stored.is_ours, known)
    return Picture(levels, target.channels, is_grey, origin)


def _levels(square: Image.Image, channels: int) -> tuple[NDArray[np.uint8], bool]:
    """Levels (size, size, 1 or 3), and whether they are grey: a picture as grey as JPEG leaves it becomes so."""
    levels = _array(square)
    if square.mode == "L":
        return levels, True
    is_grey = _spread(levels) <= GREY_TOLERANCE
    return (_array(square.convert("L")) if is_grey or channels == 1 else levels), is_grey


def _spread(levels: NDArray[np.uint8]) -> int:
    """The most that the channels of a pixel (h, w, 3) differ; channel by channel, which is ten times as fast."""
    red, green, blue = np.ascontiguousarray(np.moveaxis(levels, 2, 0))
    high, low = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    return int((high - low).max())


def _array(image: Image.Image) -> NDArray[np.uint8]:
    """(h, w, channels) of an L or RGB picture, in half the time that numpy takes to ask for it."""
    return np.frombuffer(image.tobytes(), np.uint8).reshape(image.height, image.width, -1)


def format_of(head: bytes) -> str | None:
    """The format in FORMATS that a file starting with these bytes claims to be; the file's name has no say."""
    for name in FORMATS:
        accept = Image.OPEN[name][1] if name in Image.OPEN else None
        if accept and accept(head) is True:
            return name
    return None


@contextmanager
def _opened(path: str | Path, target: Target, side: int) -> Iterator[tuple[Stored, bytes]]:
    """The file, read, and its fingerprint; whatever goes wrong with it becomes an UnreadablePictureError."""
    try:
        head, size = _head(path)
        if (plain := plain_png.read(head)) is not None:
            yield stored_image(plain, target, side), fingerprint_whole(head)
            return
        if (kind := format_of(head[:MAGIC_LENGTH])) is None:
            raise UnreadablePictureError(path, *no_picture(head))
        with open(path, "rb") as file:
            known = fingerprint_whole(head) if len(head) == size else fingerprint(SameFile.of(file))
            headers.check(file, kind)
            file.seek(0)
            if kind == "TIFF":
                yield stored_tiff(file, target, side), known
                return
            with Image.open(file, formats=FORMATS) as image:
                yield stored_image(image, target, side), known
    except UnreadablePictureError:
        raise
    except Exception as error:  # decoders raise anything from SyntaxError to struct.error on damaged files
        raise UnreadablePictureError(path, *_reason(path, error)) from error


def no_picture(head: bytes) -> tuple[str, str]:
    """Why a file that starts with these bytes is no picture that is decoded: a reason and a detail."""
    if not head:
        return "empty file", ""
    if head.startswith(_LFS):
        return LFS_POINTER, ""
    for magic, offset, what in _KNOWN_OTHERS:
        if head.startswith(magic, offset):
            return "format not supported", what
    return "not a picture", ""


def _head(path: str | Path) -> tuple[bytes, int]:
    """How a file begins, all of it if it is small, and its size; a pipe would be waited for for ever."""
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError as error:
        raise UnreadablePictureError(path, GONE) from error
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode):
            raise UnreadablePictureError(path, "not a file")
        return os.read(file, min(found.st_size, plain_png.LARGEST)), found.st_size
    finally:
        os.close(file)


def _reason(path: str | Path, error: Exception) -> tuple[str, str]:
    said = str(error) if " " in str(error) else f"{type(error).__name__} {error}".strip()  # such as a bare KeyError
    match error:
        case TooMuchError():
            return error.reason, error.detail
        case Image.DecompressionBombError() | Image.DecompressionBombWarning():
            return "too many pixels", f"above {HEADER_CAP // MEGAPIXEL} megapixels"
        case NotImplementedError():
            return "kind of picture not supported", said
        case MemoryError():
            return "needs too much memory", ""
        case UnidentifiedImageError():
            return _unidentified(path)
        case OSError() if error.errno not in (None, errno.EINVAL):  # that one: the file sends its decoder to nowhere
            return "cannot be opened", error.strerror or said
    if "MAX_TEXT" in said:
        return "too much beside its pixels", "a text or colour profile that unpacks to more than 1 MB"
    return ("kind of picture not supported" if _UNSUPPORTED.search(said) else "damaged"), said


def _unidentified(path: str | Path) -> tuple[str, str]:
    """Why no decoder took the file: Pillow keeps it to itself, so the one whose file it claims to be is asked again."""
    with open(path, "rb") as file:
        kind = format_of(head := file.read(MAGIC_LENGTH))
        if kind is None:
            return no_picture(head)
        file.seek(0)
        try:
            Image.OPEN[kind][0](file, str(path))
        except Exception as error:
            return _reason(path, error)
    return "damaged", ""
