"""A run that is begun is a run of its own."""

from datetime import datetime
from pathlib import Path

import pytest

from core.places import runs_folder
from explorer.workspace import run_in_hand


def test_two_runs_begun_within_a_second_are_two(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    class Still(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(2026, 1, 2, 3, 4, 5)

    monkeypatch.setattr(run_in_hand, "datetime", Still)
    runs = []
    for _ in range(3):
        runs.append(run_in_hand._new_run("/pictures/cats"))
        runs[-1].mkdir()
    assert [run.name for run in runs] == ["cats-20260102-030405", "cats-20260102-030405-2", "cats-20260102-030405-3"]
    assert {run.parent for run in runs} == {runs_folder()}
