"""A letter does what the menu says, wherever the keyboard is; in a text it is a letter."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QSlider, QTreeWidget, QWidget
from pytestqt.qtbot import QtBot

from tests.explorer.looking import named
from tests.explorer.opened import Opened
from tests.explorer.shell.test_main_window import opened

PLACES = ("a button", "a slider", "a list", "the map")


@pytest.fixture
def program(qtbot: QtBot) -> Iterator[Opened]:
    program = opened(qtbot)
    program.panels.map.show_codes(
        np.random.default_rng(0).normal(size=(9, 2)).astype(np.float32), np.zeros(9, np.int64), ["a"]
    )
    reach = np.full(2, 3, np.float32)
    program.panels.sliders.show_dimensions(np.ones(2, np.float32), -reach, reach)
    program.shell.docks.bring_forward("Compare")
    program.window.activateWindow()
    QApplication.processEvents()
    yield program
    program.panels.map.stop()


def place(program: Opened, name: str) -> QWidget:
    return {
        "a button": lambda: next(each for each in program.panels.images.findChildren(QPushButton) if each.isVisible()),
        "a slider": lambda: next(each for each in program.panels.sliders.findChildren(QSlider) if each.isVisible()),
        "a list": lambda: program.panels.compare.findChild(QTreeWidget),
        "the map": lambda: program.panels.map.focusProxy(),
    }[name]()


@pytest.mark.parametrize("name", PLACES)
def test_letters_work_wherever_the_keyboard_is(program: Opened, qtbot: QtBot, name: str) -> None:
    place(program, name).setFocus()
    qtbot.waitUntil(lambda: place(program, name).hasFocus())
    QTest.keyClick(program.window.windowHandle(), Qt.Key.Key_S)
    assert program.panels.map.actions_by_name["lasso"].isChecked()
    QTest.keyClick(program.window.windowHandle(), Qt.Key.Key_B)
    assert program.panels.map.actions_by_name["box"].isChecked()
    had_grid = program.panels.map.actions_by_name["grid"].isChecked()
    QTest.keyClick(program.window.windowHandle(), Qt.Key.Key_G)
    assert program.panels.map.actions_by_name["grid"].isChecked() != had_grid


@pytest.mark.parametrize("where", ["a line", "a number"])
def test_in_a_text_a_letter_is_a_letter(program: Opened, qtbot: QtBot, where: str) -> None:
    line = QLineEdit(program.panels.compare) if where == "a line" else named(program.panels.sliders, "z 1 value")
    line.show()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    QTest.keyClick(program.window.windowHandle(), Qt.Key.Key_S)
    assert not program.panels.map.actions_by_name["lasso"].isChecked()
    if where == "a line":
        assert line.text() == "s"


def test_home_on_a_slider_is_the_sliders(program: Opened, qtbot: QtBot) -> None:
    slider = place(program, "a slider")
    program.panels.map.focusProxy().camera.zoom(0.2, 0.0, 0.0)
    before = program.panels.map.focusProxy().frame
    slider.setFocus()
    QTest.keyClick(program.window.windowHandle(), Qt.Key.Key_Home)
    assert slider.value() == slider.minimum()
    assert program.panels.map.focusProxy().frame == before


def keys_shown(program: Opened, title: str) -> dict[str, str]:
    """Those that a menu shows when it is opened by the mouse."""
    menu: QMenu = program.shell.actions.menu(title)
    menu.popup(program.window.mapToGlobal(program.window.rect().center()))
    found = {action.text(): action.shortcut().toString() for action in menu.actions()}
    menu.close()
    return found


@pytest.mark.qt_log_ignore("This plugin does not support")  # what the offscreen platform says of every menu
def test_a_menu_shows_the_keys_that_work_now(program: Opened, qtbot: QtBot) -> None:
    place(program, "a list").setFocus()
    assert keys_shown(program, "&Map")["Lasso"] == "S"
    line = QLineEdit(program.panels.compare)
    line.show()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    assert keys_shown(program, "&Map")["Lasso"] == ""
    assert keys_shown(program, "&View")["Make &room below the map"] == "F11"
    assert keys_shown(program, "&Edit")["&Undo"] == ""  # there is nothing to undo
    place(program, "a list").setFocus()
    QTest.keyClick(program.window.windowHandle(), Qt.Key.Key_S)
    assert program.panels.map.actions_by_name["lasso"].isChecked()
