"""Small files that would unpack to a great deal, for tests: each must be refused by what its header says."""

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image

SIDE = 30_000
MEGABYTE = 1_000_000


def encoded(kind: str, picture: Image.Image | None = None, **options: object) -> bytearray:
    """A picture of 16 × 16 in a format."""
    out = io.BytesIO()
    (picture or Image.fromarray(np.zeros((16, 16, 3), np.uint8))).save(out, kind, **options)
    return bytearray(out.getvalue())


def chunk(kind: bytes, content: bytes) -> bytes:
    """One piece of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_with(extra: bytes, at_end: bool = False) -> bytes:
    """A good PNG with more pieces: after its header, or after its pixels."""
    whole = encoded("PNG")
    place = len(whole) - 12 if at_end else 33
    return bytes(whole[:place]) + extra + bytes(whole[place:])


def zeros(count: int, times: int) -> bytes:
    """So many zero bytes so many times, packed a thousandfold: packed once, and said again and again."""
    packing, check = zlib.compressobj(9, zlib.DEFLATED, -15), 1
    packed = packing.compress(bytes(count)) + packing.flush(zlib.Z_FULL_FLUSH)
    for _ in range(times):
        check = zlib.adler32(bytes(count), check)
    return b"\x78\x01" + packed * times + b"\x03\x00" + struct.pack(">I", check)


def one_colour_png() -> bytes:
    """30,000 × 30,000, and whole."""
    pixels = zeros(SIDE + 1, SIDE)
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def one_colour_tiff() -> bytes:
    """The same picture as a TIFF of one packed strip."""
    strip = zeros(SIDE, SIDE)
    tags = [(256, SIDE), (257, SIDE), (258, 8), (259, 8), (262, 1), (273, 8), (277, 1), (278, SIDE), (279, len(strip))]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    head = struct.pack("<2sHI", b"II", 42, 8 + len(strip))
    return head + strip + struct.pack("<H", len(tags)) + entries + bytes(4)


def patched(kind: str, marker: bytes, offset: int, layout: str, *sides: int, **options: object) -> bytes:
    """A good file whose header claims other sides."""
    content = encoded(kind, **options)
    struct.pack_into(layout, content, content.index(marker) + offset, *sides)
    return bytes(content)


def wide_webp() -> bytes:
    """An animation on a canvas of 16,383 × 16,383; libwebp takes 2 GB to open it."""
    content = encoded("WEBP", save_all=True, append_images=[Image.new("RGB", (16, 16), "red")])
    content[24:30] = (16_382).to_bytes(3, "little") * 2
    return bytes(content)


BOMBS: dict[str, Callable[[], bytes]] = {
    "one colour.png": one_colour_png,
    "text.png": lambda: png_with(chunk(b"zTXt", b"Comment\0\0" + zeros(MEGABYTE, 500))),
    "text at its end.png": lambda: png_with(chunk(b"zTXt", b"Comment\0\0" + zeros(MEGABYTE, 500)), at_end=True),
    "many texts.png": lambda: png_with(chunk(b"zTXt", b"Comment\0\0" + zeros(MEGABYTE, 1)) * 900),
    "world text.png": lambda: png_with(chunk(b"iTXt", b"Comment\0\1\0\0\0" + zeros(MEGABYTE, 500))),
    "profile.png": lambda: png_with(chunk(b"iCCP", b"profile\0\0" + zeros(MEGABYTE, 500))),
    "long text.png": lambda: png_with(chunk(b"tEXt", b"Comment\0" + bytes(60_000_000))),
    "million pieces.png": lambda: png_with(chunk(b"prIv", b"") * 1_000_000),
    "screen.gif": lambda: patched("GIF", b"GIF8", 6, "<HH", 65_535, 65_535),
    "frame.gif": lambda: patched("GIF", b",", 5, "<HH", 65_535, 65_535),
    "canvas.webp": wide_webp,
    "one colour.tiff": one_colour_tiff,
    "header.j2k": lambda: patched("JPEG2000", b"\xff\x4f\xff\x51", 8, ">II", 60_000, 60_000, no_jp2=True),
    "codestream.jp2": lambda: patched("JPEG2000", b"\xff\x4f\xff\x51", 8, ">II", 60_000, 60_000),
    "header.jp2": lambda: patched("JPEG2000", b"ihdr", 4, ">II", 60_000, 60_000),
    "header.jpg": lambda: patched("JPEG", b"\xff\xc0", 5, ">HH", 65_500, 65_500),
    "header.bmp": lambda: patched("BMP", b"BM", 18, "<ii", SIDE, SIDE),
    "header.ppm": lambda: b"P6\n30000 30000\n255\n" + bytes(1000),
    "item.avif": lambda: patched("AVIF", b"ispe", 8, ">II", 60_000, 60_000),
}
