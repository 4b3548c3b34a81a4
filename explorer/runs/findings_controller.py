"""The diagnosis of the run in hand, renewed every few seconds as it learns, and what came of a remedy tried."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from core.latent.reports import RunOpened
from core.reports.evaluation import Finding
from core.reports.training import HeldOutDone, StepDone, TrainingStarted, Untrained
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence

if TYPE_CHECKING:
    from core.config import RunConfig
    from core.latent.latent_space import LatentSpace

EVERY = 3_000  # milliseconds


@dataclass(frozen=True, eq=False)
class _Tried:
    """The run that a remedy was tried for; None of its held-out images where it was not tested."""

    run: Path
    config: "RunConfig"
    held_out: HeldOutDone | None


@dataclass(frozen=True, eq=False)
class _Question:
    config: "RunConfig"
    steps: tuple[StepDone, ...]
    held_out: tuple[HeldOutDone, ...]
    kl_per_dim: NDArray[np.float32]
    images: int
    untrained: Untrained | None
    before: _Tried | None
    is_over: bool


@dataclass(frozen=True)
class _Answer:
    findings: tuple[Finding, ...]
    too_early: str
    trial: str


NOTHING = _Answer((), "", "")


class Diagnosing(QObject):
    """Gathers what training reports; a run that is opened or begun anew begins without findings.

    The first new run of the same images after a remedy was tried is compared with the run it was found in, for as long
    as it is the run in hand.
    """

    found = Signal(object)  # tuple[Finding, ...]
    early_told = Signal(str)  # why nothing can be said yet; empty: it can
    trial_told = Signal(str)  # before and after a remedy; empty: none was tried
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._config: RunConfig | None = None
        self._steps: list[StepDone] = []
        self._held_out: list[HeldOutDone] = []
        self._kl_per_dim = np.zeros(0, np.float32)
        self._images = 0
        self._untrained: Untrained | None = None
        self._run: Path | None = None
        self._is_over = False
        self._is_trying = False  # whether the next new run is the trial of a remedy
        self._before: _Tried | None = None  # the run in hand is the trial of a remedy for this one
        self._timer = QTimer(self, singleShot=True, interval=EVERY)
        self._timer.timeout.connect(self._ask)
        self._diagnosing = LatestOnly(_diagnose, self)
        self._diagnosing.answered.connect(self._take)
        self._diagnosing.failed.connect(lambda _, error: self.failed.emit(sentence(error)))

    def show_run(self, opened: RunOpened) -> None:
        """A run that was read back."""
        learned = int(np.count_nonzero(~opened.is_held_out))
        self._leave(opened.run)
        self._begin(opened.config, list(opened.steps), list(opened.held_out), learned)
        self._untrained, self._is_over = opened.untrained, opened.finished
        self._kl_per_dim = opened.latent_space.kl_per_dim
        self._ask()

    def show_start(self, started: TrainingStarted) -> None:
        """A training that begins, or goes on from what was known of it."""
        steps = [step for step in self._steps if step.step <= started.step]
        held_out = [test for test in self._held_out if test.step <= started.step]
        tried = self._tried_for(started)
        self._leave(started.run)
        self._before = tried or self._before
        self._begin(started.config, steps, held_out, started.images)
        self._is_over = False
        if started.step == 0:
            self._untrained = None

    def begin_trial(self, _: Any = None) -> None:
        """A remedy for the run in hand was filled in."""
        self._is_trying = self._run is not None

    def show_untrained(self, untrained: Untrained) -> None:
        """What the model cost before its first step."""
        self._untrained = untrained

    def show_map(self, latent_space: "LatentSpace", _: Any = None) -> None:
        """What each latent dimension holds now, not at a moment that is looked back at."""
        if not latent_space.is_past:
            self._kl_per_dim = latent_space.kl_per_dim

    def add_step(self, step: StepDone) -> None:
        """One more report of training."""
        self._steps.append(step)
        if not self._timer.isActive():
            self._timer.start()

    def add_held_out(self, test: HeldOutDone) -> None:
        """One more test on held-out images."""
        self._held_out.append(test)

    def end(self, _: Any = None) -> None:
        """Training has ended: what it ended with counts."""
        self._is_over = True
        self._ask()

    def clear(self) -> None:
        """There is no run."""
        self._timer.stop()
        self._config = None
        self._leave(None)
        self._tell(NOTHING)

    def stop(self) -> None:
        """Leave the thread."""
        self._timer.stop()
        self._diagnosing.stop()

    def _begin(self, config: "RunConfig", steps: list[StepDone], held_out: list[HeldOutDone], images: int) -> None:
        self._timer.stop()
        self._config, self._steps, self._held_out, self._images = config, steps, held_out, images
        self._tell(NOTHING)

    def _leave(self, run: Path | None) -> None:
        """Another run is in hand, or the same one still."""
        if run != self._run:
            self._run, self._before, self._is_trying = run, None, False

    def _tried_for(self, started: TrainingStarted) -> _Tried | None:
        """The run before, where the one that begins is the trial of a remedy for it."""
        before = self._config
        if not self._is_trying or self._run in (None, started.run) or before is None:
            return None
        if before.source != started.config.source:
            return None
        assert self._run is not None
        return _Tried(self._run, before, self._held_out[-1] if self._held_out else None)

    def _ask(self) -> None:
        if self._config is not None:
            steps, held_out = tuple(self._steps), tuple(self._held_out)
            known = (self._config, steps, held_out, self._kl_per_dim, self._images, self._untrained)
            self._diagnosing.ask(_Question(*known, self._before, self._is_over))

    def _take(self, question: _Question, answer: _Answer) -> None:
        if question.config is self._config:
            self._tell(answer)

    def _tell(self, answer: _Answer) -> None:
        self.found.emit(answer.findings)
        self.early_told.emit(answer.too_early)
        self.trial_told.emit(answer.trial)


def _diagnose(question: _Question) -> _Answer:
    from core.evaluation.diagnosis import diagnose, too_early

    findings = diagnose(
        question.config,
        question.steps,
        question.held_out,
        question.kl_per_dim,
        question.images,
        question.untrained,
    )
    return _Answer(findings, too_early(question.steps), _said_of_trial(question))


def _said_of_trial(question: _Question) -> str:
    from core.evaluation.remedy_trial import Outcome, said_of_trial

    if (before := question.before) is None:
        return ""
    now = question.held_out[-1] if question.held_out else None
    return said_of_trial(Outcome(before.config, before.held_out), Outcome(question.config, now, question.is_over))
