"""What a user would lose if a run that was stopped went on as another run: bit for bit, whatever it is made of.

Every network, precision and device there is here, from checkpoints as they lie on disk, after one step as well.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from core.config import RunConfig, resolve
from core.images.image_set import ImageSet
from core.model.conditions import Given
from core.reports.training import StepDone, TrainingStarted
from core.training.batches import Batches, noise_seed
from core.training.damage import all_damages_of
from core.training.learner import Learner
from core.training.run_folder import read_config
from core.training.train import train

DEVICES = [
    "cpu",
    pytest.param("cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA GPU")),
    pytest.param("mps", marks=pytest.mark.skipif(not torch.backends.mps.is_available(), reason="no Apple GPU")),
]
NETWORKS = ("linear", "mlp", "conv")


@pytest.fixture(autouse=True)
def every_step_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.training.meter.SOONEST", 0.0)
    monkeypatch.setattr("core.training.meter.SLOWING", 0.0)


def asked(config: RunConfig, model: dict[str, object] | None = None, **training: object) -> RunConfig:
    content = config.model_dump()
    content["model"] |= model or {}
    content["training"] |= training
    return RunConfig.model_validate(content)


def stop_at(image_set: ImageSet, config: RunConfig, run: Path, *steps: int) -> None:
    """Train in sessions that the window closes after so many steps, each from the checkpoint of the last."""
    for last in steps:
        reports = train(image_set, config, run)
        for report in reports:
            if isinstance(report, StepDone) and report.step >= last:
                break
        reports.close()


def kept(run: Path) -> dict[str, torch.Tensor]:
    """Everything that a run's last checkpoint holds of model and optimiser."""
    folder = run / "checkpoints" / (run / "latest").read_text().strip()
    return {**load_file(folder / "model.safetensors"), **load_file(folder / "train.safetensors")}


def assert_same(one: Path, other: Path) -> None:
    for name, value in kept(one).items():
        assert torch.equal(kept(other)[name], value), name


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("precision", ["float32", "bf16"])
@pytest.mark.parametrize("network", NETWORKS)
def test_a_run_that_was_stopped_is_the_run_it_was(
    image_set: ImageSet, config: RunConfig, tmp_path: Path, network: str, precision: str, device: str
) -> None:
    config = asked(config, {"network": network, "width": 8}, precision=precision, device=device, epochs=3)
    list(train(image_set, config, tmp_path / "whole"))  # twelve steps
    stop_at(image_set, config, tmp_path / "broken", 1, 2, 7)
    list(train(image_set, config, tmp_path / "broken"))
    assert_same(tmp_path / "whole", tmp_path / "broken")


@pytest.mark.parametrize(
    "fields",
    [
        {"likelihood": "gaussian-optimal"},
        {"likelihood": "discretised-logistic", "conditional": "class"},
        {"conditional": "completion"},
        {"posterior": "iaf", "flows": 2},
        {"posterior": "planar", "flows": 2, "likelihood": "continuous-bernoulli"},
    ],
    ids=lambda fields: " ".join(map(str, fields.values())),
)
def test_so_is_one_of_every_kind_of_part(
    image_set: ImageSet, config: RunConfig, tmp_path: Path, fields: dict[str, object]
) -> None:
    config = asked(config, {"network": "conv", "width": 8, **fields}, epochs=2)
    list(train(image_set, config, tmp_path / "whole"))
    stop_at(image_set, config, tmp_path / "broken", 1, 5)
    list(train(image_set, config, tmp_path / "broken"))
    assert_same(tmp_path / "whole", tmp_path / "broken")


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("network", NETWORKS)
def test_one_step_after_a_checkpoint_is_the_step_that_would_have_been(
    config: RunConfig, tmp_path: Path, network: str, device: str
) -> None:
    """Through a file, which keeps tensors in the order of their dimensions whatever they had in memory."""
    config = asked(config, {"network": network, "width": 8, "likelihood": "bernoulli"}, epochs=1, device=device)
    config = resolve(config, (16, 16, 3), 5)
    one, other = Learner(config, (16, 16, 3)), Learner(config, (16, 16, 3))
    generator = torch.Generator().manual_seed(0)
    x = torch.rand((5, 16, 16, 3), generator=generator).permute(0, 3, 1, 2).to(one.device)
    noise = torch.randn((1, 5, 3), generator=generator).to(one.device)
    for _ in range(2):
        one.learn(x, noise, Given(), one.loss(1.0, 0.5), 1e-2)
    for name, tensors in (("model", one.vae.state_dict()), ("train", one.state())):
        save_file({key: value.detach().cpu().contiguous() for key, value in tensors.items()}, tmp_path / name)
    other.load(load_file(tmp_path / "model"), load_file(tmp_path / "train"))
    for learner in (one, other):
        learner.learn(x, noise, Given(), learner.loss(1.0, 0.5), 1e-2)
    for (name, ours), theirs in zip(one.vae.named_parameters(), other.vae.parameters(), strict=True):
        assert torch.equal(ours, theirs), name


