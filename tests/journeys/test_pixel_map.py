"""Before there is a model the images lie on the map by their pixels; the first model takes its place."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from explorer.map.view import MapView
from explorer.presenter import BY_PIXELS
from explorer.start import Program
from tests.explorer.looking import said
from tests.journeys.driving import PATIENCE, Open, Screenshot, read, small, start


def chart(qtbot: QtBot, program: Program, source: Path) -> MapView:
    """Open a folder, and wait for its images on the map."""
    with qtbot.waitSignal(program.session.charting.charted, timeout=PATIENCE):
        read(qtbot, program, source)
    return program.window.map.findChild(MapView)


def dot(view: MapView, index: int) -> QPoint:
    place = view.place_of(index)
    assert place is not None
    return place.toPoint()


def test_images_are_on_the_map_before_a_model(
    qtbot: QtBot, open_program: Open, folder: Path, screenshot: Screenshot
) -> None:
    program = open_program()
    view = chart(qtbot, program, folder)
    window, session = program.window, program.session
    assert BY_PIXELS in said(window.map)
    assert view.count_drawn() == 24
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=dot(view, 3))
    qtbot.waitUntil(lambda: "The image itself: " in said(window.picture), timeout=PATIENCE)
    name = session.viewing.table.names[3].rsplit("/", 1)[-1]
    assert f"The image itself: {name}" in said(window.picture)
    qtbot.waitUntil(lambda: "Nearest real images" in said(window.picture), timeout=PATIENCE)
    screenshot(program, "pixel_map")


def test_what_needs_no_decoder_works_and_the_rest_says_why(qtbot: QtBot, open_program: Open, folder: Path) -> None:
    program = open_program()
    view = chart(qtbot, program, folder)
    window, session = program.window, program.session
    view.setFocus()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=dot(view, 0))
    qtbot.keyClick(view, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: len(session.selecting.indices) == len(session.viewing.table.names), timeout=PATIENCE)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not len(session.selecting.indices), timeout=PATIENCE)
    window.actions_by_name["unusual"].trigger()
    qtbot.waitUntil(lambda: len(session.selecting.indices) == len(session.viewing.table.names), timeout=PATIENCE)
    window.actions_by_name["undo"].trigger()
    for name in ("samples", "add_stop", "set_a", "save_picture"):
        assert not window.actions_by_name[name].isEnabled()
        assert "Train a model" in window.actions_by_name[name].toolTip()
    assert not window.map.actions_by_name["grid"].isEnabled()
    assert "no model yet" in window.map.actions_by_name["grid"].toolTip()


def test_the_first_model_takes_the_map_and_the_selection_stays(qtbot: QtBot, open_program: Open, folder: Path) -> None:
    program = open_program()
    view = chart(qtbot, program, folder)
    session = program.session
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=dot(view, 5))
    session.selecting.choose_near_cursor(4)
    qtbot.waitUntil(lambda: len(session.selecting.indices) == 4, timeout=PATIENCE)
    chosen = session.selecting.indices.copy()
    start(qtbot, program, small(folder, epochs=400))
    assert session.charting.space is None
    qtbot.waitUntil(lambda: BY_PIXELS not in said(program.window.map), timeout=PATIENCE)
    assert program.window.map.actions_by_name["grid"].isEnabled()
    assert np.array_equal(session.selecting.indices, chosen)
    session.learning.finish()
    qtbot.waitUntil(lambda: session.learning.state == "kept", timeout=PATIENCE)
    assert np.array_equal(session.selecting.indices, chosen)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_folder_of_so_few_is_on_the_map_too(qtbot: QtBot, open_program: Open, tmp_path: Path, count: int) -> None:
    for number in range(count):
        Image.new("RGB", (32, 32), (80 * number, 90, 120)).save(tmp_path / f"{number}.png")
    program = open_program()
    view = chart(qtbot, program, tmp_path)
    assert view.count_drawn() == count
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=dot(view, 0))
    qtbot.waitUntil(lambda: "The image itself" in said(program.window.picture), timeout=PATIENCE)
