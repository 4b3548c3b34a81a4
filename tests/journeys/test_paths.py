"""A walk through latent space in the real window: stops, play, undo, a film, the command that makes it again."""

import shlex
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from core.commands import main
from explorer.start import Program
from tests.journeys.driving import PATIENCE, Open, Screenshot, fill_in, press_save

PLACES = ((-1.5, 0.5), (1.0, 1.0), (0.5, -1.5))


def walk(qtbot: QtBot, program: Program) -> None:
    """Three stops, clicked on the map."""
    program.window.actions_by_name["paths"].trigger()
    program.window.paths._stops._clicking.click()
    for u, v in PLACES:
        program.window.map.clicked.emit(u, v, -1)
    program.window.paths._stops._clicking.click()
    program.window.paths.kind_chosen.emit("spherical")
    with qtbot.waitSignal(
        program.session.travelling.found, timeout=PATIENCE, check_params_cb=lambda trip: len(trip.way.z) == 12
    ):
        program.window.paths.frames_chosen.emit(12)


def test_a_walk_is_clicked_played_undone_and_filmed(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = open_program()
    session, window = program.session, program.window
    with qtbot.waitSignal(session.viewing.near_found, timeout=PATIENCE):
        session.open(None)
    walk(qtbot, program)
    path, space = session.routing.path, session.viewing.latent_space
    assert path is not None
    np.testing.assert_allclose(space.plane.to_points(path.stops), PLACES, atol=1e-5)

    before = session.exploring.now.z
    window.paths._bar._speed.setValue(12)
    with qtbot.waitSignal(session.playing.playing_changed, timeout=PATIENCE, check_params_cb=lambda is_on: not is_on):
        window.actions_by_name["play_path"].trigger()
    np.testing.assert_allclose(session.exploring.now.z, path.stops[-1], atol=1e-5)
    qtbot.waitUntil(lambda: np.array_equal(session.viewing.place.z, session.exploring.now.z), timeout=PATIENCE)
    screenshot(program, "paths")
    session.exploring.undo()
    np.testing.assert_array_equal(session.exploring.now.z, before)  # all of the play was one step

    window.actions_by_name["save_film"].trigger()
    dialog = fill_in(qtbot, program, tmp_path / "saved.gif")
    with qtbot.waitSignal(session.filming.saved, timeout=PATIENCE):
        press_save(qtbot, dialog)
    assert "saved.gif" in window.status._message.text()
    window.paths.copy_clicked.emit()
    words = shlex.split(QGuiApplication.clipboard().text())
    assert main([*words[1:-1], str(tmp_path / "made.gif")]) == 0
    assert (tmp_path / "made.gif").read_bytes() == (tmp_path / "saved.gif").read_bytes()
    assert (tmp_path / "made.z.csv").read_bytes() == (tmp_path / "saved.z.csv").read_bytes()
