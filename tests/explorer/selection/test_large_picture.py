"""A picture is seen large: at once as the model sees it, then as its own file has it."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from explorer.selection.large_picture import LargePicture


def test_a_large_picture_is_replaced_by_its_file_and_leads_to_the_next(qtbot: QtBot) -> None:
    large = LargePicture()
    large.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(large)
    large.show()
    large.show_image(3, np.full((8, 8, 1), 90, np.uint8), "birds/3.png", "bird")
    middle = large._picture.rect().center()
    assert large._picture.grab().toImage().pixelColor(middle).red() == 90
    large.show_file(2, np.full((40, 20, 3), 10, np.uint8))  # the one before, too late
    large.show_file(3, np.full((40, 20, 3), 200, np.uint8))
    shown = large._picture.grab().toImage()
    assert shown.pixelColor(middle).red() == 200
    assert shown.pixelColor(2, middle.y()).red() != 200  # twice as high as wide: not stretched
    large.show_failure(3, "The file is gone.")
    assert large._words.whole == "The file is gone."
    with qtbot.waitSignal(large.stepped) as stepped:
        QTest.keyClick(large, Qt.Key.Key_Right)
    assert stepped.args == [1]
    QTest.keyClick(large, Qt.Key.Key_Escape)
    assert not large.isVisible()
