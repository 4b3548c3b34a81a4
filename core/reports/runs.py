"""Which runs there are, and the first sight of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.reports.images import Column

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace


@dataclass(frozen=True, eq=False)
class MapSeen:
    """A run's latent space without PyTorch, and what is known of its images: until the run itself is opened."""

    space: "LatentSpace"
    names: Sequence[str]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    is_held_out: NDArray[np.bool_]
    columns: tuple[Column, ...] = ()


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
