"""A lesson that shows a wrong number teaches what is wrong: each against a closed form or quadrature."""

import math

import numpy as np
import pytest
import torch
from scipy import integrate, stats

from core.lessons import bound_gap, gradient_estimators
from core.lessons.any_distribution import ring
from core.lessons.completion_answers import completed, judge, regressed
from core.lessons.sampling_prior import (
    counting,
    log_likelihoods,
    log_px_by_quadrature,
    log_weights_of_posterior,
    running,
)
from core.lessons.short_training import alike, config, faces, learned
from core.model.vae import VAE
from core.returned import returned
from core.training.masks import visible_part


def test_the_ring_keeps_directions_and_brings_lengths_to_one_and_a_tenth() -> None:
    z = np.random.default_rng(0).standard_normal((500, 2)).astype(np.float32)
    as_complex, bent = z[:, 0] + 1j * z[:, 1], ring(z)
    assert np.angle(bent[:, 0] + 1j * bent[:, 1]) == pytest.approx(np.angle(as_complex), abs=1e-5)
    assert np.hypot(*bent.T) == pytest.approx(1 + np.abs(as_complex) / 10, abs=1e-5)


def moments_of_score(power: int) -> float:
    """E over ε ~ N(0, 1) of the gradient by σ of the score function to a power, by quadrature."""

    def weighed(noise: float) -> float:
        value = 0.5 * (2.0 + noise) ** 2 * (noise**2 - 1.0)  # f(μ + σε) · ∂ log q / ∂σ
        return float(value**power * stats.norm.pdf(noise))

    return float(integrate.quad(weighed, -12, 12)[0])


def test_variances_of_gradients_are_those_of_a_quadratic_objective() -> None:
    """f = z²/2, μ = 2, σ = 1: by the reparameterisation 1 and 4 + 2; by the score function (μ⁴ + 14μ² + 15)/4 for μ."""
    noise = torch.randn(2_000_000, 1, generator=torch.Generator().manual_seed(5))
    trick, score = gradient_estimators.by_reparameterisation(noise), gradient_estimators.by_score(noise)
    assert trick.mean(0) == pytest.approx([2.0, 1.0], abs=0.01)
    assert score.mean(0) == pytest.approx([2.0, 1.0], abs=0.04)
    assert trick.var(0) == pytest.approx([1.0, 6.0], rel=0.01)
    by_sigma = moments_of_score(2) - moments_of_score(1) ** 2
    assert score.var(0) == pytest.approx([(16 + 56 + 15) / 4, by_sigma], rel=0.03)


def test_gradients_that_are_means_of_several_vary_as_much_less() -> None:
    noise = torch.randn(64 * gradient_estimators.SAMPLES, 1, generator=torch.Generator().manual_seed(6))
    trick = gradient_estimators.by_reparameterisation(noise)
    of_64 = gradient_estimators.averaged(trick, 64).var(0)
    assert of_64 == pytest.approx(np.array([1.0, 6.0]) / 64, rel=0.05)


@pytest.fixture(scope="module")
def model() -> VAE:
    """Trained for a moment on faces, two latent dimensions."""
    asked = config({"latent_dims": 2, "width": 4, "likelihood": "gaussian", "sigma": 0.3}, {"learning_rate": 4e-3})
    return trained(faces(16, 3)[0][:500], asked, 60)


def trained(x: torch.Tensor, asked: object, steps: int) -> VAE:
    return returned(learned(x, asked, steps, "learning"))  # type: ignore[arg-type]


def test_log_px_is_that_of_gauss_and_legendre_and_of_importance_sampling(model: VAE) -> None:
    x = faces(16, 3)[1][4:5]
    found = log_px_by_quadrature(model, x)
    places, weights = (6.0 * each for each in np.polynomial.legendre.leggauss(120))
    z = torch.cartesian_prod(*2 * [torch.from_numpy(places).float()])
    log_prior = stats.multivariate_normal(np.zeros(2)).logpdf(z.numpy())
    grid = np.log(np.outer(weights, weights).ravel()) + log_prior + log_likelihoods(model, x, z)
    assert found == pytest.approx(float(np.logaddexp.reduce(grid)), abs=0.02)
    assert running(log_weights_of_posterior(model, x, 10_000))[-1] == pytest.approx(found, abs=0.1)


def test_as_many_samples_count_as_the_prior_has_mass_where_p_of_x_given_z_is_high(model: VAE) -> None:
    x = faces(16, 3)[1][4:5]
    axis = np.linspace(-6, 6, 241)
    z = torch.cartesian_prod(*2 * [torch.from_numpy(axis).float()])
    prior = stats.multivariate_normal(np.zeros(2)).pdf(z.numpy())
    likelihood = log_likelihoods(model, x, z)
    posterior = prior * np.exp(likelihood - likelihood.max())
    order = np.argsort(-likelihood)
    within = np.cumsum(posterior[order]) <= 0.99 * posterior.sum()
    share = prior[order][within].sum() / prior.sum()
    drawn = torch.randn(40_000, 2, generator=torch.Generator().manual_seed(3))
    assert counting(log_likelihoods(model, x, drawn)).mean() == pytest.approx(share, rel=0.08)


