"""Conditional models: what they are told reaches them, and what is hidden does not."""

import pytest
import torch
from torch import Tensor, distributions

from core.config import ModelConfig
from core.model.conditions import Given
from core.model.objectives import objective
from core.model.posteriors import DiagonalGaussian
from core.model.vae import VAE

SHAPES = [(16, 16, 1), (28, 28, 3), (64, 64, 3)]
CLASSES = 4


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


def vae(conditional: str, network: str = "mlp", shape: tuple[int, int, int] = (16, 16, 1), **more: object) -> VAE:
    torch.manual_seed(0)
    usual = {"network": network, "latent_dims": 3, "width": 4, "likelihood": "bernoulli", "conditional": conditional}
    return VAE(ModelConfig.model_validate(usual | more), shape, CLASSES)


def half(count: int, shape: tuple[int, int, int] = (16, 16, 1)) -> Tensor:
    """The left half is visible."""
    visible = torch.zeros(count, 1, *shape[:2])
    visible[..., : shape[1] // 2] = 1.0
    return visible


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("network", ["linear", "mlp", "conv"])
@pytest.mark.parametrize("conditional", ["none", "class", "completion"])
@pytest.mark.parametrize("posterior", ["diagonal", "iaf"])
def test_every_network_takes_what_is_given(
    network: str, conditional: str, posterior: str, shape: tuple[int, int, int]
) -> None:
    model = vae(conditional, network, shape, posterior=posterior)
    height, width, channels = shape
    x = random(4, channels, height, width)
    given = Given(torch.arange(4), half(4, shape))
    with torch.no_grad():
        result = objective(model, x, torch.zeros(2, 4, 3), given)
        condition = model.condition(x, given)
        assert model.mean_image(result.posterior.code, condition).shape == x.shape
        assert model.mean_image(random(6, 3), None if condition is None else condition[:1]).shape == (6, *x.shape[1:])
        assert model.mean_image(random(6, 3)).shape == (6, *x.shape[1:])  # nothing is told: class 0, nothing visible
        assert model.log_likelihood(x, random(5, 2, 4, 3), condition).shape == (5, 2, 4)
    assert [part.shape for part in model.prior(x, given)] == [(4, 3), (4, 3)]
    assert torch.isfinite(result.objective).all()
    assert (condition is None) == (conditional == "none")


@pytest.mark.parametrize("network", ["linear", "mlp", "conv"])
def test_the_class_reaches_encoder_and_decoder(network: str) -> None:
    model, x = vae("class", network), random(2, 1, 16, 16)
    one, other = Given(torch.tensor([1, 1])), Given(torch.tensor([3, 3]))
    assert not torch.allclose(model.posterior(x, one).mean, model.posterior(x, other).mean)
    z = random(2, 3)
    assert not torch.allclose(
        model.mean_image(z, model.condition(x, one)), model.mean_image(z, model.condition(x, other))
    )


def test_without_a_label_an_image_is_of_the_first_class() -> None:
    model, x = vae("class"), random(2, 1, 16, 16)
    first = Given(torch.zeros(2, dtype=torch.int64))
    assert torch.equal(model.posterior(x).mean, model.posterior(x, first).mean)
    assert torch.equal(model.mean_image(random(2, 3)), model.mean_image(random(2, 3), model.condition(x, first)))


def test_a_model_that_is_told_nothing_ignores_what_is_given() -> None:
    model, x = vae("none"), random(2, 1, 16, 16)
    told, untold = (
        objective(model, x, torch.zeros(1, 2, 3), g) for g in (Given(torch.tensor([1, 2]), half(2)), Given())
    )
    assert torch.equal(told.objective, untold.objective)


@pytest.mark.parametrize("network", ["linear", "mlp", "conv"])
def test_what_is_hidden_tells_nothing_of_itself(network: str) -> None:
    """p(z | visible) and the condition stay the same whatever lies under the mask; the rest changes them."""
    model, x, given = vae("completion", network), random(2, 1, 16, 16), Given(visible=half(2))
    hidden, seen = x.clone(), x.clone()
    hidden[..., 8:], seen[..., :8] = random(2, 1, 16, 8, seed=5), random(2, 1, 16, 8, seed=6)
    prior, condition = model.prior(x, given), model.condition(x, given)
    assert condition is not None
    assert torch.equal(model.prior(hidden, given).mean, prior.mean)
    assert torch.equal(model.condition(hidden, given), condition)
    assert not torch.allclose(model.prior(seen, given).mean, prior.mean)
    assert not torch.allclose(model.condition(seen, given), condition)
    assert not torch.allclose(model.prior(x, Given()).mean, prior.mean)


def test_only_hidden_pixels_are_paid_for() -> None:
    model, x, given = vae("completion"), random(3, 1, 16, 16), Given(visible=half(3))
    z, condition = random(3, 3), model.condition(x, given)
    probabilities = model.mean_image(z, condition)[..., 8:]
    theirs = x[..., 8:] * probabilities.log() + (1 - x[..., 8:]) * (1 - probabilities).log()
    ours = model.log_likelihood(x, z, condition, given.visible)
    torch.testing.assert_close(ours, theirs.flatten(1).sum(1), rtol=1e-5, atol=1e-4)
    result = objective(model, x, torch.zeros(1, 3, 3), given)
    drawn = model.posterior(x, given).mean
    torch.testing.assert_close(result.reconstruction, -model.log_likelihood(x, drawn, condition, given.visible))


def test_kl_of_a_completion_is_to_what_the_visible_part_says() -> None:
    model, x, given = vae("completion"), random(3, 1, 16, 16), Given(visible=half(3))
    q, p = model.posterior(x, given).base, model.prior(x, given)
    theirs = distributions.kl_divergence(*(distributions.Normal(g.mean, (0.5 * g.log_variance).exp()) for g in (q, p)))
    result = objective(model, x, torch.zeros(1, 3, 3), given)
    torch.testing.assert_close(result.kl, theirs.sum(1), rtol=1e-5, atol=1e-6)


def test_kl_between_two_gaussians_is_torchs_and_log_prob_too() -> None:
    q, p = (
        DiagonalGaussian(4 * random(6, 5, seed=s).double() - 2, 4 * random(6, 5, seed=s + 9).double() - 2)
        for s in (0, 1)
    )
    normal_q, normal_p = (distributions.Normal(g.mean, (0.5 * g.log_variance).exp()) for g in (q, p))
    torch.testing.assert_close(q.kl(p), distributions.kl_divergence(normal_q, normal_p), rtol=1e-5, atol=0)
    torch.testing.assert_close(q.kl(DiagonalGaussian.standard(q.mean)), q.kl(), rtol=1e-9, atol=1e-12)
    z = 6 * random(7, 6, 5, seed=2).double() - 3
    torch.testing.assert_close(q.log_prob(z), normal_q.log_prob(z).sum(-1), rtol=1e-5, atol=0)


def test_a_completion_learns_what_the_hidden_half_is_and_that_there_are_two_of_them() -> None:
    """Left half: grey level a; right half: a or 1 − a, by a coin: draws must show both, at the right levels."""
    model, generator = vae("completion", width=8), torch.Generator().manual_seed(0)
    optimiser = torch.optim.Adam(model.parameters(), lr=3e-3)

    def images(count: int) -> tuple[Tensor, Tensor]:
        level = (torch.rand(count, 1, 1, 1, generator=generator) > 0.5).float() * 0.8 + 0.1
        coin = (torch.rand(count, 1, 1, 1, generator=generator) > 0.5).float()
        right = coin * level + (1 - coin) * (1 - level)
        return torch.cat((level.expand(-1, 1, 16, 8), right.expand(-1, 1, 16, 8)), dim=-1), coin.flatten()

    for _ in range(200):
        x, _ = images(64)
        optimiser.zero_grad()
        noise = torch.randn(1, 64, 3, generator=generator)
        objective(model, x, noise, Given(visible=half(64))).objective.mean().backward()
        optimiser.step()
    with torch.no_grad():
        x, _ = images(1)
        given = Given(visible=half(1))
        z = model.prior(x, given).sample(torch.randn(200, 3, generator=generator))
        right = model.mean_image(z, model.condition(x, given))[..., 8:].mean((1, 2, 3))
    sure = ((right - 0.1).abs() < 0.1) | ((right - 0.9).abs() < 0.1)
    assert sure.float().mean() > 0.85
    assert 0.25 < (right > 0.5).float().mean() < 0.75
