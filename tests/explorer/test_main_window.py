"""The window as it is found again at the next start."""

import pytest
from pytestqt.qtbot import QtBot

from explorer.main_window import MainWindow
from explorer.settings import Settings


def opened(qtbot: QtBot) -> MainWindow:
    """As at a start: seen before it has its panels."""
    window = MainWindow(Settings())
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.furnish()
    return window


@pytest.mark.parametrize("tab", ["Curves", "Compare"])
def test_the_map_is_no_strip_at_the_next_start(qtbot: QtBot, tab: str) -> None:
    first = opened(qtbot)
    first.bring_forward(tab)
    qtbot.wait(100)  # it is laid out in several turns
    assert first.map.height() > 0.5 * first.height()
    first.close()
    second = opened(qtbot)
    qtbot.wait(100)
    assert second.map.height() > 0.5 * second.height()


def test_the_tab_in_front_is_seen_again(qtbot: QtBot) -> None:
    first = opened(qtbot)
    first.bring_forward("Compare")
    qtbot.wait(50)
    first.close()
    second, seen = opened(qtbot), list[bool]()
    second.when_seen("Compare", seen.append)
    qtbot.waitUntil(lambda: seen[-1:] == [True], timeout=2000)

