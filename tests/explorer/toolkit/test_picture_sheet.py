"""Sheets of pictures: the one that is clicked is the one that is told, and none is cut off."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from explorer.toolkit.picture_sheet import GAP, LEAST_TILE, PictureSheet, sheet_grid

LEVELS = np.arange(0, 240, 20, dtype=np.uint8)


@pytest.fixture
def sheet(qtbot: QtBot) -> PictureSheet:
    sheet = PictureSheet("Samples", "Click one")
    qtbot.addWidget(sheet)
    sheet.resize(500, 200)
    sheet.show()
    sheet.show_pictures(
        np.broadcast_to(LEVELS[:, None, None, None], (12, 8, 8, 1)), [f"picture {i}" for i in range(12)]
    )
    return sheet


def test_the_picture_under_the_pointer_is_the_one_that_is_told(qtbot: QtBot, sheet: PictureSheet) -> None:
    shot = sheet.grab().toImage()
    for index, place in enumerate(sheet._places()):
        assert shot.pixelColor(place.center() * sheet.devicePixelRatio()).red() == LEVELS[index]
        with qtbot.waitSignal(sheet.clicked) as clicked:
            qtbot.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=place.center())
        assert clicked.args == [index]


def test_the_keyboard_reaches_every_picture(qtbot: QtBot, sheet: PictureSheet) -> None:
    columns = sheet._grid()[0]
    for key in (
        Qt.Key.Key_Right,
        Qt.Key.Key_Down,
        Qt.Key.Key_Left,
        Qt.Key.Key_Left,
    ):  # the last stops at the edge of row 0
        qtbot.keyClick(sheet, key)
    with qtbot.waitSignal(sheet.clicked) as clicked:
        qtbot.keyClick(sheet, Qt.Key.Key_Return)
    assert clicked.args == [columns - 1]
    assert f"picture {columns - 1}" in sheet.accessibleDescription()


def test_a_failure_takes_the_pictures_away(sheet: PictureSheet) -> None:
    sheet.show_sentence("No codes are known yet.", is_failure=True)
    assert sheet.count == 0
    assert sheet.accessibleDescription() == "No codes are known yet."


@given(count=st.integers(1, 40), width=st.integers(300, 1600), height=st.integers(120, 900), caption=st.integers(0, 20))
def test_no_picture_is_cut_off(count: int, width: int, height: int, caption: int) -> None:
    columns, side = sheet_grid(count, width, height, caption)
    rows = -(-count // columns)
    if side > LEAST_TILE:
        assert columns * (side + GAP) + GAP <= width + GAP
        assert rows * (side + caption + GAP) + GAP <= height + GAP
