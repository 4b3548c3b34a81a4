"""Long use: whatever is done in whatever order, the last checkpoint opens, and memory and files are given back."""

import ctypes
import gc
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from core.latent.open_run import open_run
from explorer.start import share_heaps
from explorer.toolkit.theme import apply_theme
from tests.explorer.opened import Opened, new_program
from tests.journeys.driving import PATIENCE, fill_in, press, press_save, read, shown_buttons, small, start, wait_for
from tests.torture.conftest import FULL, Figure

ROUNDS, STEPS = 80, 8
STEPS_AN_HOUR = 240  # one thing done every quarter of a minute
MOST_MEGABYTES = 5.0  # gained an hour
RESTING = ("idle", "paused", "kept", "finished")
TITLES = ("Samples", "Traversals", "Paths", "Directions", "Curves", "Reconstructions", "Draw", "Selection", "Picture")
EXPLORED = ("select_all", "select_none", "invert", "unusual", "mean", "add_stop", "play_path", "samples", "traversals")
TOLD = ("undo", "redo", "set_a", "set_b", "make_direction", "copy_picture", "copy_command", "paste", "evaluate")
pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="memory and handles as Linux tells them")


class Mark(NamedTuple):
    """What the process holds at rest, after so many things done in so many windows."""

    steps: int
    windows: int
    megabytes: float
    handles: int
    threads: int
    temporaries: int


def megabytes() -> float:
    """Resident, of what is in use."""
    gc.collect()
    if hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


class Used(RuleBasedStateMachine):
    """A window in which things are done; a class made from this one says where, and keeps what it came to."""

    qtbot: QtBot
    program: Opened
    runs: list[Path]  # the one that is opened at rest, and the one begun last
    folder: Path
    out: Path
    marks: list[Mark]
    fresh: list[Mark]  # of a window that has just opened a run: what it makes on demand is not there yet
    windows: int
    steps: int

    @property
    def learning(self) -> object:
        return self.program.workspace.learning

    def rest(self) -> None:
        wait_for(self.qtbot, self.program, *RESTING)

    def open(self, run: Path) -> None:
        with self.qtbot.waitSignal(self.learning.run_opened, timeout=PATIENCE):
            self.program.workspace.open_run(run)
        self.rest()

    def stop(self, words: str) -> None:
        with self.qtbot.waitSignal(self.learning.step_done, timeout=PATIENCE):
            pass
        press(self.qtbot, self.program, words)
        self.rest()

    @rule(which=st.integers(0, 1))
    def open_run(self, which: int) -> None:
        self.open(self.runs[which])

    @rule()
    def read_images(self) -> None:
        read(self.qtbot, self.program, self.folder)

    @rule(words=st.sampled_from(["Pause", "Finish and keep it"]))
    def go_on(self, words: str) -> None:
        if "Resume" not in shown_buttons(self.program):
            self.open(self.runs[0])
        press(self.qtbot, self.program, "Resume")
        self.stop(words)

    @rule(words=st.sampled_from(["Pause", "Finish and keep it"]))
    def begin_run(self, words: str) -> None:
        self.open(self.runs[0])  # the form says what it says
        press(self.qtbot, self.program, "Train a new model")
        self.stop(words)
        self.runs[1] = self.learning.run

    @rule(u=st.floats(-2, 2), v=st.floats(-2, 2))
    def drag(self, u: float, v: float) -> None:
        if self.program.workspace.viewing.latent_space is None:
            return
        with self.qtbot.waitSignal(self.program.workspace.viewing.place_decoded, timeout=PATIENCE):
            self.program.panels.map.point_dragged.emit(u, v)

    @rule(number=st.integers(1, 9), what=st.sampled_from(["mark", "forget_mark", "go_to_mark"]))
    def bookmark(self, number: int, what: str) -> None:
        getattr(self.program.workspace.exploring, what)(number)

    @rule(name=st.sampled_from([*EXPLORED, *TOLD]))
    def trigger(self, name: str) -> None:
        self.program.shell.actions.trigger(name)

    @rule(title=st.sampled_from(TITLES))
    def look(self, title: str) -> None:
        self.program.shell.docks.bring_forward(title)

    @rule()
    def export_table(self) -> None:
        viewing, gathering = self.program.workspace.viewing, self.program.controllers.gathering
        if viewing.latent_space is None:
            return
        with self.qtbot.waitSignal(gathering.ended, timeout=PATIENCE):
            gathering.export(self.out / "some.csv", np.arange(5), viewing.latent_space.codes, viewing.table)

    @rule()
    def export_picture(self) -> None:
        if self.program.workspace.viewing.place is None:
            return
        (path := self.out / "some.png").unlink(missing_ok=True)
        self.program.shell.actions.trigger("save_picture")
        press_save(self.qtbot, fill_in(self.qtbot, self.program, path))
        self.qtbot.waitUntil(path.exists, timeout=PATIENCE)

    @rule()
    def close_and_open_again(self) -> None:
        type(self).shut()
        type(self).program = shown(self.qtbot)
        self.open(self.runs[1])
        type(self).windows += 1
        type(self).fresh.append(self.mark())

    @invariant()
    def the_last_good_checkpoint_opens(self) -> None:
        type(self).steps += 1
        if self.learning.state in RESTING and self.learning.run is not None:
            assert np.isfinite(open_run(self.learning.run).latent_space.codes).all()

    def teardown(self) -> None:
        self.rest()
        self.open(self.runs[0])
        type(self).marks.append(self.mark())

    def mark(self) -> Mark:
        temporaries = sum(len(files) for _, _, files in os.walk(tempfile.gettempdir()))
        held = (len(os.listdir(f"/proc/self/{what}")) for what in ("fd", "task"))
        return Mark(self.steps, self.windows, megabytes(), *held, temporaries)

    @classmethod
    def shut(cls) -> None:
        cls.program.window.close()
        cls.program.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        del cls.program


