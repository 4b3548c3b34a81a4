"""Going on is exact: every objective, posterior, network and precision, cut wherever it hurts."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
import torch

from core.config import RunConfig
from core.images.image_set import ImageSet, build_image_set
from core.reports.images import ImageSetReady
from core.reports.training import StepDone
from core.training.checkpoints import load_checkpoint
from core.training.train import train
from tests.torture.conftest import FULL, Figure

CHOICES = {
    "objective": ("elbo", "iwae", "autoencoder"),
    "posterior": ("diagonal", "planar", "iaf"),
    "network": ("linear", "mlp", "conv"),
    "precision": ("float32", "bf16"),
}
CUTS = (1, 2, 4, 7, 9)  # the first step, inside the warm-up, an epoch's end, mid-epoch; of 12 in epochs of 4


@pytest.fixture(autouse=True)
def every_step_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.training.meter.SOONEST", 0.0)
    monkeypatch.setattr("core.training.meter.SLOWING", 0.0)


def cut(image_set: ImageSet, config: RunConfig, run: Path, step: int, by_error: bool) -> None:
    """End a session after a step: the window closes it, or an error comes."""
    reports = train(image_set, config, run)
    for report in reports:
        if isinstance(report, StepDone) and report.step >= step:
            break
    if not by_error:
        reports.close()
        return
    with pytest.raises(ZeroDivisionError):
        reports.throw(ZeroDivisionError())


def is_same(one: Path, other: Path) -> bool:
    """All but the plane: it is turned as little as can be from the last one that was seen."""
    first, second = load_checkpoint(one), load_checkpoint(other)
    weights = all(torch.equal(value, second.model[name]) for name, value in first.model.items())
    optimiser = all(torch.equal(value, second.train[name]) for name, value in first.train.items())
    return weights and optimiser and torch.equal(first.codes["codes"], second.codes["codes"])


@pytest.mark.timeout(3600)
def test_a_run_that_was_cut_is_the_run_it_would_have_been(
    folder: Path, tmp_path: Path, times: Callable[[int, int], int], figure: Figure
) -> None:
    images = {"image_size": 16, "held_out": 0.25}
    built = build_image_set(str(folder), RunConfig.model_validate({"source": str(folder), "images": images}).images)
    image_set = [report for report in built if isinstance(report, ImageSetReady)][-1].image_set
    every = list(product(*CHOICES.values()))
    chosen, wrong = every if FULL else every[20:21], []
    for number, (objective, posterior, network, precision) in enumerate(chosen):
        config = RunConfig.model_validate(
            {
                "source": str(folder),
                "images": images,
                "model": {"latent_dims": 3, "width": 8, "network": network, "posterior": posterior, "flows": 2},
                "training": {"epochs": 3, "batch_size": 5, "device": "cpu", "precision": precision}
                | {"objective": objective, "samples": 1 if objective != "iwae" else 3},
            }
        )
        whole, broken = tmp_path / f"{number}-whole", tmp_path / f"{number}-broken"
        list(train(image_set, config, whole))
        for index, step in enumerate(CUTS):
            cut(image_set, config, broken, step, by_error=bool(index % 2))
        list(train(image_set, config, broken))
        if not is_same(whole, broken):
            wrong.append((objective, posterior, network, precision))
    figure(
        "resume is exact",
        f"bit-identical {len(chosen) - len(wrong)} / {len(chosen)}: weights, optimiser and codes of every objective, "
        f"posterior, network and precision, each cut {len(CUTS)} times",
    )
    assert wrong == []
