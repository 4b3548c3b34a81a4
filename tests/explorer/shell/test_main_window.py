"""The window as it is found again at the next start."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QLocale, QObject, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QDoubleSpinBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from explorer.picture.near_images import NearImage
from explorer.shell.main_window import MainWindow
from explorer.start import make_program, speak_plainly
from explorer.workspace.settings import Settings
from tests.explorer.opened import Opened, parts_of

STILL = 20  # looks in a row, ten milliseconds apart


def opened(qtbot: QtBot) -> Opened:
    """As at a start: seen before it has its panels."""
    settings = Settings()
    window = MainWindow(settings)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return parts_of(make_program(window, settings))


def settle(qtbot: QtBot, program: Opened) -> None:
    """Wait until the docks keep still: they are laid out in several turns of the event loop."""
    seen = list[tuple[int, ...]]()

    def is_still() -> bool:
        seen.append(
            (
                program.panels.map.height(),
                program.panels.images.height(),
                program.panels.form.height(),
                program.panels.picture.height(),
            )
        )
        return program.shell.docks.is_furnished and len(seen) > STILL and len(set(seen[-STILL:])) == 1

    qtbot.waitUntil(is_still, timeout=10_000)


@pytest.mark.parametrize("tab", ["Curves", "Compare"])
def test_the_map_is_no_strip_at_the_next_start(qtbot: QtBot, tab: str) -> None:
    first = opened(qtbot)
    first.shell.docks.bring_forward(tab)
    settle(qtbot, first)
    assert first.panels.map.height() > 0.5 * first.window.height()
    first.window.close()
    second = opened(qtbot)
    settle(qtbot, second)
    assert second.panels.map.height() > 0.5 * second.window.height()


def test_the_tab_in_front_is_seen_again(qtbot: QtBot) -> None:
    first = opened(qtbot)
    first.shell.docks.bring_forward("Compare")
    qtbot.wait(50)
    first.window.close()
    second, seen = opened(qtbot), list[bool]()
    second.shell.docks.when_seen("Compare", seen.append)
    qtbot.waitUntil(lambda: seen[-1:] == [True], timeout=2000)


def places(program: Opened) -> dict[str, tuple[Qt.DockWidgetArea, bool]]:
    docks = program.window.findChildren(QDockWidget)
    return {dock.objectName(): (program.window.dockWidgetArea(dock), dock.isHidden()) for dock in docks}


@pytest.mark.qt_log_ignore("This plugin does not support")  # what the offscreen platform says of a floating panel
def test_panels_that_were_moved_closed_or_floated_are_put_back(qtbot: QtBot) -> None:
    program = opened(qtbot)
    settle(qtbot, program)
    before = places(program)
    program.shell.docks["Picture"].close()
    program.shell.docks["Images"].setFloating(True)
    program.window.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, program.shell.docks["Paths"])
    program.shell.docks.bring_forward("Compare")
    settle(qtbot, program)
    program.shell.put_back()
    settle(qtbot, program)
    now = places(program)
    assert now == before
    assert not program.shell.docks["Images"].isFloating()
    assert program.shell.docks["Paths"] in program.window.tabifiedDockWidgets(program.shell.docks["Curves"])
    assert program.panels.map.height() > 0.5 * program.window.height()


def test_space_on_a_button_of_the_map_presses_it(qtbot: QtBot) -> None:
    program, begun = opened(qtbot), list[bool]()
    program.shell.actions["train"].triggered.connect(lambda: begun.append(True))
    program.panels.form.show_source("a folder")
    program.panels.map.show_codes(np.zeros((3, 2), np.float32), np.zeros(3, np.int64), ["a"])
    settle(qtbot, program)
    with qtbot.waitActive(program.window):  # an earlier test's window, as it goes, takes the keyboard away
        program.window.activateWindow()
    lasso = next(each for each in program.panels.map.findChildren(QToolButton) if each.text() == "Lasso")
    lasso.setFocus()
    QTest.keyClick(program.window.windowHandle(), Qt.Key.Key_Space)
    assert program.panels.map.actions_by_name["lasso"].isChecked()
    assert not begun
    program.panels.map.setFocus()
    QTest.keyClick(program.window.windowHandle(), Qt.Key.Key_Space)
    assert begun
    program.panels.map.stop()


@pytest.mark.parametrize("state", ["idle", "training", "stopping", "paused", "kept", "finished"])
def test_the_window_fits_on_a_screen_of_1280_whatever_it_does(qtbot: QtBot, state: str) -> None:
    program = opened(qtbot)
    near = [NearImage(each, np.zeros((4, 4, 1), np.uint8), "39353.png", "coat", 0.1) for each in range(8)]
    program.panels.form.show_state(state)
    program.panels.picture.show_trust("far", "", "round trip 2,500 × typical", "")
    program.panels.picture.show_nearest(near)
    program.panels.map.show_codes(np.zeros((3, 2), np.float32), np.zeros(3, np.int64), ["a"])
    program.panels.map.show_note("a plane of which there is a great deal to say, " * 5)
    qtbot.wait(1)
    assert program.window.minimumSizeHint().width() <= 1280
    program.panels.map.stop()


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


def seen_places(program: Opened) -> list[QRect]:
    parts = [program.panels.map, *program.window.findChildren(QDockWidget)]
    return [each.geometry() for each in parts if not each.visibleRegion().isEmpty()]


class Windows(QObject):
    """Remembers every window that comes to be seen."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = list[str]()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


def test_no_other_window_is_seen_for_a_moment_and_takes_the_keyboard(qtbot: QtBot) -> None:
    windows, app = Windows(), QApplication.instance()
    assert app is not None
    app.installEventFilter(windows)
    program = opened(qtbot)
    while program.shell.docks.make_next():
        settle(qtbot, program)
    app.removeEventFilter(windows)
    assert windows.seen == ["MainWindow"]
    program.window.close()


def test_nothing_moves_when_a_panel_is_made_that_nobody_has_seen(qtbot: QtBot) -> None:
    program = opened(qtbot)
    settle(qtbot, program)
    before = seen_places(program)
    while program.shell.docks.make_next():
        settle(qtbot, program)
    assert seen_places(program) == before
    program.window.close()
