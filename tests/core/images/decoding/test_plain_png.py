"""The quick way to read plain PNGs sees what Pillow sees, and leaves all that is odd to Pillow."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from core.images.decoding import plain_png


def saved(image: Image.Image, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


def noise(mode: str, size: tuple[int, int] = (13, 7)) -> Image.Image:
    channels = len(Image.new(mode, (1, 1)).getbands())
    levels = np.random.default_rng(0).integers(0, 256, (size[1], size[0], channels), np.uint8)
    return Image.fromarray(levels.squeeze(2) if channels == 1 else levels)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("compress_level", [0, 1, 9])
def test_it_sees_what_pillow_sees(mode: str, compress_level: int) -> None:
    image = noise(mode)
    read = plain_png.read(saved(image, compress_level=compress_level))
    assert read is not None
    assert read.mode == mode
    assert (np.asarray(read) == np.asarray(image)).all()


@pytest.mark.parametrize("mode", ["LA", "RGBA", "P", "1", "I;16"])
def test_other_kinds_are_left_to_pillow(mode: str) -> None:
    image = Image.new(mode, (9, 9)) if mode in ("P", "1", "I;16") else noise(mode)
    assert plain_png.read(saved(image)) is None


def test_whatever_says_how_to_show_it_is_left_to_pillow() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "hello")
    grey = noise("L")
    for options in ({"exif": turned}, {"icc_profile": b"profile"}, {"pnginfo": text}, {"transparency": 3}):
        assert plain_png.read(saved(grey, **options)) is None


def test_what_says_nothing_of_pixels_is_passed_over() -> None:
    whole = saved(noise("RGB"), dpi=(300, 300))
    assert b"pHYs" in whole
    assert plain_png.read(whole) is not None


def test_pixels_in_many_pieces_are_put_together() -> None:
    image = noise("L", (40, 40))
    whole = saved(image)
    start = whole.index(b"IDAT") - 4
    (length,) = struct.unpack_from(">I", whole, start)
    packed = whole[start + 8 : start + 8 + length]
    pieces = b"".join(chunk(b"IDAT", packed[at : at + 100]) for at in range(0, length, 100))
    read = plain_png.read(whole[:start] + pieces + whole[start + length + 12 :])
    assert read is not None
    assert (np.asarray(read) == np.asarray(image)).all()


def test_a_picture_that_claims_to_be_huge_is_left_to_the_checks() -> None:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0))
    assert plain_png.read(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", b"") + chunk(b"IEND", b"")) is None


@given(st.data())
def test_no_damage_goes_unseen(data: st.DataObject) -> None:
    image = noise("RGB")
    whole = bytearray(saved(image))
    if data.draw(st.booleans(), "cut off"):
        whole = whole[: data.draw(st.integers(0, len(whole) - 1), "length")]
    else:
        at = data.draw(st.integers(0, len(whole) - 1), "place")
        whole[at] ^= 1 << data.draw(st.integers(0, 7), "bit")
    read = plain_png.read(bytes(whole))
    assert read is None or (np.asarray(read) == np.asarray(image)).all()


def test_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.images.decoding.decode import decode
    from core.images.decoding.target import Target

    (tmp_path / "plain.png").write_bytes(saved(noise("L")))
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("Pillow was asked"))
    assert decode(tmp_path / "plain.png", Target(16, 3)).origin.format == "PNG"
