"""Every likelihood against torch.distributions, sums over all levels, and the numbers float32 cannot hold."""

import math

import pytest
import torch
from torch import Tensor, distributions, nn

from core.config import ModelConfig
from core.model.likelihoods import (
    Bernoulli,
    ContinuousBernoulli,
    DiscretisedLogistic,
    Gaussian,
    GaussianLearned,
    GaussianOptimal,
    build_likelihood,
)

NAMES = (
    "bernoulli",
    "continuous-bernoulli",
    "gaussian",
    "gaussian-learned",
    "gaussian-optimal",
    "discretised-logistic",
)
LEVELS = torch.arange(256, dtype=torch.float64) / 255


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def pixels(*shape: int, seed: int = 0) -> Tensor:
    return (255 * random(*shape, seed=seed)).round() / 255


def summed(each: Tensor) -> Tensor:
    return each.flatten(1).sum(1)


def likelihood(name: str, channels: int = 3) -> nn.Module:
    return build_likelihood(ModelConfig(likelihood=name, sigma=0.07), channels)


def test_continuous_bernoulli_is_torchs_density_and_mean() -> None:
    output, x = 16 * random(3, 2, 8, 8) - 8, random(3, 2, 8, 8, seed=1)
    output[0, 0, 0, :4] = torch.tensor([0.0, 1e-6, -0.05, 0.2999])  # the series, where torch's own is a Taylor of less
    theirs = distributions.ContinuousBernoulli(logits=output, lims=(0.4999, 0.5001))
    torch.testing.assert_close(ContinuousBernoulli().log_prob(output, x), summed(theirs.log_prob(x)), rtol=1e-5, atol=0)
    torch.testing.assert_close(ContinuousBernoulli().mean(output), theirs.mean, rtol=1e-5, atol=0)


def test_continuous_bernoulli_is_a_density_at_every_logit() -> None:
    x = torch.linspace(0, 1, 200_001, dtype=torch.float64).reshape(-1, 1, 1, 1)
    for logit in (-60.0, -3.0, -0.3, -0.299, 0.0, 1e-9, 0.1, 8.0):
        density = ContinuousBernoulli().log_prob(torch.full_like(x, logit), x).exp()
        assert torch.trapezoid(density, x.flatten()).item() == pytest.approx(1.0, rel=1e-6)
        mean = torch.trapezoid(density * x.flatten(), x.flatten()).item()
        assert ContinuousBernoulli().mean(torch.tensor([[[[logit]]]])).item() == pytest.approx(mean, abs=1e-6)


def test_a_given_sigma_is_torchs_normal() -> None:
    output, x = random(3, 3, 4, 4) - 0.5, pixels(3, 3, 4, 4, seed=1)
    theirs = summed(distributions.Normal(output + 0.5, 0.07).log_prob(x))
    torch.testing.assert_close(Gaussian(0.07).log_prob(output, x), theirs, rtol=1e-5, atol=0)


def test_the_optimal_sigma_of_a_batch_is_its_root_mean_squared_error() -> None:
    ours, output, x = GaussianOptimal(), (random(8, 3, 4, 4) - 0.5).requires_grad_(), pixels(8, 3, 4, 4, seed=1)
    rmse = (x - output.detach() - 0.5).square().mean().sqrt()
    theirs = summed(distributions.Normal(output + 0.5, rmse).log_prob(x))
    torch.testing.assert_close(ours.log_prob(output, x), theirs, rtol=1e-5, atol=0)
    torch.testing.assert_close(ours.mean_squared_error.double().sqrt(), rmse, rtol=1e-6, atol=0)


def test_the_optimal_sigma_beats_every_other_and_its_gradient_is_that_of_the_whole_formula() -> None:
    """Eq. 5 of Rybkin et al. 2021 put into eq. 4 is −D/2·(log(2π·MSE) + 1): differentiate that."""
    output, x = (random(8, 3, 4, 4) - 0.5).requires_grad_(), pixels(8, 3, 4, 4, seed=1)
    ours = GaussianOptimal().log_prob(output, x).mean()
    mean_squared_error = (x - output - 0.5).square().mean()
    theirs = -0.5 * x[0].numel() * ((2 * math.pi * mean_squared_error).log() + 1)
    torch.testing.assert_close(ours, theirs, rtol=1e-6, atol=0)
    (ours_gradient,) = torch.autograd.grad(ours, output)
    torch.testing.assert_close(ours_gradient, torch.autograd.grad(theirs, output)[0], rtol=1e-6, atol=1e-9)
    for sigma in (0.9, 1.1):
        assert Gaussian(sigma * mean_squared_error.item() ** 0.5).log_prob(output, x).mean() < ours


