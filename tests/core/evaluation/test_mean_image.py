"""The level of the mean image, against the likelihoods themselves with the best parameters that can be found."""

import math

import numpy as np
import pytest
import torch
from scipy.optimize import minimize_scalar
from torch.distributions import Bernoulli, ContinuousBernoulli, Normal

from core.config import ModelConfig
from core.evaluation.mean_image import nats_of_mean_image

IMAGES = np.random.default_rng(0).integers(20, 200, (40, 3, 4, 1), np.uint8)
X = torch.from_numpy(IMAGES / 255.0)


def nats(likelihood: str, **fields: float) -> float:
    return nats_of_mean_image(ModelConfig.model_validate({"likelihood": likelihood, **fields}), IMAGES)


def test_coins_have_the_entropy_of_their_mean() -> None:
    assert nats("bernoulli") == pytest.approx(Bernoulli(X.mean(0)).entropy().sum().item())


def test_no_other_continuous_bernoulli_is_better() -> None:
    def at(logit: float, pixel: torch.Tensor) -> float:
        return -ContinuousBernoulli(logits=torch.tensor(logit).double()).log_prob(pixel).mean().item()

    best = sum(
        minimize_scalar(at, bounds=(-20, 20), args=(X[:, i, j, 0],), method="bounded").fun
        for i in range(3)
        for j in range(4)
    )
    assert nats("continuous-bernoulli") == pytest.approx(best, abs=1e-3)


def test_grey_all_over_has_hardly_any_nats_in_a_continuous_bernoulli_and_one_level_many() -> None:
    grey = np.full((5, 8, 8, 1), 127, np.uint8)
    config = ModelConfig(likelihood="continuous-bernoulli")
    assert abs(nats_of_mean_image(config, grey)) < 0.01
    assert nats_of_mean_image(config, 0 * grey) == pytest.approx(-64 * math.log(20), rel=1e-3)


@pytest.mark.parametrize("sigma", [0.05, 0.4])
def test_a_gaussian_is_at_the_mean(sigma: float) -> None:
    expected = -Normal(X.mean(0), sigma).log_prob(X).sum((1, 2, 3)).mean().item()
    assert nats("gaussian", sigma=sigma) == pytest.approx(expected)


@pytest.mark.parametrize("likelihood", ["gaussian-learned", "gaussian-optimal"])
def test_the_one_sigma_that_is_best_is_found(likelihood: str) -> None:
    def at(log_sigma: float) -> float:
        return -Normal(X.mean(0), math.exp(log_sigma)).log_prob(X).sum((1, 2, 3)).mean().item()

    assert nats(likelihood) == pytest.approx(minimize_scalar(at, bounds=(-5, 1), method="bounded").fun, rel=1e-6)
