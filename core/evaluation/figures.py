"""How good a model is on images: the terms of its objective, what its dimensions hold, and log p(x)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.config import RunConfig
from core.evaluation.dimensions import Dimensions
from core.evaluation.importance import (
    Draws,
    LogPx,
    Prepared,
    Proposal,
    of_log_weights,
    passes,
    prepare,
    rows_at_once,
    together,
)
from core.evaluation.importance_proposals import own_samples
from core.model.conditions import Given
from core.model.tensor_model import to_tensor
from core.model.vae import VAE
from core.pace import Pace
from core.reports.evaluation import Evaluated
from core.reports.progress import Progress
from core.training.loss import Loss, final_loss
from core.training.processes import ALONE, Processes

NOISE_SEED = 20_150_901  # the same noise every time, so that two evaluations differ only by the model
MOST_AT_ONCE = 256  # images encoded in one pass
PROPOSALS: tuple[Proposal, ...] = ("widened", "prior")
FEWEST_SAMPLES = 2  # of one sample no error can be told


@dataclass(frozen=True, eq=False)
class Chosen:
    """Some images of a set: their pixels and labels lie in arrays of the whole set, which is never read at once."""

    pixels: NDArray[np.uint8]  # (N, H, W, C)
    labels: NDArray[np.int64]  # (N,) as the model numbers classes
    indices: NDArray[np.int64]  # (n,) ascending

    def spread(self, most: int | None) -> "Chosen":
        """At most so many of them, evenly spread."""
        return self if most is None else replace(self, indices=spread(self.indices, most))


def spread(indices: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """At most so many of some indices, evenly spread."""
    return indices if len(indices) <= most else indices[np.arange(most) * len(indices) // most]


def evaluate(
    vae: VAE, images: Chosen, config: RunConfig, importance_samples: int = 64, processes: Processes = ALONE
) -> Iterator[Progress | Evaluated]:
    """Evaluate a model, in evaluation mode and on any device, on some images; the last report is Evaluated.

    A class-conditional model is told each image's own class, a completing one sees nothing of the image. Memory grows
    neither with the images nor with the samples. Of several processes that do the same each takes some of the images,
    and ends with the figures of all. Raises ValueError for fewer than two samples.
    """
    if importance_samples < FEWEST_SAMPLES:
        raise ValueError(f"{importance_samples} importance samples are too few: no error can be told of less than two.")
    totals, dimensions = _Totals(), Dimensions(vae.latent_dims)
    at_once = max(1, min(MOST_AT_ONCE, rows_at_once(vae) // importance_samples))
    pace = Pace("Evaluating", len(images.indices))
    for start in range(processes.rank * at_once, len(images.indices), processes.count * at_once):
        part, generator, x, given = _read(vae, images, slice(start, start + at_once))
        batch = prepare(vae, x, given)
        sides = []
        for proposal in PROPOSALS:
            draws: list[Draws] = []
            for each in passes(vae, batch, importance_samples, generator, proposal):
                draws.append(each)
                yield from pace.reports(start)
            sides.append(together(draws))
        dimensions.add(batch.code.cpu().numpy(), batch.kl.cpu().numpy())
        terms = _terms(vae, batch, sides[0], final_loss(config.training), generator)
        weights = (sides[0].log_weights, sides[1].log_weights, sides[0].log_mass_weights)
        totals.add(terms, *map(of_log_weights, weights))
        yield from pace.reports(start + len(part))
    known = processes.gather((totals, dimensions))
    for its_totals, its_dimensions in known[1:]:
        totals.join(its_totals)
        dimensions.join(its_dimensions)
    pixel_values = math.prod(vae.image_shape)
    own = totals.evaluated(dimensions, config, importance_samples, pixel_values) if processes.leads else None
    yield processes.told(own)


def _read(vae: VAE, images: Chosen, part: slice) -> tuple[NDArray[np.int64], torch.Generator, Tensor, Given]:
    indices = images.indices[part]
    device = next(vae.parameters()).device
    generator = torch.Generator(device).manual_seed(NOISE_SEED + int(indices[0]))
    x = to_tensor(images.pixels[indices]).to(device)
    return indices, generator, x, Given(labels=torch.from_numpy(images.labels[indices]).to(device))


@torch.no_grad()
def _terms(
    vae: VAE, batch: Prepared, draws: Draws, loss: Loss, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Reconstruction and KL of each image, (n,), averaged over the samples that are of q(z|x) itself; the bound first.

    The bound is that of as many samples as iwae learned with, and NaN for a run whose objective its terms tell.
    """
    own = own_samples(len(draws.log_ratio))
    kl = -draws.log_ratio[own].mean(0) if batch.posterior.is_flow else batch.kl.sum(1).cpu().double()
    reconstruction = -draws.log_likelihood[own].mean(0)
    if loss.kind == "autoencoder":  # it knows no noise
        reconstruction = -vae.log_likelihood(batch.x, batch.code, batch.condition).cpu().double()
    if loss.kind == "iwae" and loss.samples > 1:
        trained = together(list(passes(vae, batch, loss.samples, generator, "posterior")))
        weights = trained.log_likelihood + loss.beta * trained.log_ratio
        return -of_log_weights(weights).estimate, reconstruction, kl
    return torch.full_like(kl, math.nan), reconstruction, kl


