"""Ctrl+C, SIGTERM, a terminal closed, at any moment of long work: 129, 130 or 143, soon, and nothing left behind."""

import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from core.ending_signals import ENDING
from core.places import bundled_run
from core.training.damage import all_damages_of
from tests.rights import python_path
from tests.torture.conftest import FULL, Figure
from tests.torture.test_kills import WRITING, wait_for
from tests.torture.trying import Trier

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="signals and processes of POSIX")
SAVING = "train, while it saves"
USES = {  # seconds after which each is well under way
    "scan": 1.0,
    "train": 1.0,
    SAVING: 0.02,
    "evaluate long": 1.0,
    "film": 1.0,
    "encode": 0.1,
    "sweep": 12.0 if FULL else 4.0,
}
MOST_SECONDS = 2.0  # for 95 of 100


def left_behind(kept: Path, run: Path) -> list[Path]:
    """Temporary files of a run, beside it, and where decoded images are kept."""
    hidden = [*run.rglob(".*"), *run.parent.glob(".*"), *(kept / "home").rglob(".making-*")]
    return [path for path in hidden if path.name != ".lock"]


@pytest.mark.timeout(7200)
@pytest.mark.long
def test_work_ends_when_it_is_told_to_and_leaves_nothing(
    kept: Path, trier: Trier, tmp_path: Path, times: Callable[[int, int], int], figure: Figure
) -> None:
    chance, wrong, seconds, count = random.Random(0), [], [], times(1, 100)
    run = shutil.copytree(kept / "run", tmp_path / "run")
    for use, latest in USES.items():
        for number in range(count):
            child, told = trier.start(use.split(",")[0], run), ENDING[number % len(ENDING)]
            if use == SAVING:
                wait_for(20.0, lambda: (run / "checkpoints" / WRITING).exists())
            time.sleep(0.02 * (use != SAVING) + chance.uniform(0.0, latest))
            began = time.monotonic()
            with suppress(ProcessLookupError):  # it was done before
                os.kill(child, told)
            tried = trier.end()
            seconds.append(time.monotonic() - began)
            if tried.code not in (0, 128 + told) or "Traceback" in tried.said:
                wrong.append((use, told, tried))
            if left := left_behind(kept, run):
                wrong.append((use, told, left))
            assert all_damages_of(run) == ()
    slow = statistics.quantiles(seconds, n=20)[-1]
    figure(
        "closing always works: commands",
        f"exit 129, 130, 143, or done before {len(seconds) - len(wrong)} / {len(seconds)} ({', '.join(USES)}); p95 "
        f"seconds {slow:.1f}; temporary files and processes left 0",
    )
    assert wrong == [], "\n".join(map(str, wrong))
    assert slow <= MOST_SECONDS or not FULL


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("what", ["window", "command"])
@pytest.mark.long
def test_a_program_that_is_only_just_starting_ends_as_well(
    what: str, tmp_path: Path, times: Callable[[int, int], int], figure: Figure
) -> None:
    chance, codes, seconds = random.Random(0), [], []
    words = {"window": ["-m", "explorer", "open"], "command": ["-m", "core", "inspect"]}[what]
    environment = {**os.environ, "PYTHONPATH": python_path(), "LATENTSCAPE_HOME": str(tmp_path)}
    for _ in range(times(1, 50)):
        program = subprocess.Popen(
            [sys.executable, *words, str(bundled_run())],
            env={**environment, "QT_QPA_PLATFORM": "offscreen"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        time.sleep(chance.uniform(0.3, 6.0 if what == "window" else 3.0))
        began = time.monotonic()
        program.send_signal(signal.SIGTERM)
        said = program.communicate(timeout=60)[1].decode()
        seconds.append(time.monotonic() - began)
        codes.append(program.returncode)
        assert "Traceback" not in said
    figure(
        f"closing always works: a {what} that is opening a run",
        f"exit 0 or 143 {sum(code in (0, 143) for code in codes)} / {len(codes)}; most seconds {max(seconds):.1f}",
    )
    assert set(codes) <= {0, 143}
