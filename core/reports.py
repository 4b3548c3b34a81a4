"""The frozen records that long jobs yield and the window shows; imports no torch."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from core.byte_sizes import bytes_said, of_bytes_said
from core.skipped_file import Skipped as Skipped

if TYPE_CHECKING:
    from core.config import RunConfig
    from core.images.image_set import ImageSet
    from core.latent.latent_space import LatentSpace

Array = NDArray[np.generic]
FindingName = Literal[
    "objective not in nats",
    "learning rate too high",
    "exploding variance",
    "collapsed posterior",
    "over-regularised blur",
    "overfitting",
]


NOTHING_SAID = "(none)"  # the level of images that a column says nothing of
# Why a row of a table says nothing of any image.
ROW_REASONS = NO_SUCH_IMAGE, FITS_SEVERAL, FITS_LESS, UNREADABLE, NAMELESS = (
    "no such image",
    "fits several images",
    "another row fits better",
    "row cannot be read",
    "row names no image",
)


@dataclass(frozen=True, eq=False)
class Column:
    """What is known of each image beside its class: words, or numbers in ranges so that a legend can hold them."""

    name: str
    levels: tuple[str, ...]  # what a legend lists, in its order
    codes: NDArray[np.int64]  # (N,) index into levels
    numbers: NDArray[np.float64] | None = None  # (N,) NaN where nothing is said; None for a column of words


@dataclass(frozen=True)
class Intake:
    """What the files were, and what was done to them to make images of them."""

    formats: dict[str, int] = field(default_factory=dict)  # "PNG": files used
    treatments: dict[str, int] = field(default_factory=dict)  # "turned upright": files used
    frames: int = 0  # further frames and pages, not used
    least_square: tuple[int, ...] = ()  # indices of the images whose files are longest or widest, at most 8
    folders: str = ""  # how they were sorted into classes and sides, where that is not plain to see
    class_column: str = ""  # that the classes are of; empty: they are of folders
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)  # "uint16": black and white, for the whole set
    by_picture: tuple[str, ...] = ()  # kinds of number, such as "uint16", that were scaled picture by picture
    bulk: dict[str, tuple[float, float, float]] = field(default_factory=dict)  # lowest, highest, share of stray numbers
    range_offered: str = ""  # another setting of the range, by which nearly all numbers are seen better
    range_said: str = ""  # why, in a sentence


@dataclass(frozen=True)
class Joined:
    """How a table of metadata fits the images: `unmatched` are the rows that say nothing of any, and why."""

    path: Path
    columns: tuple[str, ...]
    unmatched: tuple[Skipped, ...]  # by what they name, their line in the detail
    without_row: int  # images that it says nothing of
    key: str = ""  # the column that says which image a row is about
    remarks: tuple[str, ...] = ()  # what was done to understand the table, a sentence each
    trouble: str = ""  # why nothing of it could be read; empty: something could


@dataclass(frozen=True)
class Progress:
    """How far a long job is: `total` 0 means not known yet, `seconds_left` None likewise."""

    doing: str
    done: int
    total: int = 0
    seconds_left: float | None = None
    in_bytes: bool = False

    @property
    def counted(self) -> str:
        """As "1,234 of 70,000", or of bytes "4.1 of 12 MB"."""
        if self.in_bytes:
            return of_bytes_said(self.done, self.total) if self.total else bytes_said(self.done)
        return f"{self.done:,} of {self.total:,}" if self.total else f"{self.done:,}"


@dataclass(frozen=True, eq=False)
class ImagesPreview:
    """A few images as they come in: uint8, (n, H, W, C)."""

    pixels: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class ImageSetReady:
    """The end of `build_image_set`."""

    image_set: "ImageSet"


@dataclass(frozen=True)
class TrainingStarted:
    """What is about to happen; `step` is above 0 when a run is resumed.

    Then `new` images have come since the run last wrote its table, `gone` are no longer there, and `renamed` are there
    by another name.
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

    @property
    def said_of_change(self) -> str:
        """What has become of the images of a run that goes on; empty where they are the same."""
        if not (self.new or self.gone or self.renamed):
            return ""
        renamed = f", {self.renamed:,} renamed" if self.renamed else ""
        return (
            f"{self.new:,} new images, {self.gone:,} gone{renamed} since this run last learned; the others stay "
            "learned from or held out as they were."
        )


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


