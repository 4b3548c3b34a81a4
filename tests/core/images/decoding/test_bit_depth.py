"""What a person would lose if pictures of one set were scaled each its own way, or by numbers that mean nothing."""

import struct
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from core.config import ImagesConfig, RunConfig, resolve
from core.images.decoding.decode import decode, decode_whole
from core.images.decoding.target import Target
from core.images.image_set import ImageSet
from tests.core.conftest import built

SIDE = 16
RNG = np.random.default_rng(2)


def images_of(folder: Path, **choices: object) -> ImageSet:
    return built(str(folder), ImagesConfig(image_size=SIDE, held_out=0.0, **choices))


def put(folder: Path, name: str, values: np.ndarray, **how: object) -> None:
    folder.mkdir(exist_ok=True)
    if name.endswith(".tif"):
        tifffile.imwrite(folder / name, values, **{"metadata": None, **how})
    else:
        Image.fromarray(values).save(folder / name)


def levels(images: ImageSet, name: str) -> np.ndarray:
    return images.pixels[list(images.names).index(name)][..., 0].astype(int)


def scaled(values: np.ndarray, low: float, high: float) -> np.ndarray:
    return np.clip((values.astype(np.float64) - low) * (255 / (high - low)), 0, 255)


def six_alike(dtype: str = "uint16") -> list[np.ndarray]:
    """Six pictures alike, but that one of them has one bright pixel."""
    same = RNG.integers(100, 4000, (SIDE, SIDE)).astype(dtype)
    pictures = [same.copy() for _ in range(6)]
    pictures[3][5, 5] = 60_000
    return pictures


@pytest.mark.parametrize("suffix", ["tif", "png", "pgm"])
@pytest.mark.parametrize("setting", ["auto", "type", "0..5000"])
def test_a_bright_pixel_in_one_picture_leaves_all_on_one_scale(tmp_path: Path, suffix: str, setting: str) -> None:
    pictures = six_alike()
    for number, values in enumerate(pictures):
        put(tmp_path / "set", f"{number}.{suffix}", values)
    images = images_of(tmp_path / "set", range=setting)
    low, high = (0, 5000) if ".." in setting else (0, 65_535)
    for number, values in enumerate(pictures):
        assert np.abs(levels(images, f"{number}.{suffix}") - scaled(values, low, high)).max() <= 0.51
    assert images.intake.ranges == {"uint16": (low, high)}
    assert images.intake.treatments == {"scaled from 16 bits": 6}


@pytest.mark.parametrize(
    ("dtype", "stray", "span", "offered"),
    [
        ("uint16", 65_535, (0, 4095), "0..4095"),
        ("float32", 3e9, (0, 1), "0..1"),
        ("int16", -32_768, (100, 120), "100..120"),
        ("uint16", 4095, (0, 4095), ""),  # none is stray
        ("uint16", 65_535, (0, 60_000), ""),  # it changes little
    ],
)
def test_another_range_is_offered_where_stray_numbers_take_most_of_it(
    tmp_path: Path, dtype: str, stray: float, span: tuple[int, int], offered: str
) -> None:
    """Two numbers of 10,000 in one picture of six; all others are from end to end of the span."""
    for number in range(6):
        values = np.linspace(*span, 10_000).reshape(100, 100)
        values = (values if dtype == "float32" else values.round()).astype(dtype)
        if number == 2:
            values[40:42, 7] = stray
        put(tmp_path / "set", f"{number}.tif", values)
    images = images_of(tmp_path / "set")
    assert images.intake.range_offered == offered
    assert bool(images.intake.range_said) == bool(offered)
    again = images_of(tmp_path / "set")  # as the cache has it
    assert (again.intake, again.key) == (images.intake, images.key)
    if offered:
        low, high = span
        assert "shows them better" in images.intake.range_said
        assert images.intake.range_said.startswith(("99.9 % of each picture's numbers are from", "99.8"))
        used = images_of(tmp_path / "set", range=offered)
        assert used.intake.range_offered == ""
        assert used.pixels[0].max() - used.pixels[0].min() > 230
        found = np.array(images.intake.bulk[dtype])
        assert found[:2] == pytest.approx((low, high), abs=(high - low) / 500)


