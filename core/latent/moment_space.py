"""Opens a moment of a run: the latent space as it was, seen on a plane turned to lie as that of now."""

import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import RunError
from core.latent.alignment import align
from core.latent.latent_space import LatentSpace
from core.model.tensor_model import TorchModel
from core.model.vae import VAE
from core.reports.moments import Moment
from core.training.moment_files import MomentArrays, read_moment

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class PastSpace:
    """A latent space as it was at a moment, and the share of the movement from there to now that is no turn.

    `moved` (N,) is how far each code is from where it lies now, once the whole is turned; NaN where that is not known.
    """

    moment: Moment
    space: LatentSpace
    real: float
    moved: Floats

    @property
    def bytes(self) -> int:
        """About how much memory it takes: what its file has in float16, and the points."""
        return 2 * self.moment.bytes + self.space.points.nbytes


def open_moment(run: Path, moment: Moment, now: LatentSpace) -> PastSpace:
    """The latent space of a moment, with all that is known of the images `now`; raises RunError.

    Its weights and codes were rounded to float16: its pictures may differ by a level or two of 255 from those of the
    model that learned.
    """
    arrays = read_moment(run, moment)
    if arrays.codes.shape != now.codes.shape:
        raise RunError(f"The moment at step {moment.step:,} is of other images than the run has now.")
    aligned = align(arrays.codes, now.codes, now.own_plane.flat)
    known = (now.held_out, "", now.unlearned, now.labels, now.draws)
    parts = (TorchModel(_model(run, moment, arrays, now)), arrays.codes, arrays.kl_per_dim, aligned.plane, moment.step)
    space = LatentSpace(*parts, now.classes, now.label, *known, is_past=True)
    space.points  # noqa: B018  (found here, not in the window's thread)
    moved = np.linalg.norm(aligned.turned(arrays.codes) - now.codes, axis=1)
    return PastSpace(moment, space, aligned.real, moved)


def _model(run: Path, moment: Moment, arrays: MomentArrays, now: LatentSpace) -> VAE:
    vae = copy.deepcopy(now.vae)
    weights = {name: torch.from_numpy(value) for name, value in arrays.weights.items()}
    wanted = {name: value.shape for name, value in vae.state_dict().items()}
    if wanted != {name: value.shape for name, value in weights.items()}:
        raise RunError(f"The moment at step {moment.step:,} in {run} is of another model than the run.")
    if not all(value.isfinite().all() for value in weights.values()):
        raise RunError(f"The weights at step {moment.step:,} in {run} are no finite numbers.")
    vae.load_state_dict(weights)  # which copies into float32
    return vae
