"""A run that was begun in the window, resumed by the command and ended in the window is the run it would have been."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.places import runs_folder
from core.training.damage import all_damages_of
from core.training.train import train
from tests.journeys.conftest import open_program
from tests.journeys.driving import PATIENCE, Open, press, read, small, start, wait_for
from tests.torture.conftest import FULL, Figure
from tests.torture.test_exactness import is_same

__all__ = ["open_program"]
EPOCHS = 600  # of one step


def saved(run: Path) -> str:
    return (run / "latest").read_text()


@pytest.mark.timeout(1200)
@pytest.mark.skipif(not FULL, reason="takes a minute")
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_window_command_and_window_again_change_no_bit(
    qtbot: QtBot,
    open_program: Open,
    folder: Path,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    times: Callable[[int, int], int],
    figure: Figure,
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # as many for the window, which leaves one to itself, as for the command
    config = small(folder, {"network": "mlp", "latent_dims": 2}, epochs=EPOCHS, batch_size=24, precision="float32")
    same, tries, whole = 0, times(1, 5), tmp_path / "whole"
    for _ in range(tries):
        program = open_program()
        read(qtbot, program, folder)
        start(qtbot, program, config)
        press(qtbot, program, "Pause")
        wait_for(qtbot, program, "paused")
        run = program.workspace.learning.run
        assert run is not None
        assert run.parent == runs_folder()
        image_set = program.workspace.learning.image_set
        program.window.close()
        paused = saved(run)
        command = subprocess.Popen([sys.executable, "-m", "core", "resume", str(run)], stderr=subprocess.DEVNULL)
        qtbot.waitUntil(lambda run=run, paused=paused: saved(run) != paused, timeout=PATIENCE)
        command.send_signal(signal.SIGTERM)
        assert command.wait(timeout=60) == 128 + signal.SIGTERM
        program = open_program()
        with qtbot.waitSignal(program.workspace.images_changed, timeout=PATIENCE):
            program.workspace.open(run)
        wait_for(qtbot, program, "paused")
        press(qtbot, program, "Resume")
        wait_for(qtbot, program, "finished")
        program.window.close()
        if not whole.exists():
            list(train(image_set, config, whole, reserve_core=True))
        same += is_same(whole, run) and all_damages_of(run) == ()
    figure("resume is exact: window, command, window", f"bit-identical {same} / {tries}")
    assert same == tries
