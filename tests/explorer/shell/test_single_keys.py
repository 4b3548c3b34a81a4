"""A letter does what the menu says, wherever the keyboard is; in a text it is a letter."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QSlider, QTreeWidget, QWidget
from pytestqt.qtbot import QtBot

from explorer.shell.main_window import MainWindow
from tests.explorer.looking import named
from tests.explorer.shell.test_main_window import opened

PLACES = ("a button", "a slider", "a list", "the map")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    window = opened(qtbot)
    window.map.show_codes(np.random.default_rng(0).normal(size=(9, 2)).astype(np.float32), np.zeros(9, np.int64), ["a"])
    reach = np.full(2, 3, np.float32)
    window.sliders.show_dimensions(np.ones(2, np.float32), -reach, reach)
    window.bring_forward("Compare")
    window.activateWindow()
    QApplication.processEvents()
    yield window
    window.map.stop()


def place(window: MainWindow, name: str) -> QWidget:
    return {
        "a button": lambda: next(each for each in window.images.findChildren(QPushButton) if each.isVisible()),
        "a slider": lambda: next(each for each in window.sliders.findChildren(QSlider) if each.isVisible()),
        "a list": lambda: window.compare.findChild(QTreeWidget),
        "the map": lambda: window.map.focusProxy(),
    }[name]()


@pytest.mark.parametrize("name", PLACES)
def test_letters_work_wherever_the_keyboard_is(window: MainWindow, qtbot: QtBot, name: str) -> None:
    place(window, name).setFocus()
    qtbot.waitUntil(lambda: place(window, name).hasFocus())
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_S)
    assert window.map.actions_by_name["lasso"].isChecked()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_B)
    assert window.map.actions_by_name["box"].isChecked()
    had_grid = window.map.actions_by_name["grid"].isChecked()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_G)
    assert window.map.actions_by_name["grid"].isChecked() != had_grid


@pytest.mark.parametrize("where", ["a line", "a number"])
def test_in_a_text_a_letter_is_a_letter(window: MainWindow, qtbot: QtBot, where: str) -> None:
    line = QLineEdit(window.compare) if where == "a line" else named(window.sliders, "z 1 value")
    line.show()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_S)
    assert not window.map.actions_by_name["lasso"].isChecked()
    if where == "a line":
        assert line.text() == "s"


def test_home_on_a_slider_is_the_sliders(window: MainWindow, qtbot: QtBot) -> None:
    slider = place(window, "a slider")
    window.map.focusProxy().camera.zoom(0.2, 0.0, 0.0)
    before = window.map.focusProxy().frame
    slider.setFocus()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Home)
    assert slider.value() == slider.minimum()
    assert window.map.focusProxy().frame == before


def keys_shown(window: MainWindow, title: str) -> dict[str, str]:
    """Those that a menu shows when it is opened by the mouse."""
    menu: QMenu = window._menus[title]
    menu.popup(window.mapToGlobal(window.rect().center()))
    found = {action.text(): action.shortcut().toString() for action in menu.actions()}
    menu.close()
    return found


@pytest.mark.qt_log_ignore("This plugin does not support")  # what the offscreen platform says of every menu
def test_a_menu_shows_the_keys_that_work_now(window: MainWindow, qtbot: QtBot) -> None:
    place(window, "a list").setFocus()
    assert keys_shown(window, "&Map")["Lasso"] == "S"
    line = QLineEdit(window.compare)
    line.show()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    assert keys_shown(window, "&Map")["Lasso"] == ""
    assert keys_shown(window, "&View")["Make &room below the map"] == "F11"
    assert keys_shown(window, "&Edit")["&Undo"] == ""  # there is nothing to undo
    place(window, "a list").setFocus()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_S)
    assert window.map.actions_by_name["lasso"].isChecked()
