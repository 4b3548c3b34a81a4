"""What a person would lose if a folder were read wrongly."""

import csv
import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from core.config import ImagesConfig
from core.errors import ImagesError
from core.images.image_set import ImageSet, build_image_set
from core.images.natural_order import natural_key
from core.images.scanning.walk import HIDDEN, walk
from core.images.skipped_csv import write_skipped
from core.reports.images import ImageSetReady
from core.skipped_file import Skipped


def put(path: Path, kind: str = "PNG") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        Image.new("RGB", (8, 8), "red").save(file, kind)
    return path


def listed(folder: Path) -> ImageSet:
    *_, last = build_image_set(str(folder), ImagesConfig(image_size=16))
    assert isinstance(last, ImageSetReady)
    return last.image_set


def reasons(listing: ImageSet) -> dict[str, str]:
    return {each.path: each.reason for each in listing.skipped}


def classes(listing: ImageSet) -> list[tuple[str, str]]:
    return [(name, listing.classes[label]) for name, label in zip(listing.names, listing.labels, strict=True)]


def test_a_flat_folder_is_one_class(tmp_path: Path) -> None:
    put(tmp_path / "leaves" / "a.png")
    put(tmp_path / "leaves" / "b.png")
    assert listed(tmp_path / "leaves").classes == ("leaves",)


def test_a_deeper_folder_belongs_to_the_class_above(tmp_path: Path) -> None:
    put(tmp_path / "cats" / "young" / "a.png")
    put(tmp_path / "dogs" / "b.png")
    assert classes(listed(tmp_path)) == [("cats/young/a.png", "cats"), ("dogs/b.png", "dogs")]


def test_content_decides_and_not_the_name(tmp_path: Path) -> None:
    put(tmp_path / "photograph.txt", "JPEG")
    put(tmp_path / "no suffix", "WEBP")
    (tmp_path / "letter.png").write_text("dear all")
    (tmp_path / "drawing.jpg").write_bytes(b"8BPS" + bytes(40))
    (tmp_path / "empty.png").touch()
    listing = listed(tmp_path)
    assert list(listing.names) == ["no suffix", "photograph.txt"]
    assert reasons(listing) == {
        "letter.png": "not a picture",
        "drawing.jpg": "format not supported",
        "empty.png": "empty file",
    }


def test_hidden_and_system_files_are_counted_and_not_used(tmp_path: Path) -> None:
    put(tmp_path / "a.png")
    for name in (".a.png", ".thumbnails/b.png", "Thumbs.db", "__MACOSX/c.png"):
        put(tmp_path / name)
    listing = listed(tmp_path)
    assert len(listing) == 1
    assert reasons(listing) == dict.fromkeys((".a.png", ".thumbnails", "Thumbs.db", "__MACOSX"), HIDDEN)


def test_page_9_comes_before_page_10(tmp_path: Path) -> None:
    for name in ("page 10.png", "page 9.png", "Page 1.png"):
        put(tmp_path / name)
    assert list(listed(tmp_path).names) == ["Page 1.png", "page 9.png", "page 10.png"]
    assert natural_key("a/2.png") < natural_key("a/10.png") < natural_key("a b/1.png")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_that_loop_come_to_an_end(tmp_path: Path) -> None:
    put(tmp_path / "cats" / "a.png")
    (tmp_path / "cats" / "back").symlink_to(tmp_path)
    (tmp_path / "all my cats").symlink_to(tmp_path / "cats")
    (tmp_path / "myself").symlink_to(tmp_path / "myself")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    listing = listed(tmp_path)
    assert classes(listing) == [("cats/a.png", "cats")]
    assert reasons(listing) == {
        "cats/back": "folder already read",
        "all my cats": "folder already read",
        "myself": "cannot be opened",
        "nowhere": "cannot be opened",
    }


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_picture_and_the_links_to_it_are_one_picture(tmp_path: Path) -> None:
    put(tmp_path / "b" / "real.png")
    put(tmp_path / "elsewhere" / "other.png")
    (tmp_path / "set" / "a").mkdir(parents=True)
    (tmp_path / "b" / "a link.png").symlink_to(tmp_path / "b" / "real.png")
    (tmp_path / "b" / "from outside.png").symlink_to(tmp_path / "elsewhere" / "other.png")
    listing = listed(tmp_path / "b")
    assert list(listing.names) == ["from outside.png", "real.png"]
    assert listing.skipped == (Skipped("a link.png", "same file as another", "real.png"),)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_a_pipe_in_the_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    assert reasons(listed(tmp_path)) == {"pipe.png": "not a file"}


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_rights_is_listed(tmp_path: Path) -> None:
    put(tmp_path / "secret" / "a.png")
    (tmp_path / "secret").chmod(0)
    try:
        assert reasons(listed(tmp_path)) == {"secret": "folder cannot be opened"}
    finally:
        (tmp_path / "secret").chmod(0o700)


def test_a_folder_that_cannot_be_read_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a.png")
    put(tmp_path / "secret" / "b.png")
    real = os.scandir

    def scandir(path: Path) -> object:
        if Path(path).name == "secret":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    listing = listed(tmp_path)
    assert listing.skipped == (Skipped("secret", "folder cannot be opened", "Permission denied"),)
    assert len(listing) == 1


def test_no_such_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImagesError, match="no folder"):
        list(walk(tmp_path / "gone"))


@pytest.mark.skipif(sys.platform != "linux", reason="names are any bytes only there")
def test_odd_file_names_survive_into_skipped_csv(tmp_path: Path) -> None:
    names = ["new\nline.txt", 'quo"te, comma.txt', os.fsdecode(b"caf\xe9.txt"), "日本.txt"]
    (tmp_path / "set").mkdir()
    for name in names:
        (tmp_path / "set" / name).write_text("x")
    write_skipped(tmp_path / "skipped.csv", listed(tmp_path / "set").skipped)
    with open(tmp_path / "skipped.csv", encoding="utf-8", errors="surrogateescape", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["file", "reason", "detail"]
    assert sorted(row[0] for row in rows) == sorted(names)
    assert b"caf\xe9.txt" in (tmp_path / "skipped.csv").read_bytes()
