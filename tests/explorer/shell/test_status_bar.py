import math

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QToolButton

from explorer.shell.status_bar import StatusBar, words_for_seconds


@pytest.fixture
def bar(qtbot) -> StatusBar:
    window = QMainWindow()
    qtbot.addWidget(window)
    bar = StatusBar()
    window.setStatusBar(bar)
    window.resize(700, 80)
    window.show()
    qtbot.waitExposed(window)
    bar.window_kept = window
    return bar


def texts(bar: StatusBar) -> list[str]:
    return [each.text() for each in bar.findChildren(QLabel) if each.isVisible() and each.text()]


def test_what_is_said_moves_nothing(qtbot, bar: StatusBar) -> None:
    """The bar is as high before the first fact as with all of them."""
    height = bar.height()
    bar.show_message("Saved picture.png")
    bar.show_device("cpu", "bf16")
    bar.show_skipped(12)
    QApplication.processEvents()
    assert bar.height() == height
    bar.show_skipped(0)
    bar.show_message("")
    QApplication.processEvents()
    assert bar.height() == height


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "a few seconds"),
        (0, "a few seconds"),
        (12, "about 10 seconds"),
        (54, "about 50 seconds"),
        (58, "about 1 min"),
        (170, "about 3 min"),
        (59.6 * 60, "about 1 h"),
        (2.5 * 3600, "about 2 h 30 min"),
        (23.99 * 3600, "about 1 day"),
        (3 * 86400, "about 3 days"),
    ],
)
def test_time_is_said_as_a_person_would(seconds, words):
    assert words_for_seconds(seconds) == words


def test_every_fact_is_shown_and_what_is_unknown_takes_no_room(bar):
    assert texts(bar) == []
    bar.show_message("Ready")
    bar.show_device("cpu", "float32")
    bar.show_speed(17_034.2)
    bar.show_time_left(170)
    assert texts(bar) == ["Ready", "CPU · float32", "17,000 images/s", "about 3 min left"]
    bar.show_speed(None)
    bar.show_time_left(None)
    assert texts(bar) == ["Ready", "CPU · float32"]
    bar.show_time_left(math.inf)
    bar.show_time_left(math.nan)
    assert texts(bar) == ["Ready", "CPU · float32"]


def test_a_device_keeps_its_own_name(bar):
    bar.show_device("NVIDIA H100", "bf16")
    assert texts(bar) == ["NVIDIA H100 · bf16"]


def test_slow_training_still_has_a_speed(bar):
    bar.show_speed(3.4)
    assert texts(bar) == ["3 images/s"]
    bar.show_speed(0.4)
    assert texts(bar) == ["0.4 images/s"]


def test_skipped_files_are_counted_and_can_be_asked_for(bar, qtbot):
    button = bar.findChild(QToolButton)
    assert not button.isVisible()
    bar.show_skipped(1_234)
    assert button.text() == "1,234 skipped"
    with qtbot.waitSignal(bar.skipped_clicked, timeout=500):
        qtbot.keyClick(button, Qt.Key.Key_Space)
    bar.show_skipped(0)
    assert not button.isVisible()


def test_a_long_message_does_not_widen_the_window(bar):
    before = bar.minimumSizeHint().width()
    bar.show_message("long " * 200)
    assert bar.minimumSizeHint().width() == before
