"""What a user would lose if a bit on a disk turned, or half a file were left, and nobody said so."""

import json
import os
import random
import shutil
from pathlib import Path

import pytest
import torch

from core.commands import main
from core.config import RunConfig
from core.errors import RunError
from core.exploration import Exploration
from core.images.image_set import ImageSet
from core.latent.open_run import open_run
from core.latent.saved_space import load_latent_space
from core.reports.training import StepDone, TrainingDone, TrainingStarted
from core.shell_line import shell_line
from core.training.checkpoints import load_checkpoint
from core.training.checksums import CHECKSUMS
from core.training.damage import all_damages_of, damages_of
from core.training.exploration_file import write_exploration
from core.training.mend import mend
from core.training.run_folder import read_config
from core.training.run_name import name_run
from core.training.train import settle, train


@pytest.fixture(autouse=True)
def every_step_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.training.meter.SOONEST", 0.0)
    monkeypatch.setattr("core.training.meter.SLOWING", 0.0)


@pytest.fixture(scope="module")
def whole(image_set: ImageSet, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two generations with a file of every kind, paused; tests copy it."""
    run = tmp_path_factory.mktemp("whole") / "run"
    content = {
        "source": str(folder),
        "images": {"image_size": 16, "held_out": 0.25},
        "model": {"latent_dims": 3, "width": 4, "network": "mlp"},
        "training": {"epochs": 4, "batch_size": 5, "device": "cpu"},
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.training.meter.SOONEST", 0.0)
        patch.setattr("core.training.meter.SLOWING", 0.0)
        config = RunConfig.model_validate(content)
        for step in (5, 9):
            stop_after(image_set, config, run, step)
    list(settle(image_set, read_config(run).config, run, finished=False))
    name_run(run, "moths")
    write_exploration(run, Exploration(), ())
    return run


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "run")


def stop_after(image_set: ImageSet, config: RunConfig, run: Path, steps: int) -> None:
    reports = train(image_set, config, run)
    for report in reports:
        if isinstance(report, StepDone) and report.step >= steps:
            break
    reports.close()


def flip(path: Path, bit: int = -1) -> None:
    content = bytearray(path.read_bytes())
    bit %= 8 * len(content)
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def newest(run: Path, name: str) -> Path:
    return run / "checkpoints" / "step_000000009" / name


def files_of(run: Path) -> list[Path]:
    return sorted(path for path in run.rglob("*") if path.is_file() and path.name != ".lock")


def test_a_whole_run_is_said_to_be_whole(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert all_damages_of(run) == ()
    assert open_run(run).damages == ()
    assert main(["mend", str(run)]) == 0
    assert capsys.readouterr().out == f"{run} is whole.\n"


def is_noticed(run: Path, capsys: pytest.CaptureFixture[str]) -> bool:
    """In one sentence of `inspect`, which says how the run is mended; never by a traceback."""
    capsys.readouterr()
    code = main(["inspect", str(run)])
    out, err = capsys.readouterr()
    said = [line for line in (out + err).splitlines() if "latentscape mend" in line or "damaged" in line or code]
    assert code in (0, 1)
    assert len(said) <= 1
    return bool(said)


def test_a_flip_or_a_cut_in_any_file_is_noticed(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(0)
    for path in files_of(run):
        before = path.read_bytes()
        flip(path, chance.randrange(8 * len(before)))
        assert is_noticed(run, capsys), f"a flip in {path}"
        path.write_bytes(before[: chance.randrange(len(before))])
        assert is_noticed(run, capsys), f"a cut in {path}"
        path.write_bytes(before)
    assert not is_noticed(run, capsys)


def test_a_file_that_has_gone_is_noticed(run: Path) -> None:
    for name in ("history.jsonl", "latest", CHECKSUMS):
        before = (run / name).read_bytes()
        (run / name).unlink()
        assert damages_of(run) == (f"{name} is missing",)
        (run / name).write_bytes(before)


def test_an_edit_that_stays_valid_is_no_other_model_without_a_word(run: Path) -> None:
    text = (run / "config.json").read_text()
    (run / "config.json").write_text(text.replace('"beta": 1.0', '"beta": 9.0'))
    for read in (read_config, open_run, load_latent_space):
        with pytest.raises(RunError, match=r"config\.json is damaged"):
            read(run)
    assert any("config.json is again as the checkpoint remembers it" in said for said in mend(run))
    assert read_config(run).config.training.beta == 1.0


def test_the_generation_before_is_used_at_a_word_and_never_without(
    run: Path, image_set: ImageSet, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    flip(newest(run, "model.safetensors"))
    for words in (["decode", str(run), "--z", "0", "0", "0", "--out", str(tmp_path / "a.png")], ["resume", str(run)]):
        assert main(words) == 1
        said = capsys.readouterr().err
        assert "step_000000009/model.safetensors is damaged, step_000000005 is whole" in said
        assert f"latentscape mend {shell_line([str(run)])}" in said
    done = mend(run)
    assert "The run goes on from step_000000005." in done
    assert load_latent_space(run).step == open_run(run).steps[-1].step == 5
    assert (run / "damaged" / "step_000000009-0" / "model.safetensors").exists()
    assert all_damages_of(run) == ()
    reports = list(train(image_set, read_config(run).config, run))
    assert isinstance(reports[0], TrainingStarted)
    assert reports[0].step == 5
    assert isinstance(reports[-1], TrainingDone)


def test_when_only_the_optimiser_is_lost_the_weights_open_and_go_on(run: Path, image_set: ImageSet) -> None:
    before = load_checkpoint(run).model
    flip(newest(run, "train.safetensors"))
    assert load_latent_space(run).step == 9
    with pytest.raises(RunError, match="training cannot go on exactly, though what was learned is whole"):
        list(train(image_set, read_config(run).config, run))
    exact = shutil.copytree(run, run.with_name("exact"))
    assert any("with a fresh optimiser" in said for said in mend(run))
    assert all(torch.equal(load_checkpoint(run).model[name], value) for name, value in before.items())
    assert isinstance(list(train(image_set, read_config(run).config, run))[-1], TrainingDone)
    assert "The run goes on from step_000000005." in mend(exact, exactly=True)


def test_where_nothing_is_whole_nothing_is_touched(run: Path) -> None:
    for path in run.glob("checkpoints/*/model.safetensors"):
        flip(path)
    before = {path: path.read_bytes() for path in files_of(run)}
    with pytest.raises(RunError, match=r"No checkpoint in .* has whole weights"):
        mend(run)
    assert {path: path.read_bytes() for path in files_of(run)} == before


@pytest.mark.parametrize("name", ["latest", "history.jsonl", "README.md", "pictures.npy", CHECKSUMS])
def test_damage_to_what_the_model_does_without_is_said_and_holds_nothing_up(
    run: Path, image_set: ImageSet, name: str
) -> None:
    flip(run / name, 7)
    assert open_run(run).damages
    reports = list(train(image_set, read_config(run).config, run))
    assert isinstance(reports[0], TrainingStarted)
    assert f"{name} is damaged" in reports[0].said_of_change
    assert isinstance(reports[-1], TrainingDone)
    mend(run)
    assert all_damages_of(run) == ()


def test_a_run_from_before_there_were_checksums_opens_and_is_vouched_for_from_then_on(
    run: Path, image_set: ImageSet
) -> None:
    (run / CHECKSUMS).unlink()
    for path in run.glob("checkpoints/*/manifest.json"):
        content = json.loads(path.read_text())
        del content["checksums"], content["config"]
        path.write_text(json.dumps(content))
    assert open_run(run).damages == ()
    list(train(image_set, read_config(run).config, run))
    assert all_damages_of(run) == ()
    flip(run / "images.csv")
    with pytest.raises(RunError, match=r"images\.csv is damaged"):
        open_run(run)


def test_a_crash_between_any_two_writes_is_no_damage(
    image_set: ImageSet, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run is looked at whenever something in it is about to be renamed, or has just been made sure of."""
    run, looks = tmp_path / "run", []

    def look() -> None:
        if (run / CHECKSUMS).exists():
            looks.append(all_damages_of(run))

    real = {name: getattr(os, name) for name in ("fsync", "replace", "rename")}
    for name in real:
        monkeypatch.setattr(os, name, lambda *args, name=name, **kwargs: (look(), real[name](*args, **kwargs))[1])
    real_replace, real_rename = Path.replace, Path.rename
    monkeypatch.setattr(Path, "replace", lambda self, to: (look(), real_replace(self, to))[1])
    monkeypatch.setattr(Path, "rename", lambda self, to: (look(), real_rename(self, to))[1])
    for step in (3, 7):
        stop_after(image_set, config, run, step)
    list(settle(image_set, read_config(run).config, run, finished=True))
    assert len(looks) > 30
    assert set(looks) == {()}


def test_the_table_of_images_is_mended_from_its_spare(run: Path, image_set: ImageSet) -> None:
    before = (run / "images.csv").read_bytes()
    (run / "images.csv").write_bytes(before[:50])
    with pytest.raises(RunError, match=r"images\.csv is damaged"):
        open_run(run)
    assert "images.csv is again as images.csv.gz has it." in mend(run)
    assert (run / "images.csv").read_bytes() == before
    assert isinstance(list(train(image_set, read_config(run).config, run))[-1], TrainingDone)
