"""A batch that memory does not hold, for real: less and less address space for a process that trains."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.training.damage import all_damages_of
from tests.torture.conftest import FULL, Figure
from tests.torture.starved import LIMITS
from tests.torture.trying import Trier

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of address space that hold")


@pytest.mark.timeout(7200)
@pytest.mark.long
def test_training_goes_on_in_parts_where_memory_does_not_hold_a_batch(
    trier: Trier, tmp_path: Path, times: Callable[[int, int], int], figure: Figure
) -> None:
    said = []
    for network in ("mlp", "conv") if FULL else ("mlp",):
        for megabytes in LIMITS if FULL else LIMITS[:1]:
            for number in range(times(1, 4)):
                run = tmp_path / f"{network}-{megabytes}-{number}"
                said.append(trier(f"{network} in {megabytes} MB", run))
                assert all_damages_of(run) == ()
    alive = [each for each in said if each.how == "done" and ", as one batch." in each.said]
    figure(
        "out of memory is survived",
        f"alive {len(alive)} / {len(said)}, each learned in parts of its batch (MLP, convolutions; {min(LIMITS)} to "
        f"{max(LIMITS)} MB of address space more than the program takes)",
    )
    assert len(alive) == len(said), said
