"""What the window says of the run that it shows, and of no other."""

import numpy as np
from pytestqt.qtbot import QtBot

from core.reports.runs import MapSeen
from explorer.features import Panels
from explorer.picture.near_images import NearImage, NearImages
from explorer.presenter import Presenter
from explorer.shell.main_window import MainWindow
from explorer.workspace.settings import Settings
from explorer.workspace.verdict_chip import VerdictChip


def test_nothing_that_was_said_of_another_run_stands_beside_one_that_is_being_opened(qtbot: QtBot) -> None:
    window = MainWindow(Settings())
    qtbot.addWidget(window)
    window.furnish(Panels())
    window.picture.show_trust("among", "Because.", "round trip 1.3 × typical", "")
    window.picture.show_nearest([NearImage(0, np.zeros((4, 4, 1), np.uint8), "a.png", "a", 0.1)])
    seen = MapSeen(np.zeros((3, 2), np.float32), np.zeros(3, np.int64), ("a",), np.zeros(3, np.bool_))
    Presenter(window).show_first_sight(seen)
    assert not window.picture.findChild(VerdictChip).text
    assert window.picture.findChild(NearImages).isHidden()
    window.map.stop()
