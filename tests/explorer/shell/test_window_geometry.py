"""The window is whole on the screen that is there, and found again where it was left."""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from explorer.shell.window_geometry import place_window
from tests.rights import python_path

LAPTOP, USUAL, LARGE, DOUBLED = (1280, 800), (1600, 1000), (1920, 1080), (960, 540)  # the last: a large one at 200 %
CHILD = """
import json, sys
from PySide6.QtCore import QPoint, QRect, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from explorer.shell.main_window import MainWindow
from explorer.workspace.settings import Settings
from explorer.toolkit.theme import apply_theme
from explorer.start import make_program
from tests.explorer.opened import parts_of

app = QApplication([])
apply_theme(app)
settings = Settings()
window = MainWindow(settings)
window.show()
app.processEvents()
program = parts_of(make_program(window, settings))
QTest.qWait(300)
if sys.argv[1] == "maximised":
    window.showMaximized()
elif sys.argv[1]:
    window.setGeometry(*map(int, sys.argv[1].split()))
QTest.qWait(300)


def whole(widget):
    return widget.visibleRegion().boundingRect() == widget.rect() and window.rect().contains(
        QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    )


seen = {name: whole(part) for name, part in (("train", program.panels.form), ("picture", program.panels.picture._view))}
print(json.dumps({
    "place": window.geometry().getRect(), "is_maximised": window.isMaximized(), "seen": seen,
    "picture": program.panels.picture._view.height(), "map": (program.panels.map.width(), program.panels.map.height()),
}))
window.close()
"""


def opened_on(screens: Sequence[tuple[int, int]], tmp_path: Path, then: str = "") -> dict[str, object]:
    """Open the window on screens beside each other, do something with it and close it; says how it was then."""
    described, left = [], 0
    for number, (width, height) in enumerate(screens):
        size = {"width": width, "height": height, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        described.append({"name": str(number), "x": left, "y": 0, **size})
        left += width
    (tmp_path / "screens.json").write_text(json.dumps({"screens": described}))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen:configfile=screens.json"}
    environment["PYTHONPATH"] = python_path()
    words = [sys.executable, "-c", CHILD, then]
    done = subprocess.run(words, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said: dict[str, object] = json.loads(done.stdout)
    return said


def is_within(said: dict[str, object], screen: tuple[int, int]) -> bool:
    return QRect(0, 0, *screen).contains(QRect(*said["place"]))


@pytest.mark.parametrize("screen", [LAPTOP, USUAL, LARGE, DOUBLED])
def test_at_first_all_of_train_and_the_picture_are_seen(tmp_path: Path, screen: tuple[int, int]) -> None:
    said = opened_on([screen], tmp_path)
    assert is_within(said, screen), said
    assert said["seen"] == {"train": True, "picture": True}, said
    assert said["picture"] >= 200
    assert said["map"] >= [screen[0] // 3, screen[1] // 3]


@pytest.mark.long
def test_it_is_found_again_where_it_was_left(tmp_path: Path) -> None:
    left = opened_on([LARGE], tmp_path, "120 80 1400 850")
    assert opened_on([LARGE], tmp_path)["place"] == left["place"] == [120, 80, 1400, 850]


@pytest.mark.parametrize("screens", [[LARGE], [LAPTOP], [DOUBLED]])
@pytest.mark.long
def test_what_was_left_on_a_screen_that_is_gone_is_on_one_that_is_there(
    tmp_path: Path, screens: list[tuple[int, int]]
) -> None:
    opened_on([LARGE, LARGE], tmp_path, "2100 80 1700 950")
    said = opened_on(screens, tmp_path)
    assert is_within(said, screens[0]), said
    assert said["seen"] == {"train": True, "picture": True}, said


@pytest.mark.parametrize("screen", [LARGE, LAPTOP])
@pytest.mark.long
def test_a_window_that_took_the_whole_screen_does_so_again(tmp_path: Path, screen: tuple[int, int]) -> None:
    opened_on([LARGE], tmp_path, "maximised")
    said = opened_on([screen], tmp_path)
    assert said["is_maximised"]
    assert is_within(said, screen), said


def test_what_filled_a_screen_and_lost_its_other_size_is_as_large_as_at_first(qtbot: QtBot) -> None:
    """Without a window manager it is that size which it gets; it came back 879 pixels wide."""
    left, fresh, again = QWidget(), QWidget(), QWidget()
    for each in (left, fresh, again):
        qtbot.addWidget(each)
    left.showMaximized()
    remembered = bytes(left.saveGeometry().data())
    nowhere = struct.pack(">4i", 0, 0, -2, -2)  # the right and bottom of one that is -1 pixels wide and high
    place_window(fresh, None)
    place_window(again, QByteArray(remembered[:24] + nowhere + remembered[40:]))
    assert again.normalGeometry().size() == fresh.normalGeometry().size()
