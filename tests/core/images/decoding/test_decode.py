"""What a person would lose if a picture were decoded wrongly, or a bad file did harm."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from core.errors import ImagesError
from core.images.decoding import headers
from core.images.decoding.decode import (
    UnreadablePictureError,
    decode,
    decode_whole,
    format_of,
    from_image,
    read_picture,
)
from core.images.decoding.target import Target

RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)
ORIENTED = {
    "jpg": {"quality": 95, "subsampling": 0},
    "png": {},
    "webp": {"lossless": True},
    "tiff": {},
    "tif": {"compression": "tiff_lzw"},
}


def quarters(size: int = 64) -> np.ndarray:
    """Red, green / blue, yellow: no turn or mirror leaves it as it was."""
    pixels = np.zeros((size, size, 3), np.uint8)
    half = size // 2
    pixels[:half, :half], pixels[:half, half:] = RED, GREEN
    pixels[half:, :half], pixels[half:, half:] = BLUE, YELLOW
    return pixels


def stored_as(upright: np.ndarray, orientation: int) -> np.ndarray:
    """What a camera stores so that `orientation` shows `upright`: the EXIF standard's table, in plain numpy."""
    return {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
        8: lambda a: np.rot90(a, -1),
    }[orientation](upright)


@pytest.mark.parametrize("suffix", ORIENTED)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_stands_upright(tmp_path: Path, suffix: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path, scene = tmp_path / f"turned.{suffix}", np.concatenate([quarters(), quarters()[:, :32]], axis=1)
    Image.fromarray(np.ascontiguousarray(stored_as(scene, orientation))).save(path, exif=exif, **ORIENTED[suffix])
    found = decode(path, Target(64, 3))
    coarse = 12 if suffix == "jpg" else 0
    assert np.abs(found.pixels.astype(int) - scene[:, 16:80]).max() <= coarse
    assert np.abs(decode_whole(path, 96).astype(int) - scene).max() <= coarse
    assert (found.origin.width, found.origin.height) == (96, 64)
    assert ("turned upright" in found.origin.treatments) == (orientation != 1)


def test_a_wide_photograph_taken_upright_is_cropped_in_the_middle(tmp_path: Path) -> None:
    pixels = np.zeros((40, 120, 3), np.uint8)
    pixels[:, 40:80] = quarters(40)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.ascontiguousarray(stored_as(pixels, 6))).save(tmp_path / "a.png", exif=exif)
    found = read_picture(tmp_path / "a.png", 16, 3)
    assert tuple(found[3, 3]) == RED
    assert tuple(found[12, 12]) == YELLOW


@pytest.mark.parametrize("suffix", ["png", "tiff", "pgm"])
def test_a_16_bit_ramp_keeps_all_its_greys(tmp_path: Path, suffix: str) -> None:
    ramp = np.repeat(np.arange(256, dtype=np.uint16)[np.newaxis] * 257, 256, axis=0)
    path = tmp_path / f"ramp.{suffix}"
    Image.fromarray(ramp).save(path)
    found = read_picture(path, 256, 1)
    assert (found[..., 0] == np.arange(256)).all()


def test_a_12_bit_camera_is_not_black(tmp_path: Path) -> None:
    ramp = np.repeat(np.linspace(0, 4095, 64).astype(np.uint16)[np.newaxis], 64, axis=0)
    Image.fromarray(ramp).save(tmp_path / "camera.tiff")
    found = read_picture(tmp_path / "camera.tiff", 64, 1)
    assert (found.min(), found.max()) == (0, 255)


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-3.0, 5.0), (0.0, 70_000.0)])
def test_a_float_picture_is_scaled_and_not_clipped(tmp_path: Path, low: float, high: float) -> None:
    ramp = np.repeat(np.linspace(low, high, 256, dtype=np.float32)[np.newaxis], 256, axis=0)
    ramp[0, 0] = np.nan
    Image.fromarray(ramp).save(tmp_path / "float.tiff")
    found = read_picture(tmp_path / "float.tiff", 256, 1)[1:, :, 0]
    assert np.abs(found.astype(int) - np.arange(256)).max() <= 1


