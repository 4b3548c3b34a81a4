"""One menu for an image or a place: what is in it, and how it is asked for."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from explorer.shell.spot_menu import SpotAction
from explorer.toolkit.context_menu import MenuAsker
from explorer.workspace.place_in_hand import Table
from explorer.workspace.spot import Spot
from tests.explorer.looking import heard
from tests.explorer.opened import Opened, new_program

OFFSCREEN = "This plugin does not support (raise|grabbing the keyboard)"
pytestmark = pytest.mark.qt_log_ignore(OFFSCREEN, extend=True)


NAMES, LABELS = ("cats/7.png", "dogs/1.png"), np.array([0, 1])


@pytest.fixture
def program(qtbot: QtBot) -> Iterator[Opened]:
    """Two images of two classes that no model has seen yet."""
    program = new_program()
    qtbot.addWidget(program.window)
    program.window.show()
    qtbot.waitExposed(program.window)
    program.workspace.viewing.table = Table(NAMES, LABELS, ("cats", "dogs"), np.zeros(2, np.bool_))
    yield program
    program.window.close()


def opened_menu(program: Opened, spot: Spot) -> QMenu:
    program.shell.spots.open(spot, program.window.mapToGlobal(program.window.rect().center()))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def entries(program: Opened, spot: Spot) -> dict[str, QAction]:
    menu = opened_menu(program, spot)
    return {action.text(): action for action in menu.actions() if action.text()}


def test_an_image_has_what_a_place_has_not(program: Opened) -> None:
    image = set(entries(program, Spot(0)))
    place = set(entries(program, Spot(z=np.zeros(2, np.float32))))
    of_image = {"See it large", "Show in folder", "Select all of “cats”", "Select it and the 50 nearest to it"}
    assert of_image <= image
    assert not of_image & place
    shared = {"Go there", "Add as a stop of the path", "Set as A", "Set as B", "Set as C", "Copy picture"}
    assert shared <= image & place


def test_a_picture_that_lies_nowhere_can_be_taken_and_no_more(program: Opened) -> None:
    picture = Spot(pixels=np.zeros((4, 4, 1), np.uint8), name="completion of 7.png")
    assert list(entries(program, picture)) == ["completion of 7.png", "Copy picture", "Save picture…"]


def test_what_cannot_be_is_off_and_says_why(program: Opened) -> None:
    stop = entries(program, Spot(0))["Add as a stop of the path"]
    assert not stop.isEnabled()
    assert "no model yet" in stop.toolTip()


def test_a_chosen_entry_is_done(program: Opened) -> None:
    done: list[Spot] = []
    program.shell.spots.offer(SpotAction("count", "take", lambda _: "Count it", done.append))
    menu, spot = opened_menu(program, asked := Spot(1)), asked
    entry = next(each for each in menu.actions() if each.text() == "Count it")
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())
    assert done == [spot]


@pytest.mark.parametrize(("key", "modifier"), [("Key_Menu", "NoModifier"), ("Key_F10", "ShiftModifier")])
def test_keys_ask_about_what_has_them_and_the_mouse_about_what_it_is_on(qtbot: QtBot, key: str, modifier: str) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    asker = MenuAsker(widget, lambda place: "keys" if place is None else (place.x(), place.y()))
    asked = heard(asker.asked)
    QTest.keyClick(widget, getattr(Qt.Key, key), getattr(Qt.KeyboardModifier, modifier))
    at = QPoint(7, 9)
    QApplication.sendEvent(widget, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, widget.mapToGlobal(at)))
    assert [found for found, _ in asked] == ["keys", (7, 9)]
    asker.allow(False)
    QTest.keyClick(widget, Qt.Key.Key_Menu)
    assert len(asked) == 2
