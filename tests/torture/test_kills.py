"""A crash at any instant: SIGKILL while a run is trained and saved, over and over, the same run."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.latent.open_run import open_run
from core.training.checkpoints import WRITING, newest_manifest
from core.training.damage import all_damages_of
from tests.torture.conftest import Figure
from tests.torture.trying import Trier

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="signals and processes of POSIX")
LONG = 10  # of the kills come after up to so many seconds as to meet the longest pause between two saves
LONGEST = 50.0


def wait_for(seconds: float, until: Callable[[], bool]) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and not until():
        time.sleep(0.0002)


@pytest.mark.timeout(7200)
@pytest.mark.long
def test_a_crash_at_any_instant_costs_no_checkpoint_and_at_most_half_a_minute(
    kept: Path, trier: Trier, tmp_path: Path, times: Callable[[int, int], int], figure: Figure
) -> None:
    run, chance, kills = shutil.copytree(kept / "run", tmp_path / "run"), random.Random(0), times(2, 200)
    lost, in_saves, steps = [0.0], 0, [newest_manifest(run)["step"]]
    for number in range(kills):
        before = (run / "latest").stat().st_mtime_ns
        child = trier.start("train", run)
        began = time.monotonic()
        if number % 2:  # in the middle of saving
            wait_for(20.0, lambda: (run / "checkpoints" / WRITING).exists())
            in_saves += (run / "checkpoints" / WRITING).exists()
            time.sleep(chance.uniform(0.0, 0.02))
        elif kills > 100 and number < 2 * LONG:
            time.sleep(chance.uniform(0.0, LONGEST))
        else:
            time.sleep(chance.uniform(0.0, 4.0))
        os.kill(child, signal.SIGKILL)
        trier.end()
        saved = (run / "latest").stat()
        lost.append(time.time() - saved.st_mtime if saved.st_mtime_ns != before else time.monotonic() - began)
        assert all_damages_of(run) == ()
        opened = open_run(run)
        steps.append(opened.latent_space.step)
        assert steps[-1] >= steps[-2]
        assert opened.steps[-1].step <= steps[-1]
    assert max(lost) <= 30.0
    figure(
        "a crash at any instant never costs the checkpoint",
        f"unreadable runs 0 / {kills}, {in_saves} of the kills while a checkpoint was written; most seconds lost "
        f"{max(lost):.1f}; what `inspect` says is of the checkpoint {kills} / {kills}",
    )
