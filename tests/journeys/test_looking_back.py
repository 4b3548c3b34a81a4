"""What a user would lose if the training could not be looked back at, or if what is seen there were not as it was."""

import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scipy.linalg import orthogonal_procrustes

from core.commands import main
from core.images.image_set import build_image_set
from core.latent.moment_space import open_moment
from core.latent.saved_space import load_latent_space
from core.latent.separation import separation
from core.reports.images import ImageSetReady
from core.reports.progress import Progress
from core.training.moment_files import moments_of, path_of, read_moment
from core.training.train import train
from explorer.curves.quantity_plot import QuantityPlot
from explorer.map.view import MapView
from explorer.moments.film_export import Filming
from explorer.moments.panel import IS_NOW, TimeBar
from explorer.moments.parting_dialog import PartingDialog
from explorer.moments.time_slider import TimeSlider
from tests.explorer.looking import named
from tests.explorer.opened import Opened
from tests.journeys.driving import (
    PATIENCE,
    Open,
    Screenshot,
    fill_in,
    learn,
    press,
    press_save,
    read,
    small,
    start,
    wait_for,
)

ALL_BUT_NOW = -1


@pytest.fixture(scope="module")
def run(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two dozen discs learned in three dimensions; tests only look at it."""
    path = tmp_path_factory.mktemp("kept") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTSCAPE_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr("core.training.moments.CREDIT", 60.0)  # however slow the machine is
        config = small(folder, {"latent_dims": 3, "network": "mlp"}, epochs=12)
        reports = build_image_set(str(folder), config.images)
        image_set = next(each.image_set for each in reports if isinstance(each, ImageSetReady))
        list(train(image_set, config, path))
    return path


@pytest.fixture
def program(qtbot: QtBot, open_program: Open, run: Path) -> Opened:
    program = open_program()
    with qtbot.waitSignal(program.workspace.viewing.images_shown, timeout=PATIENCE, check_params_cb=bool):
        program.workspace.open(run)
    wait_for(qtbot, program, "finished")
    return program


def bar_of(program: Opened) -> TimeBar:
    bar: TimeBar = program.window.findChild(TimeBar)
    return bar


def slider_of(program: Opened) -> TimeSlider:
    slider: TimeSlider = program.window.findChild(TimeSlider)
    return slider


def entry(program: Opened, words: str) -> QAction:
    """Of the menu of the bar."""
    return next(each for each in bar_of(program)._more.menu().actions() if each.text() == words)


def decoded_at(qtbot: QtBot, program: Opened, step: int) -> None:
    """Wait until the picture under the cursor is that of the model at a step."""
    viewing = program.workspace.viewing

    def is_there() -> bool:
        return viewing.place is not None and viewing.place.step == step and np.array_equal(viewing.place.z, viewing.z)

    qtbot.waitUntil(is_there, timeout=PATIENCE)


def test_the_first_moment_is_seen_as_it_was_and_now_is_a_key_away(
    qtbot: QtBot, program: Opened, run: Path, tmp_path: Path, screenshot: Screenshot
) -> None:
    viewing, slider = program.workspace.viewing, slider_of(program)
    now, z = viewing.latent_space, np.array([0.4, -0.3, 0.2], np.float32)
    program.workspace.look_at_latent(z, "")
    decoded_at(qtbot, program, now.step)
    was = viewing.place.pixels
    moments = moments_of(run)[:ALL_BUT_NOW]  # the last is the model that is now
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    decoded_at(qtbot, program, 0)
    then = open_moment(run, moments[0], load_latent_space(run)).space
    assert np.array_equal(viewing.place.pixels, then.decode(z[None])[0])
    assert np.array_equal(viewing.z, z)
    assert np.array_equal(viewing.latent_space.codes, then.codes)
    with qtbot.waitSignal(viewing.near_found, timeout=PATIENCE) as near:
        program.workspace.look_at_latent(z + np.float32(0.1), "")
    assert near.args[0][0].index == np.linalg.norm(then.codes - z - np.float32(0.1), axis=1).argmin()
    assert named(program.window, "Time: Step 0 · epoch 0.0 · 0:00") is slider
    screenshot(program, "looking back")
    program.workspace.look_at_latent(z, "")
    decoded_at(qtbot, program, 0)
    program.shell.actions["copy_command"].trigger()
    words = shlex.split(QApplication.clipboard().text())[1:]
    words[words.index("--out") + 1] = str(tmp_path / "then.png")
    assert main(words) == 0
    assert np.array_equal(np.asarray(Image.open(tmp_path / "then.png")), viewing.place.pixels)
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    decoded_at(qtbot, program, moments[1].step)
    program.workspace.look_at_latent(z, "")
    QTest.keyClick(slider, Qt.Key.Key_End)
    decoded_at(qtbot, program, now.step)
    assert np.array_equal(viewing.place.pixels, was)
    assert viewing.latent_space is now


def test_a_hand_between_two_moments_sees_the_dots_on_their_way(qtbot: QtBot, program: Opened, run: Path) -> None:
    recalling, slider = program.workspace.recalling, slider_of(program)
    moments = recalling.moments
    with qtbot.waitSignal(recalling.recalled, timeout=PATIENCE):
        recalling.seek(4.0)
    qtbot.waitUntil(lambda: all(recalling.points_of(each) is not None for each in moments), timeout=PATIENCE)
    one, other = recalling.points_of(moments[4]), recalling.points_of(moments[5])
    across = slider._x_of(4.25)
    with qtbot.waitSignal(recalling.dots_moved, timeout=PATIENCE) as moved:
        QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    with qtbot.waitSignal(recalling.dots_moved, timeout=PATIENCE) as moved:
        slider.sought.emit(4.25)
    assert np.allclose(moved.args[0], 0.75 * one + 0.25 * other, atol=1e-5, equal_nan=True)
    assert program.panels.map._points is moved.args[0]
    assert program.workspace.viewing.latent_space.step == moments[4].step
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    assert recalling.position == 4.0
    assert np.array_equal(program.panels.map._points, one, equal_nan=True)
    assert across == pytest.approx(slider._x_of(0) + 4.25 * (slider._x_of(1) - slider._x_of(0)))


def test_a_hand_that_looks_back_or_saves_a_film_does_not_find_another_bar_under_it(
    qtbot: QtBot, program: Opened
) -> None:
    recalling, bar, slider = program.workspace.recalling, bar_of(program), slider_of(program)
    for width in (1280, 1900):
        program.window.resize(width, 800)
        qtbot.waitUntil(lambda width=width: program.window.width() == width, timeout=PATIENCE)
        recalling.go_to_now()
        QApplication.processEvents()
        at_now, high = slider.geometry(), bar.height()
        for place in range(len(recalling.moments)):
            with qtbot.waitSignal(recalling.recalled, timeout=PATIENCE):
                recalling.seek(place)
            QApplication.processEvents()
            assert slider.geometry() == at_now
            assert bar._words.sizeHint().width() <= bar._words.width(), "all of it is seen"
        bar.show_saving(True)
        bar.show_saving_progress(Progress("Drawing", 99, 100))
        QApplication.processEvents()
        assert bar.height() == high
        bar.show_saving(False)


def test_the_curves_have_a_line_at_the_step_that_is_looked_at(qtbot: QtBot, program: Opened) -> None:
    recalling = program.workspace.recalling
    lines = [plot._time for plot in program.panels.curves.findChildren(QuantityPlot)]
    assert not any(line.isVisible() for line in lines)
    with qtbot.waitSignal(recalling.recalled, timeout=PATIENCE):
        recalling.seek(3.0)
    assert [line.value() for line in lines] == [recalling.moments[3].step] * 3
    assert all(line.isVisible() for line in lines)
    recalling.go_to_now()
    assert not any(line.isVisible() for line in lines)


def test_the_training_is_played_from_its_first_step_to_now(qtbot: QtBot, program: Opened) -> None:
    recalling, seen = program.workspace.recalling, []
    program.workspace.recalling.recalled.connect(lambda past: seen.append(None if past is None else past.moment.step))
    entry(program, "Play at 4×").trigger()
    play = named(program.window, "Play the training")
    qtbot.mouseClick(play, Qt.MouseButton.LeftButton)
    assert play.text() == "Pause"
    qtbot.waitUntil(lambda: play.text() == "Play", timeout=PATIENCE)
    assert recalling.position == recalling.last
    assert seen[0] is not None
    assert seen[-1] is None
    steps = [step for step in seen if step is not None]
    assert steps == sorted(steps)
    assert program.workspace.viewing.latent_space is program.workspace.viewing.now
    assert named(program.window, "Back to now").toolTip().endswith(IS_NOW)


def test_the_film_that_is_saved_is_the_one_whose_command_is_copied(
    qtbot: QtBot, program: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.export.history_film.HistoryFilm.frames", 6)  # of three hundred
    program.workspace.look_at_latent(np.array([0.5, -1e-7, 0.25], np.float32), "")
    program.shell.actions["save_history"].trigger()  # in the menu too, so that it is found by its name
    path = tmp_path / "learning.gif"
    dialog = fill_in(qtbot, program, path, Format="GIF")
    filming = program.window.findChild(Filming)
    with qtbot.waitSignal(filming.reported, timeout=PATIENCE):
        press_save(qtbot, dialog)
    entry(program, "Copy the command of that film").trigger()
    words = shlex.split(QApplication.clipboard().text())[1:]
    words[words.index("--out") + 1] = str(tmp_path / "again.gif")
    assert main(words) == 0
    assert (tmp_path / "again.gif").read_bytes() == path.read_bytes()
    qtbot.waitUntil(lambda: not filming.is_busy, timeout=PATIENCE)
    assert not bar_of(program)._cancel.isVisible()


def test_selected_images_leave_trails_from_the_first_moment_to_now(qtbot: QtBot, program: Opened) -> None:
    recalling, workspace = program.workspace.recalling, program.workspace
    with qtbot.waitSignal(workspace.selecting.shown, timeout=PATIENCE):
        workspace.selecting.choose("two", np.array([3, 17]))
    entry(program, "Trails of the selected images").trigger()
    qtbot.waitUntil(lambda: len(recalling.known_points()) == len(recalling.moments) + 1, timeout=PATIENCE)
    ways = [[recalling.points_of(each)[index] for each in recalling.moments] for index in (3, 17)]
    ends = workspace.viewing.latent_space.points[[3, 17]]
    for trail, way, end in zip(workspace.marks.trails, ways, ends, strict=True):
        seen = np.array(way)[np.isfinite(way).all(axis=1)]
        assert np.allclose(trail, [*seen, end], atol=1e-5)
    assert program.window.findChild(MapView).grab().toImage().pixelColor(5, 5).isValid()  # they are painted
    entry(program, "Trails of the selected images").trigger()
    assert workspace.marks.trails == ()


def test_what_moved_most_since_a_moment_is_selected(
    qtbot: QtBot, program: Opened, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.moments.feature.MOVED", 5)
    recalling, selecting = program.workspace.recalling, program.workspace.selecting
    assert not entry(program, "Select what moved most from here to now").isEnabled()
    assert not program.shell.actions["moved_most"].isEnabled()
    with qtbot.waitSignal(recalling.recalled, timeout=PATIENCE):
        recalling.seek(0.0)
    for how in (entry(program, "Select what moved most from here to now"), program.shell.actions["moved_most"]):
        selecting.choose_none()  # at once: one that is asked for may be overtaken by the next
        with qtbot.waitSignal(selecting.shown, timeout=PATIENCE, check_params_cb=lambda *said: len(said[0])) as shown:
            how.trigger()
    then, now = program.workspace.viewing.latent_space.codes.astype(float), load_latent_space(run).codes.astype(float)
    then, now = then - then.mean(axis=0), now - now.mean(axis=0)
    moved = np.linalg.norm(then @ orthogonal_procrustes(then, now)[0] - now, axis=1)
    assert set(shown.args[0].tolist()) == set(np.argsort(moved)[-5:].tolist())


def test_the_step_at_which_two_classes_parted_is_said_and_gone_to(
    qtbot: QtBot, program: Opened, run: Path, screenshot: Screenshot
) -> None:
    recalling, table = program.workspace.recalling, program.workspace.viewing.table
    program.shell.actions["parting"].trigger()
    dialog = program.window.findChild(PartingDialog)
    steps = [*(each.step for each in recalling.moments), program.workspace.viewing.now.step]
    qtbot.waitUntil(lambda: dialog._line.xData is not None and len(dialog._line.xData) > 0, timeout=PATIENCE)
    known = dialog._line.xData.tolist()  # moment by moment
    assert dialog._plot.getAxis("bottom")._tickLevels[0][-1] == (len(steps) - 1, f"{steps[-1]:,}")
    codes = [read_moment(run, each).codes for each in recalling.moments]
    shares = [separation(each, np.asarray(table.labels), 0, 1) for each in [*codes, load_latent_space(run).codes]]
    assert dialog._line.yData.tolist() == pytest.approx([100 * shares[place] for place in known])
    assert "“blue” and “red” have" in dialog._said.text()
    screenshot(program, "parting")
    pressed = dialog._plot.mapFromScene(dialog._plot.getViewBox().mapViewToScene(QPointF(2.2, 70.0)))
    with qtbot.waitSignal(recalling.recalled, timeout=PATIENCE):
        qtbot.mouseClick(dialog._plot.viewport(), Qt.MouseButton.LeftButton, pos=pressed)
    assert recalling.position == 2.0
    assert dialog._time.value() == 2.0
    assert dialog._time.isVisible()
    named(dialog, "The other class").setCurrentIndex(0)
    named(dialog, "The other class").activated.emit(0)
    assert dialog._said.text() == "Choose two different classes."
    dialog.close()


def test_a_training_is_looked_back_at_while_it_goes_on(
    qtbot: QtBot, open_program: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.training.moments.CREDIT", 60.0)
    program = open_program()
    read(qtbot, program, folder)
    learning, viewing, recalling = program.workspace.learning, program.workspace.viewing, program.workspace.recalling
    start(qtbot, program, small(folder, epochs=20_000))
    qtbot.waitUntil(lambda: len(recalling.moments) > 3, timeout=PATIENCE)
    QTest.keyClick(slider_of(program), Qt.Key.Key_Home)
    decoded_at(qtbot, program, 0)
    before = viewing.now.step
    qtbot.waitUntil(lambda: viewing.now.step > before, timeout=PATIENCE)
    with qtbot.waitSignal(learning.moments_kept, timeout=PATIENCE):
        pass
    assert viewing.latent_space.step == 0
    assert recalling.position == 0.0
    assert learning.state == "training"
    qtbot.mouseClick(named(program.window, "Back to now"), Qt.MouseButton.LeftButton)
    assert viewing.latent_space.step > before
    press(qtbot, program, "Pause")
    wait_for(qtbot, program, "paused")
    assert recalling.moments[-1].step < viewing.latent_space.step


def test_a_run_without_moments_opens_as_before(qtbot: QtBot, open_program: Open) -> None:
    program = open_program()
    with qtbot.waitSignal(program.workspace.viewing.map_changed, timeout=PATIENCE):
        program.workspace.open(None)
    assert not bar_of(program).isVisible()
    for name in ("play_training", "parting", "save_history"):
        assert not program.shell.actions[name].isEnabled()
    assert "keeps no moments" in program.shell.actions["play_training"].toolTip()
    wait_for(qtbot, program, "finished")


def test_a_window_that_is_to_keep_none_keeps_none(qtbot: QtBot, open_program: Open, folder: Path) -> None:
    program = open_program()
    program.workspace.settings.remember_moments(0)
    read(qtbot, program, folder)
    assert moments_of(learn(qtbot, program, small(folder, epochs=2))) == ()
    assert not bar_of(program).isVisible()


def test_a_moment_that_is_damaged_is_said_to_be_and_the_map_stays(
    qtbot: QtBot, open_program: Open, run: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(run, tmp_path / "copy")
    path_of(copy, moments_of(copy)[2]).write_bytes(b"nothing")
    program = open_program()
    with qtbot.waitSignal(program.workspace.viewing.map_changed, timeout=PATIENCE):
        program.workspace.open(copy)
    wait_for(qtbot, program, "finished")
    space = program.workspace.viewing.latent_space
    with qtbot.waitSignal(program.workspace.recalling.failed, timeout=PATIENCE) as failed:
        program.workspace.recalling.seek(2.0)
    assert "damaged" in failed.args[0] or "holds no tensors" in failed.args[0]
    assert program.workspace.viewing.latent_space is space
    bar, width = bar_of(program), program.window.width()
    assert bar._words.whole == failed.args[0]
    bar.show_failure("A sentence that is longer than any window. " * 40)
    QApplication.processEvents()
    assert program.window.width() == width
    assert bar._words.width() <= bar.width()
