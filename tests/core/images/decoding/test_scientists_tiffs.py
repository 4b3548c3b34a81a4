"""What scientists would lose if their TIFFs were decoded to something else than they hold: planes, floats, signs."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from core.images.decoding.decode import UnreadablePictureError, decode, decode_whole
from core.images.decoding.target import Target

SIDE = 64
RNG = np.random.default_rng(1)
TYPE = Target(SIDE, 3, range="type")


def whole(path: Path, target: Target = TYPE) -> np.ndarray:
    """As it is shown, every pixel its own: (h, w, 3)."""
    return decode_whole(path, SIDE, target=target).astype(int)


def save(path: Path, values: np.ndarray, **how: object) -> Path:
    tifffile.imwrite(path, values, **{"metadata": None, **how})
    return path


def noise(dtype: str, *shape: int) -> np.ndarray:
    """Numbers from end to end of a kind."""
    if dtype.startswith("float"):
        return RNG.random(shape).astype(dtype)
    ends = np.iinfo(dtype)
    return RNG.integers(ends.min, ends.max, shape, dtype, endpoint=True)


def of_type(values: np.ndarray) -> np.ndarray:
    """Numbers of a kind as levels, by its lowest and highest."""
    if values.dtype.kind == "f":
        return values.astype(np.float64) * 255
    ends = np.iinfo(values.dtype)
    return (values.astype(np.float64) - ends.min) * (255 / (float(ends.max) - float(ends.min)))


GREYS = ["uint16", "int16", "uint32", "int32", "int8", "float16", "float32", "float64"]
WAYS: dict[str, dict[str, object]] = {
    "little-endian": {},
    "big-endian": {"byteorder": ">"},
    "BigTIFF": {"bigtiff": True},
    "tiles": {"tile": (16, 32)},
    "strips": {"rowsperstrip": 7},
    "deflate": {"compression": "zlib"},
    "deflate of differences": {"compression": "zlib", "predictor": 2, "rowsperstrip": 5},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("dtype", GREYS)
def test_a_grey_picture_has_its_numbers(tmp_path: Path, dtype: str, way: str) -> None:
    if dtype.startswith("float") and "predictor" in WAYS[way]:
        pytest.skip("differences of floats are another predictor")
    values = noise(dtype, SIDE, 50)
    path = save(tmp_path / "a.tif", values, photometric="minisblack", **WAYS[way])
    assert np.abs(whole(path)[..., 0] - of_type(values)).max() <= 0.51


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("planes", ["contig", "separate"])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_colours_have_their_numbers_however_they_lie(tmp_path: Path, dtype: str, planes: str, order: str) -> None:
    values = noise(dtype, SIDE, 40, 3)
    stored = values if planes == "contig" else np.ascontiguousarray(np.moveaxis(values, 2, 0))
    path = save(tmp_path / "a.tif", stored, photometric="rgb", planarconfig=planes, byteorder=order)
    assert np.abs(whole(path) - of_type(values)).max() <= 0.51


@pytest.mark.parametrize(
    ("compression", "dtype"),
    [
        (each, dtype)
        for each in ("tiff_lzw", "packbits", "tiff_adobe_deflate", "zstd", "lzma")
        for dtype in ("uint16", "int32", "float32")
    ],
)
def test_packed_numbers_are_unpacked_by_libtiff_too(tmp_path: Path, compression: str, dtype: str) -> None:
    values = noise(dtype, SIDE, SIDE) if dtype != "uint16" else np.arange(SIDE * SIDE, dtype="uint16").reshape(SIDE, -1)
    try:
        Image.fromarray(values).save(tmp_path / "a.tif", compression=compression)
    except OSError:
        pytest.skip(f"this libtiff knows no {compression}")
    assert np.abs(whole(tmp_path / "a.tif")[..., 0] - of_type(values)).max() <= 0.51


def differences(values: np.ndarray) -> bytes:
    """TIFF 6, section 14: each number less the one before it in its row and band."""
    return np.diff(values, axis=1, prepend=values.dtype.type(0)).astype(values.dtype).tobytes()


def lzw_strip(content: bytes) -> bytes:
    """The strip that libtiff packs these bytes to."""
    out = io.BytesIO()
    rows = Image.frombytes("L", (len(content), 1), content)
    rows.save(out, "TIFF", compression="tiff_lzw", tiffinfo={278: 1})
    out.seek(0)
    with tifffile.TiffFile(out) as found:
        page = found.pages[0]
        assert len(page.dataoffsets) == 1
        return out.getvalue()[page.dataoffsets[0] : page.dataoffsets[0] + page.databytecounts[0]]


def tiff_by_hand(tags: dict[int, tuple[int, ...]], strip: bytes) -> bytes:
    """A TIFF of one strip, little-endian, all of its tags of 32 bits."""
    tags = {**tags, 273: (8,), 279: (len(strip),)}
    start = 8 + len(strip) + len(strip) % 2
    aside, entries = start + 2 + 12 * len(tags) + 4, b""
    further = b""
    for tag, values in sorted(tags.items()):
        if len(values) == 1:
            entries += struct.pack("<HHII", tag, 4, 1, *values)
        else:
            entries += struct.pack("<HHII", tag, 4, len(values), aside + len(further))
            further += struct.pack(f"<{len(values)}I", *values)
    head = b"II*\0" + struct.pack("<I", start)
    return head + strip + bytes(len(strip) % 2) + struct.pack("<H", len(tags)) + entries + bytes(4) + further


def tags_of(width: int, height: int, bits: int, bands: int, **others: int) -> dict[int, tuple[int, ...]]:
    return {
        256: (width,), 257: (height,), 258: (bits,) * bands, 259: (others.get("compression", 1),),
        262: (others.get("photometric", 2 if bands == 3 else 1),), 277: (bands,), 278: (height,),
        317: (others.get("predictor", 1),), 339: (others.get("kind", 1),) * bands,
    }  # fmt: skip


def test_colours_of_16_bits_packed_as_differences(tmp_path: Path) -> None:
    values = noise("uint16", 20, 24, 3)
    tags = tags_of(24, 20, 16, 3, compression=5, predictor=2)
    (tmp_path / "a.tif").write_bytes(tiff_by_hand(tags, lzw_strip(differences(values))))
    assert np.abs(whole(tmp_path / "a.tif") - of_type(values)).max() <= 0.51


def float_differences(values: np.ndarray) -> bytes:
    """Adobe's TIFF technical note 3: the bytes of each row by their weight, each less the one a band before."""
    height, width, bands = values.shape
    size = values.itemsize
    parts = values.astype(values.dtype.newbyteorder(">")).view(np.uint8).reshape(height, width * bands, size)
    rows = parts.transpose(0, 2, 1).reshape(height, -1)
    before = np.concatenate([np.zeros((height, bands), np.uint8), rows[:, :-bands]], axis=1)
    return (rows - before).tobytes()


