"""A ZIP archive is read as the folder that was packed, and nothing in it can do harm."""

import copy
import io
import os
import shutil
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.config import ImagesConfig
from core.errors import ImagesError
from core.images import cache
from core.images.image_set import ImageSet, build_image_set
from core.images.scanning import zip_archive as archives
from core.reports.images import ImageSetReady
from tests.core.conftest import last

SIZE = ImagesConfig(image_size=16)


def png(*colour: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (16, 16), colour).save(file, format="PNG")
    return file.getvalue()


RED, BLUE = png(200, 0, 0), png(0, 0, 200)


def read(path: Path) -> ImageSet:
    return last(build_image_set(str(path), SIZE), ImageSetReady).image_set


def reasons(images: ImageSet) -> dict[str, str]:
    return {each.path: each.reason for each in images.skipped}


def packed(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def renamed(path: Path, **names: bytes) -> Path:
    """The bytes of names replaced by others as long: as a packer of another system would have written them."""
    content = path.read_bytes()
    for before, after in names.items():
        assert len(before) == len(after)
        assert content.count(before.encode()) == 2
        content = content.replace(before.encode(), after)
    path.write_bytes(content)
    return path


def test_an_archive_is_the_folder_that_was_packed(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "pets.zip", **{"cats/1.png": RED, "cats/2.png": RED, "dogs/1.png": BLUE, "notes.txt": b"hm"}
    )
    images = read(path)
    assert images.source == str(path)
    assert (list(images.names), images.classes) == (["cats/1.png", "cats/2.png", "dogs/1.png"], ("cats", "dogs"))
    assert images.pixels[0, 0, 0].tolist() == [200, 0, 0]
    assert images.pixels[2, 0, 0].tolist() == [0, 0, 200]
    assert reasons(images) == {"notes.txt": "not a picture"}
    file = images.path(2)
    assert file is not None
    assert file.read_bytes() == BLUE


def test_it_is_unpacked_once_and_anew_when_it_has_changed(tmp_path: Path) -> None:
    path = packed(tmp_path / "pets.zip", **{"1.png": RED, "2.png": RED})
    first = read(path)
    before = first.path(0).stat().st_ino  # type: ignore[union-attr]
    assert read(path).path(0).stat().st_ino == before  # type: ignore[union-attr]
    packed(path, **{"1.png": BLUE, "2.png": RED})
    assert read(path).pixels[0, 0, 0].tolist() == [0, 0, 200]
    assert cache.usage().bytes > 2 * len(RED)
    cache.clear()
    assert cache.usage().bytes == 0
    assert read(path).pixels[0, 0, 0].tolist() == [0, 0, 200]


def test_a_flat_archive_is_one_class_called_as_it_is(tmp_path: Path) -> None:
    assert read(packed(tmp_path / "moths of 2019.zip", **{"1.png": RED, "2.png": BLUE})).classes == ("moths of 2019",)
    odd = packed(tmp_path / "...zip", **{"1.png": RED, "2.png": BLUE})
    assert len(read(odd)) == 2


def test_a_table_in_it_is_joined(tmp_path: Path) -> None:
    table = b"file_name,class\n1.png,moth\n2.png,fly\n"
    images = read(packed(tmp_path / "a.zip", **{"1.png": RED, "2.png": BLUE, "metadata.csv": table}))
    assert [images.classes[label] for label in images.labels] == ["moth", "fly"]
    assert images.skipped == ()


@pytest.mark.parametrize("name", ["../evil.png", "a/../../evil.png", "..\\evil.png", "/tmp/../../evil.png"])
def test_a_name_that_leads_out_is_left_out_and_listed(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path / "a.zip", **{"1.png": RED, "2.png": RED, name: BLUE})
    images = read(path)
    assert list(images.names) == ["1.png", "2.png"]
    assert reasons(images) == {name: archives.OUTSIDE}
    assert not list(tmp_path.rglob("evil.png"))
    assert not list(cache.cache_folder().parent.rglob("evil.png"))


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("/abs/1.png", "abs/1.png"),
        ("C:\\pics\\1.png", "pics/1.png"),
        ("a\\1.png", "a/1.png"),
        ("./a//1.png", "a/1.png"),
    ],
)
def test_other_systems_names_are_read_from_where_they_point_to_inside(tmp_path: Path, name: str, inside: str) -> None:
    images = read(packed(tmp_path / "a.zip", **{name: RED, "z.png": RED}))
    assert set(images.names) == {inside, "z.png"}


