"""What a user would lose if a run could not be looked back at, or if that cost the run anything."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file

from core.commands import main
from core.config import RunConfig, resolve
from core.errors import RunError
from core.images.image_set import ImageSet
from core.latent.moment_space import open_moment
from core.latent.open_run import open_run
from core.latent.saved_space import load_latent_space
from core.model.tensor_model import to_tensor
from core.reports.moments import Moment, MomentsKept
from core.reports.training import HeldOutDone, StepDone, Terms, Untrained
from core.training.clock import Clock
from core.training.damage import all_damages_of, damages_of
from core.training.learner import Learner
from core.training.mend import mend
from core.training.moment_files import MOMENTS, moments_of, path_of
from core.training.moments import MOST, Keeping, _half, thinned
from core.training.train import train
from tests.core.conftest import built

LEVELS = 2  # of 255, by which a picture may differ as its weights were rounded to float16


@pytest.fixture(scope="module", autouse=True)
def every_step_reports_and_moments_are_kept_however_slow_the_machine() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.training.meter.SOONEST", 0.0)
        patch.setattr("core.training.meter.SLOWING", 0.0)
        patch.setattr("core.training.moments.CREDIT", 600.0)
        yield


@pytest.fixture(scope="module")
def whole(image_set: ImageSet, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of sixteen steps; tests copy it."""
    run = tmp_path_factory.mktemp("whole") / "run"
    list(train(image_set, tiny(folder), run))
    return run


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "run")


def tiny(folder: Path, **training: object) -> RunConfig:
    content = {
        "source": str(folder),
        "images": {"image_size": 16, "held_out": 0.25},
        "model": {"latent_dims": 3, "width": 4, "network": "mlp"},
        "training": {"epochs": 4, "batch_size": 5, "device": "cpu", **training},
    }
    return RunConfig.model_validate(content)


def weights(run: Path) -> dict[str, torch.Tensor]:
    return load_file(run / "checkpoints" / (run / "latest").read_text().strip() / "model.safetensors")


def test_the_first_and_the_last_step_are_there_and_some_between(whole: Path) -> None:
    moments = moments_of(whole)
    assert [moments[0].step, moments[0].why, moments[-1].step, moments[-1].why] == [0, "first", 16, "last"]
    assert len(moments) > 5
    assert [each.step for each in moments] == sorted({each.step for each in moments})
    assert all(path_of(whole, each).stat().st_size == each.bytes for each in moments)
    assert len(list((whole / "moments").iterdir())) == len(moments)
    assert all_damages_of(whole) == ()


def test_the_last_moment_is_the_model_that_was_saved(whole: Path, image_set: ImageSet) -> None:
    now = load_latent_space(whole)
    then = open_moment(whole, moments_of(whole)[-1], now).space
    assert np.allclose(then.codes, now.codes, rtol=1e-3, atol=1e-4)
    off = then.decode(now.codes).astype(int) - now.decode(now.codes)
    assert np.abs(off).max() <= LEVELS
    pixels = np.asarray(image_set.pixels)
    assert np.allclose(then.encode(pixels)[0], now.encode(pixels)[0], atol=0.01)


def test_the_first_moment_is_the_model_before_it_learned(whole: Path, image_set: ImageSet, folder: Path) -> None:
    then = open_moment(whole, moments_of(whole)[0], load_latent_space(whole)).space
    learner = Learner(open_run(whole).config, image_set.shape, 2)
    learner.vae.eval()
    with torch.no_grad():
        codes = learner.vae.posterior(to_tensor(np.asarray(image_set.pixels))).code.numpy()
    assert np.allclose(then.codes, codes, rtol=2e-3, atol=1e-4)


def test_a_moment_between_is_what_a_run_that_stops_there_ends_with(
    image_set: ImageSet, folder: Path, whole: Path, tmp_path: Path
) -> None:
    reports = train(image_set, tiny(folder), tmp_path / "stopped")
    for report in reports:
        if isinstance(report, StepDone) and report.step == 7:
            break
    reports.close()
    moment = next(each for each in moments_of(whole) if each.step == 7)
    kept = load_file(path_of(whole, moment))
    for name, value in weights(tmp_path / "stopped").items():
        assert torch.allclose(kept[f"model.{name}"].float(), value.float(), rtol=1e-3, atol=1e-6), name


