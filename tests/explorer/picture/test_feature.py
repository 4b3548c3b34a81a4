"""What the window says of the run that it shows, and of no other."""

import numpy as np
from pytestqt.qtbot import QtBot

from core.latent.map_preview import see_map
from core.places import bundled_run
from explorer.picture.near_images import NearImage, NearImages
from explorer.shell.verdict_chip import VerdictChip
from tests.explorer.opened import new_program


def test_nothing_that_was_said_of_another_run_stands_beside_one_that_is_being_opened(qtbot: QtBot) -> None:
    program = new_program()
    qtbot.addWidget(program.window)
    picture = program.panels.picture
    picture.show_trust("among", "Because.", "round trip 1.3 × typical", "")
    picture.show_nearest([NearImage(0, np.zeros((4, 4, 1), np.uint8), "a.png", "a", 0.1)])
    program.workspace.learning.map_seen.emit(see_map(bundled_run()))
    assert not picture.findChild(VerdictChip).text
    assert picture.findChild(NearImages).isHidden()
    program.window.close()
