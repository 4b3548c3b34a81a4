"""The map of a run that is being opened is already at hand."""

import gc
import weakref
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from core.exploration import Exploration
from core.latent.map_preview import see_map
from core.latent.open_run import open_run
from core.places import bundled_run, settings_folder
from core.training.exploration_file import write_exploration
from explorer.images.panel import EMPTY, OPENING
from explorer.picture.latent_sliders import LatentSliders
from explorer.shell.verdict_chip import VerdictChip
from explorer.workspace.place_in_hand import Place
from tests.explorer.opened import Opened, new_program

PATIENCE = 20_000


@pytest.fixture
def program(qtbot: QtBot) -> Opened:
    opened = new_program()
    qtbot.addWidget(opened.window)
    return opened


def see(qtbot: QtBot, program: Opened) -> Place:
    with qtbot.waitSignal(program.workspace.first_sight.place_decoded, timeout=PATIENCE) as decoded:
        program.workspace.learning.map_seen.emit(see_map(bundled_run()))
    return decoded.args[0]


def drag(qtbot: QtBot, program: Opened, u: float, v: float) -> Place:
    with qtbot.waitSignal(program.workspace.first_sight.place_decoded, timeout=PATIENCE) as decoded:
        program.panels.map.point_dragged.emit(u, v)
    return decoded.args[0]


def open_whole(qtbot: QtBot, program: Opened) -> Place:
    with qtbot.waitSignal(program.workspace.viewing.place_decoded, timeout=PATIENCE) as decoded:
        program.workspace.learning.run_opened.emit(open_run(bundled_run()))
    return decoded.args[0]


def is_same(before: Place, after: Place) -> bool:
    differ = np.abs(before.pixels.astype(int) - after.pixels)
    return bool(differ.max() <= 1) and np.array_equal(before.z, after.z)


def test_the_first_picture_stays_when_the_run_is_open(qtbot: QtBot, program: Opened) -> None:
    first = see(qtbot, program)
    save = next(each for each in program.panels.picture.findChildren(QPushButton) if each.text() == "Save picture…")
    assert not save.isEnabled()
    assert is_same(first, open_whole(qtbot, program))
    assert save.isEnabled()
    assert program.workspace.exploring.folder is not None
    program.window.close()


def test_a_place_dragged_to_before_the_run_is_open_is_kept(qtbot: QtBot, program: Opened) -> None:
    see(qtbot, program)
    dragged = drag(qtbot, program, 0.7, -0.3)
    assert dragged.point == pytest.approx((0.7, -0.3), abs=1e-5)
    assert is_same(dragged, open_whole(qtbot, program))
    program.window.close()


def test_a_hand_is_not_taken_back_to_where_it_was_last_time(qtbot: QtBot, program: Opened) -> None:
    opened = open_run(bundled_run())
    settings_folder().mkdir(parents=True, exist_ok=True)
    write_exploration(settings_folder(), Exploration(z=opened.latent_space.codes[5]), opened.names)
    see(qtbot, program)
    dragged = drag(qtbot, program, 0.7, -0.3)
    open_whole(qtbot, program)
    qtbot.waitUntil(lambda: program.workspace.exploring._is_read, timeout=PATIENCE)
    assert np.array_equal(program.workspace.viewing.z, dragged.z)
    program.window.close()


def test_without_a_hand_the_cursor_goes_where_it_was_last_time(qtbot: QtBot, program: Opened) -> None:
    opened = open_run(bundled_run())
    settings_folder().mkdir(parents=True, exist_ok=True)
    write_exploration(settings_folder(), Exploration(z=opened.latent_space.codes[5]), opened.names)
    see(qtbot, program)
    open_whole(qtbot, program)
    qtbot.waitUntil(lambda: np.array_equal(program.workspace.viewing.z, opened.latent_space.codes[5]), timeout=PATIENCE)
    program.window.close()


