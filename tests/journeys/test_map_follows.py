"""The map shows what is done elsewhere: it comes after the cursor, and marks bookmarks, A and B."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from explorer.shell.main_window import MainWindow
from tests.explorer.looking import named
from tests.explorer.opened import Opened
from tests.journeys.driving import Open, learn, read, small

KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def is_cursor_in_view(program: Opened) -> bool:
    view = program.panels.map.focusProxy()
    return view.cursor_place is not None and view.frame.holds_place(*view.cursor_place)


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    QTest.keyClick(window.windowHandle(), key, modifiers)


def test_the_map_comes_after_a_cursor_that_a_number_a_bookmark_or_undo_moves(
    qtbot: QtBot, open_program: Open, folder: Path
) -> None:
    program = open_program()
    read(qtbot, program, folder)
    learn(qtbot, program, small(folder, epochs=2))
    window, view = program.window, program.panels.map.focusProxy()
    qtbot.waitUntil(lambda: is_cursor_in_view(program))
    program.panels.map.setFocus()
    press(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert "Bookmark 2 is set" in named(window.status, "Message").text()
    home = view.cursor_place
    box = named(program.panels.sliders, "z 1 value")
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "40")
    QTest.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: view.cursor_place[0] > 30 and is_cursor_in_view(program))
    program.panels.map.setFocus()
    press(window, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: np.allclose(view.cursor_place, home, atol=1e-3) and is_cursor_in_view(program))
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: view.cursor_place[0] > 30 and is_cursor_in_view(program))


def test_a_and_b_are_marked_on_the_map_while_directions_are_seen(
    qtbot: QtBot, open_program: Open, folder: Path
) -> None:
    program = open_program()
    read(qtbot, program, folder)
    learn(qtbot, program, small(folder, epochs=2))
    window, view = program.window, program.panels.map.focusProxy()
    press(window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(program.workspace.exploring.now.selection) == 24)
    plain = view.grab().toImage()
    press(window, Qt.Key.Key_1, KEYS)
    qtbot.waitUntil(lambda: view.grab().toImage() != plain)
    points = program.workspace.viewing.latent_space.points
    assert [letter for letter, _ in program.workspace.marks.sets] == ["A"]
    np.testing.assert_allclose(program.workspace.marks.sets[0][1], points, atol=1e-6)
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: not program.workspace.marks.sets)
