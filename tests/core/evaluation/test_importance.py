"""log p(x) by importance sampling, against closed forms and quadrature."""

import math

import numpy as np
import pytest
import torch
from scipy import stats
from torch import Tensor

from core.config import ModelConfig, RunConfig
from core.evaluation import importance
from core.evaluation.figures import Chosen, evaluate
from core.evaluation.importance import bounds, log_px, naive_log_px, of_log_weights, passes, prepare, together
from core.model.conditions import Given
from core.model.vae import VAE
from core.reports.evaluation import Evaluated

IMAGES = 400
SIGMA = 0.2


def generator(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def linear() -> VAE:
    """A linear decoder with a fixed σ: p(x) is a normal density; the encoder is a rough guess, wider than the truth."""
    torch.manual_seed(0)
    vae = VAE(ModelConfig(network="linear", latent_dims=3, likelihood="gaussian", sigma=SIGMA), (4, 4, 1)).eval()
    weight, shift = loading(vae)
    with torch.no_grad():
        weight.mul_(0.5)
        covariance = torch.linalg.inv(torch.eye(3) + weight.T @ weight / SIGMA**2)
        reading = covariance @ weight.T / SIGMA**2
        vae.encoder[1].weight[:3], vae.encoder[1].bias[:3] = reading, -reading @ (shift + 0.5)
        vae.encoder[1].weight[3:] = 0.0
        vae.encoder[1].bias[3:] = (1.3 * covariance.diagonal()).log()
    return vae.requires_grad_(False)


def loading(vae: VAE) -> tuple[Tensor, Tensor]:
    return vae.decoder[0].weight, vae.decoder[0].bias


def drawn_by(vae: VAE, count: int = IMAGES) -> Tensor:
    weight, shift = loading(vae)
    z, noise = torch.randn(count, 3, generator=generator()), torch.randn(count, 16, generator=generator(2))
    return (z @ weight.T + shift + 0.5 + SIGMA * noise).view(count, 1, 4, 4)


def exact(vae: VAE, x: Tensor) -> np.ndarray:
    """Probabilistic PCA (Tipping & Bishop 1999): N(shift, W·Wᵀ + σ²·I)."""
    weight, shift = (each.double().numpy() for each in loading(vae))
    covariance = weight @ weight.T + SIGMA**2 * np.eye(16)
    return stats.multivariate_normal(shift + 0.5, covariance).logpdf(x.flatten(1).double().numpy())


def test_log_px_of_a_linear_decoder_is_that_of_probabilistic_pca(linear: VAE) -> None:
    x = drawn_by(linear)
    own = passes(linear, prepare(linear, x, Given()), 512, generator(3), "posterior")
    found = of_log_weights(together(list(own)).log_weights)
    scores = (found.estimate.numpy() - exact(linear, x)) / found.standard_error.numpy()
    assert found.standard_error.max() < 0.5
    assert abs(scores.mean()) <= 3 / math.sqrt(IMAGES)  # as 400 draws from N(0, 1) would be
    assert abs(scores.std() - 1.0) <= 3 / math.sqrt(2 * IMAGES)
    assert (abs(scores) < 2).mean() >= 0.92


def test_widened_samples_say_no_less_than_their_error(linear: VAE) -> None:
    x = drawn_by(linear)
    found = log_px(linear, x, Given(), 512, generator(3))
    scores = (found.estimate.numpy() - exact(linear, x)) / found.standard_error.numpy()
    assert abs(scores.mean()) <= 3 / math.sqrt(IMAGES)
    assert 0.75 <= scores.std() <= 1.0  # less than 1, for as many are drawn from each part as there should be


def test_the_error_is_what_estimates_scatter_by(linear: VAE) -> None:
    x = drawn_by(linear, 20)
    found = [log_px(linear, x, Given(), 256, generator(seed)) for seed in range(100)]
    scatter = torch.stack([each.estimate for each in found]).std(0)
    claimed = torch.stack([each.standard_error for each in found]).square().mean(0).sqrt()
    assert (claimed / scatter).mean().item() == pytest.approx(1.1, abs=0.15)
    assert (claimed / scatter).min() > 0.8


def test_the_error_of_the_mean_covers_how_low_a_logarithm_is(linear: VAE) -> None:
    """Few samples, many images: the noise averages away, what the logarithm loses does not."""
    pixels = drawn_by(linear).clamp(0, 1).mul(255).to(torch.uint8).permute(0, 2, 3, 1).numpy()
    images = Chosen(pixels, np.zeros(IMAGES, np.int64), np.arange(IMAGES))
    *_, found = evaluate(linear, images, RunConfig(source="faces", model=ModelConfig(likelihood="gaussian")), 4)
    assert isinstance(found, Evaluated)
    truth = exact(linear, torch.from_numpy(pixels).permute(0, 3, 1, 2) / 255).mean()
    assert -2.5 * found.log_px_se <= found.log_px - truth < 0.0


@pytest.fixture(scope="module")
def bent() -> tuple[VAE, Tensor]:
    """A small non-linear decoder of a two-dimensional latent, trained for a moment, with its images."""
    torch.manual_seed(0)
    vae = VAE(ModelConfig(network="mlp", latent_dims=2, width=4, likelihood="bernoulli"), (8, 8, 1))
    rows, columns = torch.meshgrid(torch.arange(8.0), torch.arange(8.0), indexing="ij")
    place = 7 * torch.rand(2, 60, 1, 1, generator=generator())
    x = torch.exp(-((rows - place[0]) ** 2 + (columns - place[1]) ** 2) / 4).round()[:, None]
    optimiser = torch.optim.Adam(vae.parameters(), lr=4e-3)
    for step in range(200):
        noise = torch.randn(60, 2, generator=generator(step))
        posterior = vae.posterior(x)
        z, _ = posterior.sample(noise)
        optimiser.zero_grad()
        (posterior.base.kl().sum(1) - vae.log_likelihood(x, z)).mean().backward()
        optimiser.step()
    return vae.eval().requires_grad_(False), x


def quadrature(vae: VAE, x: Tensor, reach: float = 7.0, steps: int = 351) -> Tensor:
    """log ∫ p(x|z) p(z) dz over a grid: the trapezoid rule is exact to rounding for so smooth a function."""
    axis = torch.linspace(-reach, reach, steps, dtype=torch.float64)
    cell = (axis[1] - axis[0]).item() ** 2
    total = torch.full((len(x),), -math.inf, dtype=torch.float64)
    for v in axis:
        z = torch.stack((axis, v.expand(steps)), 1)
        log_prior = -0.5 * z.square().sum(1) - math.log(2 * math.pi)
        output = vae.decoder(z.float()).flatten(1).double()
        log_likelihood = output @ x.flatten(1).double().T - torch.nn.functional.softplus(output).sum(1)[:, None]
        total = torch.logaddexp(total, torch.logsumexp(log_likelihood + log_prior[:, None], 0))
    return total + math.log(cell)


def test_log_px_of_a_bent_decoder_is_that_of_quadrature(bent: tuple[VAE, Tensor]) -> None:
    vae, x = bent
    found = log_px(vae, x, Given(), 2048, generator(3))
    scores = (found.estimate - quadrature(vae, x)) / found.standard_error
    assert (scores.abs() < 2).double().mean() >= 0.9
    assert abs(scores.mean()) <= 0.4  # the logarithm of a mean is a little low
    assert abs(found.estimate.mean() - quadrature(vae, x).mean()) <= 0.02


def test_bounds_rise_with_their_samples_to_log_px(bent: tuple[VAE, Tensor]) -> None:
    vae, x = bent
    rising = torch.stack([each.mean() for each in bounds(vae, x, Given(), (1, 2, 5, 20, 100, 500), 1000, generator())])
    assert (rising.diff() > 0).all()
    assert rising[-1] < quadrature(vae, x).mean() < rising[-1] + 0.2
    posterior = vae.posterior(x)
    z, _ = posterior.sample(torch.randn(1000, 60, 2, generator=generator(5)))
    elbo = vae.log_likelihood(x, z).mean() - posterior.base.kl().sum(1).mean()
    assert rising[0].item() == pytest.approx(elbo.item(), abs=0.1)


def test_samples_of_the_prior_miss_where_the_encoder_hits(bent: tuple[VAE, Tensor]) -> None:
    vae, x = bent
    by_encoder, naively = (each(vae, x, Given(), 64, generator()) for each in (log_px, naive_log_px))
    truth = quadrature(vae, x)
    assert (by_encoder.estimate - truth).abs().mean() < 0.2 * (naively.estimate - truth).abs().mean()
    assert naively.effective_samples.mean() < 0.5 * by_encoder.effective_samples.mean()
    many = naive_log_px(vae, x, Given(), 6000, generator())
    assert (many.estimate - truth).abs().mean() < 0.1  # right in the end


def test_weights_that_no_float_could_hold_are_averaged(linear: VAE) -> None:
    found = of_log_weights(torch.tensor([[-2000.0], [-2000.0 + math.log(3)]], dtype=torch.float64))
    assert found.estimate.item() == pytest.approx(-2000.0 + math.log(2))
    assert found.effective_samples.item() == pytest.approx(1 / (0.25**2 + 0.75**2))
    weights = np.array([1.0, 3.0])
    assert found.standard_error.item() == pytest.approx(weights.std(ddof=1) / math.sqrt(2) / weights.mean())


def test_memory_does_not_grow_with_the_samples(linear: VAE, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importance, "MOST_ROWS", 50)
    decoded: list[int] = []
    linear.decoder.register_forward_hook(lambda _, arguments, __: decoded.append(len(arguments[0])))
    x = drawn_by(linear, 10)
    found = log_px(linear, x, Given(), 333, generator(3))
    assert max(decoded) <= 50
    assert sum(decoded) == 3330
    assert (found.estimate.numpy() - exact(linear, x)) == pytest.approx(0.0, abs=0.3)