def test_no_image_is_told_by_its_own_error_once_learning_is_over() -> None:
    ours, x = GaussianOptimal(), pixels(8, 1, 4, 4)
    for _ in range(3):
        ours.log_prob(torch.zeros_like(x, requires_grad=True), x)
    kept = ours.mean_squared_error.clone()
    together = ours.log_prob(torch.zeros_like(x), x)  # no gradient is asked for: this is looking, not learning
    alone = torch.cat([ours.eval().log_prob(torch.zeros_like(part), part) for part in x.split(1)])
    torch.testing.assert_close(together, alone)
    assert ours.mean_squared_error == kept


def test_discretised_logistic_is_the_mass_of_torchs_logistic_around_each_level() -> None:
    ours, x = DiscretisedLogistic(2), pixels(3, 2, 8, 8, seed=1)
    x[0, 0, 0, :2], x[1, 1, 0, :2] = 0.0, 1.0
    ours.double().log_scale.data[:, 0, 0] = torch.tensor([-2.0, -4.0])
    scale = (-7.0 + torch.nn.functional.softplus(ours.log_scale + 7.0)).exp()
    output = x - 0.5 + 8 * scale.detach() * (random(3, 2, 8, 8) - 0.5)  # near enough for a difference of two sigmoids
    uniform, steps = distributions.Uniform(torch.zeros_like(output), torch.ones_like(output)), distributions.transforms
    logistic = distributions.TransformedDistribution(
        uniform, [steps.SigmoidTransform().inv, steps.AffineTransform(output + 0.5, scale)]
    )
    upper = torch.where(x == 1.0, 1.0, logistic.cdf(x + 0.5 / 255))
    lower = torch.where(x == 0.0, 0.0, logistic.cdf(x - 0.5 / 255))
    torch.testing.assert_close(ours.log_prob(output, x), summed((upper - lower).log()), rtol=1e-5, atol=0)


@pytest.mark.parametrize("log_scale", [-9.0, -6.0, -2.0, 0.0, 4.0])
@pytest.mark.parametrize("output", [-3.0, -0.5, -0.123, 0.0, 0.4981, 0.5, 40.0])
def test_the_probabilities_of_all_256_levels_are_one_in_all(output: float, log_scale: float) -> None:
    ours = DiscretisedLogistic(1)
    ours.log_scale.data.fill_(log_scale)
    levels = LEVELS.float().reshape(256, 1, 1, 1)
    with torch.no_grad():
        probabilities = ours.log_prob(torch.full_like(levels, output), levels).double().exp()
        mean = ours.mean(torch.full((1, 1, 1, 1), output)).item()
    assert probabilities.sum().item() == pytest.approx(1.0, abs=2e-4)  # float32, 256 terms
    assert mean == pytest.approx((probabilities * LEVELS).sum().item(), abs=0.5 / 255)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [0.0, 1.0, 30.0, 1e4])
def test_no_decoder_however_wrong_breaks_the_numbers(name: str, size: float) -> None:
    ours = likelihood(name)
    x = pixels(4, 3, 4, 4).float()
    x[0], x[1] = 0.0, 1.0
    output = (size * (2 * random(4, 3, 4, 4, seed=1) - 1).sign()).float().requires_grad_()
    told = ours.log_prob(output, x)
    told.sum().backward()
    assert torch.isfinite(told).all()
    assert output.grad is not None
    assert torch.isfinite(output.grad).all()
    assert all(torch.isfinite(parameter.grad).all() for parameter in ours.parameters() if parameter.grad is not None)
    mean = ours.mean(output)
    assert 0.0 <= mean.min() <= mean.max() <= 1.0


@pytest.mark.parametrize("log_scale", [-80.0, -7.0, 0.0, 30.0])
def test_no_learned_scale_breaks_the_numbers(log_scale: float) -> None:
    for ours in (GaussianLearned(), DiscretisedLogistic(1)):
        (scale,) = ours.parameters()
        scale.data.fill_(log_scale)
        output = (random(4, 1, 4, 4) - 0.5).float().requires_grad_()
        told = ours.log_prob(output, pixels(4, 1, 4, 4, seed=1).float())
        told.sum().backward()
        assert torch.isfinite(told).all()
        assert scale.grad is not None
        assert torch.isfinite(scale.grad).all()
        assert torch.isfinite(ours.mean(output)).all()


@pytest.mark.parametrize("name", NAMES)
def test_only_the_pixels_that_count_are_counted(name: str) -> None:
    """With a mask the result is that of an image made of the other pixels alone."""
    ours = likelihood(name).eval()
    output, x = random(2, 3, 4, 8) - 0.5, pixels(2, 3, 4, 8, seed=1)
    counts = torch.zeros(2, 1, 4, 8, dtype=torch.float64)
    counts[..., 5:] = 1.0
    half = ours.log_prob(output[..., 5:], x[..., 5:])
    torch.testing.assert_close(ours.log_prob(output, x, counts), half, rtol=1e-6, atol=1e-9)
    torch.testing.assert_close(ours.log_prob(output, x, torch.ones_like(counts)), ours.log_prob(output, x))


