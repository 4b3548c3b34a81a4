from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import ConfigError
from core.export.look import Look
from core.export.ownership import is_own
from core.export.pictures import read_picture_facts
from core.export.stills import SUFFIXES, Still, draw, encode, scales, write

RNG = np.random.default_rng(0)
TILES = RNG.integers(0, 256, (5, 8, 12, 3), np.uint8)


@pytest.mark.parametrize("format", SUFFIXES)
@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_comes_back_and_says_what_it_was_made_from(tmp_path: Path, format: str, channels: int) -> None:
    pixels = np.repeat(np.repeat(TILES[0, ..., :channels], 8, 0), 8, 1)
    path = tmp_path / f"picture{SUFFIXES[format]}"
    write(path, encode(pixels, format, {"z": [0.5, -1.25]}), format)
    with Image.open(path) as image:
        back = np.asarray(image.convert("RGB" if channels == 3 else "L")).reshape(pixels.shape)
    if format == "jpeg":
        assert np.abs(back.astype(int) - pixels).mean() < 6
    else:
        np.testing.assert_array_equal(back, pixels)
    assert read_picture_facts(path)["z"] == [0.5, -1.25]
    assert is_own(path)


def test_a_sheet_is_as_large_as_it_says_and_its_tiles_are_apart() -> None:
    still = Still(TILES, columns=3, gap=2)
    assert still.has_background
    sheet = draw(still, Look(scale=4, background="black"))
    assert sheet.shape == (*(4 * side for side in still.shape), 3)
    np.testing.assert_array_equal(sheet[:32:4, :48:4], TILES[0])
    assert not sheet[32:40].any()  # the gap
    assert not sheet[40:, 2 * 56 :].any()  # where the last row ends


def test_what_is_no_picture_can_be_transparent_but_not_in_a_jpeg() -> None:
    still = Still(TILES, columns=3, gap=2)
    clear = draw(still, Look(background="none"))
    assert clear.shape[2] == 4
    assert (clear[:8, :12, 3] == 255).all()
    assert not clear[8:10, :, 3].any()
    with Image.open(BytesIO(encode(clear, "webp", {}))) as image:
        np.testing.assert_array_equal(np.asarray(image.convert("RGBA"))[..., 3], clear[..., 3])
    assert (draw(still, Look("jpeg", background="none"))[8:10] == 255).all()


def test_a_single_picture_has_no_background_and_can_be_blended() -> None:
    still = Still(TILES[:1])
    assert not still.has_background
    assert draw(still, Look(background="none")).shape == (8, 12, 3)
    squares, blended = draw(still, Look(scale=8)), draw(still, Look(scale=8, is_smooth=True))
    assert len(np.unique(squares.reshape(-1, 3), axis=0)) <= 96 < len(np.unique(blended.reshape(-1, 3), axis=0))


def test_sizes_end_before_programs_do() -> None:
    assert scales((64, 64)) == [1, 2, 4, 8, 16, 32, 64, 128]
    assert scales((9_000, 10)) == [1]


def test_other_peoples_files_are_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (3, 3)).save(path)
    with pytest.raises(ConfigError, match="there already"):
        write(path, encode(TILES[0], "jpeg", {}), "jpeg")
    write(path, encode(TILES[0], "jpeg", {}), "jpeg", may_replace=True)
    assert is_own(path)
