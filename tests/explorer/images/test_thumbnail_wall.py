"""A click on a thumbnail is one on the picture that is seen there."""

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from explorer.images.thumbnail_wall import ThumbnailWall


def test_the_picture_that_is_seen_is_the_one_that_is_clicked(qtbot: QtBot) -> None:
    wall = ThumbnailWall()
    qtbot.addWidget(wall)
    wall.show_images(np.arange(10, dtype=np.uint8)[:, None, None, None].repeat(4, 1).repeat(4, 2) * 20)
    wall.resize(150, 200)
    wall.show()
    clicked: list[int] = []
    wall.clicked.connect(clicked.append)
    shown = wall.grab().toImage()
    places = [QPoint(x, y) for y in range(5, 120, 12) for x in range(5, 150, 12)]
    for place in places:
        before = len(clicked)
        QTest.mouseClick(wall, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        if len(clicked) > before:
            seen = shown.pixelColor(place).red()
            assert seen in (20 * clicked[-1], shown.pixelColor(148, 198).red())  # it, or the gap beside it
    assert set(clicked) == set(range(10))