def test_the_optimal_sigma_is_that_of_the_pixels_that_count() -> None:
    ours, x, output = GaussianOptimal(), pixels(2, 1, 4, 8), torch.zeros(2, 1, 4, 8, requires_grad=True)
    counts = torch.zeros(2, 1, 4, 8)
    counts[0, ..., 5:] = 1.0
    ours.log_prob(output, x, counts)
    assert ours.mean_squared_error.item() == pytest.approx((x[0, ..., 5:] - 0.5).square().mean().item(), rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_several_samples_of_an_image_are_several_numbers(name: str) -> None:
    ours = likelihood(name).eval()
    output, x = random(5, 2, 3, 4, 4) - 0.5, pixels(2, 3, 4, 4, seed=1)
    told = ours.log_prob(output, x)
    assert told.shape == (5, 2)
    torch.testing.assert_close(told[3], ours.log_prob(output[3], x))
    assert ours.mean(output).shape == output.shape


@pytest.mark.parametrize("name", NAMES[1:])
def test_the_levels_of_a_pixel_have_a_probability_of_one_in_all(name: str) -> None:
    ours = likelihood(name, 1).double().eval()
    output = torch.tensor([-6.0, -0.45, -0.02, 0.0, 0.3, 4.0]).double().reshape(-1, 1, 1, 1)
    if name.startswith("gaussian"):
        output = output.clamp(-0.7, 0.7)  # means a little beyond the levels
    masses = torch.stack([ours.log_mass(output, torch.full_like(output, level)) for level in LEVELS.tolist()])
    torch.testing.assert_close(masses.exp().sum(0), torch.ones(6).double(), rtol=1e-9, atol=0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_mass_of_a_level_is_the_integral_of_its_density(dtype: torch.dtype) -> None:
    """By torch.distributions' cumulative functions in float64, at each level of images in float32 too."""
    x = pixels(64, 1, 4, 4)
    output, sigma = random(64, 1, 4, 4, seed=1) - 0.5, 0.07
    low, high = (x - 0.5 / 255), (x + 0.5 / 255)
    normal = distributions.Normal(output + 0.5, sigma)
    below = torch.where(x < 1e-6, 0.0, normal.cdf(low))
    above = torch.where(x > 1 - 1e-6, 1.0, normal.cdf(high))
    near = (x - output - 0.5).abs() < 5 * sigma  # where a difference of cumulative functions has digits left
    continuous = distributions.ContinuousBernoulli(logits=20 * output, lims=(0.49999, 0.50001))  # no series of torch's
    within = continuous.cdf(high.clamp(max=1.0)) - continuous.cdf(low.clamp(min=0.0))
    one, other = (Gaussian(sigma).log_mass, ContinuousBernoulli().log_mass)
    for ours, of, theirs, chosen in ((one, output, above - below, near), (other, 20 * output, within, within > 1e-9)):
        each = ours(of.to(dtype).reshape(-1, 1, 1, 1), x.to(dtype).reshape(-1, 1, 1, 1)).double()
        rtol = 1e-6 if dtype == torch.float64 else 1e-3
        torch.testing.assert_close(each[chosen.flatten()].exp(), theirs.flatten()[chosen.flatten()], rtol=rtol, atol=0)


def test_a_black_pixel_costs_bits_though_its_density_is_high() -> None:
    """A density of 39 at x = 0 is no −5.3 bits: the first level has a probability below one (Theis et al. 2016)."""
    x, output = torch.zeros(1, 1, 1, 1).double(), torch.full((1, 1, 1, 1), -40.0).double()
    assert ContinuousBernoulli().log_prob(output, x).item() == pytest.approx(math.log(40))
    assert ContinuousBernoulli().log_mass(output, x).item() == pytest.approx(math.log(-math.expm1(-40 * 0.5 / 255)))
    assert Bernoulli().log_mass(output, x) is None
    assert Gaussian(0.07).log_mass(output.float(), x.float()).isfinite()  # 580 σ away


def test_the_coins_of_the_likelihood_before_are_the_coins_now() -> None:
    output, x = 8 * random(3, 1, 4, 4) - 4, random(3, 1, 4, 4, seed=1)
    theirs = -torch.nn.functional.binary_cross_entropy_with_logits(output, x, reduction="none").flatten(1).sum(1)
    assert torch.equal(Bernoulli().log_prob(output, x), theirs)
