"""What a user would lose when a folder grows: the worth of every figure on images that were never learned from."""

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.commands import main
from core.config import RunConfig
from core.errors import ConfigError
from core.export.pictures import read_picture_facts
from core.latent.open_run import open_run, reopen
from core.reports.images import ImageSetReady
from core.reports.training import StepDone, TrainingStarted
from core.training.checksums import write_vouched
from core.training.image_table import read_images
from core.training.train import train
from tests.core.conftest import built

Output = pytest.CaptureFixture[str]


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Path:
    """A copy of the pictures that may be changed."""
    return Path(shutil.copytree(folder, tmp_path / "own"))


def of_folder(config: RunConfig, folder: Path, **fields: dict[str, object]) -> RunConfig:
    content = config.model_dump()
    for group, values in fields.items():
        content[group] |= values
    return RunConfig.model_validate(content | {"source": str(folder)})


def sides(run: Path) -> dict[str, bool]:
    """Straight from the file."""
    with (run / "images.csv").open(newline="") as file:
        return {row["file"]: row["held_out"] == "1" for row in csv.DictReader(file)}


def strangers(folder: Path, count: int, seed: int = 1) -> None:
    """Pictures that nothing else is like: noise of large patches."""
    random = np.random.default_rng(seed)
    for number in range(count):
        patches = Image.fromarray(random.integers(0, 256, (4, 4, 3), np.uint8))
        patches.resize((32, 32), Image.Resampling.NEAREST).save(folder / f"new {number}.png")


def begun(config: RunConfig, run: Path) -> dict[str, bool]:
    """A run that was stopped after a few steps; the sides of its images."""
    reports = train(built(config.source, config.images), config, run)
    next(report for report in reports if isinstance(report, StepDone))
    reports.close()
    return sides(run)


def test_an_image_that_was_learned_from_is_never_held_out_afterwards(
    own: Path, config: RunConfig, tmp_path: Path
) -> None:
    config, run = of_folder(config, own), tmp_path / "run"
    before = begun(config, run)
    strangers(own / "red", 60)
    (own / "blue" / "3.png").unlink()
    started, *_ = train(built(str(own), config.images), config, run)
    assert isinstance(started, TrainingStarted)
    assert (started.new, started.gone) == (60, 1)
    assert "60 new images, 1 gone" in started.said_of_change
    after = sides(run)
    assert {name: after[name] for name in before if name in after} == {
        name: side for name, side in before.items() if name != "blue/3.png"
    }
    new = [side for name, side in after.items() if name not in before]
    assert sum(new) == 15  # a quarter of the new ones, among themselves
    kept = list(run.glob("images-before-*.csv"))
    assert len(kept) == 1
    with kept[0].open(newline="") as file:
        assert {row["file"]: row["held_out"] == "1" for row in csv.DictReader(file)} == before


def test_a_new_copy_of_a_picture_goes_where_the_picture_is(own: Path, config: RunConfig, tmp_path: Path) -> None:
    """Else a picture that was learned from would be tested on, under another name."""
    for path in own.glob("*/*.png"):
        path.unlink()
    strangers(own / "red", 12)
    config, run = of_folder(config, own), tmp_path / "run"
    before = begun(config, run)
    assert 0 < sum(before.values()) < 12
    for number in range(12):
        shutil.copy(own / "red" / f"new {number}.png", own / "blue" / f"copy {number}.png")
    list(train(built(str(own), config.images), config, run))
    after = sides(run)
    for number in range(12):
        assert after[f"blue/copy {number}.png"] == before[f"red/new {number}.png"]


def test_a_picture_by_another_name_stays_on_its_side(own: Path, config: RunConfig, tmp_path: Path) -> None:
    """A folder is called otherwise, a file is moved; three others come, one goes."""
    for path in own.glob("*/*.png"):
        path.unlink()
    strangers(own / "red", 20)
    strangers(own / "blue", 20, seed=2)
    config, run = of_folder(config, own), tmp_path / "run"
    before = begun(config, run)
    (own / "red").rename(own / "crimson")
    (own / "blue" / "new 0.png").rename(own / "moved.png")
    (own / "blue" / "new 1.png").unlink()
    (own / "later").mkdir()
    strangers(own / "later", 3, seed=3)
    started, *_ = train(built(str(own), config.images), config, run)
    assert isinstance(started, TrainingStarted)
    assert started.said_of_change.startswith("3 new images, 1 gone, 21 renamed since")
    after = sides(run)
    for number in range(20):
        assert after[f"crimson/new {number}.png"] == before[f"red/new {number}.png"]
    assert after["moved.png"] == before["blue/new 0.png"]
    with (run / "images-before-1.csv").open(newline="") as file:
        assert {row["file"] for row in csv.DictReader(file)} == set(before)
    again, *_ = train(built(str(own), config.images), config, run)
    assert isinstance(again, TrainingStarted)
    assert again.said_of_change == ""


