"""The three trips of the design, through the real window, on real files."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.config import RunConfig, preset
from core.reports.training import StepDone
from explorer.images.panel import NOTHING_THERE
from tests.journeys.driving import PATIENCE, Open, Screenshot, learn, press, read, shown_buttons, small, start, wait_for

FASHION = Path("/usr/share/datasets/fashion-mnist")


def test_a_folder_becomes_a_moving_map(
    qtbot: QtBot,
    open_program: Open,
    screenshot: Screenshot,
    folder: Path,
) -> None:
    program = open_program()
    screenshot(program, "empty")
    read(qtbot, program, folder)
    assert program.workspace.learning.image_set is not None
    screenshot(program, "read")
    maps: list[np.ndarray] = []
    program.workspace.viewing.map_changed.connect(lambda latent_space, _: maps.append(latent_space.points.copy()))
    start(qtbot, program, small(folder, epochs=100_000))
    qtbot.waitUntil(lambda: len(maps) >= 3, timeout=PATIENCE)
    screenshot(program, "training")
    assert not np.array_equal(maps[-1], maps[-2], equal_nan=True)
    program.workspace.learning.finish()
    wait_for(qtbot, program, "kept")
    assert np.isfinite(maps[-1]).all()
    run = program.workspace.learning.run
    assert run is not None
    assert (run / "history.jsonl").read_text().count("\n") >= 3
    assert (run / "README.md").is_file()
    screenshot(program, "finished")


def test_a_run_that_was_finished_early_goes_on_at_the_next_start_too(
    qtbot: QtBot, open_program: Open, folder: Path
) -> None:
    program = open_program()
    read(qtbot, program, folder)
    start(qtbot, program, small(folder, epochs=100_000))
    press(qtbot, program, "Finish and keep it")
    wait_for(qtbot, program, "kept")
    run, done = program.workspace.learning.run, program.workspace.viewing.latent_space
    assert run is not None
    assert done is not None
    program.window.close()

    again = open_program()
    again.workspace.open(None)
    wait_for(qtbot, again, "kept")
    assert again.workspace.learning.run == run
    with qtbot.waitSignal(again.workspace.learning.training_started, timeout=PATIENCE) as started:
        press(qtbot, again, "Resume")
    assert started.args[0].step == done.step


def test_a_run_that_came_to_its_end_has_nothing_to_go_on_with(qtbot: QtBot, open_program: Open, folder: Path) -> None:
    program = open_program()
    read(qtbot, program, folder)
    run = learn(qtbot, program, small(folder, epochs=2))
    assert shown_buttons(program) == {"Train a new model"}
    program.workspace.open(run)
    wait_for(qtbot, program, "reading")
    wait_for(qtbot, program, "finished")
    assert shown_buttons(program) == {"Train a new model"}


def test_the_form_offers_the_preset_and_not_what_the_demonstration_was_asked(qtbot: QtBot, open_program: Open) -> None:
    program = open_program()
    asked: list[RunConfig] = []
    program.panels.form.start_requested.disconnect()  # a minute of training
    program.panels.form.start_requested.connect(asked.append)
    program.workspace.open(None)
    wait_for(qtbot, program, "finished")
    press(qtbot, program, "Train a new model")
    read(qtbot, program, Path("faces"))
    press(qtbot, program, "Train")
    assert asked == [preset("quick", "faces")] * 2


def test_a_folder_that_is_opened_again_is_offered_the_preset(qtbot: QtBot, open_program: Open, folder: Path) -> None:
    program = open_program()
    read(qtbot, program, folder)
    learn(qtbot, program, small(folder, {"latent_dims": 5}, epochs=2))
    read(qtbot, program, folder)
    with qtbot.waitSignal(program.panels.form.start_requested, timeout=PATIENCE) as asked:
        press(qtbot, program, "Train")
    assert asked.args[0] == preset("quick", str(folder))


def test_dragging_decodes_all_the_while_and_the_newest_wins(
    qtbot: QtBot,
    open_program: Open,
    folder: Path,
) -> None:
    program = open_program()
    read(qtbot, program, folder)
    start(qtbot, program, small(folder, epochs=100_000))
    decoded: list[tuple[float, float]] = []
    program.workspace.viewing.place_decoded.connect(lambda place: decoded.append(place.point))
    for number in range(60):
        program.panels.map.point_dragged.emit(number / 30.0, -number / 30.0)
    last = (59 / 30.0, -59 / 30.0)
    qtbot.waitUntil(lambda: bool(decoded) and np.allclose(decoded[-1], last, atol=1e-4), timeout=PATIENCE)
    place = program.workspace.viewing.place
    assert place is not None
    assert place.pixels.shape == (64, 64, 3)
    program.workspace.learning.pause()
    wait_for(qtbot, program, "paused")


def test_a_picture_on_the_map_is_exactly_the_decoded_place(
    qtbot: QtBot,
    open_program: Open,
    folder: Path,
) -> None:
    """With more than two latent dimensions too: what is shown at a point of the plane is decoded on the plane."""
    program = open_program()
    read(qtbot, program, folder)
    learn(qtbot, program, small(folder, {"latent_dims": 5}, epochs=2))
    viewing = program.workspace.viewing
    space = viewing.latent_space
    assert space is not None
    with qtbot.waitSignal(viewing.place_decoded, check_params_cb=lambda place: abs(place.point[0] - 0.4) < 1e-4):
        program.panels.map.point_dragged.emit(0.4, -0.3)
    place = viewing.place
    assert place is not None
    by_hand = space.plane.origin + 0.4 * space.plane.axes[0] - 0.3 * space.plane.axes[1]
    np.testing.assert_allclose(place.z, by_hand, atol=1e-5)
    np.testing.assert_array_equal(place.pixels, space.decode(by_hand[None])[0])


def test_closing_while_training_loses_nothing(
    qtbot: QtBot,
    open_program: Open,
    folder: Path,
) -> None:
    program = open_program()
    read(qtbot, program, folder)
    start(qtbot, program, small(folder, epochs=100_000))
    program.window.close()
    stopped_at = program.workspace.viewing.latent_space
    assert stopped_at is not None
    run = program.workspace.learning.run

    again = open_program()
    with qtbot.waitSignal(again.workspace.learning.run_opened, timeout=PATIENCE) as opened:
        again.workspace.open(None)
    assert opened.args[0].run == run
    assert opened.args[0].latent_space.step >= stopped_at.step
    assert len(opened.args[0].steps) >= 1
    wait_for(qtbot, again, "paused")
    steps: list[StepDone] = []
    again.workspace.learning.step_done.connect(steps.append)
    with qtbot.waitSignal(again.workspace.learning.training_started, timeout=PATIENCE) as started:
        again.panels.form.resume_requested.emit()
    assert started.args[0].step == opened.args[0].latent_space.step
    qtbot.waitUntil(lambda: bool(steps), timeout=PATIENCE)
    assert steps[0].step > started.args[0].step


def test_the_grid_shows_what_a_click_would_decode(
    qtbot: QtBot,
    open_program: Open,
    screenshot: Screenshot,
    folder: Path,
) -> None:
    program = open_program()
    read(qtbot, program, folder)
    learn(qtbot, program, small(folder, epochs=3))
    viewing = program.workspace.viewing
    backdrop = program.controllers.backdrop
    with qtbot.waitSignal(backdrop.grid_decoded, timeout=PATIENCE):
        program.panels.map.actions_by_name["grid"].trigger()
    assert backdrop.grid is not None
    sheet, (left, bottom, right, top), _ = backdrop.grid
    columns = sheet.shape[1] // 64
    rows = sheet.shape[0] // 64
    u, v = left + (right - left) * 0.5 / columns, top - (top - bottom) * 0.5 / rows
    assert viewing.latent_space is not None
    expected = viewing.latent_space.decode(viewing.latent_space.plane.to_latent(np.array([[u, v]], np.float32)))[0]
    np.testing.assert_allclose(sheet[:64, :64].astype(int), expected.astype(int), atol=1)
    screenshot(program, "grid")


def test_bad_choices_are_said_in_the_window_and_nothing_falls_over(
    qtbot: QtBot,
    open_program: Open,
    tmp_path: Path,
) -> None:
    program = open_program()
    (tmp_path / "notes.txt").write_text("no picture")
    with qtbot.waitSignal(program.workspace.learning.reading_failed, timeout=PATIENCE) as failed:
        program.workspace.open(tmp_path / "nowhere")
    assert str(tmp_path / "nowhere") in failed.args[0]
    wait_for(qtbot, program, "idle")
    (tmp_path / "empty").mkdir()
    read(qtbot, program, tmp_path / "empty")
    assert program.panels.images._message.text() == NOTHING_THERE
    assert not program.panels.form._buttons["train"].isEnabled()
    with qtbot.waitSignal(program.workspace.images_kept, timeout=PATIENCE) as kept:
        program.workspace.open(tmp_path / "notes.txt")
    assert "notes.txt is no picture: choose a folder" in kept.args[0]


def test_space_on_the_map_pauses_and_goes_on(
    qtbot: QtBot,
    open_program: Open,
    folder: Path,
) -> None:
    program = open_program()
    read(qtbot, program, folder)
    start(qtbot, program, small(folder, epochs=100_000))
    program.window.activateWindow()
    program.panels.map.setFocus()
    for state in ("paused", "training"):
        qtbot.keyClick(program.panels.map.focusProxy(), Qt.Key.Key_Space)
        wait_for(qtbot, program, state)


@pytest.mark.skipif(not FASHION.is_dir(), reason="dataset-fashion-mnist is not installed")
@pytest.mark.long
def test_seventy_thousand_real_images_go_round_the_whole_loop(
    qtbot: QtBot,
    open_program: Open,
    screenshot: Screenshot,
) -> None:
    program = open_program()
    with qtbot.waitSignal(program.workspace.images_changed, timeout=PATIENCE):
        program.panels.images.named_set_chosen.emit("fashion-mnist")
    wait_for(qtbot, program, "idle")
    start(qtbot, program, preset("quick", "fashion-mnist"))
    terms: list[float] = []
    program.workspace.learning.step_done.connect(lambda step: terms.append(step.mean.objective))
    qtbot.waitUntil(lambda: len(terms) >= 30, timeout=PATIENCE)
    with qtbot.waitSignal(program.workspace.viewing.place_decoded, timeout=PATIENCE):
        program.panels.map.point_dragged.emit(0.5, 0.5)
    program.panels.form.finish_requested.emit()
    wait_for(qtbot, program, "kept")
    assert terms[-1] < terms[0]
    space = program.workspace.viewing.latent_space
    assert space is not None
    assert np.isfinite(space.codes).all()
    assert space.codes.shape == (70_000, 2)
    assert program.workspace.viewing.table.classes[0] == "T-shirt/top"
    screenshot(program, "fashion-mnist")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
@pytest.mark.long
def test_a_terminated_window_has_saved_its_training(folder: Path, home: Path) -> None:
    code = (
        "import sys\n"
        "from explorer.__main__ import main\n"
        "from explorer.workspace.workspace import Workspace\n"
        "from core.config import RunConfig\n"
        f"config = RunConfig.model_validate({small(folder, epochs=100_000).model_dump()!r})\n"
        "before = Workspace._take_image_set\n"
        "def train(workspace, image_set):\n"
        "    before(workspace, image_set)\n"
        "    workspace.learning.train(config)\n"
        "Workspace._take_image_set = train\n"
        "before_map = Workspace._take_map\n"
        "def say(workspace, moved):\n"
        "    before_map(workspace, moved)\n"
        "    print(workspace.learning.run, flush=True)\n"
        "Workspace._take_map = say\n"
        f"sys.exit(main(['open', {str(folder)!r}]))"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LATENTSCAPE_HOME": str(home)}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment) as program:
        assert program.stdout is not None
        run = Path(program.stdout.readline().strip())
        program.send_signal(signal.SIGTERM)
        program.communicate(timeout=60)
    assert program.returncode == 0
    assert (run / "latest").is_file()
