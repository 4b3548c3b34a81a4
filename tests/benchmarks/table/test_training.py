"""How fast a model learns, beside pythae's trainer and PyTorch's own example: same network, first weights and steps."""

import gzip
import itertools
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.config import ImagesConfig, RunConfig, preset
from core.images.image_set import ImageSet, build_image_set
from core.model.networks import patches
from core.reports.images import ImageSetReady
from tests.benchmarks.table.conftest import Record
from tests.benchmarks.table.machine import Machine
from tests.benchmarks.table.rows import Row, reaching, sized, times_the_peer
from tests.benchmarks.table.sides import plain_network
from tests.benchmarks.table.sides.processes import pythae_folder, said_by
from tests.benchmarks.table.sides.workload import SOURCE, Workload

FASHION = Path("/usr/share/datasets/fashion-mnist")
ROUNDS, EPOCHS, BATCH = sized(3, 1), sized(3, 1), 128
LEARNED, HELD_OUT = sized(60_000, 2_048), sized(10_000, 500)
OVERHEAD = (
    "the products are the smaller part of a step: the rest are some two hundred small operations of PyTorch, which "
    "torch.compile shortened by 12 % and took more than a minute for"
)
BACKWARD = (
    "half of a step is oneDNN's convolutions, four fifths of it on the way back; activations, casts and pixel shuffles "
    "are most of the rest"
)
SAME_CONVOLUTIONS = (
    "in float32 both sides wait for the same convolutions of oneDNN: 78 % of our step, each at 70 to 95 % of what one "
    "core multiplies; ours are faster where the processor has bf16"
)
COSINE = (
    "our learning rate falls to 0 on a cosine within these three epochs, as pythae's here; the example's stays at 1e-3"
)
MISSING = "pythae 0.1.2 cannot be installed here"
BURN = "while True: pass"
needs_fashion = pytest.mark.skipif(not FASHION.exists(), reason="needs dataset-fashion-mnist")


def images(source: str, size: int) -> ImageSet:
    reports = build_image_set(source, ImagesConfig(image_size=size))
    return next(each for each in reports if isinstance(each, ImageSetReady)).image_set


def workload(folder: Path, network: str, model: dict[str, object]) -> Workload:
    """Grey images of 28 × 28, and what learns them."""
    found = images("fashion-mnist", 28)
    config = RunConfig.model_validate(
        {
            "source": SOURCE,
            "model": {"likelihood": "bernoulli", **model},
            "training": {"epochs": EPOCHS, "batch_size": BATCH, "learning_rate": 1e-3, "warm_up": 0.0},
        }
    )
    work = Workload(folder / "work", config, network)
    work.write(found.pixels[~found.held_out][:LEARNED], found.pixels[found.held_out][:HELD_OUT])
    return work


@pytest.fixture
def example_root(tmp_path: Path) -> Path:
    """Where torchvision finds Fashion-MNIST."""
    raw = tmp_path / "root" / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for packed in FASHION.glob("*.gz"):
        with gzip.open(packed) as file, (raw / packed.stem).open("wb") as out:
            shutil.copyfileobj(file, out)
    return tmp_path / "root"


@contextmanager
def busy_core() -> Iterator[None]:
    """Another program takes all of a core for as long as the context lasts."""
    other = subprocess.Popen((sys.executable, "-c", BURN))
    try:
        yield
    finally:
        other.kill()
        other.wait()


def speeds(work: Workload, rounds: int, path: Path | None) -> tuple[list[float], list[float], list[dict[str, Any]]]:
    """Images a second, ours and pythae's, turn and turn about; and all that was said."""
    ours, theirs, said = [], [], []
    total = len(work.learned) * int(work.config.training.epochs)
    for number in range(rounds):
        said.append(said_by("ours", work.folder, work.folder / f"run-{number}"))
        ours.append(total / said[-1]["seconds"])
        if path is not None:
            said.append(said_by("pythae_trainer", work.folder, path=path))
            theirs.append(total / said[-1]["seconds"])
    return ours, theirs, said


def limit(machine: Machine, multiply_adds: int, found: list[float]) -> str:
    """What the products alone would allow: three for each weight, two of them on the way back."""
    most = machine.best / (3 * multiply_adds)
    return f"{most:,.0f} images/s by products alone; {np.median(found) / most:.0%} of it"


