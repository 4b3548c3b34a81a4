"""The whole way of a table of metadata: from beside the pictures into classes, split, run folder and back."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.commands import main
from core.config import RunConfig
from core.errors import ImagesError
from core.latent.first_sight import see_map
from core.latent.opening import open_run
from core.training.train import train
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
    assert (images.joined.unmatched, images.joined.without_row) == (("lost.png",), 0)
    assert images.skipped == ()


def test_sub_folders_can_be_asked_for_all_the_same(folder: Path, table: Path, config: RunConfig) -> None:
    images = built(str(folder), asked(config, class_column="folder").images)
    assert images.classes == ("blue", "red")
    assert [column.name for column in images.columns] == ["class", "patient", "length"]
    without = built(str(folder), asked(config, metadata="none").images)
    assert (without.classes, without.columns, without.joined) == (("blue", "red"), (), None)


def test_a_column_that_is_not_there_is_a_sentence(folder: Path, table: Path, config: RunConfig) -> None:
    with pytest.raises(ImagesError, match="no column called doctor: there are class, patient, length"):
        built(str(folder), asked(config, group_column="doctor").images)


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
