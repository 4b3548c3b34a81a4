"""What a step makes small, and how its weights change over a run: warm-up, cycles, capacity."""

from typing import Literal, NamedTuple

from torch import Tensor

from core.config import TrainingConfig
from core.model.conditions import Given
from core.model.objectives import Objective, objective
from core.model.vae import VAE


class Aim(NamedTuple):
    """The objective of one step, with its weights."""

    kind: Literal["elbo", "iwae", "autoencoder"] = "elbo"
    samples: int = 1
    beta: float = 1.0
    free_bits: float = 0.0
    capacity: float | None = None

    def of(self, vae: VAE, x: Tensor, noise: Tensor, given: Given) -> Objective:
        """Its terms on pixels (N, C, H, W) in [0, 1] with noise (samples, N, latent_dims)."""
        return objective(
            vae, x, noise, given, kind=self.kind, beta=self.beta, free_bits=self.free_bits, capacity=self.capacity
        )


def aim_at(config: TrainingConfig, epoch: float, progress: float) -> Aim:
    """The aim after so many epochs, when this share of the whole run is done.

    β rises from 0 (Bowman et al. 2016), once or in cycles (Fu et al. 2019, eq. 6); with a capacity β stays and the
    capacity rises (Burgess et al. 2018, eq. 8).
    """
    risen = rise(config, epoch, progress)
    if config.capacity is None:
        return final_aim(config)._replace(beta=config.beta * risen)
    return final_aim(config)._replace(capacity=config.capacity * risen)


def final_aim(config: TrainingConfig) -> Aim:
    """The aim that a run ends with, and that its held-out images are tested with."""
    return Aim(config.objective, config.samples, config.beta, config.free_bits, config.capacity)


def rise(config: TrainingConfig, epoch: float, progress: float) -> float:
    """How far the warm-up is, in [0, 1]: it takes `warm_up` epochs, at most the whole of its cycle.

    Cycles are equal shares of the run by its steps or minutes, whichever ends it. A single cycle may be cut short by
    the end of the run.
    """
    if config.warm_up == 0:
        return 1.0
    if config.warm_up_cycles == 1:
        return min(1.0, epoch / config.warm_up)
    if progress == 0.0 or progress >= 1.0:
        return progress
    position = progress * config.warm_up_cycles % 1.0
    epochs = epoch / progress / config.warm_up_cycles  # of one cycle, at this speed
    return min(1.0, position * max(1.0, epochs / config.warm_up))
