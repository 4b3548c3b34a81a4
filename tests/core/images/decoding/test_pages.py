"""A file of several pages or frames gives what was asked for: one of them, all at once, or each for itself."""

import struct
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from core.config import ImagesConfig
from core.images.decoding.decode import UnreadablePictureError, decode, decode_whole
from core.images.decoding.target import Target
from core.images.image_set import ImageSet
from tests.core.conftest import built

SIDE = 16
RNG = np.random.default_rng(3)
STACK = RNG.integers(0, 256, (5, SIDE, SIDE, 3), np.uint8)
STACK[0] = 0  # as microscopes often begin
ONE = {"first": 0, "middle": 2, "largest": 0}


def images_of(folder: Path, pages: str = "all", **choices: object) -> ImageSet:
    return built(str(folder), ImagesConfig(image_size=SIDE, pages=pages, **choices))


def save(path: Path, frames: np.ndarray) -> Path:
    """The frames, exact, as the file's name says."""
    path.parent.mkdir(exist_ok=True)
    first, *others = [Image.fromarray(frame) for frame in frames]
    how = {"lossless": True} if path.suffix == ".webp" else {}
    first.save(path, save_all=True, append_images=others, duration=100, **how)
    return path


@pytest.mark.parametrize("suffix", ["tif", "png", "webp"])
@pytest.mark.parametrize("pages", ["first", "middle", "largest", "brightest"])
def test_one_picture_of_several(tmp_path: Path, suffix: str, pages: str) -> None:
    path = save(tmp_path / f"a.{suffix}", STACK)
    found = decode(path, Target(SIDE, 3, pages=pages))
    expected = STACK.max(axis=0) if pages == "brightest" else STACK[ONE[pages]]
    assert (found.pixels == expected).all()
    assert found.origin.frames == 5
    said = {"brightest": "brightest of all frames"}.get(pages, f"{pages} frame")
    assert found.origin.treatments == (said,)


def test_a_gif_gives_the_frames_that_are_asked_for(tmp_path: Path) -> None:
    greys = np.stack([np.full((SIDE, SIDE), level, np.uint8) for level in (0, 40, 200, 80, 120)])
    greys[3, :4] = 250
    path = save(tmp_path / "a.gif", greys)
    for pages, expected in (("first", greys[0]), ("middle", greys[2]), ("brightest", greys.max(axis=0))):
        assert (decode(path, Target(SIDE, 1, pages=pages)).pixels[..., 0] == expected).all()


@pytest.mark.parametrize("dtype", ["uint16", "float32", "int16"])
@pytest.mark.parametrize("how", [{}, {"imagej": True}, {"ome": True}])
def test_stacks_of_deep_pages(tmp_path: Path, dtype: str, how: dict[str, bool]) -> None:
    stack = RNG.integers(0, 30_000, (6, SIDE, SIDE)).astype(dtype)
    tifffile.imwrite(tmp_path / "a.tif", stack, photometric="minisblack", metadata={"axes": "ZYX"}, **how)
    for pages, expected in (("first", stack[0]), ("middle", stack[3]), ("brightest", stack.max(axis=0))):
        found = decode(tmp_path / "a.tif", Target(SIDE, 1, pages=pages, range="0..30000"))
        assert np.abs(found.pixels[..., 0] - expected * (255 / 30_000)).max() <= 0.51
        assert found.origin.frames == 6


def test_an_imagej_hyperstack_of_one_entry_has_all_its_planes(tmp_path: Path) -> None:
    stack = RNG.integers(0, 65_536, (2, 3, 2, SIDE, SIDE), np.uint16)
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, stack, imagej=True, metadata={"axes": "TZCYX"})
    content = bytearray(path.read_bytes())
    order = "<" if content[:2] == b"II" else ">"
    first = struct.unpack_from(order + "I", content, 4)[0]
    count = struct.unpack_from(order + "H", content, first)[0]
    struct.pack_into(order + "I", content, first + 2 + 12 * count, 0)  # as ImageJ writes those above 4 GB
    path.write_bytes(content)
    planes = stack.reshape(12, SIDE, SIDE)
    for page in (0, 7, 11):
        found = decode(path, Target(SIDE, 1, range="type", page=page))
        assert np.abs(found.pixels[..., 0] - planes[page] * (255 / 65_535)).max() <= 0.51
    with pytest.raises(UnreadablePictureError, match="no page 13"):
        decode(path, Target(SIDE, 1, page=12))


def with_preview(path: Path, is_marked: bool) -> np.ndarray:
    """A small page before a large one, as cameras and scanners write them; returns the large one."""
    large = RNG.integers(0, 256, (32, 32), np.uint8)
    with tifffile.TiffWriter(path) as file:
        file.write(np.zeros((8, 8), np.uint8), subfiletype=1 if is_marked else 0, metadata=None)
        file.write(large, metadata=None)
    return large


