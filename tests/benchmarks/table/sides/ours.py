"""Trains a workload as `latentscape train` does, checkpoints and map among it; prints seconds and objective.

Usage: python -m tests.benchmarks.table.sides.ours FOLDER RUN
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

from core.images.image_set import ImageSet
from core.reports.training import StepDone, TrainingDone, TrainingStarted
from tests.benchmarks.table.sides.workload import SOURCE, Workload


def image_set(workload: Workload) -> ImageSet:
    learned, held_out = workload.learned, workload.held_out
    count, tested = len(learned) + len(held_out), np.arange(len(learned) + len(held_out)) >= len(learned)
    names = [f"{number:07}" for number in range(count)]
    pixels = np.concatenate([learned, held_out])
    return ImageSet(SOURCE, pixels, np.zeros(count, np.int64), ("all",), names, tested, (), f"{count} of a benchmark")


def main(folder: Path, run: Path) -> None:
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as the program does before torch is there
    workload = Workload.read(folder)
    workload.use_network()
    from core.training.train import train

    images = image_set(workload)
    began, ended = 0.0, 0.0
    for report in train(images, workload.config, run):
        if isinstance(report, TrainingStarted):
            began, started = time.perf_counter(), report
        if isinstance(report, StepDone):
            ended = time.perf_counter()
    assert isinstance(report, TrainingDone)
    objective = None if report.held_out is None else report.held_out.objective
    print(json.dumps({"seconds": ended - began, "objective": objective, "way": started.now}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
