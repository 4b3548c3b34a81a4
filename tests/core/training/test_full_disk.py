"""What a user would lose to a disk that is full, fails or goes while a model learns: no step, and no file."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from core.byte_sizes import bytes_said
from core.commands import main
from core.commands.progress import Narrator
from core.config import RunConfig
from core.errors import RunError
from core.images.image_set import ImageSet
from core.reports.training import SavingWaits, StepDone, TrainingDone
from core.training.checkpoints import newest_manifest
from core.training.damage import all_damages_of
from core.training.history import read_history
from core.training.train import train
from tests.torture.disks import fill, forbid_writing, small_disk, take_away


@pytest.fixture(autouse=True)
def every_step_reports_and_is_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.training.meter.SOONEST", 0.0)
    monkeypatch.setattr("core.training.meter.SLOWING", 0.0)
    monkeypatch.setattr("core.training.train.TimeShare.is_due", lambda _: True)
    monkeypatch.setattr("core.training.train.WAIT", 0.0)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", "4m") as place:
        yield place


def weights(run: Path) -> dict[str, torch.Tensor]:
    return load_file(run / "checkpoints" / (run / "latest").read_text().strip() / "model.safetensors")


def filled(disk: Path) -> Callable[[], object]:
    ballast = fill(disk)
    return ballast.unlink


@pytest.mark.parametrize("happens", [filled, take_away, forbid_writing])
def test_training_stands_still_until_there_is_room_and_is_the_run_it_would_have_been(
    image_set: ImageSet, config: RunConfig, tmp_path: Path, disk: Path, happens: Callable[[Path], Callable[[], object]]
) -> None:
    list(train(image_set, config, tmp_path / "undisturbed"))
    run, steps, waits, narrator = disk / "run", [], [], Narrator()
    for report in train(image_set, config, run):
        if isinstance(report, StepDone):
            steps.append(report.step)
            if report.step == 7:
                mend = happens(disk)
        if isinstance(report, SavingWaits):
            waits.append(report)
            assert steps[-1] == report.step == 7
            if len(waits) == 3:
                mend()
    assert len(waits) == 3
    assert f"Saving needs {bytes_said(waits[0].bytes_needed)} in {run}" in waits[0].sentence
    assert waits[0].sentence in str(narrator.line(waits[0]))
    assert steps == list(range(1, 17))
    assert isinstance(report, TrainingDone)
    assert all(torch.equal(weights(run)[name], value) for name, value in weights(tmp_path / "undisturbed").items())
    assert [step.step for step in read_history(run).steps] == steps
    assert all_damages_of(run) == ()
    assert [path for path in run.rglob(".*") if path.name != ".lock"] == []


@pytest.mark.parametrize("happens", [filled, take_away, forbid_writing])
def test_who_is_stopped_meanwhile_keeps_what_was_saved(
    image_set: ImageSet, config: RunConfig, disk: Path, happens: Callable[[Path], Callable[[], object]]
) -> None:
    reports = train(image_set, config, disk / "run")
    for report in reports:
        if isinstance(report, StepDone) and report.step == 7:
            mend = happens(disk)
        if isinstance(report, SavingWaits):
            break
    with pytest.raises(RunError, match="Saving needs"):
        reports.close()
    mend()
    assert all_damages_of(disk / "run") == ()
    assert newest_manifest(disk / "run")["step"] == 6
    assert isinstance(list(train(image_set, config, disk / "run"))[-1], TrainingDone)
    assert [path for path in (disk / "run").rglob(".*") if path.name != ".lock"] == []


def test_a_disk_that_is_full_from_the_first_is_an_error_at_once(
    image_set: ImageSet, config: RunConfig, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "64k") as disk, pytest.raises(RunError, match=r"needs \d+ kB in .* are free"):
        list(train(image_set, config, disk / "run"))


def test_what_will_not_go_away_is_not_waited_for(image_set: ImageSet, config: RunConfig, tmp_path: Path) -> None:
    reports = train(image_set, config, tmp_path / "run")
    for report in reports:
        if isinstance(report, StepDone) and report.step == 7:
            (tmp_path / "run" / "README.md").mkdir()
            break
    with pytest.raises(RunError, match="Is a directory"):
        list(reports)
    assert newest_manifest(tmp_path / "run")["step"] == 16


def test_a_home_that_can_no_longer_be_written_holds_no_training_up(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--network", "mlp", "--width", "4", "--epochs", "2", "--device", "cpu"]
    with small_disk(tmp_path / "disk", "16m") as disk:
        monkeypatch.setenv("LATENTSCAPE_HOME", str(disk))
        assert main(["train", str(folder), "--run", str(tmp_path / "first"), *words, "--image-size", "16"]) == 0
        allow = forbid_writing(disk)
        capsys.readouterr()
        again = ["train", str(folder), "--run", str(tmp_path / "run"), *words, "--image-size", "16"]
        assert main(again) == 0  # from what is decoded already
        assert all_damages_of(tmp_path / "run") == ()
        assert main(["train", str(folder), "--run", str(tmp_path / "other"), *words, "--image-size", "32"]) == 1
        said = capsys.readouterr().err.splitlines()
        assert str(disk) in said[-1]
        assert "Traceback" not in "".join(said)
        allow()
        assert [path for path in disk.rglob(".*") if "making" in path.name] == []