@pytest.mark.parametrize("device", DEVICES)
def test_two_seeds_draw_other_noise_and_one_seed_the_same(image_set: ImageSet, device: str) -> None:
    def noise(seed: int, step: int, begun_in: int = 2) -> torch.Tensor:
        return Batches(image_set, 5, seed, begun_in=begun_in).noise(step, (1, 400, 8), torch.device(device)).cpu()

    drawn = torch.stack([noise(seed, step).flatten() for seed in (0, 1, 999, 2**31 - 1) for step in (0, 1, 70_000)])
    apart = torch.corrcoef(drawn) - torch.eye(len(drawn))
    assert apart.abs().max() < 0.1  # of 3,200 independent numbers: 5.6 standard errors
    assert torch.equal(noise(999, 7), noise(999, 7))
    if device == "cpu":  # what format 1 drew, whatever the seed
        expected = torch.randn((1, 400, 8), generator=torch.Generator().manual_seed(7))
        assert torch.equal(noise(999, 7, begun_in=1), expected)


def test_the_noise_of_a_step_hangs_on_every_bit_of_seed_and_step_in_the_32_that_a_cpu_keeps() -> None:
    """Any one bit of either, turned alone, turns about half of them: 4 to 28 but for one chance in 200,000."""
    before = noise_seed(12_345, 678)
    for bit in range(31):
        for after in (noise_seed(12_345 ^ 1 << bit, 678), noise_seed(12_345, 678 ^ 1 << bit)):
            assert 4 <= ((before ^ after) & 0xFFFFFFFF).bit_count() <= 28
    steps = {noise_seed(0, step) & 0xFFFFFFFF for step in range(20_000)}
    assert len(steps) > 19_995


@pytest.mark.parametrize("network", ["mlp", "conv"])
def test_a_run_begun_before_goes_on_as_it_began(
    image_set: ImageSet, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, network: str
) -> None:
    config = asked(config, {"network": network}, seed=999)
    with monkeypatch.context() as before:
        before.setattr("core.training.train.FORMAT", 1)
        list(train(image_set, config, tmp_path / "whole"))
        stop_at(image_set, config, tmp_path / "broken", 5)
    assert json.loads((tmp_path / "broken" / "config.json").read_text())["format"] == 1
    list(train(image_set, config, tmp_path / "broken"))
    assert json.loads((tmp_path / "broken" / "config.json").read_text())["format"] == 1
    assert_same(tmp_path / "whole", tmp_path / "broken")
    list(train(image_set, config, tmp_path / "now"))
    assert json.loads((tmp_path / "now" / "config.json").read_text())["format"] == 2
    assert any(not torch.equal(kept(tmp_path / "now")[name], value) for name, value in kept(tmp_path / "whole").items())


class Command:
    """`latentscape train` or `resume` as a process of its own, on as many threads as this one."""

    def __init__(self, *words: str) -> None:
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "core", *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def end(self, number: signal.Signals | None = None) -> int:
        """Its exit code, after a signal or by itself; what it said goes where a failed test shows it."""
        if number is not None:
            self.process.send_signal(number)
        sys.stderr.write(self.process.communicate(timeout=240)[1].decode())
        return self.process.returncode