def test_a_link_is_never_made(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "1.png").write_bytes(BLUE)
    path = packed(tmp_path / "a.zip", **{"1.png": RED, "2.png": RED})
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("out")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, str(tmp_path / "secret"))
        archive.writestr("out/1.png", BLUE)
    images = read(path)
    assert reasons(images)["out"] == archives.A_LINK
    assert (tmp_path / "secret" / "1.png").read_bytes() == BLUE
    assert images.path(0).is_relative_to(cache.cache_folder())  # type: ignore[union-attr]


def test_what_a_mac_adds_and_archives_in_archives_are_listed(tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner.zip", **{"3.png": BLUE}).read_bytes()
    files = {"1.png": RED, "2.png": RED, "__MACOSX/._1.png": b"\0\5\x16\7", ".DS_Store": b"x", "inner.zip": inner}
    images = read(packed(tmp_path / "a.zip", **files))
    assert list(images.names) == ["1.png", "2.png"]
    hidden = "hidden or system file"
    assert reasons(images) == {"__MACOSX": hidden, ".DS_Store": hidden, "inner.zip": "format not supported"}


def test_the_last_of_a_name_counts(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", **{"1.png": RED, "2.png": RED})
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("1.png", BLUE)
    images = read(path)
    assert images.pixels[0, 0, 0].tolist() == [0, 0, 200]
    assert reasons(images) == {"1.png": archives.TWICE}


def test_a_locked_file_is_listed_and_a_locked_archive_is_a_sentence(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", **{"1.png": RED, "2.png": RED, "3.png": BLUE})
    _lock(path, b"3.png")
    images = read(path)
    assert (len(images), reasons(images)) == (2, {"3.png": archives.LOCKED})
    _lock(path, b"1.png", b"2.png")
    with pytest.raises(ImagesError, match="locked with a password: unpack it yourself, and open the folder"):
        read(path)


def test_a_damaged_file_is_listed_and_a_damaged_archive_is_a_sentence(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", **{"1.png": RED, "2.png": RED, "3.png": BLUE})
    content = path.read_bytes()
    place = content.rindex(b"PK\x03\x04") + 30 + len("3.png") + 20
    path.write_bytes(content[:place] + bytes(8) + content[place + 8 :])
    assert reasons(read(path)) == {"3.png": archives.DAMAGED}
    for broken in (content[:200], content[:-30], b"", b"PK\x03\x04"):
        path.write_bytes(broken)
        with pytest.raises(ImagesError, match="no ZIP archive, or was cut off: fetch it again"):
            read(path)


def test_a_way_of_packing_that_is_not_known_is_listed(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", **{"1.png": RED, "2.png": RED, "3.png": BLUE})
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(b"3.png"))
    content[at + 10 : at + 12] = struct.pack("<H", 9)  # Deflate64, as Windows packs large files
    path.write_bytes(content)
    assert reasons(read(path)) == {"3.png": archives.UNKNOWN}


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_way_of_packing_that_python_knows_is_read(tmp_path: Path, kind: int) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", kind) as archive:
        archive.writestr("1.png", RED)
        archive.writestr("2.png", BLUE)
    assert len(read(tmp_path / "a.zip")) == 2


def test_a_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    """Of the kind whose entries lie over each other: each names the same bytes."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        with archive.open("0.bmp", "w") as file:
            for _ in range(60):
                file.write(bytes(1_000_000))
        for number in range(1, 20):
            entry = copy.copy(archive.infolist()[0])
            entry.filename = f"{number}.bmp"
            archive.filelist.append(entry)
    with pytest.raises(ImagesError, match=r"would unpack to 1\.2 GB, [\d,]+ times its own size"):
        read(tmp_path / "a.zip")
    assert not list(cache.cache_folder().rglob("*.bmp"))


def test_a_file_that_is_longer_than_it_says_is_not_written_any_longer(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", **{"1.png": RED, "2.png": RED, "3.png": RED + bytes(5_000_000)})
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(b"3.png"))
    content[at + 24 : at + 28] = struct.pack("<L", len(RED))
    path.write_bytes(content)
    images = read(path)
    assert max(file.stat().st_size for file in images.folder.rglob("*.png")) == len(RED)  # type: ignore[union-attr]


def test_an_archive_larger_than_the_disk_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", **{"1.png": RED, "2.png": RED})
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<L", 0xFFFFFFFE)
    path.write_bytes(bytes(content[:at]) + content[at:])
    with pytest.raises(ImagesError, match=r"times its own size|Unpacking a\.zip needs"):
        read(path)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Café".encode(), "Café"),  # UTF-8 that does not say so, as Macs pack
        ("Cafe\u0301".encode(), "Cafe\u0301"),
        ("顔".encode(), "顔"),
        (b"Caf\x82", "Café"),  # code page 437, as the format says
    ],
)
def test_names_are_read_as_they_were_meant(tmp_path: Path, written: bytes, meant: str) -> None:
    path = packed(tmp_path / "a.zip", **{f"{'x' * len(written)}/1.png": RED, "z/2.png": RED})
    images = read(renamed(path, **{f"{'x' * len(written)}/": written + b"/"}))
    assert f"{meant}/1.png" in images.names


def test_a_name_beside_the_name_is_believed_if_it_belongs_to_it(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("x/1.png")
    name = "鳥/1.png".encode()
    body = struct.pack("<BL", 1, zlib.crc32(b"x/1.png")) + name
    info.extra = struct.pack("<HH", 0x7075, len(body)) + body
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, RED)
        archive.writestr("z/2.png", RED)
    assert set(read(tmp_path / "a.zip").classes) == {"鳥", "z"}


def test_a_name_too_long_for_the_disk_is_listed(tmp_path: Path) -> None:
    name = "a" * 300 + ".png"
    images = read(packed(tmp_path / "a.zip", **{"1.png": RED, "2.png": RED, name: RED, "1.png/x.png": RED}))
    assert reasons(images) == {name: "cannot be unpacked", "1.png/x.png": "cannot be unpacked"}


def test_an_empty_archive_and_one_of_text_say_what_was_found(tmp_path: Path) -> None:
    assert len(read(packed(tmp_path / "a.zip"))) == 0
    assert len(read(packed(tmp_path / "b.zip", **{"a.txt": b"hm"}))) == 0


def test_closed_half_way_it_leaves_nothing(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).bytes(3_000_000)
    path = packed(tmp_path / "a.zip", **{f"{number}.bin": noise for number in range(8)})
    unpacking = archives.unpack(path)
    next(unpacking)
    unpacking.close()
    assert not list(cache.cache_folder().rglob("*.bin"))


def _lock(path: Path, *names: bytes) -> None:
    """Say of files that they are locked, in both places where a ZIP says so."""
    content = bytearray(path.read_bytes())
    for beginning, flags, length, header in ((b"PK\x03\x04", 6, 26, 30), (b"PK\x01\x02", 8, 28, 46)):
        at = -1
        while (at := content.find(beginning, at + 1)) >= 0:
            size = struct.unpack_from("<H", content, at + length)[0]
            if bytes(content[at + header : at + header + size]) in names:
                content[at + flags] |= 1
    path.write_bytes(content)
    assert os.path.getsize(path) > 0


@pytest.mark.skipif(shutil.which("zip") is None, reason="Info-ZIP's zip is not here")
def test_archives_of_another_packer_are_read(tmp_path: Path) -> None:
    (tmp_path / "set" / "Café").mkdir(parents=True)
    for number, content in enumerate((RED, BLUE)):
        (tmp_path / "set" / "Café" / f"{number}.png").write_bytes(content)
    (tmp_path / "set" / "out").symlink_to(tmp_path)

    def pack(*words: str) -> None:
        subprocess.run(["zip", "-q", "-r", *words, "."], cwd=tmp_path / "set", check=True)

    pack("-y", "../plain.zip")
    images = read(tmp_path / "plain.zip")
    assert (list(images.names), images.classes) == (["Café/0.png", "Café/1.png"], ("Café",))
    assert reasons(images) == {"out": archives.A_LINK}
    (tmp_path / "set" / "out").unlink()
    pack("-P", "secret", "../locked.zip")
    with pytest.raises(ImagesError, match="locked with a password"):
        read(tmp_path / "locked.zip")
