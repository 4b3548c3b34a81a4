"""Keeps moments of a training while it goes on: few at first sight, enough to see how the model came to be."""

import hashlib
import math
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.atomic_write import replacing
from core.config import RunConfig
from core.errors import RunError
from core.evaluation.diagnosis import diagnose
from core.evaluation.encode_pass import given_of, testing
from core.images.image_set import ImageSet
from core.model.conditions import Given
from core.model.halving import in_halves
from core.model.tensor_model import to_tensor
from core.model.vae import VAE
from core.reports.moments import Moment, MomentsKept, Why
from core.reports.training import HeldOutDone, StepDone, Untrained
from core.training.clock import Clock
from core.training.history import read_history
from core.training.moment_files import CODES, FOLDER, KL, MODEL, MOMENTS, moments_of, path_of, write_moments
from core.training.time_share import TimeShare

BY_TIME, FIRST_STEP = 24, 4  # moments at growing distances, from the first step that is worth one
MOST = 40  # moments of a run, whatever they are kept for
BETTER = 0.05  # by how much of itself an objective has to fall
APART = 1.02  # from one step that is worth a moment to the next, at least
SHARE, CREDIT = 0.006, 0.4  # of training time that all but the first may take, and seconds on top as it begins
LOOK, LOOK_SHARE = 3.0, 0.002  # seconds between two looks for findings, and the share of training time for them
FIRST_CODES = 256  # images encoded for the moment before the first step


class Keeping:
    """The moments of one training, within `budget` bytes; with none, none is kept, and those there are stay.

    Those after the checkpoint at `step` go: training goes on from there. Where the images are `others`, all go.
    """

    def __init__(self, run: Path, budget: int, step: int, config: RunConfig, images: int, others: bool = False) -> None:
        self._run, self._budget, self._config, self._images = run, budget, config, images
        self.moments: tuple[Moment, ...] = ()
        self.seconds = 0.0  # that they have cost so far
        self._spent, self._wish, self._finding = 0.0, "", ""
        self._next = step + 1 if step else FIRST_STEP
        self._reference: float | None = None  # the objective when a moment was kept last
        self._objective: float | None = None
        self._looking = TimeShare(LOOK, LOOK_SHARE)
        self._found: set[str] = set()
        self.watched_at = -1  # the step at which held-out images were encoded last
        told = read_history(run, step)
        self._steps, self._held_out, self._untrained = list(told.steps), list(told.held_out), told.untrained
        self._begin(step, others)

    def hear(self, report: object, kl_per_dim: Tensor) -> None:
        """What training reports may be worth a moment: an objective that has become better, a finding."""
        match report:
            case _ if not self.has_room:
                return
            case Untrained():
                self._untrained = report
            case StepDone():
                self._steps.append(report)
                self._objective = report.mean.objective
                self._wish = self._wish or ("better" if self._is_better() else "")
            case HeldOutDone():
                self._held_out.append(report)
                self.watched_at = report.step
                if self._looking.is_due():
                    with self._looking.spent():
                        self._look(kl_per_dim)

    def is_due(self, clock: Clock) -> bool:
        """Whether a moment is to be kept now."""
        if clock.step >= self._next and not self._wish:
            self._wish = "time"
        is_apart = not self.moments or clock.step > APART * self.moments[-1].step
        may_take = self._spent <= CREDIT + SHARE * clock.seconds
        return bool(self._wish and self.has_room and is_apart and may_take)

    @property
    def has_room(self) -> bool:
        """Whether any is kept."""
        return self._budget > 0

    def keep(
        self, clock: Clock, weights: Mapping[str, Tensor], codes: Tensor, kl_per_dim: Tensor, why: Why | None = None
    ) -> MomentsKept | None:
        """Write what is now, codes (N, d), and make room for it; None where that cannot be.

        A disk that is full is not this place's to tell of: the next checkpoint waits for room, and says so.
        """
        kept = why or self._why()
        with suppress(OSError, RunError):
            content = _tensors(weights, codes, kl_per_dim)
            known = (clock.step, clock.epoch, clock.seconds, kept, self._finding if kept == "finding" else "")
            moment = Moment(*known, len(content), hashlib.sha256(content).hexdigest())
            others = [each for each in self.moments if each.step < clock.step]
            chosen = thinned([*others, moment], self._budget)
            if moment in chosen:
                self._write(moment, content)
            self._say(chosen)
            self._wish, self._finding, self._reference = "", "", self._objective
            self._next = _next_step(clock)
            return MomentsKept(self.moments)
        return None

    @contextmanager
    def timed(self) -> Iterator[None]:
        """What is done within is what a moment costs; the first, which all others hang on, holds none of them up."""
        start = time.monotonic()
        yield
        took = time.monotonic() - start
        self.seconds += took
        self._spent += took * (len(self.moments) > 1)

    def _begin(self, step: int, others: bool) -> None:
        """Go on with the moments up to a step; files that nobody lists, left by a crash, go."""
        with suppress(RunError, OSError):
            known = moments_of(self._run)
            kept = () if others or not step else tuple(each for each in known if each.step <= step)
            if kept != known:
                self._say(kept)
            self.moments = kept
            listed = {path_of(self._run, each) for each in kept}
            for path in (self._run / FOLDER).glob("*"):
                if path not in listed:
                    path.unlink()
        self._found = {each.finding for each in self.moments if each.finding}

    def _why(self) -> Why:
        return next((each for each in ("finding", "better") if each == self._wish), "time")

    def _is_better(self) -> bool:
        if self._reference is None or self._objective is None:
            self._reference = self._objective
            return False
        return self._objective < self._reference - BETTER * abs(self._reference)

    def _look(self, kl_per_dim: Tensor) -> None:
        known = (self._config, self._steps, self._held_out, kl_per_dim.cpu().numpy(), self._images, self._untrained)
        new = [each.name for each in diagnose(*known) if each.name not in self._found]
        if new:
            self._found |= set(new)
            self._wish, self._finding = "finding", new[0]

    def _write(self, moment: Moment, content: bytes) -> None:
        path = path_of(self._run, moment)
        path.parent.mkdir(exist_ok=True)
        with replacing(path) as temporary, temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def _say(self, moments: Sequence[Moment]) -> None:
        """These are the moments from now on: a file is there before it is listed, and goes after it was."""
        gone = [each for each in self.moments if each not in moments]
        if moments or (self._run / MOMENTS).exists():
            write_moments(self._run, moments)
        self.moments = tuple(moments)
        for each in gone:
            path_of(self._run, each).unlink(missing_ok=True)


