"""Which arithmetic a network learns fastest with on this machine: tried for a second or two, then remembered."""

import hashlib
import json
import os
import platform
import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock

from core.atomic_write import write_whole
from core.bounded_read import SMALL, read_json
from core.config import RunConfig
from core.errors import PlaceError
from core.places import settings_folder
from core.training.arithmetic import Arithmetic, Chosen, kept, possible, usual
from core.training.batches import Batches
from core.training.device import choose_device
from core.training.learner import Learner

SECONDS, TURN_SECONDS = 1.5, 0.03  # of a whole trial; of what is timed at once
FEWEST, ROUNDS = 4, 3  # images in a step; turns of each way at least
FEWEST_STEPS, FEWEST_SECONDS = 1_000, 30.0  # a run that ends before that has no time to win
CLOSE = 0.97  # what is so nearly as fast on fewer threads, or in float32, is taken
BUSY = 0.2  # of the cores, taken by others in the last minute: what is found then is true for now only
REMEMBERED, FILE = 1_000, "fastest.json"


def choose(
    config: RunConfig, batches: Batches, classes: int, most_threads: int, facts: Mapping[str, Any], may_try: bool
) -> Chosen:
    """What a run learns with, on at most so many threads where it is not asked for more.

    A run goes on with what its checkpoint's `facts` say that it learned with. One that is long enough has a trial.
    """
    training, device = config.training, choose_device(config.training)
    if (before := kept(facts, training, device, most_threads)) is not None:
        return before
    ways = possible(training, device, most_threads)
    assert training.epochs != "auto"
    steps = training.epochs * len(batches.epoch(0)) - int(facts.get("step", 0))
    is_long = steps >= FEWEST_STEPS and (training.minutes is None or 60.0 * training.minutes >= FEWEST_SECONDS)
    if may_try and is_long and len(ways) > 1:
        return fastest(config, batches, classes, ways, most_threads)
    return Chosen(usual(training, device, most_threads), most_threads)


def fastest(config: RunConfig, batches: Batches, classes: int, ways: Sequence[Arithmetic], most_threads: int) -> Chosen:
    """The first of these ways that is about as fast as any, by a trial or by an earlier one of the same network here.

    The trial has a model of its own: neither weights nor generators of the run know of it. Two programs never try at
    once. This thread's number of threads is another afterwards.
    """
    key, chosen = _key(config, batches, classes, ways), None
    with suppress(PlaceError, OSError):  # then it is found anew next time
        file = settings_folder() / FILE
        with FileLock(file.with_suffix(".lock")):
            known = _remembered(file)
            chosen = Chosen.read(known.get(key))
            if chosen is None or chosen.arithmetic not in ways:
                is_calm = not _is_busy()
                chosen = _tried(config, batches, classes, ways, most_threads)
                known[key] = chosen.as_json()
                if is_calm:
                    write_whole(file, json.dumps(dict(list(known.items())[-REMEMBERED:]), indent=1))
    return chosen or _tried(config, batches, classes, ways, most_threads)


def speeds(config: RunConfig, batches: Batches, classes: int, ways: Sequence[Arithmetic]) -> list[float]:
    """Images a second of each way, of steps on the run's own images: turn and turn about, the median of them."""
    steps = _Steps(config, batches, classes)
    steps.fit(ways[0])
    taken: list[list[float]] = [[] for _ in ways]
    ends, turns = time.monotonic() + SECONDS, 0
    while turns < ROUNDS or time.monotonic() < ends:
        for each, way in zip(taken, ways, strict=True):
            each.append(steps.seconds(way))
        turns += 1
    return [steps.images / statistics.median(each) for each in taken]


class _Steps:
    """Steps of a model that is thrown away."""

    def __init__(self, config: RunConfig, batches: Batches, classes: int) -> None:
        self._config, self._batches = config, batches
        self._learner = Learner(config, batches.image_set.shape, classes)
        self._order, self._at_once = batches.epoch(0)[0], 1
        self._see(min(FEWEST, len(self._order)))

    @property
    def images(self) -> int:
        """How many a step learns from."""
        return len(self._seen[0])

    def fit(self, way: Arithmetic) -> None:
        """As many images a step as the run has, or as fit the time; and as many steps at once as fit it."""
        self.seconds(way)
        while self.images < len(self._order) and 2.0 * self.seconds(way) < TURN_SECONDS:
            self._see(min(len(self._order), 2 * self.images))  # a step of twice as many takes less than twice as long
        self._at_once = max(1, round(TURN_SECONDS / self.seconds(way)))

    def seconds(self, way: Arithmetic) -> float:
        """What a step takes; the first, which gets the threads ready, does not count."""
        learner = self._learner
        torch.set_num_threads(way.threads)
        learner.precision = way.dtype
        loss = learner.loss(1.0, 0.5)
        for number in range(self._at_once + 1):
            if number == 1:
                began = time.perf_counter()
            learner.learn(*self._seen, loss, 0.0)
        return (time.perf_counter() - began) / self._at_once

    def _see(self, images: int) -> None:
        batches, device, config = self._batches, self._learner.device, self._config
        rows = self._order[:images]
        noise = batches.noise(0, (config.training.samples, images, config.model.latent_dims), device)
        given = batches.given(config.model.conditional, 0, rows, device)
        self._seen = batches.images(rows, device), noise, given


def _tried(config: RunConfig, batches: Batches, classes: int, ways: Sequence[Arithmetic], most_threads: int) -> Chosen:
    found = speeds(config, batches, classes, ways)
    best = max(found)
    way, speed = next(pair for pair in zip(ways, found, strict=True) if pair[1] >= CLOSE * best)
    return Chosen(way, most_threads, len(ways), speed)


def _is_busy() -> bool:
    """Whether other programs leave less than the whole machine; where the system does not tell, they do not."""
    return hasattr(os, "getloadavg") and os.getloadavg()[0] > BUSY * (os.cpu_count() or 1)


def _remembered(file: Path) -> dict[str, Any]:
    try:
        content = read_json(file, SMALL)
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _key(config: RunConfig, batches: Batches, classes: int, ways: Sequence[Arithmetic]) -> str:
    """Machine, network, batch and choices: what the outcome hangs on."""
    training = config.training
    parts = [
        *(platform.machine(), _processor(), torch.__version__, torch.backends.cpu.get_cpu_capability()),
        *(config.model.model_dump_json(), classes, list(batches.image_set.shape)),
        *(training.objective, training.samples, len(batches.epoch(0)[0]), [list(way) for way in ways]),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _processor() -> str:
    """The processor's name and what it can do, where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    told = ("model name", "flags", "Features", "CPU part")
    return "\n".join(sorted({line for line in lines if line.startswith(told)}))
