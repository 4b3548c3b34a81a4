"""From the hand to the picture, idle and while something trains: by pixels and by codes; and what training loses."""

import statistics
import time
from collections.abc import Callable

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.config import ModelConfig, preset
from core.latent.latent_space import freeze
from core.latent.plane import principal_plane
from core.model.vae import VAE
from explorer.workspace.place_in_hand import Table
from tests.benchmarks.table.conftest import Record
from tests.benchmarks.table.hand import PATIENCE, Dragged, drag
from tests.benchmarks.table.many_codes import show_codes
from tests.benchmarks.table.rows import Row, reaching, sized
from tests.explorer.opened import Opened

SECONDS, ROUNDS = sized((4.0, 5), (0.5, 1))
SETTLING = sized(3_000, 300)  # milliseconds
COUNTS, SIDES = sized(((10_000, 100_000, 1_000_000), (32, 64, 128)), ((10_000,), (32,)))
SOURCES = sized(("fashion-mnist", "faces"), ("faces",))
LOCK = (
    "drawing, decoding and each of some two hundred operations of a step take turns at Python's lock: with nothing to "
    "learn a drag's p99 is a third; curves drawn seldom while a hand moves took a third off; a thread that trains at a "
    "niceness of 5, 10 or 15, or hands Python's lock on every 0.5 ms, is within what one run differs from the next"
)
SLOW = "10 ms on an AMD EPYC with AVX-512, on which all of this table is about twice as fast"
FRAME = "one frame of 60 Hz is 16.7 ms"
how = pytest.mark.parametrize("is_training", [False, True], ids=["idle", "training"])


def show_model(program: Opened, side: int) -> None:
    """A model of the Balanced preset for so many pixels, as it begins."""
    config = ModelConfig(network="conv", latent_dims=16, likelihood="gaussian-learned")
    codes = np.random.default_rng(0).normal(size=(10_000, 16)).astype(np.float32)
    nobody = np.zeros(len(codes), np.bool_)
    space = freeze(VAE(config, (side, side, 3)), codes, np.ones(16, np.float32), principal_plane(codes), 1, ("all",))
    object.__setattr__(space, "held_out", nobody)
    names = [f"{number:07}.png" for number in range(len(codes))]
    program.workspace.viewing.show(space, Table(names, np.zeros(len(codes), np.int64), ("all",), nobody))


def row_of(what: str, rounds: list[Dragged], is_training: bool) -> Row:
    p99s = [each.p99() for each in rounds]
    said = f"drag to picture, {what}, {'while a thread trains' if is_training else 'idle'}: p99"
    mark, why_not = (33.0, LOCK) if is_training else (16.0, SLOW)
    return Row(said, "ms", p99s, reaching(mark), limit=FRAME, why_not=why_not)


def look(qtbot: QtBot, program: Opened, show: Callable[[], None]) -> None:
    with qtbot.waitSignal(program.workspace.viewing.surroundings_found, timeout=PATIENCE):
        show()


@how
@pytest.mark.parametrize("side", SIDES)
def test_by_pixels(
    qtbot: QtBot, program: Opened, training: Callable[[], None], side: int, is_training: bool, record: Record
) -> None:
    look(qtbot, program, lambda: show_model(program, side))
    if is_training:
        training()
    qtbot.wait(SETTLING)
    record(row_of(f"{side} px", [drag(qtbot, program, SECONDS) for _ in range(ROUNDS)], is_training))
    program.window.close()


@how
@pytest.mark.parametrize("count", COUNTS)
def test_by_codes(
    qtbot: QtBot, program: Opened, training: Callable[[], None], count: int, is_training: bool, record: Record
) -> None:
    look(qtbot, program, lambda: show_codes(program, count))
    if is_training:
        training()
    qtbot.wait(SETTLING)
    record(row_of(f"{count:,} codes", [drag(qtbot, program, SECONDS) for _ in range(ROUNDS)], is_training))
    program.window.close()


@pytest.mark.parametrize("source", SOURCES)
def test_while_the_program_trains(qtbot: QtBot, program: Opened, source: str, record: Record) -> None:
    workspace = program.workspace
    with qtbot.waitSignal(workspace.images_changed, timeout=PATIENCE):
        workspace.open_source(source)
    qtbot.waitUntil(lambda: workspace.learning.state == "idle", timeout=PATIENCE)
    speeds: list[float] = []
    workspace.learning.step_done.connect(lambda step: speeds.append(step.images_per_second))
    began = time.perf_counter()
    with qtbot.waitSignal(workspace.learning.map_moved, timeout=PATIENCE):
        program.panels.form.start_requested.emit(preset("balanced", source))
    first = time.perf_counter() - began
    qtbot.wait(SETTLING)
    alone, beside, rounds = [], [], []
    for _ in range(ROUNDS):  # side by side, as the machine's speed drifts
        speeds.clear()
        qtbot.waitUntil(lambda: len(speeds) > 1, timeout=PATIENCE)
        qtbot.wait(round(1000 * SECONDS))
        alone.append(statistics.median(speeds))
        speeds.clear()
        rounds.append(drag(qtbot, program, SECONDS))
        qtbot.waitUntil(lambda: len(speeds) > 0, timeout=PATIENCE)
        beside.append(statistics.median(speeds))
    program.window.close()
    record(Row(f"from Train to the first dots, {source}", "s", [first], reaching(5.0)))
    record(row_of(f"{source} in the Balanced preset", rounds, True))
    kept = [100 * part / whole for part, whole in zip(beside, alone, strict=True)]
    what = f"speed of training kept beside a drag, {source}"
    record(Row(what, "%", kept, reaching(75.0), more_is_better=True, why_not=LOCK))
    high, worst = ([float(np.percentile(each.gaps, part)) for each in rounds] for part in (99, 100))
    said = f"between two ticks of 16 ms, training {source} and dragging"
    record(Row(f"{said}: p99", "ms", high, reaching(20.0), why_not=LOCK))
    record(Row(f"{said}: longest", "ms", worst, reaching(50.0), why_not=LOCK))
