"""The time left is that of the pace: a slow beginning has no part in it, and before there is a pace nobody is told."""

from types import SimpleNamespace

import pytest

from core import pace
from core.pace import Pace


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time now, in seconds; set it."""
    now = [100.0]
    monkeypatch.setattr(pace, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def left(pace: Pace, done: int) -> float | None:
    (report,) = pace.reports(done)
    return report.seconds_left


def test_a_slow_first_step_says_nothing_of_the_time_left(clock: list[float]) -> None:
    learning = Pace("Learning", 600)
    assert not [*learning.reports(0)]
    clock[0] += 0.5
    assert left(learning, 1) is None, "nobody knows yet"
    clock[0] += 0.2
    assert left(learning, 21) == pytest.approx(5.79), "579 steps of a hundredth of a second"
    clock[0] += 5.79
    assert left(learning, 600) == 0.0


def test_a_job_that_stands_says_no_time(clock: list[float]) -> None:
    unpacking = Pace("Unpacking", 10)
    clock[0] += 1.0
    assert left(unpacking, 3) is None
    clock[0] += 60.0
    assert left(unpacking, 3) is None, "no more is done than at first"
    assert not [*unpacking.reports(4)], "ten reports a second"
    clock[0] += 60.0
    assert left(unpacking, 4) == pytest.approx(6 * 120.0)
