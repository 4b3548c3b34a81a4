"""Exports, marks and names where the disk is full or has gone: a sentence, the old file intact, nothing left over."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.commands import main
from core.errors import LatentscapeError
from core.exploration import Bookmark, Exploration
from core.training.checksums import CHECKSUMS
from core.training.damage import all_damages_of
from core.training.exploration_file import read_exploration, write_exploration
from core.training.run_name import name_of, name_run
from tests.torture.conftest import Figure
from tests.torture.disks import fill, forbid_writing, small_disk, take_away

EXPORTS = {
    "decode": ["--z", "0", "0", "0", "--out", "a.png"],
    "grid": ["--columns", "9", "--rows", "9", "--out", "b.png"],
    "sample": ["--out", "c.png"],
    "film": ["--stops=0,0,0;1,1,1", "--out", "d.gif"],
    "film webp": ["--stops=0,0,0;1,1,1", "--out", "d.webp"],
    "film mp4": ["--stops=0,0,0;1,1,1", "--out", "e.mp4"],
    "film frames": ["--stops=0,0,0;1,1,1", "--frames", "9", "--out", "frames"],
    "encode": ["--out", "f.csv"],
    "share": ["--out", "shared"],
}


def spoilt(disk: Path, what: str) -> Callable[[], object]:
    """Let a disk be full, gone or read-only; returns what mends it."""
    if what == "full":
        return fill(disk).unlink
    return take_away(disk) if what == "gone" else forbid_writing(disk)


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != ".ballast"}


@pytest.mark.parametrize("what", ["full", "gone", "read-only"])
def test_an_export_that_cannot_be_written_leaves_the_one_before(
    kept: Path,
    tmp_path: Path,
    what: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    figure: Figure,
) -> None:
    monkeypatch.setenv("LATENTSCAPE_HOME", str(kept / "home"))
    intact = 0
    with small_disk(tmp_path / "disk", "8m") as disk:
        out = disk / "out"  # which is not there when the disk is not
        out.mkdir()
        for name, words in EXPORTS.items():
            command = [name.split()[0], str(kept / "run"), *words[:-1], str(out / words[-1])]
            assert main(command) == 0, capsys.readouterr().err
        before = contents(disk)
        back = spoilt(disk, what)
        for name, words in EXPORTS.items():
            command = [name.split()[0], str(kept / "run"), *words[:-1], str(out / words[-1])]
            capsys.readouterr()
            code = main(command)
            said = capsys.readouterr().err.splitlines()
            intact += code == 1 and str(disk) in said[-1]
            assert code == 1, (command, said)
        back()
        assert contents(disk) == before
        assert not [path for path in disk.rglob(".*") if path.name not in (".ballast", ".lock")]
    figure(f"a disk that is {what}: exports", f"old file intact {intact} / {len(EXPORTS)}, nothing left over")


@pytest.mark.parametrize("what", ["full", "gone", "read-only"])
def test_marks_and_names_that_cannot_be_kept_are_as_they_were(kept: Path, tmp_path: Path, what: str) -> None:
    marked, more = Exploration(class_name="red"), Exploration(bookmarks={1: Bookmark(np.zeros(3, np.float32))})
    with small_disk(tmp_path / "disk", "8m") as disk:
        run = shutil.copytree(kept / "run", disk / "run")
        write_exploration(run, marked, ())
        name_run(run, "moths")
        before = contents(run)
        back = spoilt(disk, what)
        with pytest.raises(LatentscapeError, match=str(disk)):
            write_exploration(run, more, ())
        with pytest.raises(LatentscapeError, match=str(disk)):
            name_run(run, "butterflies" * 9)
        back()
        assert {path for path, content in contents(run).items() if before[path] != content} <= {run / CHECKSUMS}
        assert all_damages_of(run) == ()
        assert (name_of(run), read_exploration(run, (), 3).class_name) == ("moths", "red")
