"""A damaged run is mended by a press of a button, and what was done is said."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from core.commands import main
from core.training.checkpoint_folder import MODEL, TRAIN
from core.training.damage import all_damages_of
from explorer.runs.mend_offer import BACK, MEND, MendOffer
from tests.explorer.opened import Opened
from tests.journeys.driving import PATIENCE, Open, wait_for

TINY = ("--image-size", "16", "--width", "4", "--latent-dims", "2", "--network", "mlp", "--batch-size", "5")


@pytest.fixture(scope="module")
def two_generations(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("two")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTSCAPE_HOME", str(place / "home"))
        words = ["train", str(folder), "--run", str(place / "run"), "--epochs", "2", *TINY, "--device", "cpu"]
        assert main(words) == 0
        assert main(["resume", str(place / "run"), "--epochs", "4"]) == 0
    return place / "run"


def newest(run: Path) -> Path:
    return run / "checkpoints" / (run / "latest").read_text().strip()


def spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def press(qtbot: QtBot, program: Opened, words: str) -> None:
    strip = program.window.findChild(MendOffer)
    qtbot.waitUntil(strip.isVisible, timeout=PATIENCE)
    button = next(each for each in strip.findChildren(QPushButton) if each.text() == words)
    qtbot.waitUntil(button.isVisible, timeout=PATIENCE)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def said(program: Opened) -> str:
    return str(program.window.findChild(MendOffer).findChild(QLabel).text())


def test_weights_that_are_damaged_are_left_for_the_older_ones(
    qtbot: QtBot, open_program: Open, two_generations: Path, tmp_path: Path
) -> None:
    run = shutil.copytree(two_generations, tmp_path / "run")
    spoil(newest(run) / MODEL)
    program = open_program()
    with qtbot.waitSignal(program.workspace.learning.opening_failed, timeout=PATIENCE) as failed:
        program.workspace.open(run)
    assert "Mend" in failed.args[0]
    assert "latentscape" not in failed.args[0]
    assert failed.args[0] == said(program)
    with qtbot.waitSignal(program.workspace.learning.run_opened, timeout=PATIENCE):
        press(qtbot, program, MEND)
    assert "is kept in damaged" in said(program)
    wait_for(qtbot, program, "paused", "finished", "kept")
    assert all_damages_of(run) == ()


@pytest.mark.parametrize("words", [MEND, BACK])
def test_an_optimiser_that_is_damaged_costs_it_or_the_newest_steps_as_one_likes(
    words: str, qtbot: QtBot, open_program: Open, two_generations: Path, tmp_path: Path
) -> None:
    run = shutil.copytree(two_generations, tmp_path / "run")
    before = newest(run).name
    spoil(newest(run) / TRAIN)
    spoil(run / "README.md")  # which is seen at once
    program = open_program()
    with qtbot.waitSignal(program.workspace.learning.run_opened, timeout=PATIENCE) as opened:
        program.workspace.open(run)
    assert opened.args[0].damages
    wait_for(qtbot, program, "paused", "finished", "kept")
    with qtbot.waitSignal(program.workspace.learning.run_opened, timeout=PATIENCE):
        press(qtbot, program, words)
    assert ("fresh optimiser" in said(program)) == (words == MEND)
    assert (newest(run).name == before) == (words == MEND)
    wait_for(qtbot, program, "paused", "finished", "kept")
    assert all_damages_of(run) == ()


def test_a_run_without_whole_weights_is_said_to_be_lost(
    qtbot: QtBot, open_program: Open, two_generations: Path, tmp_path: Path
) -> None:
    run = shutil.copytree(two_generations, tmp_path / "run")
    for path in run.glob(f"checkpoints/*/{MODEL}"):
        spoil(path)
    program = open_program()
    with qtbot.waitSignal(program.workspace.learning.opening_failed, timeout=PATIENCE):
        program.workspace.open(run)
    with qtbot.waitSignal(program.workspace.learning.opening_failed, timeout=PATIENCE) as failed:
        press(qtbot, program, MEND)
    assert "nothing can be mended" in failed.args[0]
    assert "nothing can be mended" in said(program)