@pytest.mark.parametrize("compression", [5, 8])
@pytest.mark.parametrize("bands", [1, 3])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_floats_packed_as_differences(tmp_path: Path, dtype: str, bands: int, compression: int) -> None:
    values = noise(dtype, 20, 24, bands)
    strip = float_differences(values)
    packed = lzw_strip(strip) if compression == 5 else zlib.compress(strip)
    tags = tags_of(24, 20, 8 * values.itemsize, bands, compression=compression, predictor=3, kind=3)
    (tmp_path / "a.tif").write_bytes(tiff_by_hand(tags, packed))
    assert np.abs(whole(tmp_path / "a.tif") - of_type(values)).max() <= 0.51


def test_numbers_of_12_bits_side_by_side(tmp_path: Path) -> None:
    values = RNG.integers(0, 4096, (20, 23), np.uint16)
    bits = np.unpackbits(values.astype(">u2").view(np.uint8).reshape(20, 23, 2), axis=2)[..., 4:].reshape(20, -1)
    (tmp_path / "a.tif").write_bytes(tiff_by_hand(tags_of(23, 20, 12, 1), np.packbits(bits, axis=1).tobytes()))
    assert np.abs(whole(tmp_path / "a.tif")[..., 0] - values * (255 / 4095)).max() <= 0.51
    assert "scaled from 12 bits" in decode(tmp_path / "a.tif", TYPE).origin.treatments


def test_one_bit_is_black_or_white(tmp_path: Path) -> None:
    values = RNG.integers(0, 2, (SIDE, SIDE)).astype(bool)
    save(tmp_path / "a.tif", values, photometric="minisblack")
    save(tmp_path / "b.tif", values, photometric="miniswhite")
    assert (whole(tmp_path / "a.tif")[..., 0] == values * 255).all()
    assert (whole(tmp_path / "b.tif")[..., 0] == 255 - values * 255).all()


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_where_white_is_zero_it_is(tmp_path: Path, dtype: str) -> None:
    values = noise(dtype, SIDE, SIDE)
    path = save(tmp_path / "a.tif", values, photometric="miniswhite")
    assert np.abs(whole(path)[..., 0] - (255 - of_type(values))).max() <= 0.51


def test_a_palette_of_16_bits_has_its_colours(tmp_path: Path) -> None:
    shades, table = noise("uint8", SIDE, SIDE), noise("uint16", 3, 256)
    path = save(tmp_path / "a.tif", shades, photometric="palette", colormap=table)
    assert np.abs(whole(path) - (table >> 8).T[shades]).max() <= 1
    wide, table = noise("uint16", SIDE, SIDE), noise("uint16", 3, 65536)
    path = save(tmp_path / "b.tif", wide, photometric="palette", colormap=table)
    assert np.abs(whole(path) - of_type(table.T[wide])).max() <= 0.51


def test_inks_of_16_bits_are_those_of_8(tmp_path: Path) -> None:
    inks = noise("uint8", SIDE, SIDE, 4)
    Image.frombytes("CMYK", (SIDE, SIDE), inks.tobytes()).save(tmp_path / "8.tif")
    deep = save(tmp_path / "16.tif", inks.astype(np.uint16) * 257, photometric="separated", extrasamples=())
    assert (whole(deep) == whole(tmp_path / "8.tif")).all()