def test_a_32_bit_picture_is_scaled_and_not_clipped(tmp_path: Path) -> None:
    ramp = np.repeat(np.linspace(-1e6, 1e6, 256).astype(np.int32)[np.newaxis], 256, axis=0)
    Image.fromarray(ramp).save(tmp_path / "int.tiff")
    found = read_picture(tmp_path / "int.tiff", 256, 1)[..., 0]
    assert np.abs(found.astype(int) - np.arange(256)).max() <= 1


def test_a_colour_profile_is_honoured(tmp_path: Path) -> None:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {}
    for place in range(struct.unpack_from(">I", profile, 128)[0]):
        name, offset, size = struct.unpack_from(">4sII", profile, 132 + 12 * place)
        tags[name] = (132 + 12 * place, offset, size)
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    profile[red[0] + 4 : red[0] + 12] = struct.pack(">II", *blue[1:])  # a profile whose red is blue, and the other way
    profile[blue[0] + 4 : blue[0] + 12] = struct.pack(">II", *red[1:])
    Image.new("RGB", (32, 32), RED).save(tmp_path / "profile.png", icc_profile=bytes(profile))
    assert np.abs(read_picture(tmp_path / "profile.png", 16, 3)[8, 8].astype(int) - BLUE).max() <= 12


def test_a_broken_colour_profile_does_not_lose_the_picture(tmp_path: Path) -> None:
    Image.new("RGB", (32, 32), RED).save(tmp_path / "profile.png", icc_profile=b"not a profile")
    assert tuple(read_picture(tmp_path / "profile.png", 16, 3)[8, 8]) == RED


def test_the_whole_picture_is_shown_as_large_as_asked_and_never_enlarged(tmp_path: Path) -> None:
    Image.fromarray(np.concatenate([quarters(), quarters()])).save(tmp_path / "tall.png")
    assert decode_whole(tmp_path / "tall.png", 32).shape == (32, 16, 3)
    assert (decode_whole(tmp_path / "tall.png", 999) == np.concatenate([quarters(), quarters()])).all()
    with pytest.raises(UnreadablePictureError, match="no such file"):
        decode_whole(tmp_path / "none.png", 32)


def test_a_picture_that_is_no_file_comes_out_as_a_file_does(tmp_path: Path) -> None:
    picture = Image.fromarray(np.dstack([quarters(), np.full((64, 64), 99, np.uint8)])[:, :50])
    picture.save(tmp_path / "a.png")
    ours, files = from_image(picture, Target(16, 3)), decode(tmp_path / "a.png", Target(16, 3))
    assert (ours.pixels == files.pixels).all()
    assert (ours.origin.width, ours.origin.height, ours.origin.format) == (50, 64, "")


@pytest.mark.parametrize(("fit", "left"), [("crop", YELLOW), ("pad", YELLOW), ("stretch", RED)])
def test_a_wide_picture_is_fitted_as_asked(tmp_path: Path, fit: str, left: tuple[int, int, int]) -> None:
    pixels = np.full((32, 96, 3), YELLOW, np.uint8)
    pixels[:, :32] = RED
    Image.fromarray(pixels).save(tmp_path / "wide.png")
    found = read_picture(tmp_path / "wide.png", 16, 3, fit, "black")
    assert tuple(found[8, 3]) == (RED if fit == "pad" else left)
    assert (found[0] == 0).all() == (fit == "pad")


def test_a_fine_pattern_becomes_its_mean(tmp_path: Path) -> None:
    board = (np.indices((512, 512)).sum(0) % 2 * 255).astype(np.uint8)
    Image.fromarray(board).save(tmp_path / "board.png")
    assert np.abs(read_picture(tmp_path / "board.png", 16, 1).astype(int) - 127).max() <= 2