def test_the_fewest_that_hold_their_share_count() -> None:
    counts = counting(np.log([0.001, 50.0, 0.5, 49.0, 0.499]))
    assert counts.tolist() == [False, True, False, True, False]


def test_the_linear_models_bounds_lie_where_its_formulas_put_them() -> None:
    vae = bound_gap.linear_model()
    x = bound_gap.drawn_by(vae)
    loading = vae.decoder[0].weight.double().numpy()
    covariance = loading @ loading.T + bound_gap.SIGMA**2 * np.eye(16)
    exact = stats.multivariate_normal(np.full(16, 0.5), covariance).logpdf(x.double().numpy())
    assert bound_gap.exact_log_px(vae, x).numpy() == pytest.approx(exact, abs=1e-8)
    elbo, best = (each.double().numpy() for each in bound_gap._bounds(vae, x, (1, 64)))
    assert exact.mean() - elbo.mean() == pytest.approx(bound_gap.gap_in_closed_form(vae), abs=0.02)
    assert elbo.mean() < best.mean() < exact.mean()


def test_no_diagonal_gaussian_is_nearer_than_the_one_of_the_linear_model() -> None:
    vae = bound_gap.linear_model()
    loading = vae.decoder[0].weight.double().numpy()
    precision = np.eye(2) + loading.T @ loading / bound_gap.SIGMA**2
    posterior = vae.posterior(bound_gap.drawn_by(vae).view(-1, 1, 4, 4)[:1])

    def kl(variances: np.ndarray) -> float:
        return float(0.5 * (precision.diagonal() @ variances - 2 - np.log(np.linalg.det(precision) * variances.prod())))

    own = posterior.log_variance[0].double().exp().numpy()
    assert kl(own) == pytest.approx(bound_gap.gap_in_closed_form(vae), abs=1e-6)
    assert all(kl(own * np.array(factor)) > kl(own) for factor in ((1.1, 1), (1, 0.9), (0.95, 1.05), (2, 2)))


def test_codes_are_turned_and_neither_stretched_nor_moved() -> None:
    codes = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    angle = 0.7
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    assert alike((codes @ turn).astype(np.float32), codes) == pytest.approx(codes, abs=1e-5)
    mirrored = codes * np.array([1, -1], np.float32)
    assert alike(mirrored, codes) == pytest.approx(codes, abs=1e-5)


def test_where_sigma_is_free_it_is_the_size_of_the_errors() -> None:
    x = faces(16, 3)[0][:400]
    model = {"latent_dims": 2, "width": 4, "likelihood": "gaussian-optimal"}
    vae = trained(x, config(model, {"learning_rate": 4e-3, "batch_size": 64}), 300)
    with torch.no_grad():
        posterior = vae.posterior(x)
        noise = torch.randn(len(x), 2, generator=torch.Generator().manual_seed(0))
        error = float((vae.decoder(posterior.base.sample(noise)) + 0.5 - x).square().mean().sqrt())
    assert float(vae.likelihood.mean_squared_error.sqrt()) == pytest.approx(error, rel=0.06)


def test_one_answer_that_is_nearest_in_mean_square_is_the_mean_of_what_can_be() -> None:
    """Halves that are black or white by chance, whatever is seen: the regressor must say grey, by ½ off each time."""
    visible = torch.from_numpy(visible_part("bottom", 16, 16)).float()[None, None]
    halves = (torch.arange(200) % 2).float()[:, None, None, None].expand(-1, 3, 16, 16)
    x = torch.where(visible > 0, torch.tensor(0.5), halves).contiguous()
    regressor = returned(regressed(x, visible, 80))
    answer = completed(regressor, x[:2], visible, None)
    assert answer[:, :, :8].mean().item() == pytest.approx(0.5, abs=0.05)
    assert torch.equal(answer[:, :, 8:], x[:2, :, 8:]), "what is seen stays"
    judged = judge(x, visible, regressor, regressor)
    assert judged.error[0] == pytest.approx(0.25, abs=0.01)
    assert judged.error[2] == 0.0


def test_the_two_answers_for_an_image_are_what_the_formulas_say() -> None:
    vae = bound_gap.linear_model()
    cloud = bound_gap._answers(vae, bound_gap.drawn_by(vae))
    loading = vae.decoder[0].weight.double().numpy()
    precision = np.eye(2) + loading.T @ loading / bound_gap.SIGMA**2
    true, own = (cloud.dots[cloud.groups == group].astype(np.float64) for group in (0, 1))
    assert np.cov(true.T) == pytest.approx(np.linalg.inv(precision), abs=0.02)
    assert np.cov(own.T) == pytest.approx(np.diag(1 / precision.diagonal()), abs=0.02)
    assert true.mean(0) == pytest.approx(own.mean(0), abs=0.05)
