"""Run folders from a stranger: whatever is in them, each use ends soon, in a sentence, and nothing is executed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.torture.conftest import FULL, Figure
from tests.torture.hostile_runs import cases, checkpoint, edit, proof_of
from tests.torture.trying import Trier

USES = ("inspect", "open", "map", "compare", "list", "explore", "decode", "encode", "evaluate", "resume", "mend")
QUICK = 8  # of the cases in the quick form, others each time the list changes
MOST_SECONDS = 10.0 if FULL else 60.0  # among all tests it is seen that it ends, not how fast
MOST_MEGABYTES = 500.0  # the second beside what the program takes with any run


@pytest.mark.timeout(7200)
@pytest.mark.long
def test_no_run_takes_the_machine_down_or_runs_code(
    kept: Path, trier: Trier, tmp_path: Path, times: Callable[[int, int], int], figure: Figure
) -> None:
    whole = shutil.copytree(kept / "run", tmp_path / "whole")
    (whole / "checksums.jsonl").unlink()  # as a stranger would
    edit(checkpoint(whole) / "manifest.json", lambda manifest: [manifest.pop(name) for name in ("checksums", "config")])
    usual = trier("inspect", whole).megabytes
    chosen = list(cases())
    chosen = chosen if FULL else chosen[:: max(1, len(chosen) // QUICK)]
    bad, executed, tried = [], 0, []
    for name, spoil in chosen:
        for use in USES if FULL else USES[:1]:
            run = tmp_path / "run"
            shutil.rmtree(run, ignore_errors=True)
            shutil.copytree(whole, run)
            spoil(run)
            found = trier(use, run)
            tried.append(found)
            executed += proof_of(run).exists()
            if found.how not in ("done", "said") or found.seconds > MOST_SECONDS:
                bad.append((name, use, found.how, round(found.seconds, 1), found.said[-300:]))
                print(bad[-1])
    slowest, largest = max(each.seconds for each in tried), max(each.megabytes for each in tried) - usual
    tracebacks = sum(each.how == "traceback" for each in tried)
    figure(
        "no file can run code or take the machine down: run folders",
        f"executed {executed} / {len(tried)}; tracebacks {tracebacks}; worst seconds "
        f"{slowest:.1f}; worst MB {largest:.0f} more than a whole run takes ({len(chosen)} folders, "
        f"{len(tried) // len(chosen)} uses each)",
    )
    assert (bad, executed) == ([], 0)
    assert largest < MOST_MEGABYTES
