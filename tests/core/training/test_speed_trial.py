"""The arithmetic that a network learns fastest with: found without a trace in the run, remembered, and gone on with."""

import json
from pathlib import Path

import pytest
import torch

from core.config import RunConfig, changed, resolve
from core.images.image_set import ImageSet
from core.places import settings_folder
from core.reports.training import StepDone, TrainingStarted
from core.training import arithmetic, speed_trial
from core.training.arithmetic import Arithmetic, Chosen
from core.training.batches import Batches
from core.training.checkpoints import load_checkpoint
from core.training.learner import Learner
from core.training.train import train

LONG = {"training.epochs": 100_000}


@pytest.fixture(autouse=True)
def hardware(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that multiplies in bf16, and a trial that is over in a moment."""
    monkeypatch.setattr("core.training.device._is_faster_in_bf16", lambda device: True)
    monkeypatch.setattr(speed_trial, "SECONDS", 0.01)
    monkeypatch.setattr(speed_trial, "TURN_SECONDS", 0.001)
    monkeypatch.setattr("os.getloadavg", lambda: (0.0, 0.0, 0.0), raising=False)


def chosen(image_set: ImageSet, config: RunConfig, most: int = 2, facts: dict[str, object] | None = None) -> Chosen:
    threads = torch.get_num_threads()
    try:
        batches = Batches(image_set, config.training.batch_size, config.training.seed)
        config = resolve(config, image_set.shape, len(batches.indices))
        return speed_trial.choose(config, batches, 1, most, facts or {}, True)
    finally:
        torch.set_num_threads(threads)


def begun(image_set: ImageSet, config: RunConfig, run: Path, steps: int) -> TrainingStarted:
    """The first report of a run that is stopped once it has come so far."""
    session = train(image_set, config, run)
    started = next(session)
    assert isinstance(started, TrainingStarted)
    for report in session:
        if isinstance(report, StepDone) and report.step >= steps:
            break
    session.close()
    return started


def assert_same(one: Path, other: Path) -> None:
    """What was learned is the same to the last bit."""
    first, second = (dict(load_checkpoint(run).model) for run in (one, other))
    assert all(torch.equal(value, second[name]) for name, value in first.items())


def test_every_way_is_tried_and_one_as_fast_as_any_is_taken(
    image_set: ImageSet, config: RunConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Arithmetic] = []

    def measured(*arguments: object) -> list[float]:
        seen.extend(arguments[3])  # type: ignore[call-overload]
        return [90.0, 100.0, 98.0, 80.0]

    monkeypatch.setattr(speed_trial, "speeds", measured)
    found = chosen(image_set, changed(config, LONG))
    assert seen == [(1, "float32"), (1, "bf16"), (2, "float32"), (2, "bf16")]
    assert (found.arithmetic, found.trial) == ((1, "bf16"), "fastest of 4 ways tried: 100 images/s")


@pytest.mark.parametrize(("seconds", "images"), [(0.002, 16), (0.05, 4)])
def test_a_step_of_the_trial_is_as_large_as_the_runs_where_there_is_time(
    seconds: float, images: int, image_set: ImageSet, config: RunConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most of a small step's time is not that of its images: a trial of a dozen images finds another way."""
    now = [0.0]  # a clock of its own: a machine that is busy for a moment makes no step longer
    monkeypatch.setattr(speed_trial, "TURN_SECONDS", 0.03)
    monkeypatch.setattr("time.perf_counter", lambda: now[0])
    monkeypatch.setattr(Learner, "learn", lambda *_: now.append(now.pop() + seconds))
    batches = Batches(image_set, 16, 0)
    steps = speed_trial._Steps(resolve(config, image_set.shape, len(batches.indices)), batches, 1)
    steps.fit(Arithmetic(torch.get_num_threads(), "float32"))
    assert steps.images == images


def test_what_is_asked_for_is_not_tried(image_set: ImageSet, config: RunConfig) -> None:
    asked = changed(config, {**LONG, "training.threads": 3, "training.precision": "float32"})
    assert chosen(image_set, asked) == Chosen(Arithmetic(3, "float32"), 2)
    assert chosen(image_set, changed(asked, {"training.threads": "auto"}), most=1).arithmetic == (1, "float32")
    assert chosen(image_set, changed(asked, {"training.precision": "auto"})).arithmetic.threads == 3


def test_a_short_run_loses_no_time_to_a_trial(image_set: ImageSet, config: RunConfig) -> None:
    for short in ({}, {**LONG, "training.minutes": 0.1}):
        assert chosen(image_set, changed(config, short)) == Chosen(Arithmetic(2, "bf16"), 2)
    assert not (settings_folder() / speed_trial.FILE).exists()


def test_a_trial_is_remembered_for_the_same_network_and_no_other(
    image_set: ImageSet, config: RunConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = chosen(image_set, changed(config, LONG))
    monkeypatch.setattr(speed_trial, "speeds", lambda *_: [1.0, 2.0, 1.0, 1.0])
    assert chosen(image_set, changed(config, LONG)) == first
    assert chosen(image_set, changed(config, {**LONG, "model.width": 8})).images_per_second == 2.0
    assert chosen(image_set, changed(config, LONG), most=1).most_threads == 1


def test_what_was_found_while_others_were_busy_is_not_remembered(
    image_set: ImageSet, config: RunConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.getloadavg", lambda: (99.0, 0.0, 0.0), raising=False)
    assert chosen(image_set, changed(config, LONG)).tried == 4
    assert not (settings_folder() / speed_trial.FILE).exists()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": 1}', "\x00" * 9])
def test_a_damaged_memory_costs_a_trial(image_set: ImageSet, config: RunConfig, content: str) -> None:
    file = settings_folder() / speed_trial.FILE
    file.write_text(content)
    assert chosen(image_set, changed(config, LONG)).tried == 4
    assert json.loads(file.read_text())


@pytest.mark.parametrize("network", ["mlp", "conv"])
def test_a_trial_leaves_no_trace_in_the_run(
    image_set: ImageSet, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, network: str
) -> None:
    monkeypatch.setattr(speed_trial, "FEWEST_STEPS", 1)
    config = changed(config, {"model.network": network, "training.threads": 1})
    before = torch.random.get_rng_state()
    started, *_ = train(image_set, config, tmp_path / "tried")
    assert isinstance(started, TrainingStarted)
    assert started.trial
    assert torch.equal(torch.random.get_rng_state(), before)
    given, *_ = train(image_set, changed(config, {"training.precision": started.precision}), tmp_path / "given")
    assert isinstance(given, TrainingStarted)
    assert not given.trial
    assert_same(tmp_path / "tried", tmp_path / "given")


@pytest.mark.parametrize("way", [Arithmetic(1, "float32"), Arithmetic(1, "bf16")])
def test_a_run_goes_on_to_the_last_bit_with_what_it_began_with_whatever_is_faster_now(
    image_set: ImageSet, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: Arithmetic
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(speed_trial, "FEWEST_STEPS", 1)
    monkeypatch.setattr(speed_trial, "speeds", lambda *args: [2.0 if each == way else 1.0 for each in args[3]])
    list(train(image_set, config, tmp_path / "whole"))
    assert begun(image_set, config, tmp_path / "broken", 3).trial
    other = next(each for each in arithmetic.PRECISIONS if each != way.precision)
    monkeypatch.setattr(speed_trial, "speeds", lambda *args: [2.0 if each[1] == other else 1.0 for each in args[3]])
    (settings_folder() / speed_trial.FILE).unlink()
    session = train(image_set, config, tmp_path / "broken")
    again = next(session)
    assert isinstance(again, TrainingStarted)
    assert (again.precision, again.said_of_change) == (way.precision, "")
    list(session)
    assert_same(tmp_path / "whole", tmp_path / "broken")


def test_another_number_of_threads_at_hand_is_another_trial(image_set: ImageSet, config: RunConfig) -> None:
    """A window has begun or ended to take a core."""
    kept = {"arithmetic": Chosen(Arithmetic(1, "float32"), 1, 2, 5.0).as_json()}
    assert chosen(image_set, changed(config, LONG), 1, kept).images_per_second == 5.0
    assert chosen(image_set, changed(config, LONG), 2, kept).tried == 4
    asked = changed(config, {**LONG, "training.precision": "bf16"})
    assert chosen(image_set, asked, 1, kept).arithmetic.precision == "bf16"


@pytest.mark.parametrize("amiss", [None, 3, {}, {"arithmetic": [0, "bf16"]}, {"arithmetic": [1, "int8"]}])
def test_a_strangers_choice_is_no_choice(amiss: object) -> None:
    whole = Chosen(Arithmetic(1, "bf16"), 2, 4, 1.0)
    assert Chosen.read(json.loads(json.dumps(whole.as_json()))) == whole
    assert Chosen.read(whole.as_json() | amiss if isinstance(amiss, dict) and amiss else amiss) is None


def test_settings_that_cannot_be_written_cost_a_trial_each_time(
    image_set: ImageSet, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LATENTSCAPE_HOME", str(tmp_path / "file"))
    assert chosen(image_set, changed(config, LONG)).tried == 4
