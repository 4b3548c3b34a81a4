"""A scientist's folder through the real window: stacks of 16 bits, one scale, pages, and everything read anew."""

import os
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.export.pictures import save_picture
from tests.journeys.driving import PATIENCE, Open, Screenshot, read, small, start, wait_for

SIDE = 64


@pytest.fixture
def cells(tmp_path: Path) -> Path:
    """A dozen stacks of five pages that begin in the dark, of 12 bits in 16, and a picture that was saved here."""
    folder = tmp_path / "cells"
    rng, (y, x) = np.random.default_rng(0), np.mgrid[:SIDE, :SIDE]
    for number in range(12):
        left, top = rng.uniform(16, 48, 2)
        spot = np.exp(-((x - left) ** 2 + (y - top) ** 2) / 90)
        stack = np.stack([(4000 * page / 4 * spot).astype(np.uint16) for page in range(5)])
        (folder / "ab"[number % 2]).mkdir(parents=True, exist_ok=True)
        path = folder / "ab"[number % 2] / f"{number}.tif"
        tifffile.imwrite(path, stack, photometric="minisblack", metadata=None)
    save_picture(folder / "saved.png", np.zeros((8, 8, 3), np.uint8), {"z": [0.0, 0.0]})
    return folder


def choose(qtbot: QtBot, program: object, place: int) -> np.ndarray:
    """Choose an entry of *Pages*; returns the pixels that come of it."""
    box = program.panels.images._intake._pixels._pages
    with qtbot.waitSignal(program.workspace.images_changed, timeout=PATIENCE) as changed:
        box.setCurrentIndex(place)
        box.activated.emit(box.currentIndex())
    wait_for(qtbot, program, "idle")
    return np.array(changed.args[0].pixels)


def test_stacks_of_16_bits_are_seen_and_chosen_from(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, cells: Path
) -> None:
    program = open_program()
    read(qtbot, program, cells)
    images = program.panels.images
    assert "12 files of several pages: the first" in images._intake._done.text()
    assert [each.reason for each in program.workspace.learning.image_set.skipped] == ["saved by this program"]
    assert program.workspace.learning.image_set.pixels.max() == 0
    screenshot(program, "pages-first")
    peaks = choose(qtbot, program, 3).max(axis=(1, 2, 3))
    assert np.abs(peaks.astype(int) - round(4000 * 255 / 4095)).max() <= 2
    assert "16 bits: 0 is black, 4,095 is white" in images._intake._done.text()
    screenshot(program, "pages-brightest")
    assert len(choose(qtbot, program, 4)) == 60
    screenshot(program, "pages-all")
    line = images._intake._pixels._range.lineEdit()
    with qtbot.waitSignal(program.workspace.images_changed, timeout=PATIENCE) as changed:
        line.selectAll()
        qtbot.keyClicks(line, "0..1000")
        qtbot.keyClick(line, Qt.Key.Key_Return)
    wait_for(qtbot, program, "idle")
    assert changed.args[0].intake.ranges == {"uint16": (0.0, 1000.0)}
    screenshot(program, "pages-range")


def test_a_better_range_is_one_click_away_where_a_hot_pixel_makes_all_dark(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, tmp_path: Path
) -> None:
    """Twelve pictures of 12 bits, of which one holds one number of 65,535."""
    folder = tmp_path / "hot"
    folder.mkdir()
    for number in range(12):
        values = np.linspace(0, 4095, 64 * 64).reshape(64, 64).astype(np.uint16)
        values[3, 3] = 65_535 if number == 7 else 0
        tifffile.imwrite(folder / f"{number}.tif", values, metadata=None)
    program = open_program()
    read(qtbot, program, folder)
    rows = program.panels.images._intake._pixels
    assert "the range 0..4095 shows them better" in rows._said.text()
    assert rows._use.isVisible()
    screenshot(program, "hot-pixel")
    with qtbot.waitSignal(program.workspace.images_changed, timeout=PATIENCE) as changed:
        qtbot.mouseClick(rows._use, Qt.MouseButton.LeftButton)
    wait_for(qtbot, program, "idle")
    assert changed.args[0].pixels[0].max() == 255
    assert not rows._use.isVisible()
    assert "--range 0..4095" in program.panels.form._command.command


def test_a_run_of_pages_shows_each_whole_on_its_scale(qtbot: QtBot, open_program: Open, cells: Path) -> None:
    program = open_program()
    read(qtbot, program, cells)
    choose(qtbot, program, 4)
    config = small(cells, epochs=1)
    images = config.images.model_copy(update={"pages": "all", "image_size": 16})
    with qtbot.waitSignal(program.workspace.images_changed, timeout=PATIENCE):
        program.workspace.change_images(images)
    wait_for(qtbot, program, "idle")
    start(qtbot, program, config.model_copy(update={"images": images}))
    wait_for(qtbot, program, "finished")
    assert program.workspace.images_as_read.range == "0..4095"
    with qtbot.waitSignal(program.controllers.listing.picture_read, timeout=PATIENCE) as whole:
        program.controllers.listing.read_picture(4)  # the fifth page of the first stack
    assert abs(int(whole.args[1].max()) - round(4000 * 255 / 4095)) <= 2


def test_files_that_changed_behind_their_times_are_read_anew_at_a_click(
    qtbot: QtBot, open_program: Open, cells: Path
) -> None:
    program = open_program()
    read(qtbot, program, cells)
    path = cells / "a" / "0.tif"
    found = path.stat()
    tifffile.imwrite(path, np.full((5, SIDE, SIDE), 4000, np.uint16), photometric="minisblack", metadata=None)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    button = program.panels.images._intake._anew
    with qtbot.waitSignal(program.workspace.images_changed, timeout=PATIENCE) as changed:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_for(qtbot, program, "idle")
    assert changed.args[0].pixels[0].max() == round(4000 * 255 / 4095)
    with qtbot.waitSignal(program.workspace.images_changed, timeout=PATIENCE):
        program.shell.actions["read_anew"].trigger()
    wait_for(qtbot, program, "idle")