@needs_fashion
def test_the_examples_network(tmp_path: Path, example_root: Path, record: Record, machine: Machine) -> None:
    path = pythae_folder()
    work = workload(tmp_path, plain_network.NAME, {"latent_dims": plain_network.DIMS, "network": "mlp"})
    total, rates, objectives = LEARNED * EPOCHS, {}, {}
    sides = {"ours": ("ours", work.folder), "example": ("pytorch_example", work.folder, example_root, EPOCHS)}
    if path is not None:
        sides["pythae"] = ("pythae_trainer", work.folder)
    for number, (name, (side, *words)) in itertools.product(range(ROUNDS), sides.items()):
        words += [tmp_path / f"run-{number}"] if name == "ours" else []
        said = said_by(side, *words, path=path if name == "pythae" else None)
        rates.setdefault(name, []).append(total / said["seconds"])
        objectives.setdefault(name, []).append(said["objective"])
    most = limit(machine, plain_network.MULTIPLY_ADDS, rates["ours"])
    for name, said, least in (("pythae", "pythae's trainer", 2.5), ("example", "PyTorch's example", 4.0)):
        record(
            Row(
                f"training {plain_network.NAME}, batch {BATCH}, beside {said}",
                "images/s",
                rates["ours"],
                times_the_peer(least),
                said if name in rates else MISSING,
                rates.get(name, ()),
                more_is_better=True,
                limit=most,
                why_not=OVERHEAD,
            )
        )
        if name in objectives:
            gap = [100 * (mine / other - 1) for mine, other in zip(objectives["ours"], objectives[name], strict=True)]
            what = f"held-out objective above that of {said}, {EPOCHS} epochs"
            record(Row(what, "%", gap, reaching(0.5), why_not=COSINE))


@needs_fashion
@pytest.mark.parametrize("is_busy", [False, True], ids=["alone", "beside a busy core"])
def test_our_network_for_small_images(tmp_path: Path, record: Record, machine: Machine, is_busy: bool) -> None:
    work = workload(tmp_path, "auto", {"latent_dims": 16})
    rounds = sized(1 if is_busy else ROUNDS, 1)
    if is_busy:
        with busy_core():
            ours, theirs, _ = speeds(work, rounds, pythae_folder())
    else:
        ours, theirs, _ = speeds(work, rounds, pythae_folder())
    units = 8 * work.config.model.width
    multiply_adds = 2 * 784 * units + 6 * units**2 + 3 * 16 * units
    record(
        Row(
            "training our network for 28 × 28" + " while another program takes a core" * is_busy,
            "images/s",
            ours,
            times_the_peer(8.0 if is_busy else 2.5),
            "pythae's trainer, that network" if theirs else MISSING,
            theirs,
            more_is_better=True,
            limit=limit(machine, multiply_adds, ours),
            why_not=OVERHEAD,
        )
    )


def test_convolutions(tmp_path: Path, record: Record, machine: Machine) -> None:
    config = preset("balanced", SOURCE)
    training = config.training.model_copy(update={"epochs": 1, "warm_up": 0.0, "batch_size": BATCH})
    work = Workload(tmp_path / "work", config.model_copy(update={"training": training}), "conv")
    pixels = np.random.default_rng(0).integers(0, 256, (sized(60, 2) * BATCH, 64, 64, 3), np.uint8)
    work.write(pixels, pixels[:BATCH])
    ours, theirs, said = speeds(work, ROUNDS, pythae_folder())
    record(
        Row(
            "training convolutions, 64 × 64 × 3, Balanced",
            "images/s",
            ours,
            times_the_peer(2.5),
            "pythae's trainer, that network" if theirs else MISSING,
            theirs,
            more_is_better=True,
            limit=limit(machine, multiply_adds_of_convolutions(config.model.width, 64, 3), ours),
            why_not=BACKWARD if "bf16" in said[0]["way"] else SAME_CONVOLUTIONS,
        )
    )


def multiply_adds_of_convolutions(width: int, size: int, channels: int) -> int:
    """Of one image, one way: patches, a residual pair, half the grid at twice the width, a pair; and back."""
    patch, grid = patches(size)
    inner = 9 * channels * patch**2 * width + 2 * 9 * width**2
    halved = 16 * width * 2 * width + 2 * 9 * (2 * width) ** 2
    return 2 * (grid**2 * inner + (grid // 2) ** 2 * halved)
