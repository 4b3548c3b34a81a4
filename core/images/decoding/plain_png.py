"""Small PNGs of the plainest kind, in half the time: Pillow's decoder without all that it must look for in others."""

import struct
import zlib

from PIL import Image

LARGEST = 1 << 18  # bytes of a file: above, the time goes into its pixels anyway
_MOST_PIXELS = 1 << 20
_HEAD = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_MODES = {(8, 0): "L", (8, 2): "RGB"}  # depth and colour type (PNG, section 11.2.1)
_WITHOUT_SAY = (b"IHDR", b"gAMA", b"cHRM", b"sRGB", b"bKGD", b"pHYs", b"tIME", b"hIST")


def read(data: bytes) -> Image.Image | None:
    """The picture in a whole file; None when it is damaged or has more to it, which is for Pillow to read."""
    if len(data) < 33 or not data.startswith(_HEAD):
        return None
    width, height, depth, colour, *further = struct.unpack_from(">IIBBBBB", data, 16)
    mode = _MODES.get((depth, colour))
    if mode is None or any(further) or not 0 < width * height <= _MOST_PIXELS:
        return None
    packed = _packed_pixels(data)
    try:
        image = None if packed is None else Image.frombytes(mode, (width, height), packed, "zip", mode)
    except ValueError:
        return None
    if image is not None:
        image.format = "PNG"
    return image


def _packed_pixels(data: bytes) -> bytes | None:
    """What all IDAT pieces hold together; None when a piece is damaged, or says something of how to show them."""
    place, found = 8, list[bytes]()
    while len(data) >= place + 12:
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 8 + length
        if data[end : end + 4] != struct.pack(">I", zlib.crc32(data[place + 4 : end])):
            return None
        if kind == b"IDAT":
            found.append(data[place + 8 : end])
        elif kind == b"IEND":
            return b"".join(found)
        elif kind not in _WITHOUT_SAY:
            return None
        place = end + 4
    return None
