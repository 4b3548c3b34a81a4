"""What is below the map is made large and put back as it was, and its tabs keep their words."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QTabBar
from pytestqt.qtbot import QtBot

from explorer.shell.actions import ANY_MAP
from tests.explorer.opened import Opened
from tests.explorer.shell.test_main_window import opened, settle


def tabs(program: Opened) -> QTabBar:
    return next(bar for bar in program.window.findChildren(QTabBar) if "Samples" in words_of(bar))


def words_of(bar: QTabBar) -> list[str]:
    return [bar.tabText(index) for index in range(bar.count())]


def shown(program: Opened) -> set[str]:
    return {each.objectName() for each in program.window.findChildren(QDockWidget) if not each.isHidden()}


def press_key(program: Opened) -> None:
    program.window.activateWindow()
    QTest.qWaitForWindowActive(program.window)
    QTest.keyClick(program.window.windowHandle(), Qt.Key.Key_F11)


def double_click(program: Opened, words: str) -> None:
    bar = tabs(program)
    place = bar.tabRect(words_of(bar).index(words)).center()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    QTest.mouseDClick(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def test_a_key_gives_it_the_room_of_the_map_and_gives_that_back(qtbot: QtBot) -> None:
    program = opened(qtbot)
    settle(qtbot, program)
    there, sizes = (
        shown(program),
        (program.panels.map.size(), program.panels.picture.width(), program.panels.form.size()),
    )
    press_key(program)
    qtbot.waitUntil(lambda: program.panels.curves.height() > 0.6 * program.window.height())
    qtbot.waitUntil(lambda: program.panels.curves.width() > 0.6 * program.window.width())
    assert abs(program.panels.picture.width() - sizes[1]) < 40
    assert program.panels.map.height() == 0
    press_key(program)
    settle(qtbot, program)
    assert shown(program) == there
    assert (program.panels.map.size(), program.panels.picture.width(), program.panels.form.size()) == sizes


def test_a_double_click_on_a_tab_does_too_and_shows_that_tab(qtbot: QtBot) -> None:
    program = opened(qtbot)
    settle(qtbot, program)
    double_click(program, "Traversals")
    qtbot.waitUntil(lambda: program.panels.traversals.height() > 0.6 * program.window.height())
    assert program.shell.actions["large"].isChecked()
    double_click(program, "Paths")
    settle(qtbot, program)
    assert program.panels.map.height() > 0.5 * program.window.height()
    assert not program.panels.paths.visibleRegion().isEmpty()


@pytest.mark.parametrize("way", ["focus_map", "put_back"])
def test_what_asks_for_the_map_or_the_first_places_puts_it_back(qtbot: QtBot, way: str) -> None:
    program = opened(qtbot)
    program.shell.actions.tell(ANY_MAP, True)
    settle(qtbot, program)
    press_key(program)
    settle(qtbot, program)
    program.shell.actions[way].trigger()
    settle(qtbot, program)
    assert program.panels.map.height() > 0.5 * program.window.height()


def test_a_panel_that_was_called_meanwhile_stays(qtbot: QtBot) -> None:
    program = opened(qtbot)
    settle(qtbot, program)
    press_key(program)
    program.shell.docks.bring_forward("Compare")
    settle(qtbot, program)
    assert program.panels.compare.height() > 0.6 * program.window.height()
    press_key(program)
    settle(qtbot, program)
    assert not program.panels.compare.visibleRegion().isEmpty()


def test_a_window_that_was_closed_while_it_was_large_opens_with_its_map(qtbot: QtBot) -> None:
    first = opened(qtbot)
    settle(qtbot, first)
    press_key(first)
    settle(qtbot, first)
    first.window.close()
    second = opened(qtbot)
    settle(qtbot, second)
    assert second.panels.map.height() > 0.5 * second.window.height()
    assert {"Images", "Training"} <= shown(second)


def test_every_tab_has_all_of_its_words(qtbot: QtBot) -> None:
    program = opened(qtbot)
    program.window.resize(1280, 800)
    for title in ("Completion", "Compare", "Evaluation"):
        program.shell.docks.bring_forward(title)
    settle(qtbot, program)
    bar = tabs(program)
    assert len(words_of(bar)) == 11
    for index, words in enumerate(words_of(bar)):
        assert bar.tabRect(index).width() >= bar.fontMetrics().horizontalAdvance(words)
    assert bar.elideMode() == Qt.TextElideMode.ElideNone
