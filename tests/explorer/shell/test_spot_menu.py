"""One menu for an image or a place: what is in it, and how it is asked for."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from explorer.shell.spot_menu import SpotMenu
from explorer.toolkit.context_menu import MenuAsker
from tests.explorer.looking import heard

OFFSCREEN = "This plugin does not support (raise|grabbing the keyboard)"
pytestmark = pytest.mark.qt_log_ignore(OFFSCREEN, extend=True)


def entries(menu: SpotMenu) -> dict[str, bool]:
    return {action.text(): action.isEnabled() for action in menu.actions() if action.text()}


def test_an_image_has_what_a_place_has_not(qtbot: QtBot) -> None:
    image, place = SpotMenu("cats/7.png", "cats"), SpotMenu("This place", kind="place")
    for menu in (image, place):
        qtbot.addWidget(menu)
    of_image = {"See it large", "Show in folder", "Select all of “cats”", "Select it and the 50 nearest to it"}
    assert of_image <= set(entries(image))
    assert not of_image & set(entries(place))
    shared = {"Go there", "Add as a stop of the path", "Set as A", "Set as B", "Set as C", "Copy picture"}
    assert shared <= set(entries(image)) & set(entries(place))


def test_what_cannot_be_is_off_and_says_why(qtbot: QtBot) -> None:
    menu = SpotMenu("a.png", whys={"stop": "There is no model yet."})
    qtbot.addWidget(menu)
    stop = next(action for action in menu.actions() if action.text() == "Add as a stop of the path")
    assert not stop.isEnabled()
    assert "no model yet" in stop.toolTip()


@pytest.mark.parametrize(
    ("words", "key"),
    [("Set as B", "B"), ("Select it and the 10 nearest to it", "near 10"), ("Select all of “cats”", "class")],
)
def test_a_chosen_entry_is_told_by_its_key(qtbot: QtBot, words: str, key: str) -> None:
    menu = SpotMenu("a.png", "cats")
    told = heard(menu.chosen)
    menu.popup(QPoint(0, 0))
    entry = next(each for each in menu.actions() if each.text() == words)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())
    assert told == [(key,)]


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
