"""Two programs on one run: one writes, the other is told so and may look; the lock of one that died is taken over."""

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.commands import main
from core.latent.open_run import open_run
from core.training.damage import all_damages_of
from tests.torture.conftest import Figure
from tests.torture.trying import Trier

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="signals and processes of POSIX")


@pytest.mark.timeout(3600)
@pytest.mark.long
def test_only_one_of_two_programs_writes_and_the_other_may_look(
    kept: Path,
    trier: Trier,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    times: Callable[[int, int], int],
    figure: Figure,
) -> None:
    monkeypatch.setenv("LATENTSCAPE_HOME", str(kept / "home"))
    run, count, refused, seen = shutil.copytree(kept / "run", tmp_path / "run"), times(1, 50), 0, 0
    for number in range(count):
        before = (run / "latest").stat().st_mtime_ns
        child = trier.start("train", run)
        ends = time.monotonic() + 60.0
        while (run / "latest").stat().st_mtime_ns == before and time.monotonic() < ends:
            seen += open_run(run).damages == ()  # as it is just being written
        capsys.readouterr()
        assert main(["resume", str(run), "--epochs", "100000"]) == 1
        refused += "is being trained by another Latentscape" in capsys.readouterr().err
        os.kill(child, signal.SIGKILL if number % 2 else signal.SIGTERM)
        trier.end()
        assert all_damages_of(run) == ()
    assert refused == count
    assert trier("inspect", run).how == "done"
    figure(
        "two windows on one run",
        f"the second refused {refused} / {count}, {seen} looks at a run while it was written; the lock of a dead "
        f"process taken over {count // 2} / {count // 2}; corrupted runs 0 / {count}",
    )
