"""An output never takes the place of what this program did not save."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from core.export.destination import OccupiedError, check_destination, destination
from core.export.ownership import is_own
from core.export.pictures import save_picture
from tests import rights

PIXELS = np.full((4, 4, 3), 7, np.uint8)


def photo(path: Path) -> bytes:
    """A picture by Pillow, its text in the places where ours have theirs."""
    text = PngImagePlugin.PngInfo()
    text.add_itxt("Comment", '{"latentscape": "0"}')
    exif = Image.Exif()
    exif[0x010E] = "a holiday"
    how = {".png": {"pnginfo": text}, ".gif": {"comment": b"a holiday"}, ".webp": {"exif": exif.tobytes()}}
    Image.new("RGB", (8, 8), (1, 2, 3)).save(path, **how.get(path.suffix.lower(), {}))
    return path.read_bytes()


def table(path: Path, *head: str) -> bytes:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, ["1"] * len(head)])
    return path.read_bytes()


@pytest.mark.parametrize("name", ["a.png", "a.PNG", "a.gif", "a.webp", "torn.png", "empty.png"])
def test_a_picture_that_others_saved_is_never_written_over(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    before = photo(path)
    if name in ("torn.png", "empty.png"):
        before = before[:20] if name == "torn.png" else b""
        path.write_bytes(before)
    with pytest.raises(OccupiedError, match="Latentscape did not save it: choose another name"):
        check_destination(path, path.suffix.lower())
    with pytest.raises(OccupiedError), destination(path, path.suffix.lower()):
        pass
    assert path.read_bytes() == before
    with destination(path, path.suffix.lower(), may_replace=True) as file:
        file.write_bytes(b"new")
    assert path.read_bytes() == b"new"


def test_a_picture_of_ours_is_known_by_the_text_it_carries(tmp_path: Path) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_itxt("latentscape", '{"latentscape": "0.1", "z": [0.5]}')
    Image.new("L", (3, 3)).save(tmp_path / "by hand.png", pnginfo=text)
    Image.new("L", (3, 3)).save(tmp_path / "by hand.gif", comment=b'{"latentscape": "0.1"}')
    assert is_own(tmp_path / "by hand.png")
    assert is_own(tmp_path / "by hand.gif")
    save_picture(tmp_path / "by hand.png", PIXELS, {"step": 1})
    save_picture(tmp_path / "by hand.png", PIXELS + 1, {"step": 2})
    with Image.open(tmp_path / "by hand.png") as image:
        assert image.getpixel((0, 0)) == (8, 8, 8)


@pytest.mark.parametrize(
    ("head", "is_ours"),
    [
        (("file", "class", "z1", "z2", "lv1", "lv2", "reconstruction_error"), True),
        (("file", "class", "z1", "lv1", "reconstruction_error", "age (metadata)"), True),
        (("file", "class", "held_out", "z1", "z2"), True),
        (("frame", "seconds", "z1", "z2"), True),
        (("latent-dims", "run", "parameters", "objective", "reconstruction", "kl", "active_units", "seconds", "found",
          "problem"), True),
        (("file", "class"), False),
        (("file", "class", "z1", "z2"), False),
        (("file", "class", "held_out"), False),
        (("file_name", "species", "z1"), False),
        (("frame", "seconds"), False),
        (("latent-dims", "run", "objective"), False),
    ],
)  # fmt: skip
def test_a_table_of_ours_is_known_by_its_header(tmp_path: Path, head: tuple[str, ...], is_ours: bool) -> None:
    table(tmp_path / "metadata.csv", *head)
    assert is_own(tmp_path / "metadata.csv") is is_ours


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"x" * 5_000_000, "é;ü\n".encode("latin-1")])
def test_any_other_table_is_anothers(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert not is_own(tmp_path / "a.csv")


def test_a_link_stays_a_link_and_what_it_leads_to_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    before = photo(tmp_path / "kept" / "photo.png")
    (tmp_path / "a.png").symlink_to(tmp_path / "kept" / "photo.png")
    with pytest.raises(OccupiedError):
        check_destination(tmp_path / "a.png", ".png")
    save_picture(tmp_path / "kept" / "ours.png", PIXELS, {})
    (tmp_path / "b.png").symlink_to(tmp_path / "kept" / "ours.png")
    save_picture(tmp_path / "b.png", PIXELS + 1, {})
    assert (tmp_path / "b.png").is_symlink()
    with Image.open(tmp_path / "kept" / "ours.png") as image:
        assert image.getpixel((0, 0)) == (8, 8, 8)
    (tmp_path / "c.png").symlink_to(tmp_path / "gone.png")
    with pytest.raises(OccupiedError):
        check_destination(tmp_path / "c.png", ".png")
    assert (tmp_path / "kept" / "photo.png").read_bytes() == before


def test_what_is_no_file_is_not_written_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(OccupiedError):
        check_destination(tmp_path / "pipe.png", ".png")


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_folder_that_may_not_be_written_in_is_named_before_the_work(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    code = "import sys, pathlib; from core.export.destination import check_destination as check\n"
    code += "try: check(pathlib.Path(sys.argv[1]), '.png')\nexcept Exception as error: print(error)"
    said = rights.run(["-c", code, str(locked / "a.png")], tmp_path).stdout
    assert said.startswith(f"{locked} cannot be written in: Permission denied.")