def test_what_is_offered_is_a_range_that_can_be_asked_for(tmp_path: Path) -> None:
    """One bright pixel in six pictures, and one in a picture of floats beside them: a range for each kind."""
    for number, values in enumerate(six_alike()):
        put(tmp_path / "set", f"{number}.tif", values)
    floats = np.linspace(0, 200, SIDE * SIDE, dtype=np.float32).reshape(SIDE, SIDE)
    floats[0, 0] = 1e6
    put(tmp_path / "set", "float.tif", floats)
    offered = images_of(tmp_path / "set").intake.range_offered
    assert offered == "float32:0..255 uint16:0..4095"
    assert images_of(tmp_path / "set", range=offered).intake.ranges == {"float32": (0, 255), "uint16": (0, 4095)}


def test_each_by_its_own_only_when_asked(tmp_path: Path) -> None:
    pictures = six_alike()
    for number, values in enumerate(pictures):
        put(tmp_path / "set", f"{number}.tif", values)
    images = images_of(tmp_path / "set", range="picture")
    for number, values in enumerate(pictures):
        expected = scaled(values, values.min(), values.max())
        assert np.abs(levels(images, f"{number}.tif") - expected).max() <= 0.51
    assert (images.intake.ranges, images.intake.by_picture) == ({}, ("uint16",))


# The range that is right for numbers between two ends, by hand: of a usual depth where they fill half of one.
ENDS = {
    ("uint16", 0, 65_535): (0, 65_535),
    ("uint16", 3, 4_000): (0, 4_095),  # 12 bits in 16
    ("uint16", 3, 16_000): (0, 16_383),  # 14 bits in 16
    ("uint16", 0, 255): (0, 255),
    ("uint16", 29_000, 31_000): (29_000, 31_000),  # a thermal camera
    ("uint16", 0, 3): (0, 3),  # labels
    ("int16", -1024, 3071): (-1024, 3071),  # a tomograph
    ("int16", 0, 4_095): (0, 4_095),
    ("uint32", 0, 2**32 - 1): (0, 2**32 - 1),
    ("int32", -(10**6), 10**6): (-(10**6), 10**6),
    ("float32", 0.0, 1.0): (0, 1),
    ("float32", -3.0, 5.0): (-3, 5),
    ("float32", 0.0, 0.01): (0, float(np.float32(0.01))),
    ("float32", 0.0, 250.0): (0, 255),
    ("float64", 1e9, 1e9 + 7): (1e9, 1e9 + 7),
}


@pytest.mark.parametrize(("dtype", "low", "high"), ENDS)
def test_one_range_is_found_for_all(tmp_path: Path, dtype: str, low: float, high: float) -> None:
    whole = np.linspace(low, high, 4 * SIDE * SIDE).reshape(4, SIDE, SIDE).astype(dtype)
    for number, values in enumerate(whole):  # none of the four spans what all of them do
        put(tmp_path / "set", f"{number}.tif", values)
    images = images_of(tmp_path / "set")
    assert images.intake.ranges == {dtype: ENDS[dtype, low, high]}
    for number, values in enumerate(whole):
        expected = scaled(values, *ENDS[dtype, low, high])
        assert np.abs(levels(images, f"{number}.tif") - expected).max() <= 0.51


def test_kinds_of_number_have_ranges_of_their_own(tmp_path: Path) -> None:
    short = np.linspace(0, 65_535, SIDE * SIDE).reshape(SIDE, SIDE).astype(np.uint16)
    floats = np.linspace(-1, 1, SIDE * SIDE).reshape(SIDE, SIDE).astype(np.float32)
    plain = np.linspace(0, 255, SIDE * SIDE).reshape(SIDE, SIDE).astype(np.uint8)
    for name, values in (("short.tif", short), ("float.tif", floats), ("plain.png", plain)):
        put(tmp_path / "set", name, values)
    images = images_of(tmp_path / "set")
    assert images.images.range == "float32:-1..1 uint16:0..65535"
    assert (levels(images, "plain.png") == plain).all()
    again = images_of(tmp_path / "set", range=images.images.range)
    assert again.key == images.key
    assert (again.pixels == images.pixels).all()