def test_a_run_learns_the_same_with_moments_and_without(
    image_set: ImageSet, folder: Path, whole: Path, tmp_path: Path
) -> None:
    list(train(image_set, tiny(folder), tmp_path / "without", budget=0))
    assert moments_of(tmp_path / "without") == ()
    assert not (tmp_path / "without" / MOMENTS).exists()
    assert all(torch.equal(weights(whole)[name], value) for name, value in weights(tmp_path / "without").items())
    assert open_run(tmp_path / "without").damages == ()


def test_moments_stay_within_their_budget(image_set: ImageSet, folder: Path, whole: Path, tmp_path: Path) -> None:
    each = moments_of(whole)[-1].bytes
    kept = [
        report.moments
        for report in train(image_set, tiny(folder), tmp_path / "run", budget=5 * each)
        if isinstance(report, MomentsKept)
    ]
    assert max(map(len, kept)) == 5
    assert kept[-1] == moments_of(tmp_path / "run")
    assert [kept[-1][0].step, kept[-1][-1].step] == [0, 16]
    assert len(list((tmp_path / "run" / "moments").iterdir())) == 5
    assert damages_of(tmp_path / "run") == ()
    list(train(image_set, tiny(folder), tmp_path / "small", budget=each - 1))
    assert moments_of(tmp_path / "small") == ()


def test_a_run_that_goes_on_keeps_its_moments_and_adds_to_them(
    image_set: ImageSet, folder: Path, run: Path, tmp_path: Path
) -> None:
    before = moments_of(run)
    list(train(image_set, tiny(folder, epochs=6), run))
    after = moments_of(run)
    assert set(before) <= set(after)
    assert after[-1].step == 24
    assert all_damages_of(run) == ()


