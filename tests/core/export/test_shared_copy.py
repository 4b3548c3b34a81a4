"""What a user would give away with a run: the names of the images, and nothing of the machine."""

import getpass
import os
import socket
from pathlib import Path

import pytest

from core.commands import main
from core.config import RunConfig
from core.images.image_set import ImageSet
from core.latent.open_run import open_run
from core.training.checkpoints import newest_manifest
from core.training.damage import all_damages_of
from core.training.train import train


@pytest.fixture
def run(image_set: ImageSet, config: RunConfig, tmp_path: Path) -> Path:
    run = tmp_path / "run"
    list(train(image_set, config, run))
    events = next(run.glob("events.out.*"))
    events.rename(f"{events}.{socket.gethostname()}")  # as older versions called them
    (run / "checksums.jsonl").unlink()
    return run


def test_a_shared_run_says_nothing_of_the_machine(
    run: Path, folder: Path, config: RunConfig, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "shared" / "run"
    out.parent.mkdir()
    capsys.readouterr()
    if newest_manifest(run)["checksums"]:
        assert main(["share", str(run), "--out", str(out)]) == 1  # its checksums have gone
        assert main(["mend", str(run)]) == 0
    assert main(["share", str(run), "--out", str(out)]) == 0
    private = [str(folder), str(folder.parent), str(tmp_path), os.path.expanduser("~"), f"/{getpass.getuser()}/"]
    for path in out.rglob("*"):
        assert socket.gethostname() not in path.name
        if path.is_file():
            content = path.read_bytes()
            assert not [word for word in private if word.encode() in content], path
    opened = open_run(out)
    assert all_damages_of(out) == opened.damages == ()
    assert opened.config.source == f"/{folder.name}"
    assert opened.names == open_run(run).names
    assert main(["resume", str(out), "--data", str(folder), "--epochs", "5"]) == 0


def test_a_shared_run_takes_the_place_of_nothing(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mend", str(run)]) == 0
    (tmp_path / "there").mkdir()
    assert main(["share", str(run), "--out", str(tmp_path / "there")]) == 1
    assert "is there already: name a new folder." in capsys.readouterr().err
    assert main(["share", str(run), "--out", str(tmp_path / "no" / "folder")]) == 1
    assert not list(tmp_path.glob(".*"))
