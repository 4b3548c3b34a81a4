"""Flows where they are needed: a posterior shaped like a ring, whose log p(x) quadrature knows."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from core.config import ModelConfig
from core.model.objectives import elbo
from core.model.vae import VAE

X, SIGMA = 1.5, 0.15  # the one pixel shows |z|, seen through noise
STEPS, DRAWS = 400, 64


class Radius(nn.Module):
    """A decoder that shows how far z is from 0, so that all directions explain an image alike."""

    def forward(self, z: Tensor) -> Tensor:
        """(N, 2) → (N, 1, 1, 1); a Gaussian's mean is the output + ½."""
        return (z.square().sum(1) + 1e-6).sqrt().reshape(-1, 1, 1, 1) - 0.5


def log_evidence() -> float:
    """log ∫ N(z; 0, I) N(x; |z|, σ²) dz over the radius: its density is r·exp(−r²/2)."""
    r = np.linspace(0, 10, 200_001)
    likelihood = np.exp(-0.5 * ((X - r) / SIGMA) ** 2) / (SIGMA * math.sqrt(2 * math.pi))
    return math.log(np.trapezoid(r * np.exp(-0.5 * r**2) * likelihood, r))


def gap(posterior: str, flows: int) -> float:
    """How far the trained ELBO stays below log p(x), in nats."""
    torch.manual_seed(0)
    config = ModelConfig(
        network="mlp", width=4, likelihood="gaussian", sigma=SIGMA, posterior=posterior, flows=flows, latent_dims=2
    )
    vae, generator = VAE(config, (1, 1, 1)), torch.Generator().manual_seed(1)
    vae.decoder = Radius()
    optimiser = torch.optim.Adam(vae.parameters(), lr=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    x = torch.full((1, 1, 1, 1), X)
    for _ in range(STEPS):
        optimiser.zero_grad()
        elbo(vae, x, torch.randn(DRAWS, 1, 2, generator=generator)).objective.mean().backward()
        optimiser.step()
        schedule.step()
    with torch.no_grad():
        bound = -elbo(vae, x, torch.randn(50_000, 1, 2, generator=generator)).objective.mean().item()
    return log_evidence() - bound


@pytest.mark.long
def test_a_flow_closes_at_least_half_of_what_a_diagonal_gaussian_leaves_open() -> None:
    gaps = {name: gap(name, flows) for name, flows in (("diagonal", 1), ("planar", 10), ("iaf", 4))}
    print(" ".join(f"{name} {value:.3f}" for name, value in gaps.items()), "nats below log p(x)")
    assert gaps["diagonal"] > 0.5, "the toy is too easy to tell"
    assert min(gaps.values()) > -0.02, "a bound above log p(x) is no bound"
    assert max(gaps["planar"], gaps["iaf"]) <= 0.5 * gaps["diagonal"], gaps