@pytest.mark.parametrize(("is_marked", "pages"), [(True, "first"), (True, "largest"), (False, "largest")])
def test_a_preview_is_not_taken_for_the_picture(tmp_path: Path, is_marked: bool, pages: str) -> None:
    large = with_preview(tmp_path / "a.tif", is_marked)
    assert (decode_whole(tmp_path / "a.tif", 32, target=Target(32, 1, pages=pages))[..., 0] == large).all()


def test_a_picture_below_its_preview_is_found(tmp_path: Path) -> None:
    large = RNG.integers(0, 65_536, (32, 32), np.uint16)
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        file.write(np.zeros((8, 8), np.uint8), subfiletype=1, subifds=1, metadata=None)
        file.write(large, metadata=None)
    found = decode_whole(tmp_path / "a.tif", 32, target=Target(32, 1, range="type"))[..., 0]
    assert np.abs(found - large * (255 / 65_535)).max() <= 0.51


def test_pyramids_are_one_picture(tmp_path: Path) -> None:
    large = RNG.integers(0, 256, (64, 64), np.uint8)
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        file.write(large, subifds=2, metadata=None)
        for step in (2, 4):
            file.write(large[::step, ::step], subfiletype=1, metadata=None)
    assert decode(tmp_path / "a.tif", Target(SIDE, 1)).origin.frames == 1


def test_every_page_is_an_image_of_its_own(tmp_path: Path) -> None:
    for name in ("a.tif", "b.png", "c.webp"):
        save(tmp_path / "set" / name, STACK)
    Image.fromarray(STACK[4]).save(tmp_path / "set" / "single.png")
    images = images_of(tmp_path / "set")
    assert list(images.names) == [
        *(f"{name}#page={page}" for name in ("a.tif", "b.png", "c.webp") for page in range(1, 6)),
        "single.png",
    ]
    assert (images.pixels[:15] == np.concatenate([STACK] * 3)).all()
    assert images.path(7) == tmp_path / "set" / "b.png"
    assert (decode_whole(images.path(7), SIDE, target=images.target(7)) == STACK[2]).all()
    assert images.intake.frames == 0
    assert not images.skipped
    assert images_of(tmp_path / "set").key == images.key


def test_pages_of_a_file_are_held_out_together(tmp_path: Path) -> None:
    for number in range(10):
        save(tmp_path / "set" / f"{number}.tif", np.roll(STACK, number, axis=1))
    images = images_of(tmp_path / "set", held_out=0.3)
    sides = images.held_out.reshape(10, 5)
    assert (sides == sides[:, :1]).all()
    assert sides[:, 0].sum() == 3


def test_a_single_stack_can_be_split_all_the_same(tmp_path: Path) -> None:
    save(tmp_path / "set" / "a.tif", np.concatenate([STACK, STACK[::-1]]))
    assert images_of(tmp_path / "set", held_out=0.3, duplicates="apart").held_out.sum() == 3  # each page is there twice


def test_a_table_speaks_of_files_and_so_of_all_their_pages(tmp_path: Path) -> None:
    for name in ("a.tif", "b.tif"):
        save(tmp_path / "set" / name, STACK)
    (tmp_path / "set" / "metadata.csv").write_text("file,class,depth\na.tif,cat,1\nb.tif,dog,2\n")
    images = images_of(tmp_path / "set")
    assert [images.classes[label] for label in images.labels] == ["cat"] * 5 + ["dog"] * 5
    assert [column.name for column in images.columns] == ["depth"]


def test_a_page_that_comes_is_decoded_and_the_file_is_another(tmp_path: Path) -> None:
    save(tmp_path / "set" / "a.tif", STACK[:2])
    save(tmp_path / "set" / "b.tif", STACK)
    assert len(images_of(tmp_path / "set")) == 7
    save(tmp_path / "set" / "a.tif", STACK[1:])
    images = images_of(tmp_path / "set")
    assert len(images) == 9
    assert (images.pixels[:4] == STACK[1:]).all()


def test_a_damaged_page_costs_itself(tmp_path: Path) -> None:
    frames = RNG.integers(0, 65_536, (3, SIDE, SIDE), np.uint16)
    (tmp_path / "set").mkdir()
    path = tmp_path / "set" / "a.tif"
    tifffile.imwrite(path, frames, photometric="minisblack", metadata=None, compression="zlib", rowsperstrip=SIDE)
    with tifffile.TiffFile(path) as found:
        place = found.pages[1].dataoffsets[0]
    content = bytearray(path.read_bytes())
    content[place : place + 8] = bytes(8)
    path.write_bytes(content)
    images = images_of(tmp_path / "set", range="type")
    assert list(images.names) == ["a.tif#page=1", "a.tif#page=3"]
    assert [each.path for each in images.skipped] == ["a.tif#page=2"]
