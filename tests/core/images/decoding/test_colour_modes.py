"""What a person would lose if the numbers in a file were taken for what they are not: greys, transparency, inks."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from core.images.decoding.decode import decode, decode_whole, from_image
from core.images.decoding.target import Target

SIDE = 64
BACKGROUNDS = {"white": 255.0, "black": 0.0}
RNG = np.random.default_rng(0)
COLOURS = RNG.integers(0, 256, (SIDE, SIDE, 3), np.uint8)
ALPHA = RNG.integers(0, 256, (SIDE, SIDE), np.uint8)
PALETTE = RNG.integers(0, 256, (256, 3), np.uint8)
SHADES = RNG.integers(0, 256, (SIDE, SIDE), np.uint8)


def with_tag(tiff: bytes, tag: int, value: int) -> bytes:
    """A TIFF whose first page says something else of itself."""
    content = bytearray(tiff)
    first = struct.unpack_from("<I", content, 4)[0]
    for entry in range(first + 2, first + 2 + 12 * struct.unpack_from("<H", content, first)[0], 12):
        if struct.unpack_from("<H", content, entry)[0] == tag:
            struct.pack_into("<H", content, entry + 8, value)
    return bytes(content)


def tiff_of(levels: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(levels).save(out, "TIFF")
    return out.getvalue()


def ramp(dtype: type, most: int, side: int = 256) -> np.ndarray:
    return np.repeat(np.linspace(0, most, side).astype(dtype)[np.newaxis], side, axis=0)


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate"])
def test_a_16_bit_ramp_of_all_levels_keeps_its_greys_in_a_tiff(tmp_path: Path, compression: str) -> None:
    Image.fromarray(ramp(np.uint16, 65_535)).save(tmp_path / "a.tiff", compression=compression)
    found = decode(tmp_path / "a.tiff", Target(256, 1))
    assert len(np.unique(found.pixels)) >= 250
    assert found.origin.treatments == ("scaled from 16 bits",)


@pytest.mark.parametrize("suffix", ["png", "pgm"])
def test_a_16_bit_ramp_of_all_levels_keeps_its_greys(tmp_path: Path, suffix: str) -> None:
    Image.fromarray(ramp(np.uint16, 65_535)).save(tmp_path / f"a.{suffix}")
    found = decode(tmp_path / f"a.{suffix}", Target(256, 1))
    assert len(np.unique(found.pixels)) >= 250
    assert found.origin.treatments == ("scaled from 16 bits",)


@pytest.mark.parametrize("white", [1023, 4095, 100])
def test_a_portable_map_says_what_is_white(tmp_path: Path, white: int) -> None:
    levels = ramp(np.uint16 if white > 255 else np.uint8, white)
    stored = levels.astype(">u2" if white > 255 else np.uint8).tobytes()
    (tmp_path / "a.pgm").write_bytes(b"P5\n256 256\n%d\n" % white + stored)
    (tmp_path / "cut.pgm").write_bytes(b"P5\n256 256\n%d\n" % white + stored[:-1])
    found = decode_whole(tmp_path / "a.pgm", 256)[..., 0]
    assert np.abs(found - levels * (255 / white)).max() <= 0.51
    with pytest.raises(Exception, match="truncated"):
        decode_whole(tmp_path / "cut.pgm", 256)


def test_a_tiff_whose_zero_is_white_is_no_negative(tmp_path: Path) -> None:
    (tmp_path / "a.tiff").write_bytes(with_tag(tiff_of(ramp(np.uint16, 65_535)), 262, 0))
    found = decode_whole(tmp_path / "a.tiff", 256)[0, :, 0].astype(int)
    assert np.abs(found - np.arange(255, -1, -1)).max() <= 1


def test_the_upper_half_of_32_unsigned_bits_is_not_black(tmp_path: Path) -> None:
    levels = ramp(np.uint32, 2**32 - 1)
    (tmp_path / "a.tiff").write_bytes(with_tag(tiff_of(levels.view(np.int32)), 339, 1))
    found = decode_whole(tmp_path / "a.tiff", 256)[0, :, 0].astype(int)
    assert np.abs(found - np.arange(256)).max() <= 1


def transparent(kind: str) -> tuple[Image.Image, dict[str, object], np.ndarray, np.ndarray]:
    """A picture, how to save it, and the colours and alpha it must be shown by."""
    grey, table = np.repeat(SHADES[..., np.newaxis], 3, axis=2), Image.fromarray(SHADES, "P")
    table.putpalette(PALETTE.tobytes())
    match kind:
        case "RGBA":
            return Image.fromarray(np.dstack([COLOURS, ALPHA])), {}, COLOURS, ALPHA
        case "LA":
            return Image.fromarray(np.dstack([SHADES, ALPHA]), "LA"), {}, grey, ALPHA
        case "P":
            entries = RNG.integers(0, 256, 256, np.uint8)
            return table, {"transparency": entries.tobytes()}, PALETTE[SHADES], entries[SHADES]
        case "P key":
            return table, {"transparency": 7}, PALETTE[SHADES], np.where(SHADES == 7, 0, 255)
        case "L key":
            return Image.fromarray(SHADES), {"transparency": 7}, grey, np.where(SHADES == 7, 0, 255)
        case "RGB key":
            key = tuple(int(level) for level in COLOURS[3, 4])
            return Image.fromarray(COLOURS), {"transparency": key}, COLOURS, 255 * (key != COLOURS).any(-1)
    deep = SHADES.astype(np.uint16) * 257
    return Image.fromarray(deep), {"transparency": 7 * 257}, grey, np.where(SHADES == 7, 0, 255)


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("kind", ["RGBA", "LA", "P", "P key", "L key", "RGB key", "16-bit key"])
def test_transparency_is_as_a_reference_composite(tmp_path: Path, kind: str, background: str) -> None:
    picture, options, colours, alpha = transparent(kind)
    picture.save(tmp_path / "a.png", **options)
    cover = alpha[..., np.newaxis] / 255
    expected = colours * cover + BACKGROUNDS[background] * (1 - cover)
    found = decode(tmp_path / "a.png", Target(SIDE, 3, background=background))
    assert np.abs(found.pixels - expected).max() <= 1
    assert "transparency on the background" in found.origin.treatments


def test_a_palette_with_alpha_is_composited_too() -> None:
    picture = Image.new("PA", (SIDE, SIDE))
    picture.putpalette(PALETTE.tobytes())
    picture.paste(3, (0, 0, SIDE, SIDE))
    picture.putalpha(100)
    found = from_image(picture, Target(SIDE, 3, background="black")).pixels
    assert np.abs(found - PALETTE[3] * (100 / 255)).max() <= 1


def test_colour_does_not_bleed_from_what_is_transparent(tmp_path: Path) -> None:
    pixels = np.zeros((SIDE, SIDE, 4), np.uint8)
    pixels[::2] = (0, 0, 255, 255)
    pixels[1::2] = (255, 0, 0, 0)  # clear rows that happen to be red
    Image.fromarray(pixels).save(tmp_path / "a.png")
    found = decode(tmp_path / "a.png", Target(16, 3, background="black")).pixels
    assert found[..., 0].max() <= 1
    assert np.abs(found[2:-2, :, 2].astype(int) - 128).max() <= 2


def test_an_opaque_picture_is_not_said_to_be_transparent(tmp_path: Path) -> None:
    Image.new("RGBA", (SIDE, SIDE), "red").save(tmp_path / "a.png")
    assert decode(tmp_path / "a.png", Target(16, 3)).origin.treatments == ()


@pytest.mark.parametrize("suffix", ["jpg", "tiff"])  # Adobe's JPEG has its inks upside down, a TIFF has not
@pytest.mark.parametrize("inks", [(0, 255, 255, 0), (255, 0, 255, 0), (0, 0, 0, 255), (0, 0, 0, 0), (0, 0, 0, 100)])
def test_inks_have_their_colours(tmp_path: Path, suffix: str, inks: tuple[int, int, int, int]) -> None:
    Image.new("CMYK", (SIDE, SIDE), inks).save(tmp_path / f"a.{suffix}")
    expected = [(255 - ink) * (255 - inks[3]) / 255 for ink in inks[:3]]
    found = decode(tmp_path / f"a.{suffix}", Target(16, 3))
    assert np.abs(found.pixels[8, 8] - expected).max() <= 3
    assert found.origin.treatments == ("colours converted",)


# L*, a*, b* of D50 and the sRGB colours of Bruce Lindbloom's calculator
@pytest.mark.parametrize(
    ("lab", "expected"), [((100, 0, 0), (255, 255, 255)), ((54, 81, 70), (255, 0, 0)), ((50, 0, 0), (119, 119, 119))]
)
def test_lab_has_its_colours(tmp_path: Path, lab: tuple[int, int, int], expected: tuple[int, int, int]) -> None:
    light, green_red, blue_yellow = lab
    levels = (round(light * 2.55), green_red + 128, blue_yellow + 128)
    Image.merge("LAB", [Image.new("L", (SIDE, SIDE), level) for level in levels]).save(tmp_path / "a.tiff")
    assert np.abs(decode(tmp_path / "a.tiff", Target(16, 3)).pixels[8, 8] - np.array(expected)).max() <= 6


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_profile_that_changes_nothing_is_not_said_to(tmp_path: Path, mode: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new(mode, (SIDE, SIDE), (200, 30, 60, 255)[: len(mode)]).save(tmp_path / "a.png", icc_profile=profile)
    found = decode(tmp_path / "a.png", Target(16, 3))
    assert found.origin.treatments == ()
    assert np.abs(found.pixels[8, 8] - np.array((200, 30, 60))).max() <= 2


def grey_profile(gamma: float) -> bytes:
    """A profile of one channel, as scanners of negatives and X-rays write them: white point, and one curve."""
    white = b"XYZ \0\0\0\0" + struct.pack(">III", 0xF6D6, 0x10000, 0xD32D)
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    tags = struct.pack(">I4sII4sII", 2, b"wtpt", 156, len(white), b"kTRC", 156 + len(white), len(curve))
    size = 156 + len(white) + len(curve)
    head = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02100000, b"mntr", b"GRAY", b"XYZ ").ljust(36, b"\0")
    head = (head + b"acsp").ljust(68, b"\0") + struct.pack(">III", 0xF6D6, 0x10000, 0xD32D)
    return head.ljust(128, b"\0") + tags + white + curve


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_the_profile_of_a_grey_picture_is_honoured(tmp_path: Path, mode: str) -> None:
    picture = Image.new(mode, (SIDE, SIDE), 128 if mode == "L" else (128, 255))
    picture.save(tmp_path / "a.png", icc_profile=grey_profile(1.0))
    found = decode(tmp_path / "a.png", Target(16, 3))
    assert np.abs(found.pixels[8, 8].astype(int) - 188).max() <= 2  # half the light, on the curve of sRGB
    assert found.origin.treatments == ("colours converted",)
