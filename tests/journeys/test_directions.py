"""Traversals and directions through the real window: made, walked, undone, and there again at the next start."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.exploration import Direction
from tests.explorer.opened import Opened
from tests.journeys.driving import PATIENCE, Open, Screenshot, learn, read, small


def test_strips_and_directions_move_the_cursor_and_are_there_next_time(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, folder: Path
) -> None:
    program = open_program()
    read(qtbot, program, folder)
    run = learn(qtbot, program, small(folder, {"network": "mlp", "latent_dims": 3}, epochs=6))
    walk_a_strip(qtbot, program, screenshot)
    found = walk_a_direction(qtbot, program, screenshot)
    program.window.close()
    again = open_program()
    with qtbot.waitSignal(
        again.controllers.directing.rows_changed, timeout=PATIENCE, check_params_cb=lambda rows, *_: rows
    ):
        again.workspace.open(run)
    kept = again.workspace.exploring.now.directions[0]
    assert (kept.name, kept.separation, kept.turn) == ("redness", found.separation, found.turn)
    np.testing.assert_array_equal(kept.vector, found.vector)


def walk_a_strip(qtbot: QtBot, program: Opened, screenshot: Screenshot) -> None:
    """A picture of a strip is where the cursor goes; selected images have a strip each."""
    workspace = program.workspace
    told: list[int] = []
    program.controllers.traversing.strip_decoded.connect(lambda dimension, _: told.append(dimension))
    program.shell.actions["traversals"].trigger()
    sheet = program.panels.traversals._sheet
    qtbot.waitUntil(lambda: bool(sheet._seen) and set(sheet._seen) <= set(told), timeout=PATIENCE)
    screenshot(program, "traversals")
    dimension, before = sheet.order[0], workspace.exploring.now.z
    assert before is not None
    with qtbot.waitSignal(workspace.viewing.place_decoded, timeout=PATIENCE):
        qtbot.keyClick(sheet, Qt.Key.Key_End)
        qtbot.keyClick(sheet, Qt.Key.Key_Return)
    assert workspace.viewing.z is not None
    np.testing.assert_array_equal(np.delete(workspace.viewing.z, dimension), np.delete(before, dimension))
    assert workspace.viewing.z[dimension] > 2.3
    exploring = workspace.exploring
    exploring.change("lasso", selection=np.arange(0, 24, 5))
    with qtbot.waitSignal(
        program.controllers.traversing.planned, timeout=PATIENCE, check_params_cb=lambda plan: len(plan.names) == 5
    ):
        program.panels.traversals.choose("selection")
    qtbot.waitUntil(lambda: sheet._strips.has(dimension), timeout=PATIENCE)
    screenshot(program, "traversals-of-five")


def walk_a_direction(qtbot: QtBot, program: Opened, screenshot: Screenshot) -> Direction:
    """Two selections become a direction, whose film and slider move the cursor; undone."""
    workspace = program.workspace
    program.shell.actions["directions"].trigger()
    exploring, labels = workspace.exploring, workspace.viewing.table.labels
    for slot, label in (("set_a", 1), ("set_b", 0)):
        exploring.change("lasso", selection=np.flatnonzero(labels == label))
        program.shell.actions[slot].trigger()
    program.panels.directions._name.setText("redness")
    with qtbot.waitSignal(program.controllers.directing.film_decoded, timeout=PATIENCE) as film:
        program.shell.actions["make_direction"].trigger()
    space, found = workspace.viewing.latent_space, exploring.now.directions[0]
    assert space is not None
    means = [space.codes[labels == label].mean(axis=0) for label in (1, 0)]
    np.testing.assert_allclose(found.vector, means[0] - means[1], atol=1e-5)
    assert film.args[0].pixels.shape == (9, 64, 64, 3)

    before = exploring.now.z
    assert before is not None
    with qtbot.waitSignal(workspace.viewing.place_decoded, timeout=PATIENCE):
        program.panels.directions._film.clicked.emit(8)
    qtbot.waitUntil(lambda: workspace.viewing.place is not None and workspace.viewing.place.z is workspace.viewing.z)
    np.testing.assert_allclose(workspace.viewing.z, before + 2 * found.vector, atol=1e-5)
    assert program.panels.directions._rows[0]._slider.value() == 200
    screenshot(program, "directions")
    with qtbot.waitSignal(workspace.viewing.place_decoded, timeout=PATIENCE):
        program.shell.actions["undo"].trigger()
    np.testing.assert_array_equal(workspace.viewing.z, before)
    return found