def test_what_came_after_the_checkpoint_that_training_goes_on_from_goes(
    image_set: ImageSet, folder: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    reports = train(image_set, tiny(folder), run)
    for report in reports:
        if isinstance(report, StepDone) and report.step == 7:
            break
    reports.close()
    early = shutil.copytree(run, tmp_path / "early")
    list(train(image_set, tiny(folder), run))
    for name in ("checkpoints", "latest", "history.jsonl"):  # as a crash between two checkpoints leaves it
        shutil.rmtree(run / name, ignore_errors=True)
        (run / name).unlink(missing_ok=True)
        (shutil.copytree if (early / name).is_dir() else shutil.copy)(early / name, run / name)
    first = next(iter(train(image_set, tiny(folder), run)))
    assert first.step == 7
    assert [each.step for each in moments_of(run)] == [each.step for each in moments_of(early)]
    assert len(list((run / "moments").iterdir())) == len(moments_of(early))


def test_moments_of_other_images_are_not_kept(folder: Path, tmp_path: Path) -> None:
    images = tmp_path / "images"
    shutil.copytree(folder, images)
    config, run = tiny(images), tmp_path / "run"
    list(train(built(str(images), config.images), config, run))
    (images / "red" / "0.png").unlink()
    shutil.copy(images / "red" / "1.png", images / "red" / "another.png")
    list(train(built(str(images), config.images), tiny(images, epochs=6), run))
    now = load_latent_space(run)
    assert moments_of(run)[0].step > 16
    assert all(open_moment(run, each, now).space.codes.shape == now.codes.shape for each in moments_of(run))


def test_a_finding_is_worth_a_moment(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reconstruction that gets worse than it was untrained, over steps enough to be judged; said once."""
    monkeypatch.setattr("core.training.moments.LOOK", 0.0)
    config = resolve(tiny(folder), (16, 16, 3), 18)
    keeping, clock, nothing = Keeping(tmp_path, 10**6, 0, config, 18), Clock(config.training, 18), torch.zeros(3)
    start = Terms(100.0, 100.0, 0.0)
    keeping.hear(Untrained(start, start, 90.0), nothing)
    for step in range(1, 300):
        bad = Terms(900.0, 900.0, 0.0)
        keeping.hear(StepDone(step, 1.0, bad, bad, bad, 1.0, 1.0, 1.0, step / 10, None), nothing)
        clock.step = step
        if step in (250, 299):
            keeping.hear(HeldOutDone(step, bad, 6), nothing)
            if keeping.is_due(clock):
                keeping.keep(clock, {"weight": nothing}, torch.zeros(24, 3), nothing)
    assert [(each.step, each.why, each.finding) for each in moments_of(tmp_path) if each.why == "finding"] == [
        (250, "finding", "learning rate too high")
    ]


def test_a_moment_that_is_damaged_is_said_to_be_and_mending_leaves_it_out(run: Path) -> None:
    moment = moments_of(run)[3]
    content = bytearray(path_of(run, moment).read_bytes())
    content[-5] ^= 1
    path_of(run, moment).write_bytes(content)
    assert damages_of(run) == ()  # it is looked at when it is opened
    assert all_damages_of(run) == (f"{path_of(run, moment).relative_to(run).as_posix()} is damaged",)
    with pytest.raises(RunError, match="is damaged"):
        open_moment(run, moment, load_latent_space(run))
    assert f"The moment at step {moment.step:,} is left out." in mend(run)
    assert all_damages_of(run) == ()
    assert moment not in moments_of(run)


def test_a_list_of_moments_that_is_damaged_keeps_no_run_from_opening(run: Path) -> None:
    (run / MOMENTS).write_text((run / MOMENTS).read_text()[:-20])
    assert open_run(run).damages == (f"{MOMENTS} is damaged",)
    with pytest.raises(RunError, match="cannot be read"):
        moments_of(run)
    mend(run)
    assert all_damages_of(run) == ()
    assert moments_of(run) == ()
    assert list((run / "damaged").iterdir())


@pytest.mark.parametrize("key", ["sha256", "step", "why", "bytes"])
def test_a_list_of_moments_from_a_stranger_is_not_believed(run: Path, key: str) -> None:
    content = json.loads((run / MOMENTS).read_text())
    content["moments"][0][key] = {"sha256": "../../../../etc/passwd", "step": -1, "why": "me", "bytes": 1e99}[key]
    (run / MOMENTS).write_text(json.dumps(content))
    with pytest.raises(RunError, match="cannot be read"):
        moments_of(run)


def test_a_copy_that_is_given_away_can_be_looked_back_at(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["share", str(run), "--out", str(tmp_path / "copy")]) == 0
    assert moments_of(tmp_path / "copy") == moments_of(run)
    assert all_damages_of(tmp_path / "copy") == ()
    capsys.readouterr()
    assert main(["inspect", str(tmp_path / "copy")]) == 0
    assert f"moments    {len(moments_of(run))}, from step 0 to 16, " in capsys.readouterr().out
    assert main(["inspect", str(run), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["moments"]) == len(moments_of(run))


def test_the_command_line_keeps_as_many_as_it_is_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--network", "mlp", "--width", "4", "--epochs", "2", "--device", "cpu", "--image-size", "16"]
    assert main(["train", str(folder), "--run", str(tmp_path / "run"), *words, "--moments", "0"]) == 0
    assert moments_of(tmp_path / "run") == ()
    assert main(["resume", str(tmp_path / "run"), "--epochs", "4"]) == 0
    assert moments_of(tmp_path / "run")[-1].why == "last"
    capsys.readouterr()
    assert main(["resume", str(tmp_path / "run"), "--epochs", "6", "--moments=-1"]) == 2
    assert "cannot be below 0" in capsys.readouterr().err


def test_numbers_too_large_for_half_precision_are_kept_as_they_are(
    image_set: ImageSet, folder: Path, run: Path
) -> None:

    wide = torch.tensor([1.0, 70_000.0, torch.inf])
    assert torch.equal(_half(wide), wide)
    assert _half(torch.tensor([1.0, torch.nan])).dtype == torch.float16


@given(steps=st.lists(st.integers(0, 10**6), unique=True, min_size=3, max_size=90), room=st.integers(3, 60))
def test_thinning_keeps_both_ends_and_no_more_than_fit(steps: list[int], room: int) -> None:
    moments = [Moment(step, 0.0, 0.0, "time", "", 10, "") for step in sorted(steps)]
    left = thinned(moments, 10 * room)
    assert [left[0], left[-1]] == [moments[0], moments[-1]]
    assert len(left) == min(len(moments), room, MOST)
    assert left == [each for each in moments if each in left]


def test_thinning_leaves_what_lies_far_apart_and_what_was_found() -> None:
    steps = {1: "first", 10: "time", 100: "time", 101: "finding", 1000: "time", 10000: "last"}
    moments = [Moment(step, 0.0, 0.0, why, "", 10, "") for step, why in steps.items()]  # type: ignore[arg-type]
    assert [each.step for each in thinned(moments, 50)] == [1, 10, 101, 1000, 10000]
    assert [each.step for each in thinned(moments, 30)] == [1, 101, 10000]
