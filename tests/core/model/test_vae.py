"""The numbers of the model, against torch.distributions and closed forms."""

import math

import pytest
import torch
from torch import distributions

from core.config import ModelConfig
from core.model.likelihoods import Bernoulli, GaussianLearned
from core.model.objectives import elbo, objective
from core.model.posteriors import DiagonalGaussian
from core.model.vae import VAE

SHAPES = [(16, 16, 1), (28, 28, 1), (32, 32, 3), (64, 64, 3), (128, 128, 1)]


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


def test_kl_is_the_closed_form_between_gaussians() -> None:
    posterior = DiagonalGaussian(4 * random(6, 5) - 2, 4 * random(6, 5, seed=1) - 2)
    theirs = distributions.kl_divergence(
        distributions.Normal(posterior.mean, (0.5 * posterior.log_variance).exp()), distributions.Normal(0.0, 1.0)
    )
    torch.testing.assert_close(posterior.kl(), theirs, rtol=1e-5, atol=1e-6)


def test_samples_have_the_mean_and_spread_they_claim() -> None:
    posterior = DiagonalGaussian(torch.tensor([[1.0, -2.0]]), torch.tensor([[0.0, 2.0]]))
    noise = torch.randn(200_000, 2, generator=torch.Generator().manual_seed(0))
    z = posterior.sample(noise)
    torch.testing.assert_close(z.mean(0), posterior.mean[0], rtol=0, atol=0.03)
    torch.testing.assert_close(z.var(0), posterior.log_variance[0].exp(), rtol=0.02, atol=0)


def test_bernoulli_is_torchs_even_for_grey_pixels() -> None:
    logits, x = 8 * random(3, 1, 4, 4) - 4, random(3, 1, 4, 4, seed=1)
    probabilities = logits.sigmoid()
    theirs = (x * probabilities.log() + (1 - x) * (1 - probabilities).log()).flatten(1).sum(1)
    torch.testing.assert_close(Bernoulli().log_prob(logits, x), theirs, rtol=1e-5, atol=1e-4)
    binary = x.round()
    torch.testing.assert_close(
        Bernoulli().log_prob(logits, binary),
        distributions.Bernoulli(logits=logits).log_prob(binary).flatten(1).sum(1),
        rtol=1e-5,
        atol=1e-4,
    )


def test_gaussian_keeps_its_constants() -> None:
    likelihood = GaussianLearned()
    output, x = random(3, 3, 4, 4), random(3, 3, 4, 4, seed=1)
    sigma = -6.0 + torch.nn.functional.softplus(likelihood.log_sigma + 6.0)
    theirs = distributions.Normal(output + 0.5, sigma.exp()).log_prob(x).flatten(1).sum(1)
    torch.testing.assert_close(likelihood.log_prob(output, x), theirs, rtol=1e-5, atol=1e-3)