def test_an_image_is_decoded_before_the_run_is_open(qtbot: QtBot, program: Opened) -> None:
    see(qtbot, program)
    with qtbot.waitSignal(program.workspace.first_sight.place_decoded, timeout=PATIENCE) as decoded:
        program.panels.map.code_picked.emit(17)
    assert np.array_equal(decoded.args[0].z, open_run(bundled_run()).latent_space.codes[17])
    program.window.close()


def test_a_run_that_cannot_be_opened_is_let_go(qtbot: QtBot, program: Opened) -> None:
    see(qtbot, program)
    program.workspace.learning.opening_failed.emit("It is gone.")
    assert program.workspace.first_sight.z is None
    program.panels.map.point_dragged.emit(0.1, 0.1)
    assert program.workspace.first_sight.z is None
    program.window.close()


def test_sliders_neighbours_and_verdict_follow_before_the_run_is_open(qtbot: QtBot, program: Opened) -> None:
    first_sight, picture = program.workspace.first_sight, program.panels.picture
    with qtbot.waitSignal(first_sight.surroundings_found, timeout=PATIENCE):
        see(qtbot, program)
    assert picture.findChild(VerdictChip).text
    sliders = program.window.findChild(LatentSliders)
    assert len(sliders.findChildren(QSlider)) > 0
    before = first_sight.z
    with qtbot.waitSignal(first_sight.place_decoded, timeout=PATIENCE) as decoded:
        sliders.findChildren(QSlider)[0].setValue(0)
    assert (decoded.args[0].z != before).sum() == 1
    with qtbot.waitSignal(first_sight.surroundings_found, timeout=PATIENCE):
        pass
    assert is_same(decoded.args[0], open_whole(qtbot, program))
    program.window.close()


def test_nothing_is_kept_of_it_once_the_run_is_open(qtbot: QtBot, program: Opened) -> None:
    with qtbot.waitSignal(program.workspace.first_sight.surroundings_found, timeout=PATIENCE):
        see(qtbot, program)
    model = weakref.ref(program.workspace.first_sight.latent_space.model)
    with qtbot.waitSignal(program.workspace.viewing.surroundings_found, timeout=PATIENCE):
        open_whole(qtbot, program)
    qtbot.waitUntil(lambda: gc.collect() is not None and model() is None, timeout=PATIENCE)
    program.window.close()


def test_the_images_of_a_run_that_is_being_opened_are_said_to_follow(qtbot: QtBot, program: Opened) -> None:
    images, learning = program.panels.images, program.workspace.learning
    shown = next(each for each in images.findChildren(QLabel) if each.text() == EMPTY)
    learning.has_time.clear()  # it is not opened before the window has time
    program.workspace.open_run(bundled_run())
    qtbot.waitUntil(lambda: shown.text() == OPENING, timeout=PATIENCE)
    with qtbot.waitSignal(learning.image_set_ready, timeout=PATIENCE):
        learning.has_time.set()
    assert OPENING not in [each.text() for each in images.findChildren(QLabel) if each.isVisibleTo(images)]
    program.window.close()


def test_images_do_not_follow_what_is_no_run(qtbot: QtBot, program: Opened, tmp_path: Path) -> None:
    shown = next(each for each in program.panels.images.findChildren(QLabel) if each.text() == EMPTY)
    with qtbot.waitSignal(program.workspace.learning.opening_failed, timeout=PATIENCE):
        program.workspace.open_run(tmp_path)
    assert shown.text() == EMPTY
    program.window.close()


def test_what_is_said_of_lost_images_stays_when_another_run_cannot_be_opened(
    qtbot: QtBot, program: Opened, tmp_path: Path
) -> None:
    images, learning = program.panels.images, program.workspace.learning
    shown = next(each for each in images.findChildren(QLabel) if each.text() == EMPTY)
    learning.run = bundled_run()
    learning.reading_failed.emit("They are gone.")
    with qtbot.waitSignal(learning.opening_failed, timeout=PATIENCE):
        program.workspace.open_run(tmp_path)
    assert shown.text() == "They are gone."
    program.window.close()
