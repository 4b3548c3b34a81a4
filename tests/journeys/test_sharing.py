"""A map is given away as a page: what is looked at, with the directions that were made, and nothing of the machine."""

import json
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from core.exploration import Direction
from explorer.sharing.page_dialog import PageDialog
from tests.explorer.looking import named, said
from tests.explorer.opened import Opened
from tests.journeys.driving import PATIENCE, Open, Screenshot, learn, read, small


def test_a_map_is_saved_as_a_page(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, folder: Path, tmp_path: Path
) -> None:
    program = open_program()
    entry = program.shell.actions["share_page"]
    assert not entry.isEnabled()
    assert "Train a model or open a run first" in entry.toolTip()
    read(qtbot, program, folder)
    learn(qtbot, program, small(folder, {"latent_dims": 3}, epochs=2))
    program.workspace.exploring.change("Direction", directions=(a_direction(),))
    entry.trigger()
    dialog = program.window.findChild(PageDialog)
    assert dialog is not None
    wait_until_measured(qtbot, dialog)
    assert "24 images." in said(dialog)
    assert "copies of the images" in said(dialog)
    screenshot(program, "share-as-a-page")
    named(dialog, "Without the pictures themselves").click()
    wait_until_measured(qtbot, dialog)
    assert "no copy of any image" in said(dialog)
    size = int(said(dialog).split("exactly ")[1].split(" bytes")[0].replace(",", ""))
    out = tmp_path / "page.html"
    press_save(qtbot, dialog, out)
    qtbot.waitUntil(lambda: program.window.findChild(PageDialog) is None, timeout=PATIENCE)
    assert out.stat().st_size == size
    check_page(program, out, folder)


def a_direction() -> Direction:
    return Direction("redder", np.array([1, 0, 2], np.float32), "red", "blue", (12, 12))


def wait_until_measured(qtbot: QtBot, dialog: PageDialog) -> None:
    qtbot.waitUntil(named(dialog, "Save").isEnabled, timeout=PATIENCE)


def press_save(qtbot: QtBot, dialog: PageDialog, out: Path) -> None:
    """Press *Save…*, and type where into the dialog that asks."""

    def answer() -> None:
        asking = QApplication.activeModalWidget()
        assert isinstance(asking, QFileDialog)
        asking.findChild(QLineEdit).setText(str(out))
        asking.accept()

    QTimer.singleShot(200, answer)
    qtbot.mouseClick(named(dialog, "Save"), Qt.MouseButton.LeftButton)


def check_page(program: Opened, out: Path, folder: Path) -> None:
    content = out.read_text("utf-8")
    data = json.loads(content.split('id="data">')[1].split("</script>")[0])
    space = program.workspace.viewing.latent_space
    assert space is not None
    assert [each["name"] for each in data["directions"]] == ["redder"]
    assert data["axes"] == list(space.plane.names)
    assert data["thumbnails"] is None
    assert str(folder) not in content
