"""How cost grows: a training step with images, pixels and latent dims, as the power that time grows by."""

import statistics
import time
from collections.abc import Sequence

import numpy as np
import pytest
import torch

from core.config import RunConfig, resolve
from core.images.image_set import ImageSet
from core.model.conditions import Given
from core.training.batches import Batches
from core.training.learner import Learner
from tests.benchmarks.table.conftest import Record
from tests.benchmarks.table.rows import Row, reaching, sized

STEPS = sized(12, 2)
BATCH = 32
TENTH = (
    "the layers between the grid and 256 dims are 3.1 of 33 million multiply-adds, so that 1.1 leaves nothing to chance"
)


def power(amounts: Sequence[float], times: Sequence[float]) -> float:
    """p of time ~ amount^p, by a line through the logarithms."""
    return float(np.polyfit(np.log(amounts), np.log(times), 1)[0])


def seconds_a_step(size: int, dims: int, network: str) -> float:
    config = RunConfig.model_validate({"source": "growth", "model": {"latent_dims": dims, "network": network}})
    config, shape = resolve(config, (size, size, 3), 1000), (size, size, 3)
    learner = Learner(config, shape)
    x = torch.rand(BATCH, 3, size, size).contiguous(memory_format=torch.channels_last)
    noise, taken = torch.randn(1, BATCH, dims), []
    for _ in range(STEPS):
        began = time.perf_counter()
        learner.learn(x, noise, Given(), learner.loss(1.0, 0.5), 1e-3)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def test_pixels(record: Record) -> None:
    sizes = sized((32, 64, 128, 256), (32, 64))
    times = [seconds_a_step(size, 16, "conv") for size in sizes]
    said = ", ".join(f"{size}²: {1000 * each:.0f} ms" for size, each in zip(sizes, times, strict=True))
    found = power([size**2 for size in sizes], times)
    record(Row(f"time of a step by pixels ({said}), its power", "exponent", [found], reaching(1.1)))


def test_latent_dims(record: Record) -> None:
    few, many = sized((2, 16, 64, 256), (2, 16)), sized((512, 1024), (32,))
    times = {dims: seconds_a_step(64, dims, "conv") for dims in (*few, *many)}
    said = ", ".join(f"{dims}: {1000 * each:.0f} ms" for dims, each in times.items())
    found = times[few[-1]] / times[few[0]]
    what = f"step with {few[-1]} latent dims over that with {few[0]} ({said})"
    record(Row(what, "×", [found], reaching(1.1), why_not=TENTH))


@pytest.mark.parametrize("what", ["an epoch begun", "a batch read"])
def test_images(record: Record, what: str) -> None:
    counts, found = sized((10_000, 100_000, 1_000_000), (1_000, 10_000)), []
    for count in counts:
        pixels = np.broadcast_to(np.zeros((1, 16, 16, 1), np.uint8), (count, 16, 16, 1))
        names = np.arange(count).astype(str)
        nobody = np.zeros(count, np.bool_)
        images = ImageSet("growth", pixels, np.zeros(count, np.int64), ("a",), names, nobody, (), "growth")
        batches, taken = Batches(images, BATCH, 0), []
        order = batches.epoch(0)
        for number in range(STEPS):
            began = time.perf_counter()
            if what == "a batch read":
                batches.images(order[number], torch.device("cpu"))
            else:
                batches.epoch(number)
            taken.append(time.perf_counter() - began)
        found.append(statistics.median(taken))
    said = ", ".join(f"{count:,}: {1000 * each:.2f} ms" for count, each in zip(counts, found, strict=True))
    record(Row(f"time of {what} by images ({said}), its power", "exponent", [power(counts, found)], reaching(1.1)))