@pytest.mark.parametrize("bands", [2, 3, 4, 5])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_bands_that_are_no_colours_become_some_and_it_is_said(tmp_path: Path, dtype: str, bands: int) -> None:
    values = noise(dtype, bands, SIDE, SIDE)
    path = save(tmp_path / "a.tif", values, photometric="minisblack", planarconfig="separate")
    found = whole(path)
    for channel in range(3):
        expected = of_type(values[channel]) if channel < bands else np.zeros((SIDE, SIDE))
        assert np.abs(found[..., channel] - expected).max() <= 0.51
    note = {2: "two bands as red and green", 3: None}.get(bands, "some bands left out")
    assert (note in decode(path, TYPE).origin.treatments) == (note is not None)


def test_near_infrared_is_no_transparency_and_its_loss_is_said(tmp_path: Path) -> None:
    values = noise("uint8", SIDE, SIDE, 4)
    path = save(tmp_path / "a.tif", values, photometric="rgb", extrasamples=["unspecified"])
    assert (whole(path) == values[..., :3]).all()
    assert decode(path, TYPE).origin.treatments == ("some bands left out",)


def test_transparency_of_16_bits_shows_the_background(tmp_path: Path) -> None:
    values = noise("uint16", SIDE, SIDE, 4)
    path = save(tmp_path / "a.tif", values, photometric="rgb", extrasamples=["unassalpha"])
    alpha = values[..., 3:] / 65535
    expected = of_type(values[..., :3]) * alpha + 255 * (1 - alpha)
    assert np.abs(whole(path) - expected).max() <= 2


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_deep_picture_stands_upright(tmp_path: Path, orientation: int) -> None:
    values = noise("uint16", SIDE, 30)
    turned = {3: values[::-1, ::-1], 6: np.rot90(values, 1), 8: np.rot90(values, -1)}[orientation]
    how = {"extratags": [(274, 3, 1, orientation, True)], "photometric": "minisblack"}
    path = save(tmp_path / "a.tif", np.ascontiguousarray(turned), **how)
    assert np.abs(whole(path)[..., 0] - of_type(values)).max() <= 0.51
    origin = decode(path, TYPE).origin
    assert (origin.width, origin.height) == (30, SIDE)
    assert "turned upright" in origin.treatments


UNREADABLE = {
    "complex numbers": lambda path: save(path, np.ones((SIDE, SIDE), np.complex64)),
    "24 bits": lambda path: path.write_bytes(tiff_by_hand(tags_of(8, 8, 24, 1), bytes(192))),
    "bands of different kinds": lambda path: path.write_bytes(
        tiff_by_hand({**tags_of(8, 8, 16, 3), 258: (16, 8, 16)}, bytes(400))
    ),
    "Lab of 16 bits": lambda path: path.write_bytes(tiff_by_hand(tags_of(8, 8, 16, 3, photometric=8), bytes(384))),
    "an unknown compression": lambda path: path.write_bytes(
        tiff_by_hand(tags_of(8, 8, 16, 1, compression=34712), bytes(128))
    ),
    "a sensor": lambda path: path.write_bytes(tiff_by_hand(tags_of(8, 8, 16, 1, photometric=32803), bytes(128))),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_said_to_be_so(tmp_path: Path, what: str) -> None:
    UNREADABLE[what](tmp_path / "a.tif")
    with pytest.raises(UnreadablePictureError) as caught:
        decode(tmp_path / "a.tif", TYPE)
    assert caught.value.reason == "kind of picture not supported"
    assert caught.value.detail


@pytest.mark.parametrize("how", [{}, {"compression": "zlib"}, {"tile": (16, 16)}])
def test_a_deep_picture_cut_off_is_no_picture_of_something_else(tmp_path: Path, how: dict[str, object]) -> None:
    path = save(tmp_path / "a.tif", noise("uint16", SIDE, SIDE), photometric="minisblack", **how)
    content = path.read_bytes()
    with tifffile.TiffFile(path) as found:
        last = max(found.pages[0].dataoffsets)
    path.write_bytes(content[: last + 9])
    with pytest.raises(UnreadablePictureError):
        decode(path, TYPE)


def test_a_strip_that_would_unpack_to_a_gigabyte_is_not_unpacked(tmp_path: Path) -> None:
    packing = zlib.compressobj(9)
    strip = b"".join(packing.compress(bytes(1_000_000)) for _ in range(400)) + packing.flush()
    (tmp_path / "a.tif").write_bytes(tiff_by_hand(tags_of(SIDE, SIDE, 16, 1, compression=8), strip))
    assert whole(tmp_path / "a.tif").max() == 0
    (tmp_path / "b.tif").write_bytes(tiff_by_hand(tags_of(60_000, 60_000, 16, 1, compression=8), strip))
    with pytest.raises(UnreadablePictureError, match="too many pixels"):
        decode(tmp_path / "b.tif", TYPE)
