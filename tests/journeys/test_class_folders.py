"""A folder with a split of its own, through the real window."""

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.journeys.driving import PATIENCE, Open, Screenshot, read


@pytest.fixture
def pets(tmp_path: Path, folder: Path) -> Path:
    """Two dozen discs: of two colours, a third of them to test on, below a wrapper."""
    for number, picture in enumerate(sorted(folder.glob("*/*.png"))):
        part = ("Train", "train", "TEST")[number % 3]
        place = tmp_path / "pets" / "data" / part / picture.parent.name
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(picture, place / f"{part} {picture.name}")
    return tmp_path / "pets"


def test_a_folder_with_its_own_split_is_split_so_and_can_be_read_otherwise(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, pets: Path
) -> None:
    program = open_program()
    read(qtbot, program, pets)
    images, form = program.panels.images, program.panels.form
    assert "24 images" in images._counts.text()
    assert "8 held out" in images._counts.text()
    line = images._intake._folders
    assert line.isVisible()
    assert line.text() in [f"Split by folders: TEST held out, {trains} learned from." for trains in TRAINS]
    assert [images._classes.item(row, 1).text() for row in range(2)] == ["blue", "red"]
    screenshot(program, "split-folders")

    box = images._intake._classes
    with qtbot.waitSignal(program.workspace.images_changed, timeout=PATIENCE):
        box.setCurrentIndex(box.findText("First folder"))
        box.activated.emit(box.currentIndex())
    assert "2 held out" in images._counts.text()
    assert "--classes-from first" in form._command._text.toPlainText()
    assert box.currentText() == "First folder"
    rows = images._intake  # leaves no gap where the line was
    qtbot.waitUntil(lambda: rows.height() == rows.heightForWidth(rows.width()), timeout=PATIENCE)
    screenshot(program, "split-folders-first")


TRAINS = ("Train and train", "train and Train", "Train", "train")  # one folder, where case makes no difference