def test_places_without_a_number_are_left_out_and_show_the_background(tmp_path: Path) -> None:
    ramp = np.linspace(10, 20, SIDE * SIDE).reshape(SIDE, SIDE)
    border = np.zeros((SIDE, SIDE), bool)
    border[:3] = border[:, -2:] = True
    floats = [np.where(border, bad, ramp).astype(np.float32) for bad in (np.nan, 3.4028235e38, -3.4028235e38)]
    for number, values in enumerate(floats):
        put(tmp_path / "floats", f"{number}.tif", values)
    tag = {"extratags": [(42113, 2, 6, "-9999 ", True)]}
    put(tmp_path / "floats", "3.tif", np.where(border, -9999, ramp).astype(np.float32), **tag)
    put(tmp_path / "shorts", "0.tif", np.where(border, -9999, ramp * 100).astype(np.int16), **tag)
    inside = ramp[~border]
    for background, shown in (("black", 0), ("white", 255)):
        images = images_of(tmp_path / "floats", background=background)
        assert images.intake.ranges == {"float32": (float(np.float32(inside.min())), float(np.float32(inside.max())))}
        assert images.intake.treatments["places without data on the background"] == 4
        for name in images.names:
            assert np.abs(levels(images, name) - scaled(ramp, inside.min(), inside.max()))[~border].max() <= 1
            assert (levels(images, name)[border] == shown).all()
        shorts = images_of(tmp_path / "shorts", background=background)
        whole = (inside * 100).astype(np.int16)
        assert shorts.intake.ranges == {"int16": (whole.min(), whole.max())}
        assert (levels(shorts, "0.tif")[border] == shown).all()


def test_infinities_are_black_and_white_and_of_no_weight(tmp_path: Path) -> None:
    values = np.linspace(2, 4, SIDE * SIDE).reshape(SIDE, SIDE).astype(np.float32)
    values[0, 0], values[0, 1] = np.inf, -np.inf
    put(tmp_path / "set", "a.tif", values)
    images = images_of(tmp_path / "set")
    assert images.intake.ranges == {"float32": (float(values[0, 2]), 4.0)}
    assert levels(images, "a.tif")[0, :2].tolist() == [255, 0]


def test_a_picture_of_no_number_at_all_is_listed(tmp_path: Path) -> None:
    put(tmp_path / "set", "a.tif", np.full((SIDE, SIDE), np.nan, np.float32))
    images = images_of(tmp_path / "set")
    assert [(each.path, each.detail) for each in images.skipped] == [("a.tif", "it holds no finite value")]


def png_of(values: np.ndarray) -> bytes:
    """A PNG of 16 bits by its specification, every row with another filter than none."""
    import zlib

    height, width, bands = values.shape
    rows = values.astype(">u2").view(np.uint8).reshape(height, -1)
    up = np.concatenate([np.full((height, 1), 2, np.uint8), np.diff(rows, axis=0, prepend=np.uint8(0))], axis=1)
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[bands]
    content = b"\x89PNG\r\n\x1a\n"
    header = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    for name, piece in ((b"IHDR", header), (b"IDAT", zlib.compress(up.tobytes())), (b"IEND", b"")):
        content += struct.pack(">I", len(piece)) + name + piece + struct.pack(">I", zlib.crc32(name + piece))
    return content


@pytest.mark.parametrize("bands", [1, 2, 3, 4])
def test_a_png_of_16_bits_keeps_all_of_them(tmp_path: Path, bands: int) -> None:
    values = RNG.integers(0, 1024, (SIDE, SIDE, bands), np.uint16)
    if bands in (2, 4):
        values[..., -1] = RNG.integers(0, 65_536, (SIDE, SIDE))
    (tmp_path / "a.png").write_bytes(png_of(values))
    target = Target(SIDE, 3, background="black", range="0..1023")
    colours, alpha = (values[..., :-1], values[..., -1:] / 65_535) if bands in (2, 4) else (values, 1.0)
    found = decode(tmp_path / "a.png", target)
    assert np.abs(found.pixels.astype(int) - scaled(colours, 0, 1023) * alpha).max() <= 2
    assert found.origin.treatments[0] == "scaled from 16 bits"


