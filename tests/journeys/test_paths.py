"""A walk through latent space in the real window: stops, play, undo, a film, the command that makes it again."""

import shlex
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from core.commands import main
from tests.explorer.opened import Opened
from tests.journeys.driving import PATIENCE, Open, Screenshot, fill_in, press_save

PLACES = ((-1.5, 0.5), (1.0, 1.0), (0.5, -1.5))


def walk(qtbot: QtBot, program: Opened) -> None:
    """Three stops, clicked on the map."""
    program.shell.actions["paths"].trigger()
    program.panels.paths._stops._clicking.click()
    for u, v in PLACES:
        program.panels.map.clicked.emit(u, v, -1)
    program.panels.paths._stops._clicking.click()
    program.panels.paths.kind_chosen.emit("spherical")
    with qtbot.waitSignal(
        program.controllers.travelling.found, timeout=PATIENCE, check_params_cb=lambda trip: len(trip.way.z) == 12
    ):
        program.panels.paths.frames_chosen.emit(12)


def test_a_walk_is_clicked_played_undone_and_filmed(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = open_program()
    workspace, window = program.workspace, program.window
    with qtbot.waitSignal(workspace.viewing.near_found, timeout=PATIENCE):
        workspace.open(None)
    walk(qtbot, program)
    path, space = program.controllers.routing.path, workspace.viewing.latent_space
    assert path is not None
    np.testing.assert_allclose(space.plane.to_points(path.stops), PLACES, atol=1e-5)

    before = workspace.exploring.now.z
    program.panels.paths._bar._speed.setValue(12)
    with qtbot.waitSignal(
        program.controllers.playing.playing_changed, timeout=PATIENCE, check_params_cb=lambda is_on: not is_on
    ):
        program.shell.actions["play_path"].trigger()
    np.testing.assert_allclose(workspace.exploring.now.z, path.stops[-1], atol=1e-5)
    qtbot.waitUntil(lambda: np.array_equal(workspace.viewing.place.z, workspace.exploring.now.z), timeout=PATIENCE)
    screenshot(program, "paths")
    workspace.exploring.undo()
    np.testing.assert_array_equal(workspace.exploring.now.z, before)  # all of the play was one step

    program.shell.actions["save_film"].trigger()
    dialog = fill_in(qtbot, program, tmp_path / "saved.gif")
    with qtbot.waitSignal(program.controllers.filming.reported, timeout=PATIENCE):
        press_save(qtbot, dialog)
    assert "saved.gif" in window.status._message.text()
    program.panels.paths.copy_clicked.emit()
    words = shlex.split(QGuiApplication.clipboard().text())
    assert main([*words[1:-1], str(tmp_path / "made.gif")]) == 0
    assert (tmp_path / "made.gif").read_bytes() == (tmp_path / "saved.gif").read_bytes()
    assert (tmp_path / "made.z.csv").read_bytes() == (tmp_path / "saved.z.csv").read_bytes()