def shown(qtbot: QtBot) -> Opened:
    """A new program, with all its panels."""
    program = new_program()
    program.window.show()
    qtbot.waitExposed(program.window)
    while program.shell.docks.make_next():
        pass
    return program


def once(machine: type[Used]) -> None:
    """Each thing in turn."""
    hand = machine()
    hand.drag(0.5, -0.5)
    hand.bookmark(1, "mark")
    for name in ("select_all", "set_a", "undo", "copy_picture"):
        hand.trigger(name)
    hand.look("Traversals")
    hand.export_table()
    hand.export_picture()
    hand.go_on("Pause")
    hand.begin_run("Finish and keep it")
    hand.the_last_good_checkpoint_opens()
    hand.close_and_open_again()
    hand.teardown()


@pytest.mark.timeout(3600)
@pytest.mark.long
def test_hours_of_use_cost_no_memory_and_no_handle(
    qtbot: QtBot, qapp: object, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Figure
) -> None:
    (temporary := tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    apply_theme(qapp)
    share_heaps()
    place = {"folder": folder, "out": tmp_path, "qtbot": qtbot}
    machine = type("InHand", (Used,), {"marks": [], "fresh": [], "steps": 0, "windows": 0, **place})
    machine.program = shown(qtbot)
    read(qtbot, machine.program, folder)
    start(qtbot, machine.program, small(folder, {"network": "mlp"}, epochs=100_000, precision="float32"))
    press(qtbot, machine.program, "Pause")
    wait_for(qtbot, machine.program, *RESTING)
    machine.runs = [machine.program.workspace.learning.run] * 2
    chosen = settings(
        max_examples=ROUNDS,
        stateful_step_count=STEPS,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    try:
        once(machine)
        if FULL:
            run_state_machine_as_test(machine, settings=chosen)
    finally:
        machine.shut()
    if FULL:
        judge(np.array(machine.marks), np.array(machine.fresh), figure)


def judge(rest: np.ndarray, fresh: np.ndarray, figure: Figure) -> None:
    """What was gained after the first third, when caches and pools are full.

    Windows that have just opened a run are alike, so that they show what stays; at rest a window holds what was looked
    at in it, and what is still at work for a moment.
    """
    print("things done, windows, MB, handles, threads, temporary files:", *map(list, rest.round(1).tolist()), sep="\n")
    print("in windows just opened:", *map(list, fresh.round(1).tolist()), sep="\n")
    steps, windows, *_ = rest[-1]
    gained, of_rest = (_an_hour(marks[marks[:, 0] > steps / 3]) for marks in (fresh, rest))
    third = len(fresh) // 3
    handles, threads, files = (fresh[-third:].min(axis=0) - fresh[:third].min(axis=0))[3:]
    figure(
        "long use",
        f"crashes 0 in {steps:,.0f} things done, {steps / STEPS_AN_HOUR:.1f} hours of one each quarter of a minute, in "
        f"{windows:.0f} windows of one process; after the first third MB gained an hour {gained:.1f} (in windows just "
        f"opened; {of_rest:.1f} in windows at rest, which hold what was looked at); file handles gained {handles:.0f}, "
        f"threads {threads:.0f}, temporary files {files:.0f}",
    )
    assert gained <= MOST_MEGABYTES
    assert max(handles, threads, files) <= 0


def _an_hour(marks: np.ndarray) -> float:
    """Megabytes, by a straight line through all of them."""
    return float(np.polyfit(marks[:, 0] / STEPS_AN_HOUR, marks[:, 2], 1)[0])
