"""The whole way of a table of metadata: from beside the pictures into classes, split, run folder and back."""

import csv
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.commands import main
from core.config import RunConfig
from core.errors import ImagesError
from core.latent.map_preview import see_map
from core.latent.open_run import open_run
from core.reports.training import TrainingStarted
from core.training.train import settle, train
from tests.core.conftest import built

PATIENTS, LENGTHS = 6, np.linspace(0.5, 12, 24)


@pytest.fixture
def table(folder: Path) -> Iterator[Path]:
    """Beside the shared pictures while a test runs."""
    path = folder / "metadata.csv"
    names = [f"{kind}/{number}.png" for kind in ("red", "blue") for number in range(12)]
    rows = zip(names, ("odd", "even") * 12, [n % PATIENTS for n in range(24)], LENGTHS, strict=True)
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("file", "class", "patient", "length"), *rows, ("lost.png", "odd", 1, 1.0)])
    yield path
    path.unlink()


def asked(config: RunConfig, **images: object) -> RunConfig:
    return config.model_copy(update={"images": config.images.model_copy(update=images)})


def test_classes_columns_and_groups_come_from_the_table(folder: Path, table: Path, config: RunConfig) -> None:
    images = built(str(folder), asked(config, group_column="patient").images)
    assert images.classes == ("even", "odd")
    assert [images.classes[label] for label in images.labels] == [
        "even" if int(Path(name).stem) % 2 else "odd" for name in images.names
    ]
    patient, length = images.columns
    assert len(patient.levels) == PATIENTS
    assert length.numbers is not None
    assert {bool(side) for side in images.held_out} == {True, False}
    assert not {*patient.codes[images.held_out]} & {*patient.codes[~images.held_out]}
    assert images.joined is not None
    assert [row.path for row in images.joined.unmatched] == ["lost.png"]
    assert images.joined.without_row == 0
    assert images.skipped == ()


def test_sub_folders_can_be_asked_for_all_the_same(folder: Path, table: Path, config: RunConfig) -> None:
    images = built(str(folder), asked(config, class_column="folder").images)
    assert images.classes == ("blue", "red")
    assert [column.name for column in images.columns] == ["class", "patient", "length"]
    without = built(str(folder), asked(config, metadata="none").images)
    assert (without.classes, without.columns, without.joined) == (("blue", "red"), (), None)


@pytest.mark.parametrize(
    ("images", "words"),
    [
        ({"group_column": "doctor"}, "no column called doctor: there are class, patient, length"),
        ({"class_column": "doctor"}, "no column called doctor: there are class, patient, length"),
        ({"metadata": "lost.csv"}, "no table of metadata at .*lost.csv"),
        ({"metadata": "none", "group_column": "patient"}, "no column called patient: there is no metadata"),
    ],
)
def test_what_a_table_does_not_say_stops_no_picture_and_is_not_learned_without(
    folder: Path, table: Path, config: RunConfig, tmp_path: Path, images: dict[str, object], words: str
) -> None:
    wanted = asked(config, **images)
    found = built(str(folder), wanted.images)
    assert len(found) == 24
    assert re.search(words, found.amiss)
    with pytest.raises(ImagesError, match=words):
        list(train(found, wanted, tmp_path / "run"))
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook", b"PK\x03\x04 torn"])
def test_a_table_that_cannot_be_read_stops_no_picture(
    folder: Path, table: Path, config: RunConfig, content: bytes
) -> None:
    table.write_bytes(content)
    found = built(str(folder), config.images)
    assert (len(found), found.classes, found.amiss) == (24, ("blue", "red"), "")
    assert found.joined is not None
    assert str(table) in found.joined.trouble
    named = built(str(folder), asked(config, metadata="metadata.csv").images)
    assert (len(named), named.amiss) == (24, found.joined.trouble)


