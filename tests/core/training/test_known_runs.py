"""Runs in a list: told from a few small files, and what cannot be told is said."""

import json
import os
import shutil
from pathlib import Path

import pytest

from core.errors import RunError
from core.places import bundled_run, runs_folder
from core.training.known_runs import list_known_runs, read_known
from core.training.run_name import name_of, name_run


def kept(name: str, written: float = 0.0) -> Path:
    """A run in the runs folder, as far as a list looks."""
    run = runs_folder() / name
    run.mkdir()
    for file in ("config.json", "history.jsonl", "latest"):
        shutil.copyfile(bundled_run() / file, run / file)
    os.utime(run / "latest", (written, written))
    return run


def test_the_newest_stands_first_with_its_last_held_out_objective() -> None:
    runs = [kept("old", 1_000.0), kept("new", 3_000.0), kept("between", 2_000.0)]
    known = list_known_runs()
    assert [each.name for each in known.runs] == ["new", "between", "old"]
    lines = [json.loads(line) for line in (runs[0] / "history.jsonl").read_text().splitlines()]
    last = [line for line in lines if line["kind"] == "held_out"][-1]
    assert known.runs[0].objective == last["terms"]["objective"]
    latent_dims = json.loads((runs[0] / "config.json").read_text())["model"]["latent_dims"]
    assert (known.runs[0].source, known.runs[0].latent_dims, known.runs[0].written) == ("faces", latent_dims, 3_000.0)
    assert known.broken == ()


def test_what_is_no_whole_run_is_said_and_what_is_none_of_ours_is_not() -> None:
    kept("whole")
    (kept("odd") / "config.json").write_text("{")
    (kept("begun") / "latest").unlink()
    (runs_folder() / "holiday").mkdir()
    (runs_folder() / "note.txt").write_text("mine")
    known = list_known_runs([runs_folder() / "gone"])
    assert [each.name for each in known.runs] == ["whole"]
    assert len(known.broken) == 2
    assert any("odd" in each for each in known.broken)
    assert any("begun" in each for each in known.broken)


def test_a_run_elsewhere_is_listed_once(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(kept("here"), elsewhere)
    known = list_known_runs([elsewhere, elsewhere, runs_folder() / "here"])
    assert sorted(each.name for each in known.runs) == ["elsewhere", "here"]


def test_a_history_cut_off_by_a_crash_tells_the_line_before() -> None:
    run = kept("cut")
    whole = read_known(run).objective
    with (run / "history.jsonl").open("a") as file:
        file.write('{"kind": "held_out", "step": 9, "te')
    assert read_known(run).objective == whole
    (run / "history.jsonl").unlink()
    assert read_known(run).objective is None


@pytest.mark.parametrize(
    ("given", "said"),
    [("  Moths,\n of 2026 ", "Moths, of 2026"), ("a/b: <i>", "a/b: <i>"), ("", "run"), ("run", "run")],
)
def test_a_run_is_called_what_it_was_named(given: str, said: str) -> None:
    run = kept("run")
    name_run(run, "before")
    name_run(run, given)
    assert name_of(run) == said
    assert read_known(run).name == said


def test_a_name_that_cannot_be_written_is_said() -> None:
    run = kept("run")
    (run / "name.txt").mkdir()
    with pytest.raises(RunError, match="name cannot be written"):
        name_run(run, "other")
