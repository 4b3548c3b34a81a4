"""A window whose training waits for room says so, can be told to stop, and goes on once there is room."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.training.damage import all_damages_of
from tests.journeys.conftest import open_program
from tests.journeys.driving import PATIENCE, Open, press, read, small, start, wait_for
from tests.torture.conftest import FULL, Figure
from tests.torture.disks import fill, small_disk

__all__ = ["open_program"]


def words(program: object) -> str:
    return " ".join(each.text() for each in program.panels.form.findChildren(QLabel) if each.isVisible())


@pytest.mark.timeout(600)
@pytest.mark.skipif(not FULL, reason="takes half a minute")
def test_training_that_waits_for_room_can_be_stopped_and_goes_on_later(
    qtbot: QtBot, open_program: Open, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Figure
) -> None:
    with small_disk(tmp_path / "disk", "12m") as disk:
        monkeypatch.setenv("LATENTSCAPE_HOME", str(disk))
        program = open_program()
        read(qtbot, program, folder)
        start(qtbot, program, small(folder, {"network": "mlp"}, epochs=100_000))
        learning = program.workspace.learning
        run = learning.run
        qtbot.waitUntil((run / "latest").exists, timeout=PATIENCE)
        ballast = fill(disk)
        with qtbot.waitSignal(learning.saving_waits, timeout=PATIENCE):
            pass
        assert "Training waits" in words(program)
        assert "bytes" in words(program)
        assert "images/s" not in " ".join(each.text() for each in program.window.statusBar().findChildren(QLabel))
        press(qtbot, program, "Pause")
        wait_for(qtbot, program, "paused")
        assert all_damages_of(run) == ()
        ballast.unlink()
        press(qtbot, program, "Resume")
        wait_for(qtbot, program, "training")
        with qtbot.waitSignal(learning.step_done, timeout=PATIENCE):
            pass
        assert "waits" not in words(program)
        program.window.close()
        assert all_damages_of(run) == ()
    figure(
        "a disk that is full: a window that trains", "it says so, stops when told to, and goes on when there is room"
    )
