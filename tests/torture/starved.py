"""Training with so many MB of address space and no more."""

import resource
from pathlib import Path

import numpy as np

from core.config import RunConfig
from core.images.image_set import ImageSet
from core.reports.training import LearnsInParts, TrainingDone, TrainingStarted
from core.training.train import train

IMAGES, SIDE = 800, 64
LIMITS = (260, 240, 220)  # MB beside what the program takes; a whole batch needs more


def limit(megabytes: int) -> None:
    """From now on no more than this beside what there is."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + (megabytes << 20)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def starve(run: Path, network: str, megabytes: int) -> None:
    """One run of a few steps on noise."""
    pixels = np.random.default_rng(0).integers(0, 256, (IMAGES, SIDE, SIDE, 3), np.uint8)
    names, labels = tuple(f"{n}.png" for n in range(IMAGES)), np.zeros(IMAGES, np.int64)
    image_set = ImageSet("noise", pixels, labels, ("noise",), names, np.zeros(IMAGES, np.bool_), (), "noise")
    config = RunConfig.model_validate(
        {
            "source": "noise",
            "images": {"image_size": SIDE},
            "model": {"network": network, "width": 8, "likelihood": "gaussian-optimal"},
            "training": {"epochs": 2, "batch_size": IMAGES, "device": "cpu", "free_bits": 0.02},
        }
    )
    for report in train(image_set, config, run):
        if isinstance(report, TrainingStarted):  # PyTorch is loaded
            limit(megabytes)
        if isinstance(report, LearnsInParts):
            print(report.sentence, flush=True)
        if isinstance(report, TrainingDone):
            print(f"done after {report.steps} steps")
