"""A setting that the form turns off for changing nothing does change nothing."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.config import RunConfig
from core.images.image_set import ImageSet
from core.reports.training import TrainingDone
from core.training.train import train
from explorer.training.idle_settings import idle_settings

OTHER: dict[tuple[str, str], Any] = {
    ("model", "width"): 8,
    ("model", "stages"): 1,
    ("model", "encoder_norm"): "none",
    ("model", "sigma"): 0.3,
    ("model", "flows"): 2,
    ("training", "effort"): 7.0,
    ("training", "samples"): 3,
    ("training", "beta"): 4.0,
    ("training", "warm_up"): 0.5,
    ("training", "warm_up_cycles"): 3,
    ("training", "free_bits"): 1.0,
    ("training", "capacity"): 9.0,
}
CHOICES = [
    {"model": {"network": "linear"}, "training": {"objective": "autoencoder"}},
    {"model": {"posterior": "planar", "width": 4}, "training": {"objective": "iwae", "warm_up": 0.0, "samples": 2}},
    {"model": {"likelihood": "gaussian", "width": 4}, "training": {"objective": "elbo", "warm_up": 0.0}},
]


def learned(run: Path, chosen: dict[str, dict[str, Any]]) -> float:
    """How well held-out images come back, which every step that was taken has a part in."""
    pixels = np.random.default_rng(0).integers(0, 256, (12, 16, 16, 1), np.uint8)
    names, held_out = [f"{number}.png" for number in range(12)], np.arange(12) % 4 == 3
    image_set = ImageSet("/noise", pixels, np.zeros(12, np.int64), ("noise",), names, held_out, (), "noise")
    training = {"batch_size": 5, "device": "cpu", "epochs": 2, **chosen["training"]}
    config = RunConfig.model_validate({"source": "/noise", **chosen, "training": training})
    (done,) = (report for report in train(image_set, config, run) if isinstance(report, TrainingDone))
    assert done.held_out is not None
    return done.held_out.reconstruction


@pytest.mark.parametrize("chosen", CHOICES, ids=["autoencoder", "iwae", "elbo"])
def test_what_is_off_changes_nothing(tmp_path: Path, chosen: dict[str, dict[str, Any]]) -> None:
    values = RunConfig.model_validate({"source": "faces", **chosen}).model_dump()
    values["training"]["epochs"] = 2
    idle = idle_settings(values)
    assert idle
    changed = {group: dict(chosen[group]) for group in chosen}
    for (group, name), value in OTHER.items():
        if (group, name) in idle:
            changed[group][name] = value
    assert learned(tmp_path / "a", chosen) == learned(tmp_path / "b", changed)
