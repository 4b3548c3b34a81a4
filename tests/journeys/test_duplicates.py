"""Pictures that are there twice: counted where the images are described, and listed at a click."""

import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.journeys.driving import PATIENCE, Open, Screenshot, learn, read, small


def test_duplicates_are_counted_and_selected_at_a_click(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, folder: Path, tmp_path: Path
) -> None:
    twice = Path(shutil.copytree(folder, tmp_path / "twice"))
    first, second, *_ = sorted(twice.rglob("*.png"))
    copies = [(each, each.with_name(f"{each.stem} copy.png")) for each in (first, second)]
    for each, copy in copies:
        shutil.copyfile(each, copy)
    program = open_program()
    read(qtbot, program, twice)
    rows = program.panels.images._intake
    assert "copies are on one side" in rows._twins.text()
    assert not rows._select_twins.isEnabled()  # there is no map to select on
    learn(qtbot, program, small(twice, {"network": "mlp"}, epochs=1))
    selecting = program.workspace.selecting
    button = next(
        each for each in program.panels.images.findChildren(QPushButton) if each.text() == "Select duplicates"
    )
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    expected = {path.relative_to(twice).as_posix() for pair in copies for path in pair}
    table = program.workspace.viewing.table
    qtbot.waitUntil(lambda: expected <= {table.names[index] for index in selecting.indices}, timeout=PATIENCE)
    qtbot.waitUntil(lambda: program.panels.selection._order.currentData() == "twins", timeout=PATIENCE)
    qtbot.waitUntil(lambda: not program.panels.selection._beginnings.isVisible(), timeout=PATIENCE)
    screenshot(program, "duplicates")
    held_out = {table.names[index]: bool(side) for index, side in enumerate(table.is_held_out)}
    names = [tuple(path.relative_to(twice).as_posix() for path in pair) for pair in copies]
    assert all(held_out[one] == held_out[other] for one, other in names)
