"""Before there is a model the images lie on the map by their pixels; the first model takes its place."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from explorer.map.feature import BY_PIXELS
from explorer.map.view import MapView
from tests.explorer.looking import said
from tests.explorer.opened import Opened
from tests.journeys.driving import PATIENCE, Open, Screenshot, read, small, start


def chart(qtbot: QtBot, program: Opened, source: Path) -> MapView:
    """Open a folder, and wait for its images on the map."""
    with qtbot.waitSignal(program.workspace.charting.charted, timeout=PATIENCE):
        read(qtbot, program, source)
    return program.panels.map.findChild(MapView)


def dot(view: MapView, index: int) -> QPoint:
    place = view.place_of(index)
    assert place is not None
    return place.toPoint()


def test_images_are_on_the_map_before_a_model(
    qtbot: QtBot, open_program: Open, folder: Path, screenshot: Screenshot
) -> None:
    program = open_program()
    view = chart(qtbot, program, folder)
    workspace = program.workspace
    assert BY_PIXELS in said(program.panels.map)
    assert view.count_drawn() == 24
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=dot(view, 3))
    qtbot.waitUntil(lambda: "The image itself: " in said(program.panels.picture), timeout=PATIENCE)
    name = workspace.viewing.table.names[3].rsplit("/", 1)[-1]
    assert f"The image itself: {name}" in said(program.panels.picture)
    qtbot.waitUntil(lambda: "Nearest real images" in said(program.panels.picture), timeout=PATIENCE)
    screenshot(program, "pixel_map")


def test_what_needs_no_decoder_works_and_the_rest_says_why(qtbot: QtBot, open_program: Open, folder: Path) -> None:
    program = open_program()
    view = chart(qtbot, program, folder)
    workspace = program.workspace
    view.setFocus()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=dot(view, 0))
    qtbot.keyClick(view, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: len(workspace.selecting.indices) == len(workspace.viewing.table.names), timeout=PATIENCE)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not len(workspace.selecting.indices), timeout=PATIENCE)
    program.shell.actions["unusual"].trigger()
    qtbot.waitUntil(lambda: len(workspace.selecting.indices) == len(workspace.viewing.table.names), timeout=PATIENCE)
    program.shell.actions["undo"].trigger()
    for name in ("samples", "add_stop", "set_a", "save_picture"):
        assert not program.shell.actions[name].isEnabled()
        assert "Train a model" in program.shell.actions[name].toolTip()
    assert not program.panels.map.actions_by_name["grid"].isEnabled()
    assert "no model yet" in program.panels.map.actions_by_name["grid"].toolTip()


def test_the_first_model_takes_the_map_and_the_selection_stays(qtbot: QtBot, open_program: Open, folder: Path) -> None:
    program = open_program()
    view = chart(qtbot, program, folder)
    workspace = program.workspace
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=dot(view, 5))
    workspace.selecting.choose_near_cursor(4)
    qtbot.waitUntil(lambda: len(workspace.selecting.indices) == 4, timeout=PATIENCE)
    chosen = workspace.selecting.indices.copy()
    start(qtbot, program, small(folder, epochs=400))
    assert workspace.charting.space is None
    qtbot.waitUntil(lambda: BY_PIXELS not in said(program.panels.map), timeout=PATIENCE)
    assert program.panels.map.actions_by_name["grid"].isEnabled()
    assert np.array_equal(workspace.selecting.indices, chosen)
    workspace.learning.finish()
    qtbot.waitUntil(lambda: workspace.learning.state == "kept", timeout=PATIENCE)
    assert np.array_equal(workspace.selecting.indices, chosen)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_folder_of_so_few_is_on_the_map_too(qtbot: QtBot, open_program: Open, tmp_path: Path, count: int) -> None:
    for number in range(count):
        Image.new("RGB", (32, 32), (80 * number, 90, 120)).save(tmp_path / f"{number}.png")
    program = open_program()
    view = chart(qtbot, program, tmp_path)
    assert view.count_drawn() == count
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=dot(view, 0))
    qtbot.waitUntil(lambda: "The image itself" in said(program.panels.picture), timeout=PATIENCE)
