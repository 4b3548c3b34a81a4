"""Pictures whose right pixels other projects have written down: PngSuite, gdk-pixbuf's GIF suite, Go, JPEG XL."""

import configparser
import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from core.images.decoding.decode import UnreadablePictureError, decode_whole
from tests.core.images.decoding.odd_files import FLOWERS, GIFS, PNGS, TIFFS, VIDEO

BACKGROUNDS = {"white": 255.0, "black": 0.0}
# A still of several images without delays: we show the first. A frame beyond the screen: Pillow enlarges the screen.
OWN_WAY = {"high-color", "images-combine", "images-overlap", "image-outside-bg", "image-overlap-bg"}
OWN_WAY |= {"dispose-restore-previous"}  # its first frame, which lasts no time, is not counted there
EMPTY = {"image-zero-height", "image-zero-size", "image-zero-width", "no-data"}  # a frame of no pixels: listed

Levels = NDArray[np.floating]


def composite(colours: Levels, alpha: Levels, background: str) -> Levels:
    """Colours (h, w, 3) of 0 to 255 over a background, by the book."""
    cover = alpha[..., np.newaxis]
    return colours * cover + BACKGROUNDS[background] * (1.0 - cover)


def sng(text: str) -> tuple[Levels, Levels]:
    """Colours and alpha that a PNG is said to have, in the notation of the program sng."""
    width, height, depth = map(int, re.findall(r"(?:width|height|bitdepth):\s*(\d+)", text)[:3])
    using = re.search(r"using (.*);", text)[1].split()
    rows = re.search(r"pixels hex\n(.*?)\n}", text, re.DOTALL)[1].splitlines()
    levels = np.stack([samples(bytes.fromhex(row), depth) for row in rows]).reshape(height, -1)
    key = re.search(r"tRNS {(.*?)}", text, re.DOTALL)
    clear = [int(number) for number in re.findall(r"\d+", key[1])] if key else []
    if "palette" in using:
        table = np.array(re.findall(r"\(\s*(\d+),\s*(\d+),\s*(\d+)\)", text), float)
        alpha = np.array(clear + [255] * (len(table) - len(clear)))
        return table[levels[:, :width]], alpha[levels[:, :width]] / 255
    levels = levels.reshape(height, width, -1)
    colours = levels[..., : 3 if "color" in using else 1]
    most = 2**depth - 1
    is_clear = (colours == clear).all(-1) if clear else np.zeros((height, width), bool)
    alpha = levels[..., -1] / most if "alpha" in using else 1.0 - is_clear
    return np.broadcast_to(colours * (255 / most), (height, width, 3)), alpha


def samples(row: bytes, depth: int) -> NDArray[np.integer]:
    """The numbers of a row of so many bits each."""
    if depth >= 8:
        return np.frombuffer(row, ">u2" if depth == 16 else np.uint8).astype(int)
    bits = np.unpackbits(np.frombuffer(row, np.uint8)).reshape(-1, depth)
    return bits @ (1 << np.arange(depth)[::-1])


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.skipif(not PNGS.is_dir(), reason="golang-1.19-src is not there: run tests/odd_files.sh")
def test_pngs_of_every_depth_and_transparency_have_their_colours(background: str) -> None:
    written = sorted(PNGS.glob("*.sng"))
    assert len(written) == 35
    for path in written:
        found = decode_whole(path.with_suffix(".png"), 1000, background)
        expected = composite(*sng(path.read_text()), background)
        assert np.abs(found - expected).max() <= 1.01, path.name


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.skipif(not GIFS.is_dir(), reason="gdk-pixbuf-tests is not there: run tests/odd_files.sh")
def test_gifs_show_their_first_frame_and_nothing_else(background: str) -> None:
    compared = 0
    for path in sorted(GIFS.glob("*.conf")):
        told = configparser.ConfigParser()
        told.read(path)
        frames = told["config"].get("frames", "")
        if not frames or path.stem in OWN_WAY | EMPTY:
            continue
        shape = told["config"].getint("height"), told["config"].getint("width"), 4
        stored = np.fromfile(GIFS / told[frames.split(",")[0]]["pixels"], np.uint8).reshape(shape).astype(float)
        found = decode_whole(GIFS / told["config"]["input"], 100_000, background)
        assert np.abs(found - composite(stored[..., :3], stored[..., 3] / 255, background)).max() <= 1, path.name
        compared += 1
    assert compared > 50


@pytest.mark.parametrize("name", sorted(EMPTY))
@pytest.mark.skipif(not GIFS.is_dir(), reason="gdk-pixbuf-tests is not there: run tests/odd_files.sh")
def test_a_gif_without_pixels_is_listed(name: str) -> None:
    with pytest.raises(UnreadablePictureError, match="damaged"):
        decode_whole(GIFS / f"{name}.gif", 1000)


@pytest.mark.skipif(not FLOWERS.is_dir(), reason="libjxl-testdata is not there: run tests/odd_files.sh")
@pytest.mark.parametrize(("kind", "suffix"), [("g", "pgm"), ("rgb", "ppm")])
def test_a_picture_of_any_depth_is_the_same_picture(kind: str, suffix: str) -> None:
    best = decode_whole(FLOWERS / f"flower_small.{kind}.depth8.{suffix}", 1000).astype(float)
    for depth in range(2, 17):  # 1 is dithered
        found = decode_whole(FLOWERS / f"flower_small.{kind}.depth{depth}.{suffix}", 1000)
        assert np.abs(found - best).max() <= (0 if depth >= 10 else 2 * 255 / (2**depth - 1) + 0.5), depth


def difference(one: Path, other: Path) -> float:
    first, second = (decode_whole(path, 1000).astype(float) for path in (one, other))
    return float(np.abs(first - second).mean())


@pytest.mark.skipif(not TIFFS.is_dir(), reason="golang-golang-x-image-dev is not there: run tests/odd_files.sh")
@pytest.mark.parametrize("kind", ["", "-16bit", "-strip-64", "-tile-64x64", "-uncompressed"])
def test_tiffs_of_every_layout_are_the_same_picture(kind: str) -> None:
    assert difference(TIFFS / f"video-001{kind}.tiff", TIFFS / "video-001.png") <= 0.5


@pytest.mark.skipif(not VIDEO.is_dir(), reason="golang-1.19-src is not there: run tests/odd_files.sh")
@pytest.mark.parametrize("kind", ["", ".cmyk", ".rgb", ".progressive", ".221212", ".separate.dc.progression"])
def test_jpegs_of_every_colour_model_have_their_colours(kind: str) -> None:
    own = VIDEO / f"video-001{kind}.png"
    assert difference(VIDEO / f"video-001{kind}.jpeg", own if own.exists() else VIDEO / "video-001.png") <= 5.0
