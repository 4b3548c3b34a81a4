"""The frozen records that long jobs yield and the window shows; imports no torch."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.sizes import bytes_said, of_bytes_said

if TYPE_CHECKING:
    from core.config import RunConfig
    from core.images.image_set import ImageSet
    from core.latent.latent_space import LatentSpace

Array = NDArray[np.generic]


@dataclass(frozen=True)
class Skipped:
    """One file that is not used: `reason` is a short phrase to group by, `detail` what the library said."""

    path: str
    reason: str
    detail: str = ""


NOTHING_SAID = "(none)"  # the level of images that a column says nothing of


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
    frames: int = 0  # further frames of animations, not used
    least_square: tuple[int, ...] = ()  # indices of the images whose files are longest or widest, at most 8


@dataclass(frozen=True)
class Joined:
    """How a table of metadata fits the images: `unmatched` are the files it names that are no image of the set."""

    path: Path
    columns: tuple[str, ...]
    unmatched: tuple[str, ...]
    without_row: int  # images that it says nothing of


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
    """What is about to happen; `step` is above 0 when a run is resumed."""

    run: Path
    config: "RunConfig"
    step: int
    steps_total: int
    images: int
    held_out: int
    parameters: int
    device: str
    precision: str


@dataclass(frozen=True)
class Terms:
    """Objective, reconstruction and KL in nats per image; the objective is reconstruction + beta · KL."""

    objective: float
    reconstruction: float
    kl: float


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


@dataclass(frozen=True, eq=False)
class MapMoved:
    """A fresh frozen copy of the model with the codes as they are now."""

    step: int
    latent_space: "LatentSpace"


@dataclass(frozen=True)
class CheckpointSaved:
    """The run can be resumed from here."""

    step: int
    path: Path


@dataclass(frozen=True)
class TrainingDone:
    """The run's epochs or minutes are over, or the user finished it; the model is saved."""

    run: Path
    steps: int
    epochs: float
    seconds: float
    images_per_second: float
    held_out: Terms | None


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
