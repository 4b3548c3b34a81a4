"""Lesson 2: p(x) of one image from samples of the prior, nearly all of which say nothing, and from q(z|x)."""

import math
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.lessons.lesson import Found, Guess
from core.lessons.short_training import SEED, config, faces, learned
from core.model.tensor_model import to_pixels
from core.model.vae import VAE
from core.pace import Pace
from core.reports.lessons import Cloud, Curves, Frame, Level, Line, Pictures, Scene, Values
from core.reports.progress import Progress

SIZE = 16
IMAGE = 4  # of those held out
COUNTS = (10, 100, 1_000, 10_000, 100_000)  # samples
ASKED_OF = 1_000
SHARE = 0.99  # of p(x) that the samples hold which count
STREAMS, SHORT = 3, 10_000  # more estimates, of so many samples
FAINT, REACH = 1_500, 3.6
AT_ONCE = 4_096  # latents decoded in one pass
CONTROL = "Samples of N(0, I)"


def look() -> Scene:
    """The image, and what will be drawn for it."""
    _, held_out, _ = faces(SIZE, 3)
    z = _normal(ASKED_OF, 0).numpy()
    return Scene((Frame("1,000 samples", (_cloud(z, np.zeros(len(z), np.bool_)), _picture(held_out[IMAGE]))),))


def run(guess: tuple[Guess, ...], steps: int) -> Iterator[Progress | Scene | Found]:
    """Train for a moment, then draw: 10 to 100,000 samples of the prior, and as many as 10,000 of q(z|x)."""
    images, held_out, _ = faces(SIZE, 3)
    asked = config({"latent_dims": 2, "width": 16, "likelihood": "gaussian-learned"}, {"learning_rate": 4e-3})
    vae, x = (yield from learned(images, asked, steps, "Learning faces")), held_out[IMAGE : IMAGE + 1]
    z, weights = _normal(COUNTS[-1], 0), list[NDArray[np.float64]]()
    pace = Pace("Decoding samples of the prior", len(z))
    for start in range(0, len(z), AT_ONCE):
        weights.append(log_likelihoods(vae, x, z[start : start + AT_ONCE]))
        yield from pace.reports(min(len(z), start + AT_ONCE))
    prior = np.concatenate(weights)
    others = [log_likelihoods(vae, x, _normal(SHORT, seed)) for seed in range(1, STREAMS + 1)]
    own, exact = log_weights_of_posterior(vae, x, SHORT), log_px_by_quadrature(vae, x)
    scene = Scene(
        tuple(_frame(count, x, z.numpy(), prior, others, own, exact) for count in COUNTS),
        CONTROL,
        COUNTS.index(ASKED_OF),
    )
    yield scene
    count, of_own = counting(prior[:ASKED_OF]).sum(), counting(own[:ASKED_OF]).sum()
    off, off_own = (abs(float(running(each)[99]) - exact) for each in (prior, own))
    sentence = (
        f"{count:,} of the {ASKED_OF:,} z of N(0,\u00a0I) count: nearly all make other faces than x. Of as many z of "
        f"q(z|x), those the encoder names when it sees x, {of_own:,} count. After 100 of N(0,\u00a0I) log p(x) "
        f"is {off:,.1f} nats off, after 100 of q(z|x) {off_own:,.2f} (a nat: 2.7 times as likely)."
    )
    yield Found(scene, (float(count),), sentence)


def log_likelihoods(vae: VAE, x: Tensor, z: Tensor) -> NDArray[np.float64]:
    """log p(x|z) in nats of one image (1, C, H, W) at latents (K, d), (K,)."""
    with torch.no_grad():
        parts = [vae.log_likelihood(x, some[:, None])[:, 0].double() for some in torch.split(z, AT_ONCE)]
    found: NDArray[np.float64] = torch.cat(parts).numpy()
    return found


