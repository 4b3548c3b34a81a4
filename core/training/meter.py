"""Gathers the terms of many steps into one report."""

import time

import torch
from torch import Tensor

from core.errors import TrainingError
from core.model.objectives import Objective
from core.reports.training import Terms
from core.training.processes import Part

SOONEST = 0.1  # seconds between two reports at first,
SLOWING = 0.0005  # this share of the training so far later,
LATEST = 2.0  # and at last this: the caller can stop training only at a report
_COLUMNS = {"reconstruction": 1, "KL": 2, "objective": 0}  # the parts first


class Meter:
    """Terms since the last reading; nothing is copied from the device until it is read."""

    def __init__(self) -> None:
        self._terms: list[Tensor] = []
        self._images = 0
        self._since = time.monotonic()

    def add(self, result: Objective, part: Part) -> None:
        """Take in one step, of which this process had a part."""
        each = torch.stack((result.objective.detach(), result.reconstruction.detach(), result.kl.detach()))
        self._images += part.whole
        self._terms.append(each.mean(dim=1) if part.is_whole else each[:, : part.counted].sum(dim=1) / part.whole)

    def is_due(self, seconds: float) -> bool:
        """Whether it is time to read, this many seconds into the training."""
        return bool(self._terms) and time.monotonic() - self._since >= min(LATEST, max(SOONEST, SLOWING * seconds))

    def take(self) -> Tensor:
        """The terms of each step since they were last taken, (steps, 3): this process's part of them."""
        terms, self._terms = torch.stack(self._terms).cpu().double(), []
        return terms

    def read(self, step: int, terms: Tensor) -> tuple[Terms, Terms, Terms, float]:
        """Mean, lowest and highest of the terms taken on all processes, and images a second since the last reading.

        Raises TrainingError when a term is no longer finite.
        """
        check_finite(terms, step)
        now = time.monotonic()
        speed = self._images / max(now - self._since, 1e-9)
        self._images, self._since = 0, now
        mean, low, high = (Terms(*row.tolist()) for row in (terms.mean(0), terms.amin(0), terms.amax(0)))
        return mean, low, high, speed


def check_finite(terms: Tensor, step: int) -> None:
    """Raise TrainingError where one of the terms of the steps up to this one, (steps, 3), is no finite number."""
    broken = (~torch.isfinite(terms)).nonzero()
    if len(broken):
        row = int(broken[0, 0])
        name = next(name for name, column in _COLUMNS.items() if not torch.isfinite(terms[row, column]))
        raise no_number(f"The {name}", step - len(terms) + 1 + row)


def no_number(what: str, step: int) -> TrainingError:
    """The error of a step whose numbers were not finite."""
    return TrainingError(
        f"{what} was no finite number at step {step:,}, from which nothing was learned; what was learned before is "
        "kept. Train again with a lower learning rate, or with more warm-up."
    )
