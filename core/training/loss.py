"""What a step makes small, and how its weights change over a run: warm-up, cycles, capacity."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from core.config import TrainingConfig

if TYPE_CHECKING:
    from torch import Tensor

    from core.model.conditions import Given
    from core.model.objectives import Objective
    from core.model.vae import VAE


class Loss(NamedTuple):
    """The objective of one step, with its weights: only those that its kind knows."""

    kind: Literal["elbo", "iwae", "autoencoder"] = "elbo"
    samples: int = 1
    beta: float = 1.0
    free_bits: float = 0.0
    capacity: float | None = None

    def of(self, vae: "VAE", x: "Tensor", noise: "Tensor", given: "Given") -> "Objective":
        """Its terms on pixels (N, C, H, W) in [0, 1] with noise (samples, N, latent_dims)."""
        from core.model.objectives import objective  # a diagnosis weighs numbers, and needs no PyTorch for that

        return objective(
            vae, x, noise, given, kind=self.kind, beta=self.beta, free_bits=self.free_bits, capacity=self.capacity
        )

    def weighed(self, reconstruction: float, kl: float, free: float = 0.0) -> float:
        """What is made small, of terms averaged over images, in nats per image; `free` is `free_nats` of them.

        Exact for elbo and autoencoder where the terms are of one batch; for iwae of several samples no more than an
        upper bound, which is all that its terms tell (Burda et al. 2016, eq. 8).
        """
        charged = kl + free if self.capacity is None else abs(kl + free - self.capacity)
        return reconstruction + self.beta * charged

    @property
    def formula(self) -> str:
        """What is made small, in words."""
        if self.kind == "autoencoder":
            return "reconstruction"
        if self.kind == "iwae" and self.samples > 1:
            return f"the bound of {self.samples} samples" + f", KL weighed by {self.beta:g}" * (self.beta != 1.0)
        free = f" (at least {self.free_bits:g} a dimension)" * (self.free_bits > 0.0)
        charged = "KL" if self.capacity is None else f"|KL − {self.capacity:g}|"
        return f"reconstruction + {self.beta:g} · {charged}{free}"

    def free_nats(self, kl_per_dim: Sequence[float]) -> float:
        """What free bits add to the KL that is paid for, of the mean KL of each dimension (or of a flow's as one)."""
        return sum(max(0.0, self.free_bits - nats) for nats in kl_per_dim)


def loss_at(config: TrainingConfig, epoch: float, progress: float) -> Loss:
    """The loss after so many epochs, when this share of the whole run is done.

    β rises from 0 (Bowman et al. 2016), once or in cycles (Fu et al. 2019, eq. 6); with a capacity β stays and the
    capacity rises (Burgess et al. 2018, eq. 8).
    """
    risen = rise(config, epoch, progress)
    loss = final_loss(config)
    if loss.capacity is None:
        return loss._replace(beta=loss.beta * risen)
    return loss._replace(capacity=loss.capacity * risen)


def final_loss(config: TrainingConfig) -> Loss:
    """The loss that a run ends with, and that its held-out images are tested with.

    Importance weighting knows neither free bits nor a capacity, an autoencoder neither KL nor samples.
    """
    match config.objective:
        case "elbo":
            return Loss("elbo", config.samples, config.beta, config.free_bits, config.capacity)
        case "iwae":
            return Loss("iwae", config.samples, config.beta)
        case _:
            return Loss("autoencoder", beta=0.0)


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
