"""`assist`: what every process of a run does but the one that leads: its part of each step, until it is dismissed."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from core.config import RunConfig
from core.images.image_set import ImageSet
from core.training.batches import Batches
from core.training.device import use_training_threads
from core.training.learner import Learner
from core.training.moving_codes import MovingCodes
from core.training.processes import Doing, Processes
from core.training.rank_share import Share


class Begun(NamedTuple):
    """What the process that leads begins with: the resolved configuration, sides and labels of all images, weights."""

    config: RunConfig
    classes: int
    held_out: NDArray[np.bool_]
    labels: NDArray[np.int64] | None
    format: int
    model: dict[str, Tensor]
    state: dict[str, Tensor]


def assist(image_set: ImageSet, processes: Processes) -> None:
    """Learn with the process that `train`s on the same images, which writes all there is; returns when it is done.

    Raises ProcessLostError when another process is gone.
    """
    use_training_threads(reserve_one=False)
    begun: Begun = processes.told(None)
    image_set = replace(image_set, held_out=begun.held_out)
    training = begun.config.training
    learner = Learner(begun.config, image_set.shape, max(1, begun.classes))
    learner.load(begun.model, begun.state)
    learner.share_with(processes)
    batches = Batches(image_set, training.images_a_step, training.seed, begun.labels, begun.format)
    codes = MovingCodes(len(image_set), begun.config.model.latent_dims, learner.device)
    codes.batches = learner.step
    share = Share(begun.config, image_set, batches, learner, codes, processes)
    share.clock.step = learner.step
    while (order := processes.order()).doing != Doing.END:
        share.do(order)