def test_an_unchanged_folder_is_no_news(own: Path, config: RunConfig, tmp_path: Path) -> None:
    config, run = of_folder(config, own), tmp_path / "run"
    before = begun(config, run)
    started, *_ = train(built(str(own), config.images), config, run)
    assert isinstance(started, TrainingStarted)
    assert started.said_of_change == ""
    assert sides(run) == before
    assert not list(run.glob("images-before-*.csv"))


def test_the_window_opens_a_run_with_the_sides_that_it_has(own: Path, config: RunConfig, tmp_path: Path) -> None:
    """Also when the program would draw others now: a run of an older version keeps what it said."""
    config, run = of_folder(config, own), tmp_path / "run"
    before = begun(config, run)
    rows = (run / "images.csv").read_text().splitlines()
    turned = [rows[0], *(row[:-1] + ("0" if row.endswith("1") else "1") for row in rows[1:])]
    write_vouched(run / "images.csv", "\n".join(turned) + "\n")
    ready = next(report for report in reopen(run) if isinstance(report, ImageSetReady))
    names = ready.image_set.names
    assert {name: bool(side) for name, side in zip(names, ready.image_set.held_out, strict=True)} == {
        name: not side for name, side in before.items()
    }
    assert {name: bool(side) for name, side in zip(names, open_run(run).is_held_out, strict=True)} == sides(run)


def test_a_new_image_of_a_known_patient_goes_where_the_patient_is(own: Path, config: RunConfig, tmp_path: Path) -> None:
    patients = {f"{kind}/{n}.png": str(n % 6) for kind in ("red", "blue") for n in range(12)}

    def write(table: dict[str, str]) -> None:
        with (own / "metadata.csv").open("w", newline="") as file:
            csv.writer(file).writerows([("file", "patient"), *table.items()])

    write(patients)
    config, run = of_folder(config, own, images={"group_column": "patient"}), tmp_path / "run"
    before = begun(config, run)
    side_of = {patients[name]: side for name, side in before.items()}
    strangers(own / "red", 24)
    for number in range(24):
        patients[f"red/new {number}.png"] = str(number % 8)  # two of eight are new
    write(patients)
    list(train(built(str(own), config.images), config, run))
    after = sides(run)
    for name, patient in patients.items():
        if patient in side_of:
            assert after[name] == side_of[patient], name
    for patient in ("6", "7"):
        assert len({after[name] for name, its in patients.items() if its == patient}) == 1


def test_every_class_keeps_an_image_to_learn_from(own: Path, config: RunConfig, tmp_path: Path) -> None:
    for number in range(12):
        (own / f"only {number}").mkdir()
        strangers(own / f"only {number}", 1, seed=100 + number)
    config, run = of_folder(config, own, model={"conditional": "class"}), tmp_path / "run"
    plain = built(str(own), config.images)
    assert any(name.startswith("only") and side for name, side in zip(plain.names, plain.held_out, strict=True))
    begun(config, run)
    table = read_images(run)
    assert set(table.labels[~table.held_out].tolist()) == set(range(14))
    assert table.held_out.any()


def test_a_picture_that_a_class_keeps_is_learned_from_in_all_copies(
    own: Path, config: RunConfig, tmp_path: Path
) -> None:
    for number in range(20):
        (own / f"only {number}").mkdir()
        strangers(own / f"only {number}", 1, seed=100 + number)
        shutil.copy(own / f"only {number}" / "new 0.png", own / f"only {number}" / "copy.png")
    config, run = of_folder(config, own, model={"conditional": "class"}), tmp_path / "run"
    after = begun(config, run)
    for number in range(20):
        assert not after[f"only {number}/new 0.png"]
        assert not after[f"only {number}/copy.png"]
    assert any(after.values())