@pytest.mark.parametrize(("colour", "is_grey"), [((90, 90, 90), True), ((90, 90, 120), False)])
def test_grey_is_told_from_colour(tmp_path: Path, colour: tuple[int, int, int], is_grey: bool) -> None:
    Image.new("RGB", (32, 32), colour).save(tmp_path / "a.jpg")
    assert decode(tmp_path / "a.jpg", Target(16, 1)).is_grey == is_grey


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "empty file"), (b"hello, I am a letter", "not a picture"), (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "damaged")],
)
def test_a_bad_file_says_what_is_wrong(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "bad.png").write_bytes(content)
    with pytest.raises(UnreadablePictureError, match=r"bad.png cannot be used") as caught:
        decode(tmp_path / "bad.png", Target(16, 3))
    assert caught.value.reason == reason


def test_a_missing_file_or_a_folder_says_so(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none.png", "no such file"), (tmp_path, "not a file")):
        with pytest.raises(ImagesError, match=reason):
            read_picture(path, 16, 3)


@pytest.mark.parametrize("side", [12_000, 40_000])
def test_a_decompression_bomb_is_refused_by_its_header(tmp_path: Path, side: int) -> None:
    small = io.BytesIO()
    Image.new("L", (1, 1)).save(small, "PNG")
    content = bytearray(small.getvalue())
    content[16:24] = struct.pack(">II", side, side)
    content[29:33] = struct.pack(">I", __import__("zlib").crc32(content[12:29]))
    (tmp_path / "bomb.png").write_bytes(content)
    with pytest.raises(ImagesError, match="too many pixels"):
        read_picture(tmp_path / "bomb.png", 16, 3)


def test_a_large_jpeg_is_decoded_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headers, "PIXEL_CAP", 100_000)  # the whole has 1,048,576
    Image.fromarray(quarters(1024)).save(tmp_path / "large.jpg")
    Image.fromarray(quarters(1024)).save(tmp_path / "large.png")
    assert np.abs(read_picture(tmp_path / "large.jpg", 64, 3)[8, 8].astype(int) - RED).max() <= 12
    with pytest.raises(ImagesError, match="too many pixels"):
        read_picture(tmp_path / "large.png", 64, 3)


def test_formats_that_run_programs_are_not_opened() -> None:
    assert format_of(b"%!PS-Adobe-3.0 EPSF-3.0".ljust(32)) is None
    assert format_of(b"8BPS\0\1".ljust(32)) is None
    assert format_of(b"\xff\xd8\xff\xe0".ljust(32)) == "JPEG"


def encoded(kind: str) -> bytes:
    out = io.BytesIO()
    Image.fromarray(quarters(24)).save(out, kind)
    return out.getvalue()


WHOLE = {kind: encoded(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "PPM")}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(sorted(WHOLE)), cut=st.integers(0, 3000), flips=st.lists(st.integers(0, 10**6), max_size=6))
def test_a_damaged_file_gives_a_picture_or_a_sentence(tmp_path: Path, kind: str, cut: int, flips: list[int]) -> None:
    content = bytearray(WHOLE[kind][: max(1, len(WHOLE[kind]) - cut)])
    for flip in flips:
        content[flip // 8 % len(content)] ^= 1 << flip % 8
    (tmp_path / "damaged").write_bytes(content)
    try:
        found = read_picture(tmp_path / "damaged", 16, 3)
    except ImagesError:
        return  # its sentences are checked above; anything else it raises fails here
    assert found.shape == (16, 16, 3)
    assert found.dtype == np.uint8


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(width=st.integers(1, 300), height=st.integers(1, 300), fit=st.sampled_from(["crop", "pad", "stretch"]))
def test_any_shape_of_picture_fits(tmp_path: Path, width: int, height: int, fit: str) -> None:
    Image.new("RGB", (width, height), BLUE).save(tmp_path / "a.png")
    found = read_picture(tmp_path / "a.png", 16, 3, fit, "white")
    assert found.shape == (16, 16, 3)
    assert tuple(found[8, 8]) == BLUE or fit == "pad"
