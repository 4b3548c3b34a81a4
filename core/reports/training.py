"""What a training tells of itself, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.config import RunConfig


@dataclass(frozen=True)
class TrainingStarted:
    """What is about to happen; `step` is above 0 when a run is resumed.

    Then `new` images have come since the run last wrote its table, `gone` are no longer there, and `renamed` are there
    by another name. `damages` are what is wrong with the files of the run, a clause each. `before` and `now` say with
    what arithmetic it learned last, and learns from here on; empty where nobody knows. `threads` are those of a CPU;
    `trial` says what came of trying which arithmetic is fastest.
    """

    run: Path
    config: "RunConfig"
    step: int
    steps_total: int
    images: int
    held_out: int
    parameters: int
    device: str
    precision: str
    new: int = 0
    gone: int = 0
    renamed: int = 0
    damages: tuple[str, ...] = ()
    before: str = ""
    now: str = ""
    threads: int = 0
    trial: str = ""

    @property
    def said_of_change(self) -> str:
        """What has become of a run that goes on, of its files and its images; empty where they are the same."""
        said = (said_of_damages(self.run, self.damages), self._said_of_images, self._said_of_rounding)
        return " ".join(filter(None, said))

    @property
    def _said_of_rounding(self) -> str:
        if self.before in ("", self.now):
            return ""
        return (
            f"It learned with {self.before} before, and goes on with {self.now}, which round sums otherwise: it will "
            "be as good, and not the same to the last bit."
        )

    @property
    def _said_of_images(self) -> str:
        if not (self.new or self.gone or self.renamed):
            return ""
        renamed = f", {self.renamed:,} renamed" if self.renamed else ""
        return (
            f"{self.new:,} new images, {self.gone:,} gone{renamed} since this run last learned; the others stay "
            "learned from or held out as they were."
        )


def said_of_damages(run: Path, damages: Sequence[str]) -> str:
    """What is wrong with the files of a run, in a sentence; empty where nothing is."""
    return f"Not all files of {run} are as they were written: {'; '.join(damages)}." if damages else ""


@dataclass(frozen=True)
class Mended:
    """A damaged run goes on with what is whole of it: what was wrong and what was done, a sentence each."""

    run: Path
    said: tuple[str, ...]


@dataclass(frozen=True)
class Terms:
    """Objective, reconstruction and KL in nats per image.

    The objective is what the run makes small: reconstruction + beta · KL, unless it was trained with another one.
    """

    objective: float
    reconstruction: float
    kl: float


@dataclass(frozen=True)
class Untrained:
    """What a model costs before its first step, weighed as the run ends: over the first batches, `mean` and `high`.

    `mean_image` is what the likelihood gives at most to images when it knows nothing but their mean: −log p(x), nats
    per image. Whatever a run learns, it comes past there.
    """

    mean: Terms
    high: Terms
    mean_image: float


@dataclass(frozen=True)
class LearnsInParts:
    """Memory did not hold a batch at once: it is learned from in parts of at most `at_once` images, as one batch."""

    step: int
    batch_size: int
    at_once: int

    @property
    def sentence(self) -> str:
        """What that means, for who trains."""
        return (
            f"A batch of {self.batch_size:,} needs more memory than there is: learned in parts of {self.at_once:,}, as "
            "one batch."
        )


@dataclass(frozen=True)
class StepDone:
    """The steps since the last such report, thinned at the source to at most ten a second.

    `mean`, `low` and `high` are over those steps; `step` is the last of them.
    """

    step: int
    epoch: float
    mean: Terms
    low: Terms
    high: Terms
    beta: float
    learning_rate: float
    images_per_second: float
    seconds: float
    seconds_left: float | None


def costliest(images: int) -> int:
    """How many of so many held-out images a trimmed mean leaves out: a hundredth."""
    return images // 100


@dataclass(frozen=True)
class HeldOutDone:
    """Terms on held-out images, at the beta that the run ends with; `images` says on how many.

    `trimmed` is the mean objective of all but the costliest hundredth of them, in nats per image: a plain mean can hang
    on a single image that is unlike all others. None in a run of an older version.
    """

    step: int
    terms: Terms
    images: int
    trimmed: float | None = None

    @property
    def usual(self) -> float:
        """What most images cost: `trimmed`, or the mean objective of all where that is not known."""
        return self.terms.objective if self.trimmed is None else self.trimmed

    @property
    def left_out(self) -> int:
        """How many images, the costliest, `usual` leaves out."""
        return 0 if self.trimmed is None else costliest(self.images)


@dataclass(frozen=True)
class CheckpointSaved:
    """The run can be resumed from here; `fingerprint` is the sha256 of the model's weights."""

    step: int
    path: Path
    fingerprint: str = ""


@dataclass(frozen=True)
class SavingWaits:
    """The run cannot be saved: training stands still until it can, and loses no step; said again and again.

    `sentence` says how many bytes are needed, where, and what is in the way.
    """

    step: int
    bytes_needed: int
    bytes_free: int | None  # None where nobody knows, such as when a drive is gone
    sentence: str


@dataclass(frozen=True)
class TrainingDone:
    """The run's epochs or minutes are over, or the user paused or finished it before they were; the model is saved."""

    run: Path
    steps: int
    epochs: float
    seconds: float
    images_per_second: float
    held_out: Terms | None
    is_over: bool = True  # False: training could go on