@dataclass(frozen=True)
class HeldOutDone:
    """Terms on held-out images, at the beta that the run ends with; `images` says on how many."""

    step: int
    terms: Terms
    images: int


@dataclass(frozen=True)
class SamplesJudged:
    """Pictures drawn from the prior, judged without the encoder.

    Distances are to the nearest image learned from: the root mean squared difference of pixels in [0, 1], reduced to
    at most 1,024 values; the median over pictures. What a decoder makes is blurred, and so nearer to every image: the
    fair comparison is with held-out images reconstructed. By chance 1 % of samples are copies and 5 % are off.
    """

    samples: int
    distance: float  # of samples
    held_out_distance: float  # of held-out images
    reconstruction_distance: float  # of held-out images, reconstructed
    copies: float  # share nearer than 99 of 100 reconstructions
    off: float  # share farther than 95 of 100 reconstructions
    classes: tuple[str, ...]  # empty where there is one class, or none
    balance: tuple[float, ...]  # share of samples that a small classifier puts in each class
    learned_balance: tuple[float, ...]  # share of the images learned from
    classifier_accuracy: float | None  # on held-out images
    as_asked: float | None  # share of a class-conditional model's samples classified as the class asked for


@dataclass(frozen=True)
class Evaluated:
    """How good a model is on images, in nats per image; the end of `evaluate`.

    `objective` is what the run makes small: reconstruction + beta · KL, with free bits and capacity of these images'
    mean KL, and the bound of as many samples as were trained with for a run of iwae.
    `log_px` is estimated by importance sampling from q(z|x), `naive_log_px` from the prior; their standard errors are
    of the mean over these images, and hold how low the logarithm of a mean is expected to be. Effective samples are how
    many of an image's samples count, averaged over images.
    """

    images: int
    objective: float
    reconstruction: float
    kl: float
    kl_per_dim: tuple[float, ...]
    active_units: int  # dimensions whose codes vary by more than 0.01 (Burda et al. 2016)
    log_px: float
    log_px_se: float
    effective_samples: float
    naive_log_px: float
    naive_log_px_se: float
    naive_effective_samples: float
    importance_samples: int
    bits_per_dim: float | None  # of the 8-bit levels' probability; None for a Bernoulli, which is of no grey levels
    likelihood: str
    beta: float
    formula: str = ""  # of the objective, in words
    untold: str = ""  # a sentence about images whose class a class-conditional run does not know
    samples: SamplesJudged | None = None  # None when not asked for
    learned_from: int | None = 0  # of these images; None where the run's own can no longer be read to tell
    learned_gone: int = 0  # images that the run learned from and that have gone: only exact copies are counted
    others: "Evaluated | None" = None  # the same figures of those that were not learned from, where some were

    @property
    def too_few_count(self) -> bool:
        """Whether so few samples weigh anything that log p(x) is higher than estimated, by more than the error says."""
        return self.effective_samples < 3.0

    @property
    def naive_said(self) -> str:
        """How far the samples of the prior miss, in plain words.

        Importance sampling needs about exp(KL) samples (Chatterjee & Diaconis 2018), here KL(q(z|x) ‖ p(z)).
        """
        counted = f"{self.naive_effective_samples:.1f} of {self.importance_samples:,} samples of the prior count"
        low, magnitude = self.log_px - self.naive_log_px, round(self.kl / math.log(10.0))
        if self.kl < math.log(self.importance_samples):
            return f"{counted}: {abs(low):,.2f} nats {'below' if low >= 0.0 else 'above'} the estimate from q(z|x)."
        return (
            f"Hopeless: {counted}, nearly all decode to another picture, and the estimate is {low:,.0f} nats too low; "
            f"it would take about 10^{max(1, magnitude)} samples an image."
        )


