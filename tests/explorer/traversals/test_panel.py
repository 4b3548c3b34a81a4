"""The panel of traversals: the picture that is clicked is the one that is told; dead dimensions stay out of the way."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from explorer.traversals.panel import EMPTY, TraversalsPanel
from explorer.traversals.strip_plan import StripPlan
from explorer.traversals.strip_sheet import Tile

STEPS = 5
VALUES = np.tile(np.linspace(-2, 2, STEPS, dtype=np.float32), (40, 1))
KL = np.linspace(4, 0.1, 40, dtype=np.float32)


def plan(starts: int = 1, dead: int = 14) -> StripPlan:
    names = tuple(f"{index}.png" for index in range(starts))
    at = np.zeros((starts, 40), np.float32)
    return StripPlan(tuple(range(40 - dead)), tuple(range(40 - dead, 40)), KL, VALUES, names, at)


@pytest.fixture
def panel(qtbot: QtBot) -> TraversalsPanel:
    panel = TraversalsPanel()
    qtbot.addWidget(panel)
    panel.resize(800, 240)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def seen_by(panel: TraversalsPanel) -> list[tuple[int, ...]]:
    told: list[tuple[int, ...]] = []
    panel.seen.connect(told.append)
    return told


@pytest.mark.parametrize("is_beside", [False, True])
def test_the_picture_under_the_pointer_is_the_one_that_is_told(
    qtbot: QtBot, panel: TraversalsPanel, is_beside: bool
) -> None:
    panel.show_plan(plan(2))
    panel._arrange.setChecked(is_beside)
    sheet = panel._sheet
    for dimension in sheet._seen:  # every picture is a grey of its own
        levels = 40 * np.arange(2)[:, None] + 5 * np.arange(STEPS) + 80 * (dimension % 2)
        panel.show_strip(
            dimension, np.broadcast_to(levels[..., None, None, None], (2, STEPS, 8, 8, 1)).astype(np.uint8)
        )
    shot = sheet.viewport().grab().toImage()
    for tile in (Tile(0, 0, 0), Tile(0, 1, 3), Tile(1, 0, STEPS - 1)):
        centre = sheet._rect(tile).center()
        assert shot.pixelColor(centre).red() == 40 * tile.start + 5 * tile.step + 80 * tile.line
        with qtbot.waitSignal(panel.picture_clicked) as clicked:
            qtbot.mouseClick(sheet.viewport(), Qt.MouseButton.LeftButton, pos=centre)
        assert clicked.args == [tile.start, tile.line, tile.step]


def test_only_dimensions_in_view_are_asked_for(panel: TraversalsPanel) -> None:
    told = seen_by(panel)
    panel.show_plan(plan())
    assert told[-1][0] == 0
    assert len(told[-1]) < 10
    panel._sheet.verticalScrollBar().setValue(panel._sheet.verticalScrollBar().maximum())
    assert told[-1][-1] == 25


def test_dead_dimensions_are_folded_away_until_asked_for(panel: TraversalsPanel) -> None:
    panel.show_plan(plan())
    assert panel._fold.text() == "14 dead dimensions ▸"
    assert panel._sheet.order == tuple(range(26))
    panel._fold.click()
    assert panel._fold.text() == "14 dead dimensions ▾"
    assert panel._sheet.order == tuple(range(40))
    panel.show_plan(plan(dead=1))
    assert panel._fold.text() == "1 dead dimension ▾"
    panel.show_plan(plan(dead=0))
    assert not panel._fold.isVisible()


def test_the_keyboard_reaches_every_strip_and_says_where_it_is(qtbot: QtBot, panel: TraversalsPanel) -> None:
    panel.show_plan(plan(2))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Left):
        qtbot.keyClick(panel._sheet, key)
    assert panel._sheet.accessibleDescription() == "z₂ = 1.00, from 1.png; 3.90 nats, picture 4 of 5"
    assert panel._sheet.viewport().rect().contains(panel._sheet._rect(panel._sheet._tile))
    with qtbot.waitSignal(panel.picture_clicked) as clicked:
        qtbot.keyClick(panel._sheet, Qt.Key.Key_Return)
    assert clicked.args == [1, 1, 3]


def test_what_is_chosen_is_asked_for(qtbot: QtBot, panel: TraversalsPanel) -> None:
    panel.show_plan(plan())
    asked: list[tuple[str, str, float, bool]] = []
    panel.wished.connect(lambda *wish: asked.append(wish))
    panel.choose("selection")
    panel._rule.setCurrentIndex(2)
    panel._rule.activated.emit(2)
    panel._sigmas.setValue(2.0)
    panel._change.click()
    assert asked == [
        ("selection", "prior", 3.0, False),
        ("selection", "sigma", 3.0, False),
        ("selection", "sigma", 2.0, False),
        ("selection", "sigma", 2.0, True),
    ]
    assert panel._sigmas.isVisible()


def test_pictures_of_what_is_no_longer_shown_are_left_alone(panel: TraversalsPanel) -> None:
    panel.show_plan(plan(2))
    panel.show_strip(0, np.zeros((1, STEPS, 8, 8, 1), np.uint8))
    panel.show_strip(39, np.zeros((2, STEPS, 8, 8, 1), np.uint8))
    assert not panel._sheet._strips.has(0)
    assert not panel._sheet._strips.has(39)


def test_it_says_why_there_is_nothing(panel: TraversalsPanel) -> None:
    assert panel._sheet.accessibleDescription() == EMPTY
    assert not panel._around.isEnabled()
    panel.show_obstacle("Select images first.")
    assert panel._around.isEnabled()
    panel.show_plan(plan())
    panel.show_failure("No memory is left.")
    assert panel._sheet.accessibleDescription() == "No memory is left."
    assert not panel._fold.isVisible()
