"""Lesson 7: the ELBO, the bounds of more samples, and log p(x) itself, which a linear model knows exactly."""

import math
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.config import ModelConfig
from core.evaluation.importance import bounds
from core.lessons.lesson import Found, Guess
from core.lessons.short_training import SEED
from core.model.conditions import Given
from core.model.vae import VAE
from core.reports.lessons import Cloud, Curves, Frame, Level, Line, Scene
from core.reports.progress import Progress

SIDE, SIGMA = 4, 0.2  # pixels; of the decoder
IMAGES, SAMPLES = 300, 1_024  # SAMPLES z of each image, for every bound
KS = (1, 2, 4, 8, 16, 32, 64)
SHOWN, REACH = 1_500, 3.6
ROOM = 1.2  # nats above the ELBO that the plot shows, also before the rest is known
CONTROL = "Samples K of the bound"


def look() -> Scene:
    """The ELBO, K = 1, alone."""
    vae = linear_model()
    x = drawn_by(vae)
    (elbo,) = (float(each.mean()) for each in _bounds(vae, x, (1,)))
    return Scene((Frame("K = 1", (_curves([elbo], 1, ()), _answers(vae, x), _cloud(vae, x))),))


def run(guess: tuple[Guess, ...], steps: int) -> Iterator[Progress | Scene | Found]:
    """Every bound of the same samples of q(z|x), and the exact value; nothing is trained."""
    del steps
    vae = linear_model()
    x = drawn_by(vae)
    yield Progress("Drawing from q(z|x)", 0, 0)
    found = [float(each.mean()) for each in _bounds(vae, x, KS)]
    exact, guessed = float(exact_log_px(vae, x).mean()), (guess[0], guess[1])
    levels = (
        Level("log p(x)", exact, "truth"),
        Level("your K = 64", float(guessed[0]), "guess"),  # type: ignore[arg-type]  # numbers
        Level("your log p(x)", float(guessed[1]), "guess"),  # type: ignore[arg-type]
    )
    clouds = _answers(vae, x), _cloud(vae, x)
    frames = tuple(
        Frame(f"K = {k}: {bound:.2f} nats", (_curves(found, k, levels), *clouds)) for k, bound in _zip(found)
    )
    sentence = (
        f"The ELBO is {exact - found[0]:.2f} nats below log p(x). That gap is KL(q(z|x) ‖ p(z|x)), how far the "
        f"encoder's answer is from the true one, {gap_in_closed_form(vae):.2f} by its formula: a cloud that stands "
        f"upright (z without correlations) cannot be a slanted one. 64 samples leave {exact - found[-1]:.2f} nats."
    )
    yield Found(Scene(frames, CONTROL), (found[-1], exact), sentence)


def linear_model() -> VAE:
    """A linear decoder whose two loadings are much alike, with the best encoder that is diagonal.

    p(z|x) = N(Λ⁻¹·Wᵀ(x − b)/σ², Λ⁻¹) with Λ = I + WᵀW/σ² (Tipping & Bishop 1999); of all diagonal Gaussians the one of
    that mean and variances 1/Λ_ii has the least KL(q ‖ p(z|x)).
    """
    vae = VAE(ModelConfig(network="linear", latent_dims=2, likelihood="gaussian", sigma=SIGMA), (SIDE, SIDE, 1)).eval()
    generator = torch.Generator().manual_seed(SEED)
    first, second = torch.randn(2, SIDE * SIDE, generator=generator)
    loading = 0.22 * torch.stack((first, 0.9 * first + 0.4 * second), 1)
    precision = torch.eye(2) + loading.T @ loading / SIGMA**2
    reading = torch.linalg.inv(precision) @ loading.T / SIGMA**2
    decoder, encoder = vae.decoder[0], vae.encoder[1]  # type: ignore[index]  # linear ones, in sequences
    with torch.no_grad():
        decoder.weight.copy_(loading)
        decoder.bias.zero_()
        encoder.weight[:2], encoder.bias[:2] = reading, -reading.sum(1) * 0.5  # a Gaussian's mean is the output + ½
        encoder.weight[2:], encoder.bias[2:] = 0.0, -precision.diagonal().log()
    return vae.requires_grad_(False)