@pytest.fixture
def commands() -> Iterator[list[Command]]:
    started: list[Command] = []
    yield started
    for command in started:
        if command.process.poll() is None:
            command.process.kill()
            command.process.communicate()


def wait_until_it_learns(run: Path, command: Command, sessions: int) -> None:
    """Each session writes its reports into an event file of its own, from the first on."""
    ends = time.monotonic() + 240
    while len(list(run.glob("events.out.tfevents*"))) < sessions and time.monotonic() < ends:
        assert command.process.poll() is None, command.process.communicate()[1].decode()
        time.sleep(0.02)


@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.long
def test_a_process_that_was_stopped_or_killed_leaves_a_run_that_goes_on_as_it_was(
    image_set: ImageSet, folder: Path, tmp_path: Path, commands: list[Command]
) -> None:
    """Interrupted, then killed in the middle, then terminated, then to its end; beside it one that nobody disturbed."""
    flags = ["--network", "conv", "--width", "8", "--epochs", "100", "--batch-size", "5", "--image-size", "16"]
    flags += ["--precision", "float32"]  # found fastest by each for itself otherwise
    whole, broken = str(tmp_path / "whole"), str(tmp_path / "broken")

    def start(*words: str) -> Command:
        commands.append(Command(*words))
        return commands[-1]

    undisturbed = start("train", str(folder), "--run", whole, *flags)
    first = start("train", str(folder), "--run", broken, *flags)
    wait_until_it_learns(tmp_path / "broken", first, 1)
    assert first.end(signal.SIGINT) == 130
    saved = (tmp_path / "broken" / "latest").read_text()
    second = start("resume", broken)
    wait_until_it_learns(tmp_path / "broken", second, 2)
    assert second.end(signal.SIGKILL) == -signal.SIGKILL
    assert (tmp_path / "broken" / "latest").read_text() >= saved  # a slow machine's session saves before it is killed
    assert all_damages_of(tmp_path / "broken") == ()
    third = start("resume", broken)
    wait_until_it_learns(tmp_path / "broken", third, 3)
    assert third.end(signal.SIGTERM) == 143
    assert start("resume", broken).end() == 0
    assert undisturbed.end() == 0
    assert_same(tmp_path / "whole", tmp_path / "broken")


def test_moments_that_an_older_version_kept_are_read_into_the_layout_of_their_weights(
    image_set: ImageSet, config: RunConfig, tmp_path: Path
) -> None:
    """Files of format 1 hold the same numbers in the same order of dimensions: only reading them was wrong."""
    config = asked(config, {"network": "conv", "width": 8})
    stop_at(image_set, config, tmp_path / "run", 3)
    learner = Learner(read_config(tmp_path / "run").config, image_set.shape)
    folder = tmp_path / "run" / "checkpoints" / (tmp_path / "run" / "latest").read_text().strip()
    learner.load(load_file(folder / "model.safetensors"), load_file(folder / "train.safetensors"))
    for name, parameter in learner.vae.named_parameters():
        for kind in ("exp_avg", "exp_avg_sq"):
            assert learner.optimiser.state[parameter][kind].stride() == parameter.stride(), name


def test_a_run_that_goes_on_with_other_arithmetic_is_said_to_differ(
    image_set: ImageSet, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = asked(config, precision="float32")
    stop_at(image_set, config, tmp_path / "run", 3)
    same = next(train(image_set, config, tmp_path / "run"))
    assert isinstance(same, TrainingStarted)
    assert same.said_of_change == ""
    other = next(train(image_set, asked(config, precision="bf16"), tmp_path / "run"))
    assert isinstance(other, TrainingStarted)
    assert "of the CPU in float32 before, and goes on with" in other.said_of_change
    monkeypatch.setattr("torch.get_num_threads", lambda: 64)
    more = next(train(image_set, config, tmp_path / "run"))
    assert isinstance(more, TrainingStarted)
    assert "goes on with 64 threads of the CPU in float32, which round sums otherwise" in more.said_of_change
