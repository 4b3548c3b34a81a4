"""Pictures that come from outside, are drawn, are saved, and are found again: through the real window."""

import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from core.commands import main
from core.export.pictures import read_picture_facts
from explorer.shell.verdict_chip import VerdictChip
from explorer.toolkit.image_conversion import to_qimage
from explorer.workspace.place_in_hand import TOO_FAR
from tests.explorer.looking import named
from tests.explorer.opened import Opened
from tests.journeys.driving import PATIENCE, Open, Screenshot, fill_in, learn, press_save, read, small


@pytest.fixture
def program(qtbot: QtBot, open_program: Open, folder: Path) -> Opened:
    """A window over a run that has just been trained."""
    program = open_program()
    read(qtbot, program, folder)
    learn(qtbot, program, small(folder, epochs=2))
    return program


def test_from_outside_and_back_again(
    qtbot: QtBot,
    program: Opened,
    screenshot: Screenshot,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window, workspace = program.window, program.workspace
    viewing, placing = workspace.viewing, workspace.placing
    assert viewing.latent_space is not None
    assert len(viewing.latent_space.fingerprint) == 64, "the map of a finished run knows which checkpoint it is of"

    # dropped
    shutil.copy(folder / "red" / "3.png", tmp_path / "mine.png")
    with qtbot.waitSignal(placing.weighed, timeout=PATIENCE) as weighed:
        window.path_dropped.emit(str(tmp_path / "mine.png"))
    assert weighed.args[0].standing is not None
    index = list(viewing.table.names).index("red/3.png")
    np.testing.assert_allclose(placing.last.z, viewing.latent_space.codes[index], atol=1e-4)
    qtbot.waitUntil(lambda: np.array_equal(viewing.place.z, placing.last.z), timeout=PATIENCE)
    qtbot.waitUntil(lambda: named(program.panels.picture, "mine.png") is not None)
    assert "more typical than" in named(program.panels.picture, "mine.png").toolTip()
    screenshot(program, "placed")

    # dragged away, and back
    with qtbot.waitSignal(viewing.surroundings_found, timeout=PATIENCE):
        program.panels.map.point_dragged.emit(30.0, 30.0)
    chip = program.panels.picture.findChild(VerdictChip)
    qtbot.waitUntil(lambda: chip.isVisible() and chip.text == "far from any picture", timeout=PATIENCE)
    screenshot(program, "far_from_any")
    named(program.panels.picture, "Back to the placed image").click()
    np.testing.assert_array_equal(viewing.z, placing.last.z)

    # saved, made again by the copied command, and found again
    qtbot.waitUntil(lambda: np.array_equal(viewing.place.z, placing.last.z), timeout=PATIENCE)
    for name, size in (("saved.png", "as decoded"), ("large.png", "1,024")):
        program.shell.actions["save_picture"].trigger()
        dialog = fill_in(qtbot, program, tmp_path / name, Size=size)
        with qtbot.waitSignal(program.controllers.saving.saved, timeout=PATIENCE):
            press_save(qtbot, dialog)
    saved = (tmp_path / "saved.png").read_bytes()
    with Image.open(tmp_path / "large.png") as large:
        assert large.size == (1024, 1024)
    assert read_picture_facts(tmp_path / "large.png") == read_picture_facts(tmp_path / "saved.png")
    program.shell.actions["copy_command"].trigger()
    command = QGuiApplication.clipboard().text()
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(command)[1:]) == 0
    assert (tmp_path / "picture.png").read_bytes() == saved
    z = placing.last.z
    named(program.panels.picture, "Take the placed image away").click()
    program.panels.map.point_dragged.emit(0.5, 0.5)
    with qtbot.waitSignal(placing.found_again, timeout=PATIENCE) as found:
        window.path_dropped.emit(str(tmp_path / "saved.png"))
    assert "decoded here" in found.args[0].said
    assert viewing.z.tobytes() == z.tobytes() == np.array(read_picture_facts("saved.png")["z"], np.float32).tobytes()
    assert placing.last is None

    # the command and its z can be pasted
    program.panels.map.point_dragged.emit(0.5, 0.5)
    QGuiApplication.clipboard().setText(command)
    program.shell.actions["paste"].trigger()
    assert viewing.z.tobytes() == z.tobytes()

    # a picture on the clipboard
    QGuiApplication.clipboard().setImage(to_qimage(np.full((50, 70, 3), 128, np.uint8)))
    with qtbot.waitSignal(placing.brought, timeout=PATIENCE) as brought:
        program.shell.actions["paste"].trigger()
    assert (brought.args[0].pixels == 128).all()

    # drawn
    program.shell.actions["draw"].trigger()
    pad = named(window, "Drawing pad")
    qtbot.waitUntil(pad.isVisible)
    with qtbot.waitSignal(placing.brought, timeout=PATIENCE) as brought:
        qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(pad.width() // 2, pad.height() // 2))
        qtbot.mouseMove(pad, QPoint(pad.width() // 2 + 30, pad.height() // 2))
        qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton)
    assert brought.args[0].pixels.shape == viewing.latent_space.image_shape
    qtbot.waitUntil(lambda: np.array_equal(viewing.z, placing.last.z), timeout=PATIENCE)
    screenshot(program, "drawn")


@pytest.mark.parametrize("text", ["1e38 -1e38", "3 -2e19"])
def test_a_z_that_is_too_far_away_is_refused_where_the_picture_would_be(
    qtbot: QtBot, program: Opened, text: str
) -> None:
    viewing, before = program.workspace.viewing, program.workspace.viewing.z
    QGuiApplication.clipboard().setText(text)
    with qtbot.waitSignal(viewing.failed, timeout=PATIENCE) as failed:
        program.shell.actions["paste"].trigger()
    assert viewing.z is before
    assert failed.args == [TOO_FAR]
    program.panels.map.point_dragged.emit(0.5, 0.5)
    qtbot.waitUntil(lambda: viewing.place is not None and viewing.place.z is viewing.z, timeout=PATIENCE)