class _Totals:
    """Sums over images in float64."""

    def __init__(self) -> None:
        self.images = 0
        self._terms = torch.zeros(3, dtype=torch.float64)
        # log p(x) from q(z|x), from p(z), and log P(levels): Σ estimate, Σ error², Σ effective
        self._log_px = torch.zeros(3, 3, dtype=torch.float64)

    def add(self, terms: tuple[Tensor, Tensor, Tensor], *sides: LogPx) -> None:
        """Take the terms of some images, each (n,), both estimates of log p(x) and that of their levels."""
        self.images += len(terms[0])
        self._terms += torch.stack(terms).sum(1)
        self._log_px += torch.stack([_sums(side) for side in sides])

    def join(self, other: "_Totals") -> None:
        """Take the sums over other images."""
        self.images += other.images
        self._terms += other._terms
        self._log_px += other._log_px

    def evaluated(self, dimensions: Dimensions, config: RunConfig, samples: int, pixel_values: int) -> Evaluated:
        bound, reconstruction, kl = (self._terms / self.images).tolist()
        (log_px, error, effective), (naive, naive_error, naive_effective) = map(self._means, self._log_px[:2])
        log_mass, loss, kl_per_dim = self._means(self._log_px[2])[0], final_loss(config.training), dimensions.kl_per_dim
        is_flow, dims = config.model.posterior != "diagonal", len(kl_per_dim)
        free = loss.free_nats([kl / dims] * dims if is_flow else kl_per_dim.tolist())
        objective = loss.weighed(reconstruction, kl, free) if math.isnan(bound) else bound
        return Evaluated(
            images=self.images,
            objective=objective,
            reconstruction=reconstruction,
            kl=kl,
            kl_per_dim=tuple(kl_per_dim.tolist()),
            active_units=dimensions.active_units,
            log_px=log_px,
            log_px_se=error,
            effective_samples=effective,
            naive_log_px=naive,
            naive_log_px_se=naive_error,
            naive_effective_samples=naive_effective,
            importance_samples=samples,
            bits_per_dim=None if math.isnan(log_mass) else -log_mass / pixel_values / math.log(2.0),
            likelihood=config.model.likelihood,
            beta=loss.beta,
            formula=loss.formula,
        )

    def _means(self, sums: Tensor) -> tuple[float, float, float]:
        """The mean estimate, its error, the mean number of effective samples.

        The logarithm of a mean is low by about half its variance (Nowozin 2018, eq. 8). No number of images averages
        that away, so the error holds it.
        """
        estimate, squares, effective = (sums / self.images).tolist()
        return estimate, math.hypot(math.sqrt(squares / self.images), squares / 2.0), effective


def _sums(side: LogPx) -> Tensor:
    return torch.stack([side.estimate, side.standard_error.square(), side.effective_samples]).sum(1)
