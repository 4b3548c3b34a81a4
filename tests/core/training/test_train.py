"""What a user would lose when training went wrong: work, truth, or the place they stopped at."""

import json
import shutil
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from core.config import RunConfig
from core.errors import ConfigError, ImagesError, RunError, TrainingError
from core.images.image_set import ImageSet
from core.latent.map_preview import see_map
from core.latent.open_run import open_run, reopen
from core.latent.reports import MapMoved
from core.latent.saved_space import load_latent_space
from core.reports.images import ImageSetReady
from core.reports.training import CheckpointSaved, HeldOutDone, StepDone, TrainingDone, TrainingStarted
from core.training.batches import Batches
from core.training.checkpoints import newest_manifest
from core.training.train import settle, train
from tests.core.conftest import built


def changed(config: RunConfig, **values: object) -> RunConfig:
    return config.model_copy(update={"training": config.training.model_copy(update=values)})


def weights(run: Path) -> dict[str, torch.Tensor]:
    name = (run / "latest").read_text().strip()
    return load_file(run / "checkpoints" / name / "model.safetensors")


def stop_after(image_set: ImageSet, config: RunConfig, run: Path, steps: int) -> None:
    """Train until that many steps are done, then close the generator, as the window does."""
    reports = train(image_set, config, run)
    for report in reports:
        if isinstance(report, StepDone) and report.step >= steps:
            break
    reports.close()


@pytest.fixture(autouse=True)
def every_step_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.training.meter.SOONEST", 0.0)
    monkeypatch.setattr("core.training.meter.SLOWING", 0.0)


def test_a_run_tells_its_whole_story(image_set: ImageSet, config: RunConfig, tmp_path: Path) -> None:
    reports = list(train(image_set, config, tmp_path / "run"))
    assert isinstance(reports[0], TrainingStarted)
    assert isinstance(reports[-1], TrainingDone)
    steps = [report for report in reports if isinstance(report, StepDone)]
    assert [report.step for report in steps] == list(range(1, 17))  # 18 images in batches of 5, 4 epochs
    assert reports[0].steps_total == 16
    moved = [report for report in reports if isinstance(report, MapMoved)][-1]
    assert np.isfinite(moved.latent_space.codes).all()
    assert reports[-1].held_out is not None


def test_the_model_learns(image_set: ImageSet, config: RunConfig, tmp_path: Path) -> None:
    longer = changed(config, epochs=80, learning_rate=0.01)
    steps = [report for report in train(image_set, longer, tmp_path / "run") if isinstance(report, StepDone)]
    assert steps[-1].mean.objective < steps[0].mean.objective - 100


def test_codes_at_the_end_are_those_the_saved_model_gives(
    image_set: ImageSet, config: RunConfig, tmp_path: Path
) -> None:
    list(train(image_set, config, tmp_path / "run"))
    latent_space = load_latent_space(tmp_path / "run")
    codes, log_variances = latent_space.encode(image_set.pixels)
    np.testing.assert_allclose(latent_space.codes, codes, atol=1e-5)
    kl = 0.5 * (np.exp(log_variances) + codes**2 - 1 - log_variances)
    np.testing.assert_allclose(latent_space.kl_per_dim, kl.mean(axis=0), rtol=1e-4)


