"""A stranger finds the most unusual picture and saves those nearest to it; a lasso, a name and a file lead to dots."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from explorer.selection.find_image import FindImage
from explorer.selection.panel import SelectionPanel
from explorer.shell.main_window import MainWindow
from tests.explorer.opened import Opened
from tests.journeys.driving import PATIENCE, Open, Screenshot, learn, read, small


@pytest.fixture
def program(qtbot: QtBot, open_program: Open, folder: Path) -> Opened:
    """With a model of twenty-four discs."""
    program = open_program()
    read(qtbot, program, folder)
    learn(qtbot, program, small(folder, {"network": "mlp", "latent_dims": 3}, epochs=2))
    return program


def drag(program: Opened, corners: list[QPoint]) -> None:
    """With the left button, on the map."""
    port = program.panels.map._view
    QTest.mousePress(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, corners[0])
    for corner in corners[1:]:
        QTest.mouseMove(port, corner)
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, corners[-1])


def test_selecting_with_mouse_keys_names_and_files(
    qtbot: QtBot,
    program: Opened,
    screenshot: Screenshot,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window, workspace = program.window, program.workspace
    panel, selecting = program.panels.selection, workspace.selecting
    space = workspace.viewing.latent_space
    assert space is not None

    # The stranger: Explore, Most unusual images; Nearest, the 10 nearest to it; Copy files, a folder.
    with qtbot.waitSignal(selecting.unusual_found, timeout=PATIENCE) as first:
        program.shell.actions["unusual"].trigger()
    apart = np.linalg.norm(space.codes[:, None] - space.codes[None], axis=2)
    assert first.args[0] == np.sort(apart, axis=1)[:, 5].argmax()
    unusual = int(first.args[0])
    qtbot.waitUntil(lambda: panel.current == unusual, timeout=PATIENCE)
    screenshot(program, "selection_most_unusual")
    program.shell.actions["ten_unusual"].trigger()
    oddest = np.sort(np.argsort(-np.sort(apart, axis=1)[:, 5])[:10])
    qtbot.waitUntil(lambda: np.array_equal(np.sort(selecting.indices), oddest), timeout=PATIENCE)
    panel.bar._menus["near"].actions()[0].trigger()
    expected = np.sort(np.argsort(apart[unusual])[:11])
    qtbot.waitUntil(lambda: np.array_equal(selecting.indices, expected), timeout=PATIENCE)
    qtbot.waitUntil(lambda: panel._wall._model.listed.order == "cursor", timeout=PATIENCE)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    with qtbot.waitSignal(program.controllers.gathering.ended, timeout=PATIENCE):
        panel.bar.actions_by_name["copy"].trigger()
    assert len(list(tmp_path.iterdir())) == 11  # discs of two folders have the same names
    assert "11 files copied" in panel.line.text
    screenshot(program, "selection_copied")

    _lasso(qtbot, program, selecting)
    workspace.exploring.undo()
    np.testing.assert_array_equal(selecting.indices, expected)

    _find_by_name(qtbot, window, program)

    # A file of the set goes to its dot; undo brings the cursor back.
    index = list(workspace.viewing.table.names).index("blue/3.png")
    with qtbot.waitSignal(workspace.finding.file_found, timeout=PATIENCE):
        workspace.open(folder / "blue/3.png")
    qtbot.waitUntil(lambda: np.array_equal(workspace.exploring.now.z, space.codes[index]), timeout=PATIENCE)
    assert "3.png is one of these images" in window.status._message.text()

    # So does a thumbnail of the images panel.
    program.panels.images.thumbnail_clicked.emit(20)
    qtbot.waitUntil(lambda: np.array_equal(workspace.exploring.now.z, space.codes[20]), timeout=PATIENCE)


def _lasso(qtbot: QtBot, program: Opened, selecting: object) -> None:
    """Round the whole of the map."""
    program.panels.map.actions_by_name["lasso"].trigger()
    area = program.panels.map._view.plot_area().adjusted(4, 4, -4, -4)
    corners = [area.topLeft(), area.topRight(), area.bottomRight(), area.bottomLeft(), area.topLeft() + QPoint(0, 3)]
    drag(program, corners)
    qtbot.waitUntil(lambda: len(selecting.indices) == 24, timeout=PATIENCE)


def _find_by_name(qtbot: QtBot, window: MainWindow, program: Opened) -> None:
    workspace = program.workspace
    program.shell.actions["find_image"].trigger()
    [dialog] = window.findChildren(FindImage)
    with qtbot.waitSignal(workspace.finding.found, timeout=PATIENCE):
        qtbot.keyClicks(dialog._edit, "red 1")
    qtbot.waitUntil(lambda: dialog._list.count() == 3, timeout=PATIENCE)  # 1, 10 and 11
    with qtbot.waitSignal(workspace.viewing.place_decoded, timeout=PATIENCE):
        qtbot.keyClick(dialog._edit, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert isinstance(program.panels.selection, SelectionPanel)
    index = list(workspace.viewing.table.names).index("red/1.png")
    space = workspace.viewing.latent_space
    assert space is not None
    np.testing.assert_array_equal(workspace.viewing.z, space.codes[index])
