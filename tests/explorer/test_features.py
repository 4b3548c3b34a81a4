"""A feature is a folder and a line: one is added here that counts what is in view, and taken away again."""

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from explorer.features import FEATURES, Feature
from explorer.shell.main_window import MainWindow
from explorer.start import make_program
from explorer.workspace.settings import Settings
from tests.explorer.opened import Opened, parts_of

PANEL = '''"""How many images are in view."""

from PySide6.QtWidgets import QLabel


class CountPanel(QLabel):
    """Says a number."""

    def show_count(self, count: int) -> None:
        """Of images."""
        self.setText(f"{count} in view")
'''
CONTROLLER = '''"""Counts images."""

import numpy as np
from PySide6.QtCore import QObject, Signal


class Counting(QObject):
    """Knows where the images lie."""

    counted = Signal(int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._points = np.zeros((0, 2), np.float32)

    def show_map(self, space: object, table: object) -> None:
        """These from now on."""
        self._points = space.points

    def clear(self) -> None:
        """None."""
        self._points = self._points[:0]

    def see(self, left: float, bottom: float, right: float, top: float) -> None:
        """This part of the map is seen."""
        is_in = (self._points > (left, bottom)) & (self._points < (right, top))
        self.counted.emit(int(is_in.all(axis=1).sum()))
'''
FEATURE = '''"""Counting: how many images are in view."""

from PySide6.QtWidgets import QWidget

from explorer.shell.actions import ANY_MAP, Entry
from explorer.shell.docks import BOTTOM
from explorer.shell.shell import Shell
from explorer.workspace.workspace import Workspace

COUNT = Entry("&Explore", "count", "Count what is in &view", "Ctrl+Alt+V", "How many images are in view", (ANY_MAP,))


class Count:
    """Joins the panel to the map."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        shell.docks.add("Count", BOTTOM, self._make, "How many pictures are in view.")
        shell.actions.add(COUNT, lambda: shell.docks.bring_forward("Count"))

    def _make(self) -> QWidget:
        from counting_feature.controller import Counting
        from counting_feature.panel import CountPanel

        panel, counting = CountPanel(), Counting(self._shell)
        self._workspace.follow_any_map(counting.show_map, counting.clear)
        self._workspace.view_changed.connect(counting.see)
        counting.counted.connect(panel.show_count)
        return panel
'''


@pytest.fixture
def count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Feature]:
    """The folder of the feature, as another would write it."""
    folder = tmp_path / "counting_feature"
    folder.mkdir()
    for name, words in (("__init__", ""), ("panel", PANEL), ("controller", CONTROLLER), ("feature", FEATURE)):
        (folder / f"{name}.py").write_text(words, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("counting_feature.feature").Count
    for name in [name for name in sys.modules if name.startswith("counting_feature")]:
        del sys.modules[name]


def opened(qtbot: QtBot, folder: Path, *more: Feature) -> Opened:
    """The program with a folder's images on its map."""
    settings = Settings()
    program = parts_of(make_program(MainWindow(settings), settings, (*FEATURES, *more)))
    qtbot.addWidget(program.window)
    program.window.show()
    qtbot.waitExposed(program.window)
    with qtbot.waitSignal(program.workspace.charting.charted, timeout=60_000):
        program.workspace.open(folder)
    return program


def zoom(program: Opened) -> None:
    """Turn the wheel over the map."""
    view = program.panels.map.focusProxy()
    place, no_button, no_key = QPointF(view.rect().center()), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    turn, phase = QPoint(0, 960), Qt.ScrollPhase.NoScrollPhase
    at = QPointF(view.mapToGlobal(view.rect().center()))
    QApplication.sendEvent(view, QWheelEvent(place, at, QPoint(), turn, no_button, no_key, phase, False))


def press(program: Opened) -> None:
    program.window.activateWindow()
    QTest.qWaitForWindowActive(program.window)
    QTest.keyClick(
        program.window.windowHandle(),
        Qt.Key.Key_V,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier,
    )


def test_a_feature_is_added_with_its_panel_entry_and_key(qtbot: QtBot, folder: Path, count: Feature) -> None:
    program = opened(qtbot, folder, count)
    assert "counting_feature.panel" not in sys.modules, "nobody has seen it"
    entries = [action.text() for action in program.shell.actions.menu("&Explore").actions()]
    assert "Count what is in &view" in entries
    press(program)
    panel = program.shell.docks["Count"].widget().findChild(QLabel)
    qtbot.waitUntil(lambda: not panel.visibleRegion().isEmpty())
    zoom(program)
    some = re.compile(r"(\d|1\d|2[0-3]) in view")
    qtbot.waitUntil(lambda: some.fullmatch(panel.text()) is not None, timeout=10_000)
    program.window.close()


def test_without_it_the_window_is_as_before_and_opens_where_the_others_were(
    qtbot: QtBot, folder: Path, count: Feature
) -> None:
    with_it = opened(qtbot, folder, count)
    with_it.shell.docks.bring_forward("Paths")
    qtbot.waitUntil(lambda: not with_it.panels.paths.visibleRegion().isEmpty())
    with_it.window.close()
    program = opened(qtbot, folder)
    assert not [each for each in program.shell.commands() if each.text().startswith("Count")]
    qtbot.waitUntil(lambda: not program.panels.paths.visibleRegion().isEmpty())
    program.window.close()
