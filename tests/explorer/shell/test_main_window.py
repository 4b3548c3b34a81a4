"""The window as it is found again at the next start."""

import numpy as np
import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from explorer.features import Panels
from explorer.picture.near_images import NearImage
from explorer.shell.main_window import MainWindow
from explorer.start import speak_plainly
from explorer.workspace.settings import Settings

STILL = 20  # looks in a row, ten milliseconds apart


def opened(qtbot: QtBot) -> MainWindow:
    """As at a start: seen before it has its panels."""
    window = MainWindow(Settings())
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.furnish(Panels())
    return window


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the docks keep still: they are laid out in several turns of the event loop."""
    seen = list[tuple[int, ...]]()

    def is_still() -> bool:
        seen.append((window.map.height(), window.images.height(), window.form.height(), window.picture.height()))
        return len(seen) > STILL and len(set(seen[-STILL:])) == 1

    qtbot.waitUntil(is_still, timeout=10_000)


@pytest.mark.parametrize("tab", ["Curves", "Compare"])
def test_the_map_is_no_strip_at_the_next_start(qtbot: QtBot, tab: str) -> None:
    first = opened(qtbot)
    first.bring_forward(tab)
    settle(qtbot, first)
    assert first.map.height() > 0.5 * first.height()
    first.close()
    second = opened(qtbot)
    settle(qtbot, second)
    assert second.map.height() > 0.5 * second.height()


def test_the_tab_in_front_is_seen_again(qtbot: QtBot) -> None:
    first = opened(qtbot)
    first.bring_forward("Compare")
    qtbot.wait(50)
    first.close()
    second, seen = opened(qtbot), list[bool]()
    second.when_seen("Compare", seen.append)
    qtbot.waitUntil(lambda: seen[-1:] == [True], timeout=2000)


@pytest.mark.qt_log_ignore("This plugin does not support")  # what the offscreen platform says of a floating panel
def test_panels_that_were_moved_closed_or_floated_are_put_back(qtbot: QtBot) -> None:
    window = opened(qtbot)
    settle(qtbot, window)
    before = {title: (window.dockWidgetArea(dock), dock.isHidden()) for title, dock in window._docks.items()}
    window._docks["Picture"].close()
    window._docks["Images"].setFloating(True)
    window.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, window._docks["Paths"])
    window.bring_forward("Compare")
    settle(qtbot, window)
    window.put_back()
    settle(qtbot, window)
    now = {title: (window.dockWidgetArea(dock), dock.isHidden()) for title, dock in window._docks.items()}
    assert now == before
    assert not window._docks["Images"].isFloating()
    assert window._docks["Paths"] in window.tabifiedDockWidgets(window._docks["Curves"])
    assert window.map.height() > 0.5 * window.height()


def test_space_on_a_button_of_the_map_presses_it(qtbot: QtBot) -> None:
    window, begun = opened(qtbot), list[bool]()
    window.when("train", lambda: begun.append(True))
    window.map.show_codes(np.zeros((3, 2), np.float32), np.zeros(3, np.int64), ["a"])
    window.activateWindow()
    settle(qtbot, window)
    lasso = next(each for each in window.map.findChildren(QToolButton) if each.text() == "Lasso")
    lasso.setFocus()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Space)
    assert window.map.actions_by_name["lasso"].isChecked()
    assert not begun
    window.map.setFocus()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Space)
    assert begun
    window.map.stop()


@pytest.mark.parametrize("state", ["idle", "training", "stopping", "paused", "kept", "finished"])
def test_the_window_fits_on_a_screen_of_1280_whatever_it_does(qtbot: QtBot, state: str) -> None:
    window = opened(qtbot)
    near = [NearImage(each, np.zeros((4, 4, 1), np.uint8), "39353.png", "coat", 0.1) for each in range(8)]
    window.form.show_state(state)
    window.picture.show_trust("far", "", "round trip 2,500 × typical", "")
    window.picture.show_nearest(near)
    window.map.show_codes(np.zeros((3, 2), np.float32), np.zeros(3, np.int64), ["a"])
    window.map.show_note("a plane of which there is a great deal to say, " * 5)
    qtbot.wait(1)
    assert window.minimumSizeHint().width() <= 1280
    window.map.stop()


def test_a_number_is_typed_with_a_point_under_every_locale(qtbot: QtBot) -> None:
    """Where a comma divides, a typed 4.5 was taken for 45."""
    QLocale.setDefault(QLocale("de_DE"))
    speak_plainly()
    box = QDoubleSpinBox(maximum=100.0)
    qtbot.addWidget(box)
    box.show()
    box.selectAll()
    qtbot.keyClicks(box, "4.5")
    assert box.value() == 4.5
