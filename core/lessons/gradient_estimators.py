"""Lesson 3: the gradient of E_q[f(z)] by the reparameterisation and by the score function, and how they scatter."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.lessons.lesson import Found, Guess
from core.lessons.short_training import SEED
from core.model.posteriors import DiagonalGaussian
from core.reports.lessons import Arrows, Bars, Curves, Frame, Line, Scene
from core.reports.progress import Progress

MEAN, SIGMA = 2.0, 1.0  # of q(z) = N(μ, σ²)
SAMPLES = 20_000  # of each estimator and number averaged, of which the variance is taken
AVERAGED = (1, 4, 16, 64)  # samples that one gradient is the mean of
SHOWN = 250  # arrows
AXES = ("∂/∂μ", "∂/∂σ")
CONTROL = "Samples averaged in each gradient"


def f(z: Tensor) -> Tensor:
    """What is made small, ½ z² of places (N,): its least is at 0."""
    return 0.5 * z.square()


def look() -> Scene:
    """f, and the density q(z) that it is averaged over."""
    z = np.linspace(-3.5, 5.5, 300)
    q = np.exp(-0.5 * ((z - MEAN) / SIGMA) ** 2) / (SIGMA * np.sqrt(2 * np.pi))
    lines = (Line("f(z) = z²/2", 0.5 * z**2), Line("10 · q(z) = 10 · N(z; μ = 2, σ = 1)", 10 * q))
    return Scene((Frame("f and q", (Curves("What is averaged, and over what", z, lines, ("z", "")),)),))


def run(guess: tuple[Guess, ...], steps: int) -> Iterator[Progress | Scene | Found]:
    """Both estimators of the same noise; nothing is trained."""
    del steps
    noise = torch.randn(SAMPLES * AVERAGED[-1], 1, generator=torch.Generator().manual_seed(SEED))
    trick, score = by_reparameterisation(noise), by_score(noise)
    scene = Scene(tuple(_frame(count, trick, score) for count in AVERAGED), CONTROL, at=0)
    yield scene
    steadier, ratio = _compared(trick, score)
    names = ("the reparameterisation", "the score function")
    sentence = (
        f"Both point to ({_mean(trick)[0]:.2f}, {_mean(trick)[1]:.2f}) on average, but single gradients of "
        f"{names[1 - steadier]} vary {ratio:.1f} times as much: it takes {round(ratio):,} samples where "
        f"{names[steadier]} takes one."
    )
    yield Found(scene, (steadier, ratio), sentence)


def by_reparameterisation(noise: Tensor) -> NDArray[np.float64]:
    """∇ f(μ + σ·ε) by μ and σ of each noise ε (N, 1), (N, 2) (Kingma & Welling 2014, section 2.4)."""
    mean, sigma = _parameters(noise)
    z = DiagonalGaussian(mean, 2 * sigma.log()).sample(noise)
    return _gradients(f(z[:, 0]), mean, sigma)


def by_score(noise: Tensor) -> NDArray[np.float64]:
    """f(z) · ∇ log q(z) by μ and σ of the same z, (N, 2): the usual estimator (Kingma & Welling 2014, section 2.2)."""
    mean, sigma = _parameters(noise)
    q = DiagonalGaussian(mean, 2 * sigma.log())
    z = q.sample(noise).detach()
    return _gradients(f(z[:, 0]) * q.log_prob(z), mean, sigma)


def averaged(gradients: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Means of groups of so many gradients, (SAMPLES, 2)."""
    grouped: NDArray[np.float64] = gradients[: SAMPLES * count].reshape(SAMPLES, count, 2).mean(1)
    return grouped


def _parameters(noise: Tensor) -> tuple[Tensor, Tensor]:
    """μ and σ once for each sample, so that each has a gradient of its own."""
    mean = torch.full_like(noise, MEAN, dtype=torch.float64).requires_grad_()
    return mean, torch.full_like(mean, SIGMA).requires_grad_()


def _gradients(values: Tensor, mean: Tensor, sigma: Tensor) -> NDArray[np.float64]:
    by_mean, by_sigma = torch.autograd.grad(values.sum(), (mean, sigma))
    found: NDArray[np.float64] = torch.cat((by_mean, by_sigma), 1).numpy()
    return found


def _compared(trick: NDArray[np.float64], score: NDArray[np.float64]) -> tuple[int, float]:
    """Which is steadier, and how many times the variance the other has, of both gradients together."""
    one, other = (float(each.var(0).sum()) for each in (trick, score))
    return int(one > other), max(one, other) / min(one, other)


def _mean(gradients: NDArray[np.float64]) -> tuple[float, float]:
    across, up = gradients.mean(0)
    return float(across), float(up)


def _frame(count: int, trick: NDArray[np.float64], score: NDArray[np.float64]) -> Frame:
    """Arrows to the same scale, and the variances of the gradients that are each the mean of so many samples."""
    names, pair = ("Reparameterisation", "Score function"), (averaged(trick, count), averaged(score, count))
    reach = float(np.quantile(np.abs(averaged(score, 1)), 0.97))
    views = [
        Arrows(name, each[:SHOWN].astype(np.float32), _mean(each), reach, AXES)
        for name, each in zip(names, pair, strict=True)
    ]
    variances = np.stack([each.var(0) for each in pair])
    bars = Bars("Variance of one gradient", AXES, names, variances, "", top=float(score.var(0).max()))
    return Frame(f"{count:,}", (*views, bars))
