"""A model of more than two dimensions: other planes of it, moved, behind them what the model thinks, and all kept."""

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from tests.journeys.driving import PATIENCE, Open, Screenshot, learn, read, small


def test_a_plane_is_chosen_moved_undone_and_there_next_time(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, folder: Path
) -> None:
    program = open_program()
    read(qtbot, program, folder)
    run = learn(qtbot, program, small(folder, {"latent_dims": 4}, epochs=3))
    viewing, bar = program.workspace.viewing, program.panels.map.plane_bar
    backdrop = program.controllers.backdrop
    qtbot.waitUntil(lambda: viewing.place is not None, timeout=PATIENCE)
    space = viewing.latent_space
    bar.dimensions_chosen.emit(2, 3)
    qtbot.waitUntil(lambda: viewing.latent_space.plane.kind == "dimensions", timeout=PATIENCE)
    np.testing.assert_allclose(viewing.latent_space.points, space.codes[:, [2, 3]], atol=1e-4)
    qtbot.waitUntil(lambda: bool(program.controllers.planes._ways), timeout=PATIENCE)

    def sliders() -> list[str]:
        return [way.name for way in bar._shown.ways]

    qtbot.waitUntil(lambda: set(sliders()) == {"z₁", "z₂"}, timeout=PATIENCE)
    bar.moved.emit(0, 0.5)
    qtbot.waitUntil(lambda: "Moved 0.50" in bar._move.text(), timeout=PATIENCE)
    with qtbot.waitSignal(backdrop.heat_found, timeout=PATIENCE, check_params_cb=lambda heat: heat is not None):
        bar.backdrop_chosen.emit("change")
    bar.actions_by_name["empty"].setChecked(True)
    program.panels.map.actions_by_name["contours"].setChecked(True)
    with qtbot.waitSignal(viewing.place_decoded, timeout=PATIENCE):
        program.panels.map.point_dragged.emit(0.25, -0.5)
    z = viewing.place.z
    np.testing.assert_allclose(z[[2, 3]], [0.25, -0.5], atol=1e-5)  # what is decoded lies exactly on the plane
    assert viewing.latent_space.plane.distances(z[None])[0] < 1e-4
    screenshot(program, "plane moved")
    while viewing.latent_space.plane.kind != "principal":
        program.shell.actions["undo"].trigger()
        qtbot.wait(20)
    program.shell.actions["redo"].trigger()
    qtbot.waitUntil(lambda: viewing.latent_space.plane.kind == "dimensions", timeout=PATIENCE)
    program.window.close()
    again = open_program()
    again.workspace.open(run)
    qtbot.waitUntil(
        lambda: (space := again.workspace.viewing.latent_space) is not None and space.plane.kind == "dimensions",
        timeout=PATIENCE,
    )
    assert again.workspace.viewing.latent_space.plane.names == ("z₃", "z₄")
