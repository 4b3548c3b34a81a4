"""The diagnosis of the run in hand, renewed every few seconds as it learns."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from core.reports import Finding, HeldOutDone, RunOpened, StepDone, TrainingStarted, Untrained
from explorer.failure import sentence
from explorer.threads import LatestOnly

if TYPE_CHECKING:
    from core.config import RunConfig
    from core.latent.latent_space import LatentSpace

EVERY = 3_000  # milliseconds


@dataclass(frozen=True, eq=False)
class _Question:
    config: "RunConfig"
    steps: tuple[StepDone, ...]
    held_out: tuple[HeldOutDone, ...]
    kl_per_dim: NDArray[np.float32]
    images: int
    untrained: Untrained | None


class Diagnosing(QObject):
    """Gathers what training reports; a run that is opened or begun anew begins without findings."""

    found = Signal(object)  # tuple[Finding, ...]
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._config: RunConfig | None = None
        self._steps: list[StepDone] = []
        self._held_out: list[HeldOutDone] = []
        self._kl_per_dim = np.zeros(0, np.float32)
        self._images = 0
        self._untrained: Untrained | None = None
        self._timer = QTimer(self, singleShot=True, interval=EVERY)
        self._timer.timeout.connect(self._ask)
        self._diagnosing = LatestOnly(_diagnose, self)
        self._diagnosing.answered.connect(self._take)
        self._diagnosing.failed.connect(lambda _, error: self.failed.emit(sentence(error)))

    def show_run(self, opened: RunOpened) -> None:
        """A run that was read back."""
        learned = int(np.count_nonzero(~opened.is_held_out))
        self._begin(opened.config, list(opened.steps), list(opened.held_out), learned)
        self._untrained = opened.untrained
        self._kl_per_dim = opened.latent_space.kl_per_dim
        self._ask()

    def show_start(self, started: TrainingStarted) -> None:
        """A training that begins, or goes on from what was known of it."""
        steps = [step for step in self._steps if step.step <= started.step]
        held_out = [test for test in self._held_out if test.step <= started.step]
        self._begin(started.config, steps, held_out, started.images)
        if started.step == 0:
            self._untrained = None

    def show_untrained(self, untrained: Untrained) -> None:
        """What the model cost before its first step."""
        self._untrained = untrained

    def show_map(self, latent_space: "LatentSpace", _: Any = None) -> None:
        """What each latent dimension holds now."""
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
        self._ask()

    def clear(self) -> None:
        """There is no run."""
        self._timer.stop()
        self._config = None
        self.found.emit(())

    def stop(self) -> None:
        """Leave the thread."""
        self._timer.stop()
        self._diagnosing.stop()

    def _begin(self, config: "RunConfig", steps: list[StepDone], held_out: list[HeldOutDone], images: int) -> None:
        self._timer.stop()
        self._config, self._steps, self._held_out, self._images = config, steps, held_out, images
        self.found.emit(())

    def _ask(self) -> None:
        if self._config is not None:
            steps, held_out = tuple(self._steps), tuple(self._held_out)
            known = (self._config, steps, held_out, self._kl_per_dim, self._images, self._untrained)
            self._diagnosing.ask(_Question(*known))

    def _take(self, question: _Question, findings: tuple[Finding, ...]) -> None:
        if question.config is self._config:
            self.found.emit(findings)


def _diagnose(question: _Question) -> tuple[Finding, ...]:
    from core.evaluation.diagnosis import diagnose

    return diagnose(
        question.config,
        question.steps,
        question.held_out,
        question.kl_per_dim,
        question.images,
        question.untrained,
    )
