"""A file whose name is odd is found again: in the run, in the table of codes and among the skipped."""

import csv
import os
import shutil
import sys
from pathlib import Path

import pytest

from core.commands import main
from core.training.image_table import read_images

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="names are any bytes only there")

CLASS = os.fsdecode(b"caf\xe9s")
USED = [
    "new\nline.png",
    "carriage\rreturn.png",
    os.fsdecode(b"caf\xe9.png"),
    "日本.png",
    'quo"te, comma;.png',
    "a" * 251 + ".png",
    "=1+1",
]
LEFT_OUT = ["new\nline.txt", os.fsdecode(b"\xff\xfe"), "b" * 255]


@pytest.fixture
def odd(folder: Path, tmp_path: Path) -> Path:
    pictures = sorted(folder.glob("*/*.png"))
    (tmp_path / "odd" / CLASS).mkdir(parents=True)
    for number, name in enumerate(USED):
        shutil.copy(pictures[number], tmp_path / "odd" / CLASS / name)
    for name in LEFT_OUT:
        (tmp_path / "odd" / CLASS / name).write_text("no picture")
    return tmp_path / "odd"


def rows(path: Path) -> list[list[str]]:
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
        return list(csv.reader(file))[1:]


def test_odd_names_survive_the_whole_way(odd: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    small = ["--image-size", "16", "--epochs", "1", "--width", "4", "--batch-size", "4"]
    assert main(["train", str(odd), "--run", str(run), *small]) == 0
    used = sorted(f"{CLASS}/{name}" for name in USED)
    table = read_images(run)
    assert sorted(table.names) == used
    assert table.classes == (CLASS,)
    assert all((odd / name).is_file() for name in table.names)
    assert sorted(row[0] for row in rows(run / "skipped.csv")) == sorted(f"{CLASS}/{name}" for name in LEFT_OUT)
    assert main(["encode", str(run), str(odd), "--out", str(tmp_path / "codes.csv")]) == 0
    encoded = rows(tmp_path / "codes.csv")
    assert sorted(row[0] for row in encoded) == used
    assert {row[1] for row in encoded} == {CLASS}
    assert b"caf\xe9.png" in (tmp_path / "codes.csv").read_bytes()
