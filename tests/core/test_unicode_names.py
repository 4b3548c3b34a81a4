"""What a person would lose whose folder came from a Mac: a name that looks the same and is said not to be there."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.commands import main
from core.config import ImagesConfig, RunConfig
from core.errors import ConfigError
from core.evaluation.evaluate_run import Asked, evaluate_run
from core.exploration import Exploration, Group, carried_over
from core.images.image_names import Names, same_names
from core.images.name_search import NameSearch
from core.images.tables.metadata import classes_of, group_of
from core.latent.classes import label_of, labels_in
from core.reports.evaluation import Evaluated
from core.reports.images import Column
from core.training.exploration_file import read_exploration, write_exploration
from core.training.train import train
from core.unicode_names import normal, place_of, places_of
from tests.core.conftest import built, last

TOGETHER, APART = "Caf\u00e9", "Cafe\u0301"  # as most systems write it, and as a Mac does
BOTH_WAYS = [(TOGETHER, APART), (APART, TOGETHER)]


@pytest.fixture
def cafes(folder: Path, tmp_path: Path) -> Path:
    """Pictures whose one class and whose files are called as a Mac calls them."""
    for kind, into in (("red", APART), ("blue", "Bar")):
        (tmp_path / "set" / into).mkdir(parents=True)
        for number in range(12):
            shutil.copy(folder / kind / f"{number}.png", tmp_path / "set" / into / f"{APART} {number}.png")
    return tmp_path / "set"


def test_the_two_forms_are_not_the_same_letters() -> None:
    assert TOGETHER != APART
    assert normal(APART) == TOGETHER


@pytest.mark.parametrize(("there", "asked"), BOTH_WAYS)
def test_a_name_is_found_in_either_form(there: str, asked: str) -> None:
    assert place_of(asked, ["Bar", there]) == 1
    assert places_of([asked, "none"], ["Bar", there]) == {asked: 1}
    assert label_of(asked, ["Bar", there]) == 1
    with pytest.raises(ConfigError):
        label_of("Caf", ["Bar", there])
    column = Column(there, ("a",), np.zeros(2, np.int64))
    assert classes_of((column,), asked) is column
    assert group_of((column,), asked) is column
    assert same_names(Names.of(["Bar", there]), ["Bar", asked])
    assert not same_names(["Bar", there], [asked, "Bar"])
    search = NameSearch(["Bar/1.png", f"{there}/1.png"])
    assert search.find(asked).tolist() == [1]
    assert search.find(asked.upper()).tolist() == [1]
    assert search.place_of(f"{asked}/1.png") == 1


def test_two_files_that_differ_in_nothing_else_stay_two() -> None:
    names = [f"{APART}.png", f"{TOGETHER}.png"]
    search = NameSearch(names)
    assert [search.place_of(name) for name in names] == [0, 1]
    assert places_of(names, names) == {names[0]: 0, names[1]: 1}


@pytest.mark.parametrize(("before", "after"), BOTH_WAYS)
def test_what_was_marked_is_found_again_in_either_form(tmp_path: Path, before: str, after: str) -> None:
    marked = Exploration(selection=np.array([1]), groups=(Group("g", np.array([0, 1])),))
    old, new = ["Bar.png", f"{before}.png", "gone.png", "lost.png"], [f"{after}.png", "more.png"]
    found = carried_over(marked, old, new)
    assert (found.selection.tolist(), found.groups[0].indices.tolist()) == ([0], [0])
    write_exploration(tmp_path, marked, old)
    read = read_exploration(tmp_path, new, 2)
    assert (read.selection.tolist(), read.groups[0].indices.tolist()) == ([0], [0])


def test_folders_that_look_alike_are_one_class(cafes: Path) -> None:
    (cafes / TOGETHER).mkdir()
    Image.new("RGB", (32, 32), "red").save(cafes / TOGETHER / "more.png")
    found = built(str(cafes), ImagesConfig(image_size=16))
    assert found.classes == ("Bar", TOGETHER)
    assert np.bincount(found.labels).tolist() == [12, 13]
    assert all((cafes / name).is_file() for name in found.names)


def test_a_class_is_asked_for_in_either_form(cafes: Path, tmp_path: Path) -> None:
    run = str(tmp_path / "run")
    small = ["--image-size", "16", "--width", "4", "--batch-size", "8", "--device", "cpu", "--epochs", "1"]
    assert main(["train", str(cafes), "--run", run, "--conditional", "class", *small]) == 0
    for name in (TOGETHER, APART):
        words = ["decode", run, "--z", "0", "0", "--class", name, "--out", str(tmp_path / f"{len(name)}.png")]
        assert main(words) == 0
    assert (tmp_path / "4.png").read_bytes() == (tmp_path / "5.png").read_bytes()
    other = Path(shutil.copytree(cafes / APART, tmp_path / "other" / TOGETHER))
    assert main(["encode", run, str(other.parent), "--out", str(tmp_path / "codes.csv")]) == 0
    with (tmp_path / "codes.csv").open(newline="", encoding="utf-8") as file:
        assert {row["class"] for row in csv.DictReader(file)} == {TOGETHER}


def test_images_of_an_older_run_are_of_its_classes_in_either_form(cafes: Path) -> None:
    found = built(str(cafes), ImagesConfig(image_size=16))
    assert labels_in((APART, "Bar"), found).tolist() == [1] * 12 + [0] * 12


def test_the_sides_of_a_run_hold_for_files_that_came_back_in_the_other_form(
    cafes: Path, config: RunConfig, tmp_path: Path
) -> None:
    config = config.model_copy(update={"source": str(cafes)})
    list(train(built(str(cafes), config.images), config, tmp_path / "run"))
    for path in sorted(cafes.rglob("*.png")):
        path.rename(path.with_name(normal(path.name)))
    (cafes / "Bar" / "more.png").write_bytes((cafes / "Bar" / f"{TOGETHER} 1.png").read_bytes())
    evaluated = last(evaluate_run(tmp_path / "run", Asked(importance_samples=2)), Evaluated)
    assert evaluated.images == 6