@pytest.mark.parametrize(("white", "said"), [(1023, "10 bits"), (4095, "12 bits")])
@pytest.mark.parametrize("bands", [1, 3])
def test_a_portable_map_has_the_white_it_says(tmp_path: Path, white: int, said: str, bands: int) -> None:
    values = RNG.integers(0, white // 3, (SIDE, SIDE, bands), np.uint16)
    kind = b"P5" if bands == 1 else b"P6"
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.pnm").write_bytes(kind + b" 16 16 %d\n" % white + values.astype(">u2").tobytes())
    images = images_of(tmp_path / "set")
    assert np.abs(images.pixels[0] - scaled(values, 0, white)).max() <= 0.51
    assert images.intake.treatments == {f"scaled from {said}": 1}
    assert np.abs(images_of(tmp_path / "set", range="0..200").pixels[0] - scaled(values, 0, 200)).max() <= 0.51


def test_a_folder_without_a_deep_picture_is_decoded_once(tmp_path: Path, decoded: list[str]) -> None:
    for number in range(200):
        put(tmp_path / "set", f"{number}.png", np.full((SIDE, SIDE), number, np.uint8))
    images_of(tmp_path / "set")
    assert sorted(decoded) == sorted(f"{number}.png" for number in range(200))


def test_a_sample_tells_the_range_so_that_most_are_decoded_once(tmp_path: Path, decoded: list[str]) -> None:
    for number in range(200):
        values = np.full((SIDE, SIDE), 12 * number, np.uint16)
        values[0, 0] = 4000 if number % 40 == 0 else 1000
        put(tmp_path / "set", f"{number}.tif", values)
    images = images_of(tmp_path / "set")
    assert len(decoded) < 300
    assert images.intake.ranges == {"uint16": (0, 4095)}
    assert levels(images, "199.tif")[5, 5] == round(12 * 199 * 255 / 4095)


def test_a_new_picture_that_widens_the_range_moves_the_others(tmp_path: Path, decoded: list[str]) -> None:
    first = np.linspace(1000, 1100, SIDE * SIDE).reshape(SIDE, SIDE).astype(np.uint16)
    put(tmp_path / "set", "a.tif", first)
    assert images_of(tmp_path / "set").intake.ranges == {"uint16": (1000, 1100)}
    decoded.clear()
    put(tmp_path / "set", "inside.tif", first[::-1] // 2 * 2)
    images_of(tmp_path / "set")
    assert decoded == ["inside.tif"]
    put(tmp_path / "set", "wide.tif", first * 2)
    images = images_of(tmp_path / "set")
    assert np.abs(levels(images, "a.tif") - scaled(first, 1000, 2200)).max() <= 0.51
    (tmp_path / "set" / "wide.tif").unlink()
    images = images_of(tmp_path / "set")
    assert np.abs(levels(images, "a.tif") - scaled(first, 1000, 1100)).max() <= 0.51


def test_a_run_scales_pictures_from_outside_as_its_own(tmp_path: Path) -> None:
    for number, values in enumerate(six_alike()):
        put(tmp_path / "set", f"{number}.tif", values)
    images = images_of(tmp_path / "set")
    config = resolve(RunConfig(source=images.source), images.shape, 6, images.images.range)
    assert config.images.range == "0..65535"
    put(tmp_path / "else", "a.tif", np.full((SIDE, SIDE), 3000, np.uint16))
    found = decode(tmp_path / "else" / "a.tif", Target.of(config.images, SIDE, 1))
    assert (found.pixels == round(3000 * 255 / 65_535)).all()
    assert (decode_whole(images.path(0), SIDE, target=images.target(0)) == images.pixels[0]).all()


@pytest.mark.parametrize("setting", ["", "12", "5..5", "9..3", "nan..1", "0..inf", "wide", "uint16:", "0..1 x"])
def test_a_range_that_is_none_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match=r"LOW\.\.HIGH"):
        ImagesConfig(range=setting)


@pytest.mark.parametrize("setting", ["-3..5", "0..4095", "-1e3..1.5e4", "float32:-1..1 uint16:0..9"])
def test_a_range_may_be_any_two_numbers(setting: str) -> None:
    assert ImagesConfig(range=setting).range == setting
