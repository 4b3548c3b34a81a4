"""Moments of a training that are kept, to be looked back at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

USUAL_BUDGET = 100_000_000  # bytes of a run's moments

Why = Literal["first", "time", "better", "finding", "last"]


@dataclass(frozen=True)
class Moment:
    """The model and its codes as they were at a step of training.

    `why` it was kept: as the first, for the time that had passed, for an objective that was 5 % better, for the
    `finding` of that name, or because training was paused or ended there. Its file has so many `bytes`.
    """

    step: int
    epoch: float
    seconds: float
    why: Why
    finding: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class MomentsKept:
    """The moments that a run has now, the oldest first; empty where no room was given to them."""

    moments: tuple[Moment, ...]


APART = 0.95  # how surely images of two classes are told from each other where they have parted


@dataclass(frozen=True)
class Parting:
    """How surely an image of one class is told from one of another at some steps, in [0, 1]; NaN: not known."""

    steps: tuple[int, ...]
    apart: tuple[float, ...]

    @property
    def since(self) -> int | None:
        """The step from which on they have been apart; None: they are not now."""
        found = None
        for step, share in zip(reversed(self.steps), reversed(self.apart), strict=True):
            if not share >= APART:
                break
            found = step
        return found


def before_now(moments: Sequence[Moment], step: int) -> tuple[Moment, ...]:
    """Those that can be looked back at from a model at this step: the moment that training ended with is that model."""
    is_now = bool(moments) and moments[-1].why == "last" and moments[-1].step == step
    return tuple(moments[:-1] if is_now else moments)
