"""What is below the map is made large and put back as it was, and its tabs keep their words."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QTabBar
from pytestqt.qtbot import QtBot

from explorer.shell.main_window import MainWindow
from tests.explorer.shell.test_main_window import opened, settle


def tabs(window: MainWindow) -> QTabBar:
    return next(bar for bar in window.findChildren(QTabBar) if "Samples" in words_of(bar))


def words_of(bar: QTabBar) -> list[str]:
    return [bar.tabText(index) for index in range(bar.count())]


def shown(window: MainWindow) -> set[str]:
    return {each.objectName() for each in window.findChildren(QDockWidget) if not each.isHidden()}


def press_key(window: MainWindow) -> None:
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F11)


def double_click(window: MainWindow, words: str) -> None:
    bar = tabs(window)
    place = bar.tabRect(words_of(bar).index(words)).center()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    QTest.mouseDClick(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def test_a_key_gives_it_the_room_of_the_map_and_gives_that_back(qtbot: QtBot) -> None:
    window = opened(qtbot)
    settle(qtbot, window)
    there, sizes = shown(window), (window.map.size(), window.picture.width(), window.form.size())
    press_key(window)
    qtbot.waitUntil(lambda: window.curves.height() > 0.6 * window.height())
    qtbot.waitUntil(lambda: window.curves.width() > 0.6 * window.width())
    assert abs(window.picture.width() - sizes[1]) < 40
    assert window.map.height() == 0
    press_key(window)
    settle(qtbot, window)
    assert shown(window) == there
    assert (window.map.size(), window.picture.width(), window.form.size()) == sizes


def test_a_double_click_on_a_tab_does_too_and_shows_that_tab(qtbot: QtBot) -> None:
    window = opened(qtbot)
    settle(qtbot, window)
    double_click(window, "Traversals")
    qtbot.waitUntil(lambda: window.traversals.height() > 0.6 * window.height())
    assert window.actions_by_name["large"].isChecked()
    double_click(window, "Paths")
    settle(qtbot, window)
    assert window.map.height() > 0.5 * window.height()
    assert not window.paths.visibleRegion().isEmpty()


@pytest.mark.parametrize("way", ["focus_map", "put_back"])
def test_what_asks_for_the_map_or_the_first_places_puts_it_back(qtbot: QtBot, way: str) -> None:
    window = opened(qtbot)
    window.when("focus_map", window.go_to_map)
    window.when("put_back", window.put_back)
    settle(qtbot, window)
    press_key(window)
    settle(qtbot, window)
    window.actions_by_name[way].trigger()
    settle(qtbot, window)
    assert window.map.height() > 0.5 * window.height()


def test_a_panel_that_was_called_meanwhile_stays(qtbot: QtBot) -> None:
    window = opened(qtbot)
    settle(qtbot, window)
    press_key(window)
    window.bring_forward("Compare")
    settle(qtbot, window)
    assert window.compare.height() > 0.6 * window.height()
    press_key(window)
    settle(qtbot, window)
    assert not window.compare.visibleRegion().isEmpty()


def test_a_window_that_was_closed_while_it_was_large_opens_with_its_map(qtbot: QtBot) -> None:
    first = opened(qtbot)
    settle(qtbot, first)
    press_key(first)
    settle(qtbot, first)
    first.close()
    second = opened(qtbot)
    settle(qtbot, second)
    assert second.map.height() > 0.5 * second.height()
    assert {"Images", "Training"} <= shown(second)


def test_every_tab_has_all_of_its_words(qtbot: QtBot) -> None:
    window = opened(qtbot)
    window.resize(1280, 800)
    for title in ("Completion", "Compare", "Evaluation"):
        window.bring_forward(title)
    settle(qtbot, window)
    bar = tabs(window)
    assert len(words_of(bar)) == 11
    for index, words in enumerate(words_of(bar)):
        assert bar.tabRect(index).width() >= bar.fontMetrics().horizontalAdvance(words)
    assert bar.elideMode() == Qt.TextElideMode.ElideNone