def drawn_by(vae: VAE) -> Tensor:
    """Images that the model itself makes up, (IMAGES, 1, SIDE, SIDE)."""
    generator = torch.Generator().manual_seed(SEED + 1)
    z = torch.randn(IMAGES, 2, generator=generator)
    noise = torch.randn(IMAGES, SIDE * SIDE, generator=generator)
    return z @ _loading(vae).T.float() + 0.5 + SIGMA * noise


def exact_log_px(vae: VAE, x: Tensor) -> Tensor:
    """log N(x; ½, WWᵀ + σ²I) of images, (N,): probabilistic PCA (Tipping & Bishop 1999)."""
    loading = _loading(vae)
    covariance = loading @ loading.T + SIGMA**2 * torch.eye(SIDE * SIDE, dtype=torch.float64)
    mean = torch.full((SIDE * SIDE,), 0.5, dtype=torch.float64)
    return torch.distributions.MultivariateNormal(mean, covariance).log_prob(x.flatten(1).double())  # type: ignore[no-any-return, no-untyped-call]


def gap_in_closed_form(vae: VAE) -> float:
    """KL(q(z|x) ‖ p(z|x)) in nats, of any x: ½ (Σ log Λ_ii − log det Λ)."""
    precision = _precision(vae)
    return float(0.5 * (precision.diagonal().log().sum() - torch.logdet(precision)))


def _loading(vae: VAE) -> Tensor:
    loading: Tensor = vae.decoder[0].weight.double()  # type: ignore[index]
    return loading


def _precision(vae: VAE) -> Tensor:
    """Λ = I + WᵀW/σ² of p(z|x), (2, 2)."""
    loading = _loading(vae)
    return torch.eye(2, dtype=torch.float64) + loading.T @ loading / SIGMA**2


def _bounds(vae: VAE, x: Tensor, ks: tuple[int, ...]) -> list[Tensor]:
    images = x.view(-1, 1, SIDE, SIDE)
    return bounds(vae, images, Given(), ks, SAMPLES, torch.Generator().manual_seed(SEED))


def _zip(found: list[float]) -> list[tuple[int, float]]:
    return list(zip(KS, found, strict=True))


def _curves(found: list[float], at: int, levels: tuple[Level, ...]) -> Curves:
    """The bounds that are known, over K."""
    y = np.full(len(KS), math.nan)
    y[: len(found)] = found
    return Curves(
        "Bounds on log p(x), by K, the samples of z",
        np.array(KS, float),
        (Line("", y),),
        ("K", "nats per image"),
        levels,
        True,
        at,
        has_dots=True,
        top=found[0] + ROOM,
    )


def _answers(vae: VAE, x: Tensor) -> Cloud:
    """For one image z of q(z|x), and of p(z|x) itself, which has the same mean and the covariance Λ⁻¹."""
    posterior = vae.posterior(x[:1].view(-1, 1, SIDE, SIDE))
    noise = torch.randn(SHOWN // 2, 2, generator=torch.Generator().manual_seed(SEED + 3))
    own = posterior.sample(noise[:, None])[0].flatten(0, 1)
    true = posterior.code + noise @ torch.linalg.cholesky(torch.linalg.inv(_precision(vae))).T.float()
    z: NDArray[np.float32] = torch.cat((true, own)).numpy()
    groups = np.repeat(np.array([0, 1], np.int8), SHOWN // 2)
    return Cloud("z of one x: q(z|x) orange, p(z|x) blue", z, groups, REACH, has_rings=True)


def _cloud(vae: VAE, x: Tensor) -> Cloud:
    """A z of q(z|x) for each of the images, again and again: the aggregate posterior."""
    generator = torch.Generator().manual_seed(SEED + 2)
    q = vae.posterior(x.view(-1, 1, SIDE, SIDE))
    noise = torch.randn(-(-SHOWN // IMAGES), IMAGES, 2, generator=generator)
    z: NDArray[np.float32] = q.sample(noise)[0].flatten(0, 1).numpy()
    return Cloud("z of q(z|x) of all x, against N(0, I)", z, np.zeros(len(z), np.int8), REACH, has_rings=True)
