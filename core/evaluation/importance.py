"""log p(x) by importance sampling: from q(z|x), and naively from the prior."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from core.evaluation.importance_proposals import log_excess, widened
from core.model.conditions import Given
from core.model.halving import in_halves
from core.model.posteriors import DiagonalGaussian, Posterior
from core.model.vae import VAE

VALUES = 2**21  # pixel values decoded in one pass: memory stays bounded, and a stop is heeded soon
MOST_ROWS = 2048  # latents decoded in one pass, however small the images
Proposal = Literal[
    "widened", "posterior", "prior"
]  # what z is drawn from: q(z|x) with a share of it wider, q(z|x), p(z)


class LogPx(NamedTuple):
    """log p(x) of each image in nats, its standard error, and how many of the samples count; (N,) float64."""

    estimate: Tensor
    standard_error: Tensor
    effective_samples: Tensor


@dataclass(frozen=True, eq=False)
class Prepared:
    """Some images with all that is computed once for them, before any sample is drawn."""

    x: Tensor  # (N, C, H, W) in [0, 1]
    posterior: Posterior
    prior: DiagonalGaussian
    condition: Tensor | None  # (N, F)
    code: Tensor  # (N, d)
    kl: Tensor  # KL(q ‖ p) in nats, (N, d); with a flow, that of the Gaussian below it


class Draws(NamedTuple):
    """Samples of z for some images, (K, N) float64 in nats, in the order they were drawn."""

    log_likelihood: Tensor  # log p(x|z)
    log_ratio: Tensor  # log p(z) − log q(z|x); 0 for samples of the prior
    log_excess: Tensor  # log r(z) − log q(z|x), where r is what they were drawn from; 0 for samples of the prior
    log_mass: Tensor  # log P(levels of x|z); NaN where there is none, or where it is not asked for

    @property
    def log_weights(self) -> Tensor:
        """log p(x, z) − log r(z), (K, N): the mean of their exponentials is p(x)."""
        return self.log_likelihood + self.log_ratio - self.log_excess

    @property
    def log_mass_weights(self) -> Tensor:
        """The same of the levels of x instead of its density, (K, N)."""
        return self.log_mass + self.log_ratio - self.log_excess


@torch.no_grad()
def prepare(vae: VAE, x: Tensor, given: Given) -> Prepared:
    """What is known of images (N, C, H, W) before sampling: q(z|x), p(z) and what the decoder is given."""
    posterior, told = vae.encode(x, given)
    prior = told.prior or DiagonalGaussian.standard(posterior.mean)
    return Prepared(x, posterior, prior, told.condition, posterior.code, posterior.base.kl(prior))


def passes(
    vae: VAE, images: Prepared, samples: int, generator: torch.Generator, proposal: Proposal = "widened"
) -> Iterator[Draws]:
    """Draw a number of samples for each image from a proposal, a part of them at a time.

    `generator` is on the device of the images. A pass is never more than VALUES pixel values, or one latent an image.
    """
    at_once = max(1, rows_at_once(vae) // len(images.x))
    scales = widened(samples, vae.latent_dims) if proposal == "widened" else torch.ones(samples)
    for start in range(0, samples, at_once):
        count = min(at_once, samples - start)
        noise = torch.randn((count, len(images.x), vae.latent_dims), generator=generator, device=images.x.device)
        if proposal != "prior":
            noise *= scales[start : start + count, None, None].to(noise.device)

        def drawn(rows: slice, noise: Tensor = noise) -> Draws:
            if proposal == "prior":
                return _from_prior(vae, images, noise[rows])
            return _from_posterior(vae, images, noise[rows], scales)

        yield in_halves(count, drawn, together)


def rows_at_once(vae: VAE) -> int:
    """How many latents are decoded in one pass."""
    return max(1, min(MOST_ROWS, VALUES // math.prod(vae.image_shape)))


def together(draws: Sequence[Draws]) -> Draws:
    """The samples of several passes over the same images."""
    return Draws(*(torch.cat(each) for each in zip(*draws, strict=True)))


def log_px(vae: VAE, x: Tensor, given: Given, samples: int, generator: torch.Generator) -> LogPx:
    """log p(x) of images (N, C, H, W) by importance sampling from q(z|x), widened (Rezende et al. 2014, appendix E).

    The model should be in evaluation mode; what is given beside x is given to p too: log p(x | class).
    """
    draws = passes(vae, prepare(vae, x, given), samples, generator)
    return of_log_weights(together(list(draws)).log_weights)


def naive_log_px(vae: VAE, x: Tensor, given: Given, samples: int, generator: torch.Generator) -> LogPx:
    """log p(x) from samples of the prior, 1/K Σ p(x|z) (Doersch 2016, section 2): unbiased, and hopeless."""
    draws = passes(vae, prepare(vae, x, given), samples, generator, "prior")
    return of_log_weights(together(list(draws)).log_weights)


def bounds(
    vae: VAE, x: Tensor, given: Given, ks: Sequence[int], samples: int, generator: torch.Generator
) -> list[Tensor]:
    """The importance-weighted bound of each image for each number of samples k, (N,) (Burda et al. 2016, eq. 8).

    From q(z|x) itself; each is averaged over all groups of k that `samples` draws make, and k = 1 is the ELBO. Raises
    ValueError for a k above `samples`.
    """
    if max(ks) > samples:
        raise ValueError(f"A bound of {max(ks)} samples needs as many: {samples} were asked for.")
    draws = passes(vae, prepare(vae, x, given), samples, generator, "posterior")
    weights = together(list(draws)).log_weights
    return [_bound(weights, k) for k in ks]


def of_log_weights(log_weights: Tensor) -> LogPx:
    """The logarithm of the mean weight (K, N), its standard error by the delta method, and 1 / Σ w̃² (Kong 1992).

    The error of one sample is infinite: nothing is known of it.
    """
    count = len(log_weights)
    estimate = torch.logsumexp(log_weights, 0) - math.log(count)
    squares = torch.softmax(log_weights, 0).square().sum(0)  # Σ w̃²
    variance = (count * squares - 1.0).clamp(min=0.0) / (count - 1) if count > 1 else torch.full_like(squares, math.inf)
    return LogPx(estimate, variance.sqrt(), 1.0 / squares)


def _bound(log_weights: Tensor, k: int) -> Tensor:
    groups = len(log_weights) // k
    grouped = log_weights[: groups * k].reshape(groups, k, -1)
    return (torch.logsumexp(grouped, 1) - math.log(k)).mean(0)


@torch.no_grad()
def _from_prior(vae: VAE, images: Prepared, noise: Tensor) -> Draws:
    log_likelihood = _exact(vae.log_likelihood(images.x, images.prior.sample(noise), images.condition))
    nothing = torch.zeros_like(log_likelihood)
    return Draws(log_likelihood, nothing, nothing, torch.full_like(nothing, math.nan))


@torch.no_grad()
def _from_posterior(vae: VAE, images: Prepared, noise: Tensor, scales: Tensor) -> Draws:
    z, log_q = images.posterior.sample(noise)
    log_ratio = images.prior.log_prob(z) - log_q
    log_likelihood, log_mass = vae.log_likelihood_and_mass(images.x, z, images.condition)
    log_mass = torch.full_like(log_likelihood, math.nan) if log_mass is None else log_mass
    return Draws(_exact(log_likelihood), _exact(log_ratio), log_excess(_exact(noise), scales), _exact(log_mass))


def _exact(tensor: Tensor) -> Tensor:
    """Float64, which an Apple GPU has not."""
    return tensor.cpu().double()
