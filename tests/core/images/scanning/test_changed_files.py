"""What a person would see that is not there if the cache believed what file systems say of times and sizes."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.config import ImagesConfig
from core.images import from_folder
from core.images.image_set import ImageSet, build_image_set
from core.images.scanning import changed_files
from core.reports.images import ImageSetReady

CONFIG = ImagesConfig(image_size=16)
TIME = 1_700_000_000_000_000_000


def built(folder: Path, is_anew: bool = False) -> ImageSet:
    *_, last = build_image_set(str(folder), CONFIG, is_anew)
    assert isinstance(last, ImageSetReady)
    return last.image_set


def put(path: Path, level: int) -> None:
    """A BMP, whose size tells nothing of what is in it, of one time."""
    path.parent.mkdir(exist_ok=True)
    Image.new("L", (16, 16), level).save(path)
    os.utime(path, ns=(TIME, TIME))


def level_of(images: ImageSet) -> dict[str, int]:
    return {name: int(pixels[0, 0, 0]) for name, pixels in zip(images.names, images.pixels, strict=True)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(4):
        put(tmp_path / "set" / f"{number}.bmp", 50 * number)
    return tmp_path / "set"


def test_two_pictures_that_changed_places_show_what_they_hold(folder: Path) -> None:
    before = built(folder)
    (folder / "0.bmp").rename(folder / "aside")
    (folder / "3.bmp").rename(folder / "0.bmp")
    (folder / "aside").rename(folder / "3.bmp")
    after = built(folder)
    assert level_of(after) == {"0.bmp": 150, "1.bmp": 50, "2.bmp": 100, "3.bmp": 0}
    assert after.key != before.key


def test_a_picture_written_over_with_its_time_set_back_shows_what_it_holds(folder: Path) -> None:
    built(folder)
    content = (folder / "3.bmp").read_bytes()
    with open(folder / "0.bmp", "r+b") as file:
        file.write(content)
    os.utime(folder / "0.bmp", ns=(TIME, TIME))
    assert level_of(built(folder))["0.bmp"] == 150


def test_a_folder_that_was_copied_back_is_not_decoded_again(folder: Path, decoded: list[str]) -> None:
    first = built(folder)
    decoded.clear()
    shutil.move(folder, folder.with_name("old"))
    shutil.copytree(folder.with_name("old"), folder)  # the same names, sizes and times; other inodes
    again = built(folder)
    assert not decoded
    assert again.key == first.key
    assert (again.pixels == first.pixels).all()


def test_a_large_file_of_another_time_of_change_is_decoded_again(tmp_path: Path, decoded: list[str]) -> None:
    rows = np.zeros((1200, 1200), np.uint8)
    (tmp_path / "set").mkdir()
    Image.fromarray(rows).save(tmp_path / "set" / "a.bmp")
    os.utime(tmp_path / "set" / "a.bmp", ns=(TIME, TIME))
    built(tmp_path / "set")
    rows[600:640] = 255  # what some of its bytes do not show
    Image.fromarray(rows).save(tmp_path / "set" / "a.bmp")
    os.utime(tmp_path / "set" / "a.bmp", ns=(TIME, TIME))
    assert built(tmp_path / "set").pixels.max() > 100


def test_a_file_system_that_keeps_every_time_is_found_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as a share that serves attributes from a cache of its own: nothing but the bytes is other."""
    seen = {path.name: path.stat() for path in folder.iterdir()}
    built(folder)
    shutil.copyfile(folder / "3.bmp", folder / "0.bmp")
    real_file, real_stat = from_folder.walk, os.stat

    def walk(where: Path) -> Iterator[Any]:
        for found in real_file(where):
            yield found._replace(ctime_ns=seen[found.name].st_ctime_ns, mtime_ns=TIME)

    def stat(path: Any, **how: Any) -> Any:
        return seen.get(Path(path).name) or real_stat(path, **how)

    monkeypatch.setattr(from_folder, "walk", walk)
    monkeypatch.setattr(changed_files, "_stat", stat)
    assert level_of(built(folder))["0.bmp"] == 150


def test_everything_can_be_read_anew(folder: Path, decoded: list[str]) -> None:
    first = built(folder)
    decoded.clear()
    assert built(folder).key == first.key
    assert not decoded
    assert built(folder, is_anew=True).key == first.key
    assert sorted(decoded) == ["0.bmp", "1.bmp", "2.bmp", "3.bmp"]


def test_a_touched_picture_is_still_the_same(folder: Path) -> None:
    first = built(folder)
    os.utime(folder / "0.bmp")
    assert built(folder).key == first.key
