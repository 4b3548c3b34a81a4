"""The window as it is found again at the next start."""

import pytest
from pytestqt.qtbot import QtBot

from explorer.main_window import MainWindow
from explorer.settings import Settings

STILL = 20  # looks in a row, ten milliseconds apart


def opened(qtbot: QtBot) -> MainWindow:
    """As at a start: seen before it has its panels."""
    window = MainWindow(Settings())
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.furnish()
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
