"""Folders that are no classes, as a user or a script meets them; and runs that were begun when all of them were."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.commands import main
from core.training.checksums import CHECKSUMS
from core.training.run_folder import read_config

TINY = ("--image-size", "16", "--width", "4", "--batch-size", "8", "--device", "cpu")
Output = pytest.CaptureFixture[str]


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Three parts of two classes of four: 24 images."""
    random = np.random.default_rng(0)
    for part in ("train", "test", "val"):
        for kind in ("cat", "dog"):
            (tmp_path / "pets" / part / kind).mkdir(parents=True)
            for index in range(4):
                pixels = random.integers(0, 256, (16, 16), np.uint8)
                Image.fromarray(pixels).save(tmp_path / "pets" / part / kind / f"{index}.png")
    return tmp_path / "pets"


def sides(run: Path) -> dict[str, bool]:
    with open(run / "images.csv", newline="", encoding="utf-8") as file:
        return {row["file"]: row["held_out"] == "1" for row in csv.DictReader(file)}


def made_old(run: Path) -> Path:
    """The run as a version wrote it that took classes from the first folder without a choice."""
    config = json.loads((run / "config.json").read_text(encoding="utf-8"))
    assert config["images"].pop("classes_from") == "first"
    (run / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (run / CHECKSUMS).unlink()  # which those versions did not write
    return run


def test_scan_says_in_a_line_what_folders_were_taken_for(pets: Path, capsys: Output) -> None:
    assert main(["scan", str(pets)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[1:5] == [
        "8 of them held out to test on",
        "Split by folders: test held out, train and val learned from.",
        "       12  cat",
        "       12  dog",
    ]
    assert main(["scan", str(pets), "--json", "--classes-from", "first"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["classes"], found["held_out"]) == ({"test": 8, "train": 8, "val": 8}, 2)
    assert main(["scan", str(pets), "--json", "--classes-from", "^([0-9])"]) == 0
    assert json.loads(capsys.readouterr().out)["classes"] == {str(digit): 6 for digit in range(4)}


@pytest.mark.parametrize("choice", ["third", "First", "[", "(a)(b)", ""])
def test_a_choice_that_is_none_is_refused_with_what_can_be_chosen(pets: Path, capsys: Output, choice: str) -> None:
    assert main(["scan", str(pets), "--classes-from", choice]) == 2
    said = capsys.readouterr().err
    assert "--classes-from" in said
    assert "Traceback" not in said


def test_a_run_keeps_the_split_of_its_folder(pets: Path, tmp_path: Path, capsys: Output) -> None:
    run = tmp_path / "run"
    assert main(["train", str(pets), "--run", str(run), "--epochs", "1", *TINY]) == 0
    assert sides(run) == {name: name.startswith("test/") for name in sides(run)}
    assert len(sides(run)) == 24
    assert read_config(run).config.images.classes_from == "auto"
    capsys.readouterr()
    assert main(["evaluate", str(run), "--json", "--importance-samples", "2"]) == 0
    assert json.loads(capsys.readouterr().out)["images"] == 8


def test_a_run_begun_before_goes_on_with_its_classes_and_its_sides(pets: Path, tmp_path: Path, capsys: Output) -> None:
    run, words = tmp_path / "run", ["train", str(pets), "--run", str(tmp_path / "run"), *TINY]
    words += ["--held-out", "0.25", "--conditional", "class"]
    assert main([*words, "--epochs", "1", "--classes-from", "first"]) == 0
    before = sides(made_old(run))
    assert sum(before.values()) == 6
    assert read_config(run).config.images.classes_from == "first"
    for again in (["resume", str(run), "--epochs", "2"], [*words, "--epochs", "3"]):
        assert main(again) == 0
        kept = read_config(run)
        assert (kept.classes, kept.config.images.classes_from) == (("test", "train", "val"), "first")
        assert sides(run) == before
        made_old(run)
    capsys.readouterr()
    assert main(["evaluate", str(run), "--json", "--importance-samples", "2"]) == 0
    assert json.loads(capsys.readouterr().out)["images"] == 6


def test_a_run_of_before_goes_on_by_the_command_that_began_it(pets: Path, tmp_path: Path, capsys: Output) -> None:
    """Whatever can be chosen now and could not then."""
    run, words = tmp_path / "run", ["train", str(pets), "--run", str(tmp_path / "run"), *TINY]
    words += ["--network", "conv", "--image-size", "64"]
    then = ["--classes-from", "first", "--duplicates", "apart", "--range", "picture", "--stages", "1"]
    then += ["--upsampling", "sub-pixel", "--encoder-norm", "none"]
    assert main([*words, *then, "--epochs", "1"]) == 0
    before, kept = sides(run), made_old(run).joinpath("config.json")
    config = json.loads(kept.read_text(encoding="utf-8"))
    del config["images"]["duplicates"], config["images"]["range"], config["model"]["stages"]
    del config["model"]["upsampling"], config["model"]["encoder_norm"]
    kept.write_text(json.dumps(config), encoding="utf-8")
    assert main([*words, "--epochs", "2"]) == 0
    found = read_config(run).config
    images = found.images
    assert (images.classes_from, images.duplicates, images.range) == ("first", "apart", "picture")
    assert (found.model.stages, found.model.upsampling, found.model.encoder_norm) == (1, "sub-pixel", "none")
    assert sides(run) == before


def test_a_run_goes_on_only_as_it_was_asked_for(pets: Path, tmp_path: Path, capsys: Output) -> None:
    words = ["train", str(pets), "--run", str(tmp_path / "run"), "--epochs", "1", *TINY]
    assert main(words) == 0
    assert main([*words, "--classes-from", "last"]) == 1
    assert "classes-from auto" in capsys.readouterr().err