@dataclass(frozen=True, eq=False)
class MapMoved:
    """A fresh frozen copy of the model with the codes as they are now."""

    step: int
    latent_space: "LatentSpace"


@dataclass(frozen=True)
class CheckpointSaved:
    """The run can be resumed from here; `fingerprint` is the sha256 of the model's weights."""

    step: int
    path: Path
    fingerprint: str = ""


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


@dataclass(frozen=True, eq=False)
class MapSeen:
    """Where the codes of a run lie, (N, 2), and what is known of them: for the eye, until the run itself is opened."""

    points: NDArray[np.float32]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    is_held_out: NDArray[np.bool_]
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, eq=False)
class RunOpened:
    """A run read back from its folder: enough for the map and the curves, without its images.

    `codes_exact` is False when the codes are those that training left behind, each from its image's last batch.
    `finished` says that the user or the clock ended it, `is_over` that no epoch or minute is left to train.
    """

    run: Path
    config: "RunConfig"
    latent_space: "LatentSpace"
    names: Sequence[str]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    is_held_out: NDArray[np.bool_]
    columns: tuple[Column, ...]
    steps: tuple[StepDone, ...]
    held_out: tuple[HeldOutDone, ...]
    finished: bool
    codes_exact: bool
    image_set_key: str
    untrained: Untrained | None = None  # not known of a run of an older version
    is_over: bool = True


@dataclass(frozen=True, eq=False)
class ImageNumbers:
    """The terms of each image by itself, float32 (N,) in nats, NaN where it has not been measured.

    As of the model at `step`; `measured` of the images have numbers, of `wanted` that will have.
    """

    objective: NDArray[np.float32]
    reconstruction: NDArray[np.float32]
    kl: NDArray[np.float32]
    step: int
    measured: int
    wanted: int


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a run: a sentence with its numbers, and what to do about it.

    `changes` are fields of RunConfig, as {"training.beta": 1.0}, that a form can be filled with; empty when no
    setting mends it.
    """

    name: FindingName
    sentence: str
    remedy: str
    changes: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class KnownRun:
    """A run as a list shows it; `written` are seconds since 1970, `cover` is a PNG, empty where there is none.

    `objective` is in nats per image on held-out images, None where there are none.
    """

    run: Path
    name: str
    source: str
    latent_dims: int
    written: float
    objective: float | None
    cover: bytes = b""


@dataclass(frozen=True)
class KnownRuns:
    """All that are there, newest first, and what is said of folders that hold no whole run."""

    runs: tuple[KnownRun, ...] = ()
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Compared:
    """One run among several; `differs` are the fields of RunConfig, as "training.beta", that the others have otherwise.

    `kl_per_dim` are the nats of each latent dimension at the last checkpoint, `active_units` how many dimensions
    have codes that vary; `parameters` are the numbers in the model's file.
    """

    run: Path
    name: str
    config: "RunConfig"
    differs: dict[str, object]
    steps: tuple[StepDone, ...]
    held_out: tuple[HeldOutDone, ...]
    seconds: float
    finished: bool
    parameters: int
    kl_per_dim: tuple[float, ...]
    active_units: int
    untrained: Untrained | None = None

    @property
    def label(self) -> str:
        """What tells this run from the others, as "latent dims 8, beta 4"; its name when nothing does."""
        return ", ".join(self.settings) or self.name

    @property
    def settings(self) -> tuple[str, ...]:
        """What the others have otherwise, in words, as "latent dims 8"; of the model and its training first."""
        keys = sorted(self.differs, key=lambda key: not key.startswith(("model.", "training.")))
        return tuple(f"{key.rsplit('.', 1)[-1].replace('_', ' ')} {_short(self.differs[key])}" for key in keys)


def _short(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if value is None:
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