def log_weights_of_posterior(vae: VAE, x: Tensor, count: int) -> NDArray[np.float64]:
    """log p(x, z) − log q(z|x) of samples of q(z|x), (K,): their mean exponential is p(x) too."""
    with torch.no_grad():
        noise = torch.randn(count, 1, vae.latent_dims, generator=torch.Generator().manual_seed(SEED))
        z, log_q = vae.posterior(x).sample(noise)
    log_prior = -0.5 * (z.square() + math.log(2 * math.pi)).sum(-1)
    log_ratio: NDArray[np.float64] = (log_prior - log_q)[:, 0].double().numpy()
    return log_likelihoods(vae, x, z[:, 0]) + log_ratio


def log_px_by_quadrature(vae: VAE, x: Tensor, reach: float = 6.0, steps: int = 241) -> float:
    """log ∫ p(x|z) p(z) dz over two latent dimensions, by the sum over a grid."""
    axis = torch.linspace(-reach, reach, steps)
    z = torch.cartesian_prod(axis, axis)
    log_prior = -0.5 * z.double().square().sum(1).numpy() - math.log(2 * math.pi)
    cell = (2 * reach / (steps - 1)) ** 2
    return float(np.logaddexp.reduce(log_likelihoods(vae, x, z) + log_prior) + math.log(cell))


def counting(log_weights: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The fewest samples (K,) that together hold SHARE of the sum of all."""
    weights = np.exp(log_weights - log_weights.max())
    order = np.argsort(-weights)
    held = np.cumsum(weights[order])
    counts = np.zeros(len(weights), np.bool_)
    counts[order[: int(np.searchsorted(held, SHARE * held[-1])) + 1]] = True
    return counts


def running(log_weights: NDArray[np.float64]) -> Values:
    """The estimate of log p(x) after each sample, (K,)."""
    found: Values = np.logaddexp.accumulate(log_weights) - np.log(np.arange(1, len(log_weights) + 1))
    return found


def _frame(
    count: int,
    x: Tensor,
    z: NDArray[np.float32],
    prior: NDArray[np.float64],
    others: list[NDArray[np.float64]],
    own: NDArray[np.float64],
    exact: float,
) -> Frame:
    counts = counting(prior[:count])
    places = np.unique(np.geomspace(1, count, 160).round().astype(int)) - 1
    lines = [
        *(Line("others of N(0, I)" * (not number), _up_to(each, places), True) for number, each in enumerate(others)),
        Line("samples of N(0, I)", running(prior)[places]),
        Line("samples of q(z|x), by the encoder", _up_to(own, places)),
    ]
    level = (Level("exact", exact, "truth"),)
    curves = Curves(
        "log p(x), how likely x is, estimated",
        places + 1.0,
        tuple(lines),
        ("samples", "nats"),
        level,
        is_log=True,
        at=float(count),
    )
    return Frame(f"{count:,}: {counts.sum():,} count", (_cloud(z[:count], counts), _picture(x[0]), curves))


def _up_to(log_weights: NDArray[np.float64], places: NDArray[np.int64]) -> Values:
    """The running estimate at these places, NaN where there are no more samples."""
    known = running(log_weights)
    return np.where(places < len(known), known[np.minimum(places, len(known) - 1)], np.nan)


def _cloud(z: NDArray[np.float32], counts: NDArray[np.bool_]) -> Cloud:
    """Those that count above all, the others as far as there is room."""
    chosen = np.concatenate([np.flatnonzero(~counts)[:FAINT], np.flatnonzero(counts)])
    lit = np.where(counts[chosen], 0, -1).astype(np.int8)
    return Cloud("z of N(0, I); in colour those that count", z[chosen], lit, REACH, has_rings=True)


def _picture(x: Tensor) -> Pictures:
    return Pictures("The face x", to_pixels(x[None].clone()), ())


def _normal(count: int, seed: int) -> Tensor:
    return torch.randn(count, 2, generator=torch.Generator().manual_seed(1_000 + seed))
