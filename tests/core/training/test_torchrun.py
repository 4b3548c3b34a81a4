"""What a user would lose when several processes train one run: another run than one process makes, or a run at all.

Real torchrun, on this machine alone.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from safetensors.torch import load_file

from core.commands import main
from core.config import RunConfig
from core.images.image_set import ImageSet
from core.training.checkpoints import newest_manifest
from core.training.train import train
from tests.rights import python_path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="torchrun's gloo here is that of POSIX")

STARTED = Path(__file__).with_name("under_torchrun.py")
ROOT = Path(__file__).parents[3]
SMALL = ["--network", "mlp", "--width", "4", "--batch-size", "5", "--image-size", "16", "--device", "cpu"]
LONG = ["--epochs", "100000"]
CASES: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "convolutions": ({"network": "conv", "width": 8}, {}),
    "free-bits": ({}, {"free_bits": 0.02}),
    "capacity": ({}, {"capacity": 3.0, "beta": 5.0}),
    "warm-up": ({}, {"warm_up": 2.0, "warm_up_cycles": 2, "samples": 2}),
    "iwae": ({}, {"objective": "iwae", "samples": 3}),
    "iwae-flow": ({"posterior": "planar"}, {"objective": "iwae", "samples": 3}),
    "flow-free-bits": ({"posterior": "iaf"}, {"free_bits": 0.02}),
    "autoencoder": ({}, {"objective": "autoencoder"}),
    "autoencoder-flow": ({"posterior": "iaf"}, {"objective": "autoencoder"}),  # a flow that learns nothing
    "class": ({"conditional": "class"}, {}),
    "completion": ({"conditional": "completion"}, {}),
    "optimal-sigma": ({"likelihood": "gaussian-optimal"}, {}),
    "learned-sigma": ({"likelihood": "gaussian-learned"}, {}),
    "logistic": ({"likelihood": "discretised-logistic"}, {}),
    "no-image": ({}, {"batch_size": 2}),  # of three processes one has none
    "no-image-optimal": ({"likelihood": "gaussian-optimal"}, {"batch_size": 2, "free_bits": 0.02}),
}


def torchrun(processes: int, *words: str, flags: tuple[str, ...] = ("--standalone",)) -> list[str]:
    return [sys.executable, "-m", "torch.distributed.run", *flags, f"--nproc-per-node={processes}", "--", *words]


@contextmanager
def running(command: list[str], **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A process that is gone at the end, with all that it started."""
    everything = {**os.environ, "PYTHONPATH": python_path(), "PYTHONUNBUFFERED": "1", **environment}
    started = subprocess.Popen(
        command, cwd=ROOT, env=everything, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        yield started
    finally:
        if started.poll() is None:
            started.terminate()
            started.communicate(timeout=60)


def objectives(run: Path) -> dict[int, float]:
    if not (run / "history.jsonl").exists():
        return {}
    lines = map(json.loads, (run / "history.jsonl").read_text(encoding="utf-8").splitlines())
    return {line["step"]: line["mean"]["objective"] for line in lines if line["kind"] == "step"}


def wait_for(happened: Callable[[], object], beside: subprocess.Popen[str], seconds: float = 120) -> None:
    ends = time.monotonic() + seconds
    while not happened():
        assert beside.poll() is None, beside.communicate()[0]
        assert time.monotonic() < ends
        time.sleep(0.05)


def sessions(run: Path) -> int:
    """Each writes its reports into an event file of its own, from the first on."""
    return len(list(run.glob("events.out.tfevents*")))


def worker(agent: subprocess.Popen[str], rank: int) -> int:
    """The process of this rank among those that an agent has started."""
    children = Path(f"/proc/{agent.pid}/task/{agent.pid}/children").read_text().split()
    for child in children:
        environment = Path(f"/proc/{child}/environ").read_bytes().split(b"\0")
        if f"RANK={rank}".encode() in environment:
            return int(child)
    raise AssertionError(f"no process of rank {rank}")


@pytest.mark.long
def test_every_step_of_several_processes_is_that_of_one(
    image_set: ImageSet, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three, so that their parts of a batch differ in size."""
    monkeypatch.setattr("core.training.meter.SOONEST", 0.0)
    monkeypatch.setattr("core.training.meter.SLOWING", 0.0)
    content, cases = config.model_dump(mode="json"), {}
    for name, (model, training) in CASES.items():
        steps = {"epochs": 6 if "batch_size" in training else 13, "precision": "float32"}
        cases[name] = content | {
            "model": content["model"] | model,
            "training": content["training"] | steps | training,
        }
    (tmp_path / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    with running(torchrun(3, str(STARTED), "cases", str(tmp_path / "cases.json"))) as started:
        for name, case in cases.items():
            list(train(image_set, RunConfig.model_validate(case), tmp_path / "alone" / name))
        said, _ = started.communicate(timeout=200)
        assert started.returncode == 0, said
    for name in cases:
        alone, together = objectives(tmp_path / "alone" / name), objectives(tmp_path / name)
        assert len(together) == len(alone) >= 50, name
        for step, value in alone.items():  # where an objective passes 0, its terms do not
            assert together[step] == pytest.approx(value, rel=1e-6, abs=1e-4), (name, step)
        codes = [load_file(newest(run) / "codes.safetensors") for run in (tmp_path / "alone" / name, tmp_path / name)]
        for kind in ("codes", "kl_per_dim"):
            assert codes[1][kind].numpy() == pytest.approx(codes[0][kind].numpy(), rel=1e-2, abs=1e-3), (name, kind)


def newest(run: Path) -> Path:
    return run / "checkpoints" / (run / "latest").read_text().strip()


@pytest.mark.long
def test_who_is_killed_is_started_again_and_who_is_told_to_end_saves(folder: Path, tmp_path: Path) -> None:
    """Two processes, one of which dies; started anew by torchrun, told to end by a scheduler, then resumed alone."""
    run = tmp_path / "run"
    words = [str(STARTED), "train", str(folder), "--run", str(run), *SMALL, *LONG]
    with running(torchrun(2, *words, flags=("--standalone", "--max-restarts=1"))) as agent:
        wait_for(lambda: sessions(run) == 1 and len(objectives(run)) > 5, agent)
        os.kill(worker(agent, 1), signal.SIGKILL)
        wait_for(lambda: sessions(run) == 2, agent)
        again = newest_manifest(run)["step"]  # at which the other was missed, or some time later
        assert again > 0
        wait_for(lambda: max(objectives(run)) > again + 5, agent)
        agent.send_signal(signal.SIGTERM)
        said, _ = agent.communicate(timeout=60)
    assert "holds this run already: going on with it" in said
    assert said.count("Go on with: latentscape resume") == 1
    stopped = newest_manifest(run)["step"]
    assert stopped > again + 5
    missing = set(range(1, stopped + 1)) - set(objectives(run))  # the step whose terms nobody could add up any more
    assert len(missing) <= 1
    assert not missing or max(missing) <= again
    epochs = str(stopped // -(-24 // 5) + 40)
    assert main(["resume", str(run), "--epochs", epochs]) == 0
    assert newest_manifest(run)["step"] > stopped


@pytest.mark.long
def test_a_killed_process_ends_the_run_with_one_sentence_and_what_was_learned(folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    with running(torchrun(3, str(STARTED), "train", str(folder), "--run", str(run), *SMALL, *LONG)) as agent:
        wait_for(lambda: len(objectives(run)) > 5, agent)
        os.kill(worker(agent, 2), signal.SIGKILL)
        began = time.monotonic()
        said, _ = agent.communicate(timeout=60)
        assert time.monotonic() - began < 30
    assert agent.returncode != 0
    assert said.count("is gone. What was learned is saved") == 1
    assert "latentscape" not in said.partition("Traceback")[2].partition("torch.distributed")[0]
    unreported = newest_manifest(run)["step"] - max(objectives(run))  # a step whose terms nobody could add up any more
    assert unreported in (0, 1)


@pytest.mark.long
def test_two_machines_read_their_own_images_once_and_learn_one_run(folder: Path, tmp_path: Path) -> None:
    """Two agents that find each other, each with a home of its own; the second process of each waits for the first."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    flags = ("--nnodes=2", "--rdzv-backend=c10d", f"--rdzv-endpoint=127.0.0.1:{port}", "--rdzv-id=test")
    run = tmp_path / "run"
    words = [str(STARTED), "train", str(folder), "--run", str(run), *SMALL, "--epochs", "3"]
    homes = [tmp_path / "one", tmp_path / "other"]
    first = torchrun(2, *words, flags=(*flags, "--node-rank=0"))
    second = torchrun(1, *words, flags=(*flags, "--node-rank=1"))
    with (
        running(first, LATENTSCAPE_HOME=str(homes[0])) as one,
        running(second, LATENTSCAPE_HOME=str(homes[1])) as other,
    ):
        said = [started.communicate(timeout=120)[0] for started in (one, other)]
        assert [one.returncode, other.returncode] == [0, 0], said
    assert sorted("Look at it with" in each for each in said) == [False, True]
    for home in homes:
        assert len(list(home.glob("cache/image_sets/*"))) == 1
    assert newest_manifest(run)["finished"]


@pytest.mark.long
def test_a_machine_with_other_images_is_refused(folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    command = torchrun(2, str(STARTED), "train", str(folder), "--run", str(run), *SMALL, "--epochs", "3")
    with running(command, LATENTSCAPE_TEST_OTHER_IMAGES="1") as agent:
        said, _ = agent.communicate(timeout=120)
    assert agent.returncode != 0
    assert said.count("Process 1 has other images in") == 1
    assert not run.exists() or not (run / "latest").exists()


@pytest.mark.long
def test_evaluating_by_two_processes_gives_the_figures_of_one(
    image_set: ImageSet, config: RunConfig, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    list(train(image_set, config, tmp_path / "run"))
    words = ["evaluate", str(tmp_path / "run"), "--data", str(folder), "--importance-samples", "8", "--json"]
    assert main(words) == 0
    alone = json.loads(capsys.readouterr().out)
    with running(torchrun(2, str(STARTED), *words)) as agent:
        said, _ = agent.communicate(timeout=120)
        assert agent.returncode == 0, said
    [line] = [line for line in said.splitlines() if line.startswith("{")]
    assert_near(json.loads(line), alone)


def assert_near(found: object, wanted: object) -> None:
    """The same figures, but for the rounding of sums."""
    if isinstance(wanted, dict):
        assert isinstance(found, dict)
        assert found.keys() == wanted.keys()
        for name, value in wanted.items():
            assert_near(found[name], value)
    else:
        assert found == (pytest.approx(wanted, rel=1e-6) if isinstance(wanted, float | list) else wanted)


def test_under_torchrun_a_run_needs_a_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {
        "TORCHELASTIC_RUN_ID": "x",
        "RANK": "0",
        "WORLD_SIZE": "2",
        "LOCAL_RANK": "0",
        "LOCAL_WORLD_SIZE": "2",
        "GROUP_RANK": "0",
        "TORCHELASTIC_RESTART_COUNT": "0",
    }.items():
        monkeypatch.setenv(name, value)
    assert main(["train", str(folder)]) == 2
    assert "--run RUN is needed" in capsys.readouterr().err