@torch.no_grad()
def first_codes(vae: VAE, image_set: ImageSet, labels: NDArray[np.int64] | None) -> Tensor:
    """The codes (N, d) of a model that has not learned yet, NaN but for some images: they cost an encoding each.

    `labels` (N,) are what a class-conditional model is told; the image set's own without them.
    """
    device, labels = next(vae.parameters()).device, image_set.labels if labels is None else labels
    codes = torch.full((len(image_set), vae.latent_dims), torch.nan)
    some = np.arange(len(image_set))[:: -(-len(image_set) // FIRST_CODES)]

    def encoded(part: slice) -> Tensor:
        rows = some[part]
        given = Given() if vae.conditional == "completion" else given_of(vae, rows, labels)
        return vae.posterior(to_tensor(image_set.pixels[rows]).to(device), given).code.float().cpu()

    with testing(vae):
        codes[torch.from_numpy(some)] = in_halves(len(some), encoded, torch.cat)
    return codes


def thinned(moments: Sequence[Moment], budget: int) -> list[Moment]:
    """Moments, the oldest first, of which so many are left out that the others fit.

    Those between the first and the last go first, and of these the one that is missed least: its neighbours are the
    nearest to each other, as steps are told apart on a logarithmic scale. What was kept for a finding goes last.
    """
    left = list(moments)
    while left and (len(left) > MOST or sum(each.bytes for each in left) > budget):
        middle = range(1, len(left) - 1)
        plain = [place for place in middle if left[place].why != "finding"]
        if chosen := plain or list(middle):
            del left[min(chosen, key=lambda place: (left[place + 1].step + 1) / (left[place - 1].step + 1))]
        else:
            del left[0]
    return left


def _next_step(clock: Clock) -> int:
    """The step of the next moment for the time that has passed: BY_TIME of them until training ends."""
    total = max(clock.steps_total if not clock.progress else clock.step / clock.progress, 2.0 * FIRST_STEP)
    ratio = math.pow(total / FIRST_STEP, 1.0 / (BY_TIME - 2))
    return max(clock.step + 1, FIRST_STEP, math.ceil(clock.step * ratio))


def _tensors(weights: Mapping[str, Tensor], codes: Tensor, kl_per_dim: Tensor) -> bytes:
    from safetensors.torch import save

    tensors = {f"{MODEL}{name}": _half(value) for name, value in weights.items()}
    return save({CODES: _half(codes), KL: kl_per_dim.detach().float().cpu().contiguous(), **tensors})


def _half(value: Tensor) -> Tensor:
    """In float16 on the CPU; as it is where a number is too large for that."""
    value = value.detach()
    half = value.to(torch.float16)
    fits = not bool((half.isinf() & ~value.isinf()).any())
    return (half if fits and value.is_floating_point() else value).cpu().contiguous()
