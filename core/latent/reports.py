"""A latent space that has moved, or was opened: the reports that carry one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.reports.images import Column
from core.reports.moments import Moment
from core.reports.training import HeldOutDone, StepDone, Untrained

if TYPE_CHECKING:
    from core.config import RunConfig
    from core.latent.latent_space import LatentSpace


@dataclass(frozen=True, eq=False)
class MapMoved:
    """A fresh frozen copy of the model with the codes as they are now."""

    step: int
    latent_space: "LatentSpace"


@dataclass(frozen=True, eq=False)
class RunOpened:
    """A run read back from its folder: enough for the map and the curves, without its images.

    `codes_exact` is False when the codes are those that training left behind, each from its image's last batch.
    `finished` says that the user or the clock ended it, `is_over` that no epoch or minute is left to train.
    `damages` are what is wrong with the files of the run, a clause each; none of them touches what is opened here.
    `moments` can be looked back at, the oldest first: none where the run keeps none, or their list is damaged.
    """

    run: Path
    name: str  # what a person calls it
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
    damages: tuple[str, ...] = ()
    moments: tuple[Moment, ...] = ()
