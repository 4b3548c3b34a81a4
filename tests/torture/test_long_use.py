"""Long use: whatever is done in whatever order, the last checkpoint opens, and memory and files are given back."""

import gc
import os
import shutil
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from pytestqt.qtbot import QtBot

from core.latent.open_run import open_run
from tests.explorer.opened import Opened
from tests.journeys.conftest import open_program
from tests.journeys.driving import PATIENCE, Open, small, wait_for
from tests.torture.conftest import FULL, Figure

__all__ = ["open_program"]
QUICK_STEPS, FULL_STEPS = 8, 100  # of one sequence
QUICK_ROUNDS, FULL_ROUNDS = 1, 40
RESTING = ("idle", "paused", "kept", "finished")
pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="memory and handles as Linux tells them")


def megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def handles() -> int:
    return len(os.listdir("/proc/self/fd"))


class Used(RuleBasedStateMachine):
    """A window in which things are done; the class below says which window, and what it did."""

    qtbot: QtBot
    program: Opened
    runs: list[Path]
    folder: Path
    out: Path
    marks: list[tuple[float, float, int]]  # seconds, megabytes, handles after each sequence
    steps = 0

    @property
    def learning(self) -> object:
        return self.program.workspace.learning

    def rest(self) -> None:
        wait_for(self.qtbot, self.program, *RESTING)

    @rule(which=st.integers(0, 1))
    def open_run(self, which: int) -> None:
        with self.qtbot.waitSignal(self.learning.run_opened, timeout=PATIENCE):
            self.program.workspace.open_run(self.runs[which])
        self.rest()

    @precondition(lambda self: self.learning.state in ("paused", "kept") and self.learning.image_set is not None)
    @rule(pauses=st.booleans())
    def train_and_stop(self, pauses: bool) -> None:
        with self.qtbot.waitSignal(self.learning.step_done, timeout=PATIENCE):
            self.learning.resume()
        (self.learning.pause if pauses else self.learning.finish)()
        self.rest()

    @rule(u=st.floats(-2, 2), v=st.floats(-2, 2))
    def drag(self, u: float, v: float) -> None:
        if self.program.workspace.viewing.latent_space is not None:
            with self.qtbot.waitSignal(self.program.workspace.viewing.place_decoded, timeout=PATIENCE):
                self.program.panels.map.point_dragged.emit(u, v)

    @rule(what=st.sampled_from(["choose_all", "choose_none", "invert", "choose_near_cursor", "choose_unusual"]))
    def select(self, what: str) -> None:
        getattr(self.program.workspace.selecting, what)()

    @rule(number=st.integers(1, 9), what=st.sampled_from(["mark", "forget_mark", "go_to_mark"]))
    def bookmark(self, number: int, what: str) -> None:
        getattr(self.program.workspace.exploring, what)(number)

    @rule(what=st.sampled_from(["undo", "redo"]))
    def go_back(self, what: str) -> None:
        self.program.shell.actions.trigger(what)

    @rule()
    def export_table(self) -> None:
        viewing, gathering = self.program.workspace.viewing, self.program.controllers.gathering
        if viewing.latent_space is None:
            return
        with self.qtbot.waitSignal(gathering.ended, timeout=PATIENCE):
            gathering.export(self.out / "some.csv", np.arange(5), viewing.latent_space.codes, viewing.table)

    @rule(title=st.sampled_from(["Samples", "Traversals", "Paths", "Directions", "Curves", "Reconstructions", "Draw"]))
    def look(self, title: str) -> None:
        self.program.shell.docks.bring_forward(title)

    @invariant()
    def the_last_good_checkpoint_opens(self) -> None:
        type(self).steps += 1
        if self.learning.state in RESTING and self.learning.run is not None:
            assert np.isfinite(open_run(self.learning.run).latent_space.codes).all()

    def teardown(self) -> None:
        self.rest()
        gc.collect()
        type(self).marks.append((time.monotonic(), megabytes(), handles()))


@pytest.mark.timeout(3600)
def test_hours_of_use_cost_no_memory_and_no_handle(
    qtbot: QtBot, open_program: Open, folder: Path, home: Path, tmp_path: Path, figure: Figure
) -> None:
    from core.images.image_set import build_image_set
    from core.training.train import train

    runs = []
    for number in range(2):
        config = small(folder, {"network": "mlp", "latent_dims": 2 + number}, epochs=100_000, precision="float32")
        *_, ready = build_image_set(str(folder), config.images)
        reports = train(ready.image_set, config, tmp_path / f"run {number}")
        next(report for report in reports if type(report).__name__ == "StepDone")
        reports.close()
        runs.append(tmp_path / f"run {number}")
    program = open_program()
    while program.shell.docks.make_next():
        pass
    # Those that hypothesis makes are in its class.
    machine = type("InHand", (Used,), {"marks": [], "runs": runs, "folder": folder, "out": tmp_path})
    machine.qtbot, machine.program = qtbot, program
    rounds, steps = (FULL_ROUNDS, FULL_STEPS) if FULL else (QUICK_ROUNDS, QUICK_STEPS)
    chosen = settings(
        max_examples=rounds, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(machine, settings=chosen)
    program.window.close()
    shutil.rmtree(tmp_path / "run 0")
    marks = machine.marks
    if not FULL:
        return
    settled = marks[len(marks) // 4 :]  # caches and pools are full by then
    hours = (settled[-1][0] - settled[0][0]) / 3600
    grown = float(np.polyfit([each[0] / 3600 for each in settled], [each[1] for each in settled], 1)[0])
    more = settled[-1][2] - settled[0][2]
    figure(
        "long use",
        f"crashes 0 in {machine.steps:,} steps and {hours:.2f} h; MB gained an hour {grown:.1f}, from "
        f"{settled[0][1]:.0f} to {settled[-1][1]:.0f} MB in all; file handles gained {more}",
    )
    print("MB after each round:", [round(each[1]) for each in marks], [each[2] for each in marks], file=sys.stderr)
    assert more <= 0