def test_resuming_is_as_if_it_had_never_stopped(image_set: ImageSet, config: RunConfig, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    list(train(image_set, config, whole))
    for steps in (3, 7, 10):  # in the middle of epochs, and across their ends
        stop_after(image_set, config, broken, steps)
    resumed = list(train(image_set, config, broken))
    assert resumed[0].step == 10
    for name, value in weights(whole).items():
        assert torch.equal(weights(broken)[name], value), name
    both = [(run / "history.jsonl").read_text().splitlines() for run in (whole, broken)]
    terms = [[json.loads(line)["mean"] for line in lines if '"step"' in line and '"mean"' in line] for lines in both]
    assert terms[0] == terms[1]


def test_a_crash_between_checkpoints_leaves_one_clean_history(
    image_set: ImageSet, config: RunConfig, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    stop_after(image_set, config, run, 6)
    history = run / "history.jsonl"
    later = json.loads(history.read_text().splitlines()[-1])
    with history.open("a") as file:  # as if killed: two steps were written, then half a line
        for step in (7, 8):
            file.write(json.dumps({**later, "step": step}) + "\n")
        file.write('{"kind": "step", "st')
    list(train(image_set, config, run))
    steps = [report.step for report in open_run(run).steps]
    assert steps == list(range(1, 17))


def test_only_two_generations_are_kept(image_set: ImageSet, config: RunConfig, tmp_path: Path) -> None:
    run = tmp_path / "run"
    for steps in (2, 4, 6, 8):
        stop_after(image_set, config, run, steps)
    assert sorted(path.name for path in (run / "checkpoints").iterdir()) == ["step_000000006", "step_000000008"]


def test_a_newer_format_is_refused_by_both_versions(image_set: ImageSet, config: RunConfig, tmp_path: Path) -> None:
    run = tmp_path / "run"
    list(train(image_set, config, run))
    (run / "checksums.jsonl").unlink()  # which would say first that the files are not as they were written
    for path in (run / "config.json", next((run / "checkpoints").iterdir()) / "manifest.json"):
        before = path.read_text()
        path.write_text(json.dumps({**json.loads(before), "format": 99, "latentscape": "7.0"}))
        with pytest.raises(RunError, match=r"Latentscape 7\.0 in format 99.*up to format 2"):
            load_latent_space(run)
        path.write_text(before)


def test_another_configuration_does_not_overwrite_a_run(image_set: ImageSet, config: RunConfig, tmp_path: Path) -> None:
    run = tmp_path / "run"
    list(train(image_set, config, run))
    with pytest.raises(ConfigError, match="another configuration"):
        list(train(image_set, changed(config, learning_rate=0.5), run))
    done = list(train(image_set, changed(config, epochs=5), run))[-1]
    assert done.epochs == 5


def test_broken_numbers_stop_the_run_and_spare_its_checkpoint(
    image_set: ImageSet, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    stop_after(image_set, config, run, 6)
    before = weights(run)
    monkeypatch.setattr("core.training.batches.Batches.noise", lambda *_: torch.full(_[2], torch.nan))
    with pytest.raises(TrainingError, match="lower learning rate"):
        list(train(image_set, config, run))
    for name, value in weights(run).items():
        assert torch.equal(before[name], value)


def test_a_second_program_is_kept_out(image_set: ImageSet, config: RunConfig, tmp_path: Path) -> None:
    first = train(image_set, config, tmp_path / "run")
    next(first)
    with pytest.raises(RunError, match="another Latentscape"):
        next(train(image_set, config, tmp_path / "run"))
    first.close()


def test_too_few_images_are_refused_before_anything_is_written(
    image_set: ImageSet, config: RunConfig, tmp_path: Path
) -> None:
    few = replace(image_set, held_out=np.arange(len(image_set)) > 0)
    with pytest.raises(ImagesError, match="left to learn from, 1"):
        list(train(few, config, tmp_path / "run"))
    assert not (tmp_path / "run" / "config.json").exists()


def test_finishing_early_keeps_the_model_with_exact_codes(
    image_set: ImageSet, config: RunConfig, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    stop_after(image_set, config, run, 6)
    assert not newest_manifest(run)["codes_exact"]
    list(settle(image_set, config, run, finished=True))
    facts = newest_manifest(run)
    assert (facts["step"], facts["finished"], facts["codes_exact"]) == (6, True, True)


def test_a_paused_run_opens_at_once_and_is_then_made_exact(
    image_set: ImageSet, config: RunConfig, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    stop_after(image_set, config, run, 6)
    seen = see_map(run)
    reports = list(reopen(run))
    opened = reports[0]
    assert opened.names == tuple(image_set.names)
    assert [opened.classes[label] for label in opened.labels] == [image_set.classes[n] for n in image_set.labels]
    assert not opened.finished
    assert seen is not None
    np.testing.assert_allclose(seen.space.points, opened.latent_space.points, atol=1e-4, equal_nan=True)
    assert seen.classes == opened.classes
    assert any(isinstance(report, ImageSetReady) for report in reports)
    moved = next(report for report in reports if isinstance(report, MapMoved))
    np.testing.assert_allclose(moved.latent_space.encode(image_set.pixels)[0], moved.latent_space.codes, atol=1e-5)


def test_the_source_may_vanish_while_training(folder: Path, config: RunConfig, tmp_path: Path) -> None:
    source = shutil.copytree(folder, tmp_path / "source")
    config = config.model_copy(update={"source": str(source)})
    image_set = built(config.source, config.images)
    list(train(image_set, config, tmp_path / "undisturbed"))
    reports = train(image_set, config, tmp_path / "run")
    list(takewhile(lambda report: not isinstance(report, StepDone), reports))
    shutil.rmtree(source)
    list(reports)
    for name, value in weights(tmp_path / "undisturbed").items():
        assert torch.equal(weights(tmp_path / "run")[name], value)


def test_held_out_images_are_never_learned_from(image_set: ImageSet) -> None:
    seen = np.concatenate(Batches(image_set, batch_size=5, seed=0).epoch(0))
    assert not image_set.held_out[seen].any()
    assert len(seen) == len(set(seen)) == (~image_set.held_out).sum()


def test_held_out_terms_are_watched_and_saves_happen_on_the_way(
    image_set: ImageSet, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.training.train.TimeShare.is_due", lambda _: True)
    kinds = [type(report) for report in train(image_set, config, tmp_path / "run")]
    assert kinds.count(StepDone) == 16
    assert kinds.count(HeldOutDone) == 17  # and once more at the end, on all of them
    assert kinds.count(CheckpointSaved) == 17


def test_a_run_can_be_moved_and_mailed(image_set: ImageSet, config: RunConfig, tmp_path: Path) -> None:
    list(train(image_set, config, tmp_path / "run"))
    moved = (tmp_path / "run").rename(tmp_path / "elsewhere")
    assert load_latent_space(moved).step == 16
    assert str(tmp_path / "run") not in (moved / "config.json").read_text()


def test_a_folder_deleted_in_mid_training_changes_no_loss(folder: Path, config: RunConfig, tmp_path: Path) -> None:
    def losses(source: Path, deletes: bool) -> list[float]:
        image_set = built(str(source), config.images)
        run = tmp_path / f"run-{deletes}"
        found = []
        for report in train(image_set, config.model_copy(update={"source": str(source)}), run):
            if isinstance(report, StepDone):
                found.append(report.mean.objective)
                if deletes and report.step == 3:
                    shutil.rmtree(source)
        return found

    shutil.copytree(folder, tmp_path / "pictures")
    untouched = losses(tmp_path / "pictures", deletes=False)
    assert len(untouched) > 10
    assert losses(tmp_path / "pictures", deletes=True) == untouched
    assert not (tmp_path / "pictures").exists()
    one, other = (weights(tmp_path / f"run-{each}") for each in (True, False))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_one_picture_is_not_learned_from(config: RunConfig, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    shutil.copy(folder / "red" / "0.png", tmp_path / "one")
    with pytest.raises(ImagesError, match="only one usable picture"):
        list(train(built(str(tmp_path / "one"), config.images), config, tmp_path / "run"))
    shutil.copy(folder / "red" / "1.png", tmp_path / "one")
    with pytest.raises(ImagesError, match="lower the held-out share"):
        list(train(built(str(tmp_path / "one"), config.images), config, tmp_path / "run"))
    assert not (tmp_path / "run").exists()


def test_convolutions_begin_with_the_mean_colour_of_what_they_learn_from(
    image_set: ImageSet, config: RunConfig, tmp_path: Path
) -> None:
    config = config.model_copy(update={"model": config.model.model_copy(update={"network": "conv", "width": 8})})
    stop_after(image_set, config, tmp_path / "run", 1)
    space = load_latent_space(tmp_path / "run")
    said = space.decode(np.zeros((1, space.latent_dims), np.float32)).mean((0, 1, 2))
    assert said == pytest.approx(image_set.pixels[~image_set.held_out].mean((0, 1, 2)), abs=2)
