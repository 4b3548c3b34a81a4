"""The bounds of log σ² and the starts of the networks: what learning could not undo."""

import pytest
import torch
from torch import Tensor

from core.config import ModelConfig
from core.model.networks import ConvBlock, MLPBlock
from core.model.posteriors import DiagonalGaussian
from core.model.vae import VAE


def of_log_variance(values: list[float]) -> tuple[Tensor, DiagonalGaussian]:
    encoded = torch.tensor([[0.0, value] for value in values], requires_grad=True)
    return encoded, DiagonalGaussian.of(encoded)


def test_inside_its_bounds_log_variance_is_what_the_encoder_says_to_the_bit() -> None:
    values = [-20.0, -19.99, -3.3, 0.0, 1e-7, 9.99, 10.0]
    _, posterior = of_log_variance(values)
    assert torch.equal(posterior.log_variance[:, 0], torch.tensor(values))


@pytest.mark.parametrize("value", [-1e6, -400.0, -20.5, 10.5, 400.0, 1e6])
def test_a_dimension_that_was_thrown_out_finds_its_way_back(value: float) -> None:
    """KL pulls log σ² towards 0 from wherever it is: a hard bound would leave no gradient at all."""
    encoded, posterior = of_log_variance([value])
    posterior.kl().sum().backward()
    assert encoded.grad is not None
    assert encoded.grad[0, 1] * value > 0.0
    assert torch.isfinite(posterior.kl()).all()
    assert torch.isfinite(posterior.log_prob(torch.ones(1, 1))).all()


@pytest.mark.parametrize("value", [-50.0, -21.0])
def test_adam_brings_it_back(value: float) -> None:
    raw = torch.tensor([[0.0, value]], requires_grad=True)
    optimiser = torch.optim.Adam([raw], lr=0.1)
    for _ in range(1_500):
        optimiser.zero_grad()
        DiagonalGaussian.of(raw).kl().sum().backward()
        optimiser.step()
    assert DiagonalGaussian.of(raw).log_variance[0, 0].item() == pytest.approx(0.0, abs=0.05)


def test_residual_blocks_begin_as_the_identity() -> None:
    torch.manual_seed(3)
    flat, grid = torch.randn(5, 32), torch.randn(5, 8, 6, 6)
    assert torch.equal(MLPBlock(32)(flat), flat)
    assert torch.equal(ConvBlock(8)(grid), grid)


@pytest.mark.parametrize("posterior", ["planar", "iaf"])
def test_flows_begin_as_the_identity(posterior: str) -> None:
    torch.manual_seed(3)
    vae = VAE(
        ModelConfig(network="mlp", width=4, latent_dims=5, posterior=posterior, likelihood="bernoulli"), (16, 16, 1)
    )
    bent = vae.posterior(torch.rand(6, 1, 16, 16))
    noise = torch.randn(6, 5)
    z, log_q = bent.sample(noise)
    torch.testing.assert_close(z, bent.base.sample(noise))
    torch.testing.assert_close(log_q, bent.base.log_prob(z), rtol=1e-4, atol=1e-4)
