"""A model of more than two dimensions: other planes of it, moved, behind them what the model thinks, and all kept."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from core.config import RunConfig
from core.images.image_set import build_image_set
from core.reports import ImageSetReady
from core.training.train import train
from explorer.start import Program

Open = Callable[[], Program]
Screenshot = Callable[[Program, str], None]
PATIENCE = 60_000


def a_run(folder: Path, run: Path) -> Path:
    config = RunConfig.model_validate(
        {
            "source": str(folder),
            "images": {"held_out": 0.25, "image_size": 16},
            "model": {"width": 4, "latent_dims": 4},
            "training": {"batch_size": 6, "device": "cpu", "epochs": 3},
        }
    )
    reports = list(build_image_set(config.source, config.images))
    ready = next(each for each in reports if isinstance(each, ImageSetReady))
    list(train(ready.image_set, config, run))
    return run


def test_a_plane_is_chosen_moved_undone_and_there_next_time(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, folder: Path, tmp_path: Path
) -> None:
    run = a_run(folder, tmp_path / "run")
    program = open_program()
    viewing, bar = program.session.viewing, program.window.map.plane_bar
    backdrop = program.session.backdrop
    program.session.open(run)
    qtbot.waitUntil(lambda: viewing.place is not None and viewing.image_set is not None, timeout=PATIENCE)
    space = viewing.latent_space
    bar.dimensions_chosen.emit(2, 3)
    qtbot.waitUntil(lambda: viewing.latent_space.plane.kind == "dimensions", timeout=PATIENCE)
    np.testing.assert_allclose(viewing.latent_space.points, space.codes[:, [2, 3]], atol=1e-4)
    qtbot.waitUntil(lambda: bool(program.session.planes._ways), timeout=PATIENCE)

    def sliders() -> list[str]:
        return [way.name for way in bar._shown.ways]

    qtbot.waitUntil(lambda: set(sliders()) == {"z₁", "z₂"}, timeout=PATIENCE)
    bar.moved.emit(0, 0.5)
    qtbot.waitUntil(lambda: "Moved 0.50" in bar._move.text(), timeout=PATIENCE)
    with qtbot.waitSignal(backdrop.heat_found, timeout=PATIENCE, check_params_cb=lambda heat: heat is not None):
        bar.backdrop_chosen.emit("change")
    bar.actions_by_name["empty"].setChecked(True)
    program.window.map.actions_by_name["contours"].setChecked(True)
    with qtbot.waitSignal(viewing.place_decoded, timeout=PATIENCE):
        program.window.map.point_dragged.emit(0.25, -0.5)
    z = viewing.place.z
    np.testing.assert_allclose(z[[2, 3]], [0.25, -0.5], atol=1e-5)  # what is decoded lies exactly on the plane
    assert viewing.latent_space.plane.distances(z[None])[0] < 1e-4
    screenshot(program, "plane moved")
    while viewing.latent_space.plane.kind != "principal":
        program.window.actions_by_name["undo"].trigger()
        qtbot.wait(20)
    program.window.actions_by_name["redo"].trigger()
    qtbot.waitUntil(lambda: viewing.latent_space.plane.kind == "dimensions", timeout=PATIENCE)
    program.window.close()
    again = open_program()
    again.session.open(run)
    qtbot.waitUntil(
        lambda: (space := again.session.viewing.latent_space) is not None and space.plane.kind == "dimensions",
        timeout=PATIENCE,
    )
    assert again.session.viewing.latent_space.plane.names == ("z₃", "z₄")
