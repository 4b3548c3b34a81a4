"""Where classes come from, as it is chosen beside the images."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.config import BEFORE_NUMBER, ImagesConfig
from core.reports.images import Intake, Joined
from explorer.images.intake_rows import IntakeRows

TABLE = Joined(Path("/pets/metadata.csv"), ("class", "litter"), (), 0)
OF_FILES = ["First folder", "Second folder", "Last folder", "File name, up to its number", "None: all are one class"]


@pytest.fixture
def rows(qtbot: QtBot) -> IntakeRows:
    rows = IntakeRows()
    qtbot.addWidget(rows)
    rows.resize(320, 300)
    rows.show()
    return rows


def texts(rows: IntakeRows) -> list[str]:
    return [rows._classes.itemText(place) for place in range(rows._classes.count())]


def test_what_folders_were_taken_for_is_a_line_of_its_own(rows: IntakeRows) -> None:
    said = "Split by folders: <b>test</b> held out, train learned from."
    rows.show_intake(Intake({"PNG": 3}, folders=said), None, ImagesConfig(), is_folder=True)
    assert rows._folders.isVisible()
    assert rows._folders.text() == said
    rows.show_intake(Intake({"PNG": 3}), None, ImagesConfig(), is_folder=True)
    assert not rows._folders.isVisible()


def test_a_folder_without_a_table_offers_all_but_columns(rows: IntakeRows) -> None:
    rows.show_intake(Intake({"PNG": 3}), None, ImagesConfig(), is_folder=True)
    assert texts(rows) == ["Automatic", *OF_FILES]
    assert rows._classes.currentText() == "Automatic"
    assert rows._classes.isVisible()
    assert not rows._together.isVisible()
    rows.show_intake(Intake({}), None, ImagesConfig(), is_folder=False)
    assert not rows._classes.isVisible()


def test_columns_of_a_table_stand_beside_folders(rows: IntakeRows) -> None:
    rows.show_intake(Intake({"PNG": 3}, class_column="class"), TABLE, ImagesConfig(), is_folder=True)
    assert texts(rows) == ["Automatic", "Sub-folders", "class", "litter", *OF_FILES]
    assert rows._together.isVisible()


@pytest.mark.parametrize(
    ("text", "joined", "expected"),
    [
        ("Automatic", None, ["auto", "auto"]),
        ("First folder", None, ["auto", "first"]),
        ("Last folder", TABLE, ["folder", "last"]),
        ("Sub-folders", TABLE, ["folder", "auto"]),
        ("litter", TABLE, ["litter", "auto"]),
        ("File name, up to its number", None, ["auto", BEFORE_NUMBER]),
        ("None: all are one class", None, ["auto", "none"]),
    ],
)
def test_what_is_chosen_is_shown_again(
    qtbot: QtBot, rows: IntakeRows, text: str, joined: Joined | None, expected: list[str]
) -> None:
    rows.show_intake(Intake({"PNG": 3}), joined, ImagesConfig(), is_folder=True)
    with qtbot.waitSignal(rows.classes_chosen, timeout=1000) as chosen:
        rows._classes.setCurrentIndex(texts(rows).index(text))
        rows._classes.activated.emit(rows._classes.currentIndex())
    assert chosen.args == expected
    config = ImagesConfig(class_column=expected[0], classes_from=expected[1])
    rows.show_intake(Intake({"PNG": 3}), joined, config, is_folder=True)
    assert rows._classes.currentText() == text


def test_a_run_begun_before_shows_what_its_classes_are_of(rows: IntakeRows) -> None:
    config = ImagesConfig(classes_from="first")
    rows.show_intake(Intake({"PNG": 3}), None, config, is_folder=True)
    assert rows._classes.currentText() == "First folder"
    rows.show_intake(Intake({"PNG": 3}, class_column="class"), TABLE, config, is_folder=True)
    assert rows._classes.currentText() == "Automatic"  # the table says more


def test_a_pattern_that_was_typed_is_shown(rows: IntakeRows) -> None:
    rows.show_intake(Intake({"PNG": 3}), None, ImagesConfig(classes_from="^(.)"), is_folder=True)
    assert rows._classes.currentText() == "File name: ^(.)"