@pytest.mark.parametrize("conditional", ["none", "class"])
def test_a_run_that_learned_from_a_table_reads_pictures_that_have_none(
    folder: Path, table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], conditional: str
) -> None:
    run, bare = tmp_path / "run", tmp_path / "bare"
    small = ["--image-size", "16", "--epochs", "3", "--width", "4", "--batch-size", "6", "--device", "cpu"]
    columns = ["--class-column", "class", "--group-column", "patient", "--conditional", conditional]
    assert main(["train", str(folder), "--run", str(run), *small, *columns]) == 0
    bare.mkdir()
    for number in range(12):
        shutil.copy(folder / "red" / f"{number}.png", bare)
    capsys.readouterr()
    for place in (bare, folder):
        assert main(["encode", str(run), str(place), "--out", str(tmp_path / "codes.csv")]) == 0
        assert main(["evaluate", str(run), "--data", str(place), "--importance-samples", "2", "--json"]) == 0
        table.rename(tmp_path / "away.csv") if table.exists() else None
    assert main(["evaluate", str(run), "--importance-samples", "2", "--json"]) == 0
    (tmp_path / "away.csv").rename(table)
    counted = [json.loads(line)["images"] for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert counted[:2] == [12, 24]


def test_a_run_keeps_what_it_knew_when_its_table_is_gone(
    folder: Path, table: Path, config: RunConfig, tmp_path: Path
) -> None:
    asked_for, run = asked(config, class_column="class", group_column="patient"), tmp_path / "run"
    images = built(str(folder), asked_for.images)
    for report in train(images, asked_for, run):
        if isinstance(report, TrainingStarted):
            asked_for = report.config
    away = table.rename(tmp_path / "away.csv")
    without = built(str(folder), asked_for.images)
    assert "no column called class" in without.amiss
    list(settle(without, asked_for, run, finished=True))
    away.rename(table)
    opened = open_run(run)
    assert opened.classes == ("even", "odd")
    assert [column.name for column in opened.columns] == ["patient", "length"]
    assert (opened.is_held_out == images.held_out).all()


def test_training_says_what_it_learns_without(
    folder: Path, table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = ["--image-size", "16", "--epochs", "1", "--width", "4", "--batch-size", "6", "--device", "cpu"]
    assert main(["train", str(folder), "--run", str(tmp_path / "one"), *small]) == 0
    assert "lost.png (line 26 of metadata.csv: no image is called that)" in capsys.readouterr().err
    table.write_bytes(b"PAR1")
    assert main(["train", str(folder), "--run", str(tmp_path / "two"), *small]) == 0
    assert "Learning without metadata" in capsys.readouterr().err
    assert main(["scan", str(folder), "--image-size", "16"]) == 0
    assert f"without metadata: The metadata in {table} is Parquet" in capsys.readouterr().out


def test_tables_beside_the_pictures_are_offered(folder: Path, config: RunConfig, tmp_path: Path) -> None:
    pictures = tmp_path / "set" / "pictures"
    shutil.copytree(folder / "red", pictures)
    for name in ("zoo.csv", "labels.csv", "annotations.TSV", "notes.txt", "captions.jsonl", "deep/labels.csv"):
        (pictures / name).parent.mkdir(exist_ok=True)
        (pictures / name).write_text("file,label\n1.png,a\n")
    (tmp_path / "set" / "labels.xlsx").write_bytes(b"")
    (tmp_path / "set" / "bills.csv").write_bytes(b"")
    found = built(str(pictures), config.images)
    assert found.tables == ("labels.csv", "annotations.TSV", "captions.jsonl", "zoo.csv", "../labels.xlsx")
    chosen = built(str(pictures), asked(config, metadata=found.tables[0]).images)
    assert "a" in chosen.classes
    assert chosen.tables == found.tables


def test_a_run_opens_with_its_columns_when_the_table_is_gone(
    folder: Path, table: Path, config: RunConfig, tmp_path: Path
) -> None:
    images = built(str(folder), config.images)
    list(train(images, config, tmp_path / "run"))
    opened, seen = open_run(tmp_path / "run"), see_map(tmp_path / "run")
    assert seen is not None
    assert (opened.is_held_out == images.held_out).all()
    for found in (opened.columns, seen.columns):
        assert [column.name for column in found] == ["patient", "length"]
        for column, before in zip(found, images.columns, strict=True):
            assert column.levels == before.levels
            assert (column.codes == before.codes).all()


def test_a_run_that_goes_on_takes_what_has_become_known_of_its_images(
    folder: Path, table: Path, config: RunConfig, tmp_path: Path
) -> None:
    list(train(built(str(folder), config.images), config, tmp_path / "run"))
    table.write_text(table.read_text().replace("length", "width"))
    list(train(built(str(folder), config.images), config, tmp_path / "run"))
    assert [column.name for column in open_run(tmp_path / "run").columns] == ["patient", "width"]


def test_the_command_line_takes_classes_from_a_column(
    folder: Path, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scan", str(folder), "--image-size", "16", "--class-column=patient", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["classes"] == {str(number): 4 for number in range(PATIENTS)}
