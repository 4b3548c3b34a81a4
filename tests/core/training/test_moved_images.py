"""A folder of images that has moved: known again by names and bytes, never mistaken for another."""

import hashlib
import json
import shutil
import unicodedata
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.commands import main

TINY = ("--image-size", "16", "--width", "4", "--batch-size", "8", "--device", "cpu", "--network", "mlp")
Output = pytest.CaptureFixture[str]


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    rng = np.random.default_rng(0)
    for kind in ("cats", "dogs"):
        (folder / kind).mkdir(parents=True)
        for index in range(10):
            Image.fromarray(rng.integers(0, 256, (20, 20, 3), np.uint8)).save(folder / kind / f"{index}.png")
    return folder


@pytest.fixture
def run(pictures: Path, tmp_path: Path) -> Path:
    assert main(["train", str(pictures), "--run", str(tmp_path / "run"), "--epochs", "1", *TINY]) == 0
    return tmp_path / "run"


def source_of(run: Path) -> str:
    return str(json.loads((run / "config.json").read_text("utf-8"))["source"])


def test_a_run_keeps_the_hashes_of_some_of_its_files(run: Path, pictures: Path) -> None:
    files = json.loads((run / "files.json").read_text("utf-8"))["files"]
    assert len(files) == 20
    for each in files:
        content = (pictures / each["file"]).read_bytes()
        assert (each["size"], each["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize("command", ["resume", "encode", "evaluate"])
def test_a_folder_that_has_moved_is_named_once_and_remembered(
    run: Path, pictures: Path, tmp_path: Path, capsys: Output, command: str
) -> None:
    words = {
        "resume": ["resume", str(run), "--epochs", "2"],
        "encode": ["encode", str(run), "--out", str(tmp_path / "codes.csv")],
        "evaluate": ["evaluate", str(run), "--importance-samples", "2"],
    }[command]
    moved = tmp_path / "elsewhere" / "photos"
    moved.parent.mkdir()
    pictures.rename(moved)
    capsys.readouterr()
    assert main(words) == 1
    said = capsys.readouterr().err
    assert str(pictures) in said
    assert "--data" in said
    assert main([*words, "--data", str(moved)]) == 0
    assert "remembered" in capsys.readouterr().err
    assert source_of(run) == str(moved)
    words = [*words[:-1], "3"] if command == "resume" else words
    assert main(words) == 0


@pytest.mark.parametrize("command", ["resume", "encode"])
def test_a_wrong_folder_is_refused_with_how_much_of_it_fits(
    run: Path, pictures: Path, tmp_path: Path, capsys: Output, command: str
) -> None:
    words = ["resume", str(run)] if command == "resume" else ["encode", str(run), "--out", str(tmp_path / "codes.csv")]
    before = source_of(run)
    alike = tmp_path / "alike"  # all names, and three of the pictures
    shutil.copytree(pictures, alike)
    for path in sorted(alike.rglob("*.png"))[3:]:
        Image.new("RGB", (20, 20), (9, 9, 9)).save(path)
    (tmp_path / "few").mkdir()  # a quarter of the names
    for index in range(5):
        (tmp_path / "few" / "cats").mkdir(exist_ok=True)
        shutil.copy(pictures / "cats" / f"{index}.png", tmp_path / "few" / "cats")
    shutil.rmtree(pictures)
    for folder, names, pairs in (("alike", "20 of 20", "3 of 20"), ("few", "5 of 20", "5 of 5")):
        capsys.readouterr()
        assert main([*words, "--data", str(tmp_path / folder)]) == 1
        said = capsys.readouterr().err
        assert f"{names} file names are there, and {pairs} pictures compared are the same" in said
        assert str(pictures) in said
    assert source_of(run) == before
    assert main([*words, "--data", "faces"]) == 1
    assert "image set" in capsys.readouterr().err


def test_some_files_may_have_gone_or_come(run: Path, pictures: Path, tmp_path: Path) -> None:
    pictures.rename(tmp_path / "photos")
    (tmp_path / "photos" / "cats" / "3.png").unlink()
    Image.new("RGB", (20, 20)).save(tmp_path / "photos" / "cats" / "new.png")
    assert main(["encode", str(run), "--out", str(tmp_path / "codes.csv"), "--data", str(tmp_path / "photos")]) == 0
    assert source_of(run) == str(tmp_path / "photos")


def test_the_folder_above_it_will_do(run: Path, pictures: Path, tmp_path: Path) -> None:
    (tmp_path / "drive").mkdir()
    pictures.rename(tmp_path / "drive" / "pictures")
    assert main(["encode", str(run), "--out", str(tmp_path / "codes.csv"), "--data", str(tmp_path / "drive")]) == 0
    assert source_of(run) == str(tmp_path / "drive" / "pictures")


def test_a_folder_that_was_zipped_is_the_same_folder(run: Path, pictures: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "pictures.zip", "w") as archive:
        for path in pictures.rglob("*.png"):
            archive.write(path, path.relative_to(pictures).as_posix())
    shutil.rmtree(pictures)
    words = ["encode", str(run), "--out", str(tmp_path / "codes.csv")]
    assert main([*words, "--data", str(tmp_path / "pictures.zip")]) == 0
    assert source_of(run) == str(tmp_path / "pictures.zip")
    assert main(words) == 0


def test_names_as_a_mac_writes_them_are_the_same_names(tmp_path: Path, pictures: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "Café") for form in ("NFC", "NFD"))
    (pictures / "cats").rename(pictures / composed)
    assert main(["train", str(pictures), "--run", str(tmp_path / "run"), "--epochs", "1", *TINY]) == 0
    (pictures / composed).rename(pictures / decomposed)
    pictures.rename(tmp_path / "photos")
    words = ["encode", str(tmp_path / "run"), "--out", str(tmp_path / "codes.csv")]
    assert main([*words, "--data", str(tmp_path / "photos")]) == 0


def test_a_run_of_an_older_version_is_known_by_names_alone(
    run: Path, pictures: Path, tmp_path: Path, capsys: Output
) -> None:
    (run / "files.json").unlink()
    pictures.rename(tmp_path / "photos")
    words = ["encode", str(run), "--out", str(tmp_path / "codes.csv"), "--data"]
    (tmp_path / "empty").mkdir()
    assert main([*words, str(tmp_path / "empty")]) == 1
    assert "0 of 20 file names are there. Choose" in capsys.readouterr().err
    assert main([*words, str(tmp_path / "photos")]) == 0


def test_a_table_in_the_folder_moves_with_it(pictures: Path, tmp_path: Path) -> None:
    table = pictures / "notes.csv"
    names = sorted(path.relative_to(pictures).as_posix() for path in pictures.rglob("*.png"))
    table.write_text("file_name,age\n" + "".join(f"{name},{index}\n" for index, name in enumerate(names)), "utf-8")
    run = tmp_path / "run"
    assert main(["train", str(pictures), "--run", str(run), "--epochs", "1", "--metadata", str(table), *TINY]) == 0
    pictures.rename(tmp_path / "photos")
    assert main(["resume", str(run), "--epochs", "2", "--data", str(tmp_path / "photos")]) == 0
    images = json.loads((run / "config.json").read_text("utf-8"))["images"]
    assert images["metadata"] == str(tmp_path / "photos" / "notes.csv")


def test_a_run_of_a_named_set_has_no_folder_to_move(tmp_path: Path, capsys: Output) -> None:
    run = tmp_path / "run"
    assert main(["train", "faces", "--run", str(run), "--minutes", "0.001", *TINY]) == 0
    (tmp_path / "a").mkdir()
    assert main(["resume", str(run), "--data", str(tmp_path / "a")]) == 1
    assert "the image set faces, which lies in no folder" in capsys.readouterr().err
    assert not (run / "files.json").exists()


def test_other_images_are_evaluated_though_the_runs_own_are_gone(
    run: Path, pictures: Path, tmp_path: Path, capsys: Output
) -> None:
    (tmp_path / "other").mkdir()
    for index in range(4):
        Image.new("RGB", (20, 20), (40 * index, 9, 9)).save(tmp_path / "other" / f"x{index}.png")
    shutil.rmtree(pictures)
    words = ["evaluate", str(run), "--data", str(tmp_path / "other"), "--importance-samples", "2", "--json"]
    capsys.readouterr()
    assert main(words) == 0
    output = capsys.readouterr()
    assert json.loads(output.out)["images"] == 4
    assert "0 of 20 file names are there" in output.err
    assert source_of(run) == str(pictures)
