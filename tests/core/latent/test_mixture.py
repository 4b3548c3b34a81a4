"""The mixture that samples are drawn from, against scikit-learn's densities and known clusters."""

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from core.errors import ConfigError
from core.latent.mixture import fit_mixture

CENTRES = np.array([[-4.0, 0.0], [4.0, 0.0], [0.0, 6.0]])


def clusters(count: int = 3000, dims: int = 2) -> np.ndarray:
    random = np.random.default_rng(0)
    codes = random.standard_normal((count, dims)) * 0.5
    codes[:, :2] += CENTRES[random.integers(0, 3, count)]
    codes[:, 0] += 0.8 * codes[:, 1]  # so that a diagonal covariance would not do
    return codes.astype(np.float32)


@pytest.mark.parametrize("dims", [2, 20])
def test_samples_lie_where_the_codes_lie(dims: int) -> None:
    codes = clusters(dims=dims)
    samples = fit_mixture(codes).sample(3000, seed=1)
    assert samples.shape == (3000, dims)
    assert samples.dtype == np.float32
    np.testing.assert_allclose(samples.mean(axis=0), codes.mean(axis=0), atol=0.3)
    np.testing.assert_allclose(samples[:, :2].std(axis=0), codes[:, :2].std(axis=0), rtol=0.1)
    nearest = np.linalg.norm(samples[:, None, :2] - codes[None, ::10, :2], axis=2).min(axis=1)
    assert np.quantile(nearest, 0.99) < 1.0  # N(0, I) of the same spread would lie between the clusters


@pytest.mark.parametrize("dims", [2, 20])
def test_the_density_is_that_of_its_gaussians(dims: int) -> None:
    mixture = fit_mixture(clusters(dims=dims))
    z = np.random.default_rng(1).standard_normal((50, dims)).astype(np.float32) * 2
    each = zip(mixture.weights, mixture.means, mixture.roots, strict=True)
    densities = [np.log(weight) + multivariate_normal(mean, root @ root.T).logpdf(z) for weight, mean, root in each]
    np.testing.assert_allclose(mixture.log_prob(z), logsumexp(densities, axis=0), rtol=1e-6)


@pytest.mark.parametrize(("count", "dims", "parts"), [(30, 2, 2), (3000, 2, 128), (3000, 20, 50), (100, 40, 1)])
def test_each_gaussian_has_codes_enough_to_be_found_from(count: int, dims: int, parts: int) -> None:
    mixture = fit_mixture(clusters(count, dims))
    assert len(mixture.weights) == parts
    assert mixture.weights.sum() == pytest.approx(1.0)
    assert (np.linalg.eigvalsh(mixture.roots @ mixture.roots.transpose(0, 2, 1)) > 0).all()


def test_a_ring_is_drawn_as_a_ring() -> None:
    """Its middle is empty, whatever one Gaussian would make of it."""
    angle = np.random.default_rng(0).uniform(0, 2 * np.pi, 4000)
    ring = 5.0 * np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1).astype(np.float32)
    drawn = np.linalg.norm(fit_mixture(ring).sample(2000, 0), axis=1)
    assert np.quantile(drawn, [0.01, 0.99]) == pytest.approx([5.0, 5.0], abs=0.3)


def test_images_that_training_has_not_met_are_left_out() -> None:
    codes = clusters(400)
    gaps = np.full((900, 2), np.nan, np.float32)
    gaps[::3][:300] = codes[:300]
    with_gaps, without = fit_mixture(gaps), fit_mixture(codes[:300])
    np.testing.assert_array_equal(with_gaps.means, without.means)
    with pytest.raises(ConfigError, match="train for a while"):
        fit_mixture(gaps[1:3])


def test_codes_that_coincide_do_no_harm() -> None:
    samples = fit_mixture(np.ones((40, 3), np.float32)).sample(10, seed=0)
    np.testing.assert_allclose(samples, 1.0, atol=0.01)
    assert np.isfinite(fit_mixture(np.eye(2, 3, dtype=np.float32)).sample(10, seed=0)).all()


def test_the_same_seed_draws_the_same() -> None:
    mixture = fit_mixture(clusters())
    assert np.array_equal(mixture.sample(9, 4), mixture.sample(9, 4))
    assert not np.array_equal(mixture.sample(9, 4), mixture.sample(9, 5))