def test_learned_sigma_finds_the_root_mean_squared_error() -> None:
    likelihood = GaussianLearned()
    output = torch.zeros(64, 1, 8, 8)
    x = 0.5 + 0.13 * torch.randn(64, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    optimiser = torch.optim.Adam(likelihood.parameters(), lr=0.05)
    for _ in range(400):
        optimiser.zero_grad()
        (-likelihood.log_prob(output, x).mean()).backward()
        optimiser.step()
    learned = (-6.0 + torch.nn.functional.softplus(likelihood.log_sigma.detach() + 6.0)).exp()
    torch.testing.assert_close(learned, (x - 0.5).square().mean().sqrt(), rtol=0.01, atol=0)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("network", ["linear", "mlp", "conv"])
def test_every_network_gives_back_the_shape_it_was_given(network: str, shape: tuple[int, int, int]) -> None:
    config = ModelConfig(network=network, latent_dims=3, width=4, likelihood="bernoulli")
    vae = VAE(config, shape)
    height, width, channels = shape
    x = random(2, channels, height, width)
    result = elbo(vae, x, torch.zeros(2, 3))
    assert vae.mean_image(result.posterior.mean).shape == x.shape
    assert torch.isfinite(result.objective).all()
    assert 0.0 <= vae.mean_image(random(2, 3)).min() <= vae.mean_image(random(2, 3)).max() <= 1.0


def test_the_objective_is_reconstruction_plus_beta_times_kl() -> None:
    vae = VAE(ModelConfig(network="mlp", latent_dims=2, width=4, likelihood="bernoulli"), (16, 16, 1))
    result = elbo(vae, random(5, 1, 16, 16), torch.zeros(5, 2), beta=3.0)
    torch.testing.assert_close(result.objective, result.reconstruction + 3.0 * result.kl)
    torch.testing.assert_close(result.kl.mean(), result.kl_per_dim.sum())


def test_an_untrained_bernoulli_decoder_costs_about_one_bit_a_pixel() -> None:
    vae = VAE(ModelConfig(network="conv", latent_dims=2, width=8, likelihood="bernoulli"), (28, 28, 1))
    with torch.no_grad():
        result = elbo(vae, random(8, 1, 28, 28), torch.zeros(8, 2))
    assert result.reconstruction.mean().item() == pytest.approx(784 * math.log(2), rel=0.05)


@pytest.mark.parametrize("network", ["linear", "mlp", "conv"])
def test_a_plain_model_keeps_the_names_of_the_weights_in_old_runs(network: str) -> None:
    config = ModelConfig(network=network, latent_dims=2, width=4, encoder_norm="none", likelihood="gaussian-learned")
    names = set(VAE(config, (16, 16, 1)).state_dict())
    assert "likelihood.log_sigma" in names
    assert {name.split(".")[0] for name in names} == {"encoder", "decoder", "likelihood"}
    kept = {"linear": "encoder.1.weight", "mlp": "encoder.4.weight", "conv": "encoder.head.weight"}
    assert kept[network] in names


@pytest.mark.parametrize("size", [1.0, 1e3, 1e6])
def test_what_an_mlp_says_of_an_image_unlike_all_others_is_within_reach(size: float) -> None:
    """By Cauchy and Schwarz, whatever comes before the norm: a code and its variance cannot lie just anywhere."""
    torch.manual_seed(0)
    config = ModelConfig(network="mlp", latent_dims=3, width=4, likelihood="bernoulli")
    encoder = VAE(config, (16, 16, 1)).encoder
    norm, head = encoder[-2], encoder[-1]
    with torch.no_grad():
        for parameter in encoder.parameters():
            parameter.add_(torch.randn_like(parameter))
        said = encoder(size * torch.randn(50, 1, 16, 16)).abs()
        straight = math.sqrt(len(norm.weight)) * (head.weight * norm.weight).norm(dim=1)
        assert (said <= straight + (head.weight @ norm.bias + head.bias).abs() + 1e-3).all()


@pytest.mark.parametrize("latent_dims", [1, 1024])
@pytest.mark.parametrize("posterior", ["diagonal", "planar", "iaf"])
@pytest.mark.parametrize("conditional", ["none", "class", "completion"])
def test_one_latent_dim_and_a_thousand_are_both_possible(latent_dims: int, posterior: str, conditional: str) -> None:
    config = ModelConfig(
        network="mlp",
        latent_dims=latent_dims,
        width=4,
        likelihood="gaussian",
        posterior=posterior,
        conditional=conditional,
    )
    vae, noise = VAE(config, (16, 16, 1), classes=3), torch.randn(2, 3, latent_dims)
    result = objective(vae, random(3, 1, 16, 16), noise, kind="iwae")
    result.objective.mean().backward()
    assert torch.isfinite(result.objective).all()
    assert result.posterior.code.shape == (3, latent_dims)


def test_learned_sigma_is_the_error_of_a_decoder_that_learned_too() -> None:
    """At rest σ is the root mean squared error of the reconstructions it is told of (Rybkin et al. 2021, eq. 5)."""
    torch.manual_seed(0)
    vae = VAE(ModelConfig(network="linear", latent_dims=2, width=4, likelihood="gaussian-learned"), (8, 8, 1))
    x, noise = random(64, 1, 8, 8), torch.randn(1, 64, 2, generator=torch.Generator().manual_seed(0))
    optimiser = torch.optim.Adam(vae.parameters(), lr=0.02)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, 300)
    for _ in range(300):
        optimiser.zero_grad()
        objective(vae, x, noise).objective.mean().backward()
        optimiser.step()
        schedule.step()
    with torch.no_grad():
        rmse = (x - vae.decoder(vae.posterior(x).sample(noise)[0][0]) - 0.5).square().mean().sqrt()
        learned = (-6.0 + torch.nn.functional.softplus(vae.likelihood.log_sigma + 6.0)).exp()
    torch.testing.assert_close(learned, rmse, rtol=0.01, atol=0)
