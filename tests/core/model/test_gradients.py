"""The gradients that training follows, over 10,000 draws, against a closed form and finite differences of a quadrature.

The model is one-dimensional and Gaussian throughout: q(z|x) = N(ax + c, e^v), p(x|z) = N(wz + b, σ²), p(z) = N(0, 1).
What is expected is worked out in NumPy, from the formulas, by Gauss–Hermite quadrature over every sample's noise.
"""

import itertools
import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from core.config import ModelConfig
from core.model.objectives import elbo, iwae
from core.model.vae import VAE

DRAWS, GROUPS = 10_000, 100
X, SIGMA = 0.9, 0.4
START = {"mean": 0.25, "log_variance": -0.7, "weight": 1.3, "bias": -0.2}  # q's two numbers at x, and the decoder's two


def model() -> VAE:
    """The same model in our own parts; the means of encoder and decoder sit in their biases."""
    config = ModelConfig(network="linear", latent_dims=1, width=4, likelihood="gaussian", sigma=SIGMA)
    vae = VAE(config, (1, 1, 1))
    vae.encoder[1].weight.data.zero_()
    vae.encoder[1].bias.data = torch.tensor([START["mean"], START["log_variance"]])
    vae.decoder[0].weight.data.fill_(START["weight"])
    vae.decoder[0].bias.data.fill_(START["bias"] - 0.5)  # a Gaussian's mean is the output + ½
    return vae


def expected(values: dict[str, float], samples: int, beta: float) -> float:
    """−E log ¹⁄ₖ Σ w by quadrature over all samples' noise."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80 if samples == 1 else 60)
    weights = weights / weights.sum()
    z = values["mean"] + math.exp(0.5 * values["log_variance"]) * nodes
    log_q = -0.5 * (nodes**2 + values["log_variance"] + math.log(2 * math.pi))
    log_p = -0.5 * (z**2 + math.log(2 * math.pi))
    error = (X - values["weight"] * z - values["bias"]) / SIGMA
    log_w = -0.5 * error**2 - math.log(SIGMA) - 0.5 * math.log(2 * math.pi) + beta * (log_p - log_q)
    total, density = np.zeros([len(nodes)] * samples), np.ones([len(nodes)] * samples)
    for axis in range(samples):
        shape = [1] * samples
        shape[axis] = len(nodes)
        total, density = total + np.exp(log_w).reshape(shape), density * weights.reshape(shape)
    return float(-(density * np.log(total / samples)).sum())


def slopes(samples: int, beta: float, step: float = 1e-4) -> NDArray[np.float64]:
    """Finite differences of what is expected, for each of the four numbers."""
    return np.array(
        [
            (expected(START | {n: v + step}, samples, beta) - expected(START | {n: v - step}, samples, beta))
            / (2 * step)
            for n, v in START.items()
        ]
    )


def drawn(samples: int, beta: float, plain: bool, seed: int = 0) -> NDArray[np.float64]:
    """The gradients of groups of draws, (GROUPS, 4)."""
    vae, x = model(), torch.full((DRAWS // GROUPS, 1, 1, 1), X)
    generator = torch.Generator().manual_seed(seed)
    found = []
    for _ in range(GROUPS):
        noise = torch.randn(samples, len(x), 1, generator=generator)
        result = elbo(vae, x, noise, beta) if samples == 1 else iwae(vae, x, noise, beta, plain=plain)
        vae.zero_grad()
        result.objective.mean().backward()
        encoder, decoder = vae.encoder[1].bias.grad, vae.decoder[0]
        found.append([*encoder.tolist(), decoder.weight.grad.item(), decoder.bias.grad.item()])
    return np.array(found)


def closed_form(beta: float) -> NDArray[np.float64]:
    """The slopes of the ELBO: E over z of (x − wz − b)² is (x − wμ − b)² + w²s²."""
    mean, variance, w, b = START["mean"], math.exp(START["log_variance"]), START["weight"], START["bias"]
    error = X - w * mean - b
    of_mean = -w * error / SIGMA**2 + beta * mean
    of_log_variance = 0.5 * w**2 * variance / SIGMA**2 + 0.5 * beta * (variance - 1)
    of_weight = (-mean * error + w * variance) / SIGMA**2
    return np.array([of_mean, of_log_variance, of_weight, -error / SIGMA**2])


def test_the_quadrature_agrees_with_the_closed_form() -> None:
    for beta in (1.0, 2.5):
        np.testing.assert_allclose(slopes(1, beta), closed_form(beta), rtol=1e-6)


@pytest.mark.parametrize("beta", [0.0, 1.0, 2.5])
def test_the_gradient_of_the_elbo_is_unbiased(beta: float) -> None:
    check_unbiased(drawn(1, beta, plain=False), closed_form(beta))


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "doubly reparameterised"])
@pytest.mark.parametrize(("samples", "beta"), [(2, 1.0), (3, 1.0), (2, 0.4), (3, 2.5)])
def test_the_gradient_of_iwae_is_unbiased(samples: int, beta: float, plain: bool) -> None:
    check_unbiased(drawn(samples, beta, plain), slopes(samples, beta))


def check_unbiased(found: NDArray[np.float64], wanted: NDArray[np.float64]) -> None:
    """Within four standard errors of 10,000 draws, and the error itself small beside the slope."""
    error = found.std(axis=0, ddof=1) / math.sqrt(GROUPS)
    assert (np.abs(found.mean(axis=0) - wanted) < 4 * error + 1e-6).all(), (found.mean(axis=0), wanted, error)
    assert (error < 0.1 * np.abs(wanted).max()).all()


def test_the_doubly_reparameterised_gradient_of_the_encoder_is_the_quieter() -> None:
    """Tucker et al. 2019: with more samples the plain one drowns, this one does not."""
    noise = {
        (k, plain): drawn(k, 1.0, plain).std(axis=0)[:2] for k, plain in itertools.product((2, 8, 32), (True, False))
    }
    for samples in (2, 8, 32):
        assert (noise[samples, False] < noise[samples, True]).all(), noise
    assert (noise[32, True] > 2 * noise[32, False]).all(), noise


def test_more_samples_bring_the_bound_nearer_to_the_evidence() -> None:
    """Burda et al. 2016, theorem 1, where log p(x) is known: x ~ N(b, w² + σ²)."""
    variance = START["weight"] ** 2 + SIGMA**2
    evidence = -0.5 * ((X - START["bias"]) ** 2 / variance + math.log(2 * math.pi * variance))
    bounds = [-expected(START, samples, 1.0) for samples in (1, 2, 3)]
    with torch.no_grad():
        noise = torch.randn(1000, 200, 1, generator=torch.Generator().manual_seed(0))
        ours = [-iwae(model(), torch.full((200, 1, 1, 1), X), noise[:k]).objective.mean().item() for k in (10, 1000)]
    assert [*bounds, *ours] == sorted([*bounds, *ours])
    assert ours[-1] == pytest.approx(evidence, abs=0.01)
