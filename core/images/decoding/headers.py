"""What a picture file says of itself, read without any decoder: enough to refuse one that would unpack to too much."""

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

from PIL import Image, PngImagePlugin

MEGAPIXEL = 1_000_000
PIXEL_CAP = 100 * MEGAPIXEL  # decoded; a JPEG may be 64 times larger in its file and decode at an eighth of its sides
HEADER_CAP = 400 * MEGAPIXEL
FILE_CAP = 1_000_000_000  # bytes: what the largest picture decoded here takes when it is not packed at all
_ASIDE_CAP = 16_000_000  # bytes of a PNG that are no pixels: texts, profiles, previews
_ASIDES_CAP = 2_000  # and how many such pieces
FRAMES_CAP = 100_000  # counted no further
BYTES_CAP = 800 * MEGAPIXEL  # of the numbers of a picture, as they are in memory
_PNG_PIXELS = (b"IDAT", b"fdAT")

Image.MAX_IMAGE_PIXELS = HEADER_CAP
PngImagePlugin.MAX_TEXT_CHUNK = 1 << 20  # bytes that one packed text or profile may become
PngImagePlugin.MAX_TEXT_MEMORY = 4 << 20  # and all texts of a file


class TooMuchError(Exception):
    """A file that would unpack to more than a picture needs: `reason` to group by, `detail` with the figures."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def check(file: BinaryIO, kind: str | None) -> None:
    """Raise TooMuchError before a decoder is let near a file that Pillow would read too much of."""
    size = os.fstat(file.fileno()).st_size
    if size > FILE_CAP:
        raise TooMuchError("file too large", f"{size / 1e9:.1f} GB; the most is {FILE_CAP / 1e9:.0f} GB")
    if kind == "PNG":
        _check_png(file, size)
    elif kind == "WEBP":  # its decoder takes the memory when it is opened
        file.seek(0)
        check_pixels(*_webp_size(file.read(30)))


def check_pixels(width: int, height: int) -> None:
    """Raise TooMuchError for a picture of more than PIXEL_CAP."""
    if width * height > PIXEL_CAP:
        found, most = width * height // MEGAPIXEL, PIXEL_CAP // MEGAPIXEL
        raise TooMuchError("too many pixels", f"{width} × {height} is {found} megapixels; the most is {most}")


def check_bytes(size: int) -> None:
    """Raise TooMuchError for numbers that take more than BYTES_CAP."""
    if size > BYTES_CAP:
        detail = f"{size // MEGAPIXEL} MB of numbers; the most is {BYTES_CAP // MEGAPIXEL} MB"
        raise TooMuchError("needs too much memory", detail)


def frames(image: Image.Image) -> int:
    """How many frames or pages an opened picture has, at least 1, whatever the file claims; reads no pixels.

    The pictures that telephones add to a JPEG (depth, brightness) are no frames of it.
    """
    file = getattr(image, "fp", None)
    count = _COUNTS.get(image.format or "")
    if image.format == "PNG" and not getattr(image, "is_animated", False):
        return 1  # nothing in it claims to be an animation: no need to read its pieces once more
    if file is None or count is None:
        return 1 if image.format == "MPO" else int(getattr(image, "n_frames", 1))
    place = file.tell()
    try:
        return max(1, count(file))
    except (struct.error, IndexError, OSError):  # cut off: the first may be whole all the same
        return 1
    finally:
        file.seek(place)


def count_frames(file: BinaryIO, kind: str) -> int:
    """How many frames the file of an animation claims to have, at least 1; 1 for other formats."""
    try:
        return max(1, _COUNTS[kind](file)) if kind in _COUNTS else 1
    except (struct.error, IndexError, OSError):
        return 1


def covered(image: Image.Image) -> tuple[int, int, int, int] | None:
    """The part of an opened picture that its first frame has pixels for, where browsers show nothing beside it."""
    box = None
    if image.format == "GIF":
        box = tuple(image.tile[0][1])  # type: ignore[attr-defined]
    elif image.format == "WEBP":
        box = _webp_frame(image.fp)  # type: ignore[attr-defined]
    return None if box == (0, 0, *image.size) else box


def _check_png(file: BinaryIO, size: int) -> None:
    aside = pieces = 0
    for kind, length in _png_chunks(file):
        if kind not in _PNG_PIXELS:
            aside, pieces = aside + min(length, size), pieces + 1
        if aside > _ASIDE_CAP or pieces > _ASIDES_CAP:
            raise TooMuchError("too much beside its pixels", f"{pieces} pieces of {aside / 1e6:.0f} MB")


def _png_chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    file.seek(8)
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        yield kind, length
        if kind == b"IEND":
            return
        file.seek(length + 4, os.SEEK_CUR)


def _webp_size(head: bytes) -> tuple[int, int]:
    """The canvas by the first 30 bytes, as RFC 9649 lays them out."""
    kind = head[12:16]
    if len(head) < 30:
        return 0, 0
    if kind == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", head, 26)
    return width & 0x3FFF, height & 0x3FFF


def _webp_frame(file: BinaryIO) -> tuple[int, int, int, int] | None:
    file.seek(12)
    while len(head := file.read(8)) == 8:
        kind, length = struct.unpack("<4sI", head)
        if kind == b"ANMF":
            left, top, width, height = (int.from_bytes(file.read(3), "little") for _ in range(4))
            return 2 * left, 2 * top, 2 * left + width + 1, 2 * top + height + 1
        file.seek(length + length % 2, os.SEEK_CUR)
    return None


def _webp_frames(file: BinaryIO) -> int:
    count = 0
    file.seek(12)
    while count < FRAMES_CAP and len(head := file.read(8)) == 8:
        kind, length = struct.unpack("<4sI", head)
        count += kind == b"ANMF"
        file.seek(length + length % 2, os.SEEK_CUR)
    return count


def _png_frames(file: BinaryIO) -> int:
    """Pictures of an animated PNG: one for each frame control, and the still one when that comes before them all."""
    kinds = [kind for kind, _ in _png_chunks(file) if kind in (b"IDAT", b"fcTL")]
    controls = kinds.count(b"fcTL")
    return controls + (kinds[:1] == [b"IDAT"])


def _gif_frames(file: BinaryIO) -> int:
    file.seek(10)
    _skip_colours(file, file.read(1)[0], 2)
    count = 0
    while count < FRAMES_CAP and (kind := file.read(1)) in (b"!", b","):
        if kind == b"!":
            file.seek(1, os.SEEK_CUR)
        else:
            count += 1
            _skip_colours(file, file.read(9)[8], 1)
        while length := file.read(1)[0]:
            file.seek(length, os.SEEK_CUR)
    return count


def _skip_colours(file: BinaryIO, flags: int, beyond: int) -> None:
    """Past a table of colours, if the flags say that there is one, and so many bytes beyond it."""
    table = 3 << (flags & 7) + 1 if flags & 0x80 else 0
    file.seek(table + beyond, os.SEEK_CUR)


_COUNTS = {"PNG": _png_frames, "GIF": _gif_frames, "WEBP": _webp_frames}