@pytest.mark.parametrize("conditional", ["none", "class"])
def test_a_test_part_stays_whole_when_it_grows(own: Path, config: RunConfig, tmp_path: Path, conditional: str) -> None:
    """What comes into the folder test is never learned from, nor is a class that only test has."""
    for part in ("train", "test"):
        for kind in ("a", "b"):
            (own / "split" / part / kind).mkdir(parents=True)
            strangers(own / "split" / part / kind, 8, seed=len(part) + ord(kind))
    (own / "split" / "test" / "z").mkdir()
    strangers(own / "split" / "test" / "z", 2, seed=5)
    config = of_folder(config, own / "split", model={"conditional": conditional})
    run = tmp_path / "run"
    before = begun(config, run)
    assert before == {name: name.startswith("test/") for name in before}
    for part in ("train", "test"):
        (own / "split" / part / "a" / "later").mkdir()
        strangers(own / "split" / part / "a" / "later", 10, seed=50 + len(part))
    list(train(built(config.source, config.images), config, run))
    after = sides(run)
    assert len(after) == 54
    assert after == {name: name.startswith("test/") for name in after}


def test_a_class_that_was_not_learned_is_not_drawn_either(
    own: Path, config: RunConfig, tmp_path: Path, capsys: Output
) -> None:
    """The class that comes first, so that it is what is decoded where none is asked for."""
    with (own / "metadata.csv").open("w", newline="") as file:
        rows = [(f"{kind}/{n}.png", kind) for kind in ("red", "blue") for n in range(12)]
        csv.writer(file).writerows([("file", "colour"), *rows])
    config = of_folder(config, own, images={"group_column": "colour", "held_out": 0.5}, model={"conditional": "class"})
    run = tmp_path / "run"
    list(train(built(str(own), config.images), config, run))
    (held,) = {name.split("/")[0] for name, side in sides(run).items() if side}
    (learned,) = {"red", "blue"} - {held}
    for command, kept in (
        (["sample", "--count", "4"], "classes"),
        (["grid", "--rows", "2", "--columns", "2"], "class"),
    ):
        name, *flags = command
        out = tmp_path / f"{name}.png"
        assert main([name, str(run), *flags, "--out", str(out)]) == 0
        said = read_picture_facts(out)[kept]
        assert said == ([learned] if kept == "classes" else learned)
        other = ["--class", held, "--out", str(tmp_path / "other.png")]
        assert main([name, str(run), *flags, *other]) == 1
        assert f"learned from no image of class {held}" in " ".join(capsys.readouterr().err.split())
    assert open_run(run).latent_space.unlearned == {("blue", "red").index(held)}


def test_a_class_of_which_nothing_was_learned_cannot_be_asked_for(
    own: Path, config: RunConfig, tmp_path: Path, capsys: Output
) -> None:
    config, run = of_folder(config, own, model={"conditional": "class"}), tmp_path / "run"
    list(train(built(str(own), config.images), config, run))
    rows = (run / "images.csv").read_text().splitlines()
    turned = (row[:-1] + "1" if row.startswith("red/") else row for row in rows)
    write_vouched(run / "images.csv", "\n".join(turned) + "\n")
    out = tmp_path / "picture.png"
    assert main(["sample", str(run), "--class", "blue", "--count", "2", "--out", str(out)]) == 0
    assert main(["sample", str(run), "--class", "red", "--count", "2", "--out", str(tmp_path / "other.png")]) == 1
    assert "learned from no image of class red" in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "other.png").exists()


def test_a_named_set_keeps_its_official_test_part(config: RunConfig, tmp_path: Path) -> None:
    faces = of_folder(config, Path("x"), images={"image_size": 16}).model_copy(update={"source": "faces"})
    with pytest.raises(ConfigError):  # another source than the run's
        list(train(built("faces", faces.images), config, tmp_path / "run"))
    run = tmp_path / "faces"
    reports = train(built("faces", faces.images), faces, run)
    next(report for report in reports if isinstance(report, StepDone))
    reports.close()
    assert sides(run) == {
        name: bool(side)
        for name, side in zip(
            *(getattr(built("faces", faces.images), each) for each in ("names", "held_out")), strict=True
        )
    }
    assert json.loads((run / "config.json").read_text())["source"] == "faces"
    assert np.any(list(sides(run).values()))
