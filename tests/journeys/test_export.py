"""File, Export model: a model leaves the window for other programs, or leaves nothing."""

import shlex
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from core.commands import main
from core.onnx_runtime import open_session
from explorer.runs.export_dialog import ExportDialog
from explorer.workspace.place_in_hand import Place
from tests.explorer.looking import said
from tests.explorer.opened import Opened
from tests.journeys.driving import PATIENCE, Open, Screenshot, learn, read, small


@pytest.fixture
def program(qtbot: QtBot, open_program: Open, folder: Path) -> Opened:
    program = open_program()
    read(qtbot, program, folder)
    learn(qtbot, program, small(folder, {"network": "linear", "likelihood": "bernoulli"}, epochs=1))
    return program


def opened(qtbot: QtBot, program: Opened, into: Path, monkeypatch: pytest.MonkeyPatch) -> ExportDialog:
    """The dialog, once a folder was chosen in it as in the system's own."""
    program.shell.actions["export_model"].trigger()
    program.shell.actions["export_model"].trigger()
    (dialog,) = program.window.findChildren(ExportDialog)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(into))
    press(qtbot, dialog, "Choose…")
    assert Path(dialog.folder).parent == into
    return dialog


def settled(qtbot: QtBot, program: Opened) -> Place:
    """The place that is looked at, as the checkpoint decodes it that was saved last."""
    viewing = program.workspace.viewing

    def is_last() -> bool:
        space = None if viewing.place is None else viewing.place.latent_space
        return space is not None and space.fingerprint == viewing.latent_space.fingerprint != ""

    qtbot.waitUntil(is_last, timeout=PATIENCE)
    return viewing.place


def press(qtbot: QtBot, dialog: ExportDialog, words: str) -> None:
    """As soon as it is there: a sentence may be said a moment before "Stop" is "Export" again."""
    buttons = dialog.findChildren(QPushButton)
    qtbot.waitUntil(lambda: any(each.text() == words for each in buttons), timeout=PATIENCE)
    button = next(each for each in buttons if each.text() == words)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.long
def test_what_is_exported_decodes_what_the_window_shows(
    qtbot: QtBot,
    program: Opened,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    screenshot: Screenshot,
    capsys: pytest.CaptureFixture[str],
) -> None:
    dialog = opened(qtbot, program, tmp_path, monkeypatch)
    out = Path(dialog.folder)
    press(qtbot, dialog, "Export")
    qtbot.waitUntil(lambda: "Exported encoder.onnx, decoder.onnx, README.md" in said(dialog), timeout=2 * PATIENCE)
    assert "on 24 of the run's images" in said(dialog)
    screenshot(program, "exported")
    qtbot.waitUntil(lambda: [path.name for path in tmp_path.iterdir()] == [out.name], timeout=PATIENCE)
    place = settled(qtbot, program)
    session = open_session((out / "decoder.onnx").read_bytes(), threads=1)
    (picture,) = session.run(["picture"], {"z": place.z[None]})
    found = np.round(picture[0].transpose(1, 2, 0) * 255.0)
    assert np.abs(found - place.pixels.astype(float)).max() <= 1
    press(qtbot, dialog, "Copy command")
    command = shlex.split(QGuiApplication.clipboard().text())
    assert command[0] == "latentscape"
    assert main(command[1:]) == 1
    assert capsys.readouterr().err == f"{out} is there already: name a new folder.\n"
    press(qtbot, dialog, "Export")
    qtbot.waitUntil(lambda: f"{out} is there already: name a new folder." in said(dialog), timeout=PATIENCE)


def test_an_export_that_is_stopped_or_closed_leaves_nothing(
    qtbot: QtBot, program: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = opened(qtbot, program, tmp_path, monkeypatch)
    press(qtbot, dialog, "Export")
    qtbot.waitUntil(lambda: bool(list(tmp_path.iterdir())), timeout=PATIENCE)  # hidden, while it is written
    press(qtbot, dialog, "Stop")
    qtbot.waitUntil(lambda: "Stopped: nothing was written." in said(dialog), timeout=PATIENCE)
    assert not list(tmp_path.iterdir())
    press(qtbot, dialog, "Export")
    qtbot.waitUntil(lambda: bool(list(tmp_path.iterdir())), timeout=PATIENCE)
    program.window.close()
    assert not list(tmp_path.iterdir())
