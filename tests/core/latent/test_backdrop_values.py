"""Backdrops and contours, against sums of Gaussians, finite differences, autograd and closed forms."""

import numpy as np
import pytest
import torch
from matplotlib.path import Path
from scipy.stats import chi2, multivariate_normal

from core.config import ModelConfig
from core.latent.backdrop_values import Terrain
from core.latent.contours import (
    aggregate_contours,
    contour_lines,
    level_of,
    posterior_covariances,
    prior_contours,
    widening,
)
from core.latent.density import density_of
from core.latent.jacobian import change_along, change_on_plane
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import principal_plane
from core.latent.plane_choices import plane_of_dimensions
from core.model.conditions import Given
from core.model.vae import VAE


def a_space(network: str = "mlp", dims: int = 4, conditional: str = "none", size: int = 16) -> LatentSpace:
    torch.manual_seed(0)
    config = ModelConfig(network=network, latent_dims=dims, width=8, likelihood="bernoulli", conditional=conditional)
    vae = VAE(config, (size, size, 1), 3 if conditional == "class" else 1)
    with torch.no_grad():
        for parameter in vae.decoder.parameters():
            parameter.mul_(2.0)  # a picture that changes
    codes = (np.random.default_rng(0).normal(size=(200, dims)) * np.linspace(2, 0.5, dims)).astype(np.float32)
    classes = ("a", "b", "c") if conditional == "class" else ()
    return freeze(vae, codes, np.zeros(dims, np.float32), principal_plane(codes), 1, classes)


def means(space: LatentSpace, z: np.ndarray, label: int = 0) -> torch.Tensor:
    condition = space.vae.condition(torch.zeros(1, 1, *space.image_shape[:2]), Given(labels=torch.tensor([label])))
    return space.vae.double().mean_image(torch.from_numpy(z), None if condition is None else condition.double())


@pytest.mark.parametrize("network", ["mlp", "conv"])
def test_the_change_of_the_picture_is_the_jacobian_of_autograd_and_of_differences(network: str) -> None:
    space = a_space(network)
    points = np.random.default_rng(1).normal(size=(3, 2)).astype(np.float32)
    found = change_on_plane(space, points)
    z, axes, step = space.plane.to_latent(points).astype(np.float64), space.plane.axes.astype(np.float64), 3e-3
    space.vae.double()
    for index, one in enumerate(z):
        whole = torch.autograd.functional.jacobian(lambda at: space.vae.mean_image(at[None])[0], torch.from_numpy(one))
        exact = np.linalg.norm(whole.reshape(-1, len(one)).numpy() @ axes.T)
        with torch.no_grad():
            either = [means(space, np.stack((one + step * axis, one - step * axis))) for axis in axes]
        by_steps = np.sqrt(sum(float(((after - before) / (2 * step)).square().sum()) for after, before in either))
        assert exact == pytest.approx(by_steps, rel=1e-3)  # pictures are float32
        assert found[index] == pytest.approx(exact, rel=1e-4)
        assert exact > 0.05


def test_the_change_is_that_of_the_class_that_is_decoded() -> None:
    space = a_space(conditional="class").with_label(2)
    z = space.codes[:1]
    found, step = change_along(space, z, np.eye(4, dtype=np.float32)[:1])[0, 0], 3e-3
    along = np.stack((z[0], z[0])).astype(np.float64)
    along[0, 0] += step
    along[1, 0] -= step
    with torch.no_grad():
        one, other = means(space, along, 2)
    assert found == pytest.approx(float((one - other).norm()) / (2 * step), rel=1e-3)


def test_density_is_the_sum_of_gaussians_about_the_codes() -> None:
    rng = np.random.default_rng(2)
    points = (rng.normal(size=(3_000, 2)) * (2, 0.5) + (5, -1)).astype(np.float32)
    density = density_of(np.concatenate((points, np.full((9, 2), np.nan, np.float32))))
    across, up = points.std(axis=0) * 3_000 ** (-1 / 6)
    where = rng.normal(size=(40, 2)) * (2, 0.5) + (5, -1)
    expected = sum(multivariate_normal(one, (across**2, up**2)).pdf(where) for one in points.astype(float))
    np.testing.assert_allclose(density.at(where.astype(np.float32)), expected, atol=0.02 * density.highest)
    assert density.at(np.array([[500.0, 500.0]], np.float32))[0] == 0
    left, bottom, right, top = density.extent
    cell = (right - left) * (top - bottom) / density.values.size
    assert density.values.sum() * cell == pytest.approx(3_000, rel=1e-3)


def test_the_expected_error_is_the_mean_of_the_images_nearest_in_latent_space() -> None:
    space = a_space()
    errors = np.random.default_rng(3).normal(size=200).astype(np.float32) ** 2
    errors[::3] = np.nan  # not measured yet
    points = np.array([[0.3, -0.2], [1.5, 1.0]], np.float32)
    known = np.flatnonzero(np.isfinite(errors))
    for found, z in zip(Terrain(space, errors).error(points), space.plane.to_latent(points), strict=True):
        near = known[np.argsort(np.linalg.norm(space.codes[known] - z, axis=1))[:8]]
        assert found == pytest.approx(errors[near].mean(), rel=1e-4)
    assert np.isnan(Terrain(space, None).error(points)).all()


def test_places_far_from_any_picture_are_tinted_and_those_among_them_are_not() -> None:
    space = a_space()
    strength = Terrain(space, None).emptiness(np.array([[0, 0], [40, 40]], np.float32))
    np.testing.assert_array_equal(strength, [0, 1])


def test_what_holds_for_a_moved_plane_is_not_found_again() -> None:
    space = a_space()
    before = Terrain(space, np.ones(200, np.float32))
    before.values("error", space.points[:2])
    moved = Terrain(space.with_plane(space.plane.moved(np.ones(4, np.float32))), before.errors, before)
    assert moved._measured is before._measured
    assert moved.space.support is before.space.support
    other = Terrain(a_space(), before.errors, before)
    assert other._measured is not before._measured
    assert other.space.support is not before.space.support


def test_half_of_the_prior_lies_in_its_inner_ring_wherever_the_plane_is() -> None:
    codes = np.random.default_rng(4).normal(size=(100, 5)).astype(np.float32) + 3
    plane = principal_plane(codes)
    drawn = plane.to_points(np.random.default_rng(5).normal(size=(40_000, 5)).astype(np.float32))
    for contour in prior_contours(plane, (0.5, 0.95)):
        (ring,) = contour.lines
        centre = ring[:-1].mean(axis=0)
        radius = np.linalg.norm(ring - centre, axis=1)
        assert radius == pytest.approx(np.sqrt(chi2(2).ppf(contour.share)), rel=1e-3)
        assert (np.linalg.norm(drawn - centre, axis=1) < radius.mean()).mean() == pytest.approx(contour.share, abs=0.01)


def test_the_aggregate_posterior_of_one_image_is_its_own_ellipse() -> None:
    codes = np.random.default_rng(6).normal(size=(100, 3)).astype(np.float32)
    plane = principal_plane(codes)
    mean, log_variance = codes[:1], np.log(np.array([[0.5, 0.1, 0.02]], np.float32))
    covariance = posterior_covariances(plane, log_variance)[0]
    np.testing.assert_allclose(covariance, plane.axes @ np.diag([0.5, 0.1, 0.02]) @ plane.axes.T, atol=1e-5)
    for contour in aggregate_contours(plane, mean, log_variance, (0.5, 0.9)):
        (line,) = contour.lines
        off = line - plane.to_points(mean)
        squared = np.einsum("ki,ij,kj->k", off, np.linalg.inv(covariance), off)
        np.testing.assert_allclose(squared, chi2(2).ppf(contour.share), rtol=0.08)


def test_the_aggregate_posterior_is_the_sum_of_all() -> None:
    rng = np.random.default_rng(7)
    codes = rng.normal(size=(300, 4)).astype(np.float32)
    plane, log_variances = plane_of_dimensions(codes, 0, 1), rng.uniform(-4, -1, (300, 4)).astype(np.float32)
    which = rng.integers(300, size=60_000)
    drawn = plane.to_points(codes[which] + rng.normal(size=(60_000, 4)) * np.exp(log_variances[which] / 2))
    drawn = drawn + rng.normal(size=drawn.shape) * np.sqrt(np.diag(widening(plane.to_points(codes))))
    for contour in aggregate_contours(plane, codes, log_variances, (0.5, 0.95)):
        inside = np.zeros(len(drawn), int)
        for line in contour.lines:
            inside += Path(line).contains_points(drawn)
        assert (inside % 2).mean() == pytest.approx(contour.share, abs=0.015)


def test_images_that_stand_for_all_are_widened_less_the_more_they_are() -> None:
    points = np.random.default_rng(8).normal(size=(6_400, 2)) * (2, 0.5)
    few, many = widening(points[::64]), widening(points)
    np.testing.assert_allclose(np.sqrt(np.diag(many)), 0.5 * points.std(axis=0) * 6_400 ** (-1 / 6))
    assert np.sqrt(few[0, 0] / many[0, 0]) == pytest.approx(2, rel=0.2)  # the sixth root of 64


def test_a_level_and_its_lines_hold_the_share_they_name() -> None:
    u, v = np.meshgrid(np.linspace(-4, 4, 200), np.linspace(-4, 4, 200))
    values = np.exp(-(u**2 + v**2) / 2)
    level = level_of(values, 0.9)
    assert values[values >= level].sum() / values.sum() == pytest.approx(0.9, abs=0.002)
    (line,) = contour_lines(values, (-4, -4, 4, 4), level)
    np.testing.assert_allclose(np.linalg.norm(line, axis=1), np.sqrt(chi2(2).ppf(0.9)), rtol=0.02)


@pytest.mark.parametrize("dims", [1, 2, 5])
def test_the_prior_lies_inside_its_lines_as_often_as_they_say(dims: int) -> None:
    """Of a million draws of N(0, I), projected: also in one dimension, where lines stand at quantiles of N(0, 1)."""
    plane = principal_plane(np.random.default_rng(1).normal(size=(300, dims)).astype(np.float32))
    points = plane.to_points(np.random.default_rng(0).normal(size=(1_000_000, dims)).astype(np.float32))
    for contour in prior_contours(plane):
        assert share_inside(points, contour.lines) == pytest.approx(contour.share, abs=2e-3)


@pytest.mark.parametrize("spread", [0.05, 0.6])
def test_the_aggregate_posterior_of_one_dimension_lies_inside_its_lines(spread: float) -> None:
    random = np.random.default_rng(0)
    means = np.where(random.random(1_500) < 0.3, -4.0, 1.0)[:, None].astype(np.float32)
    means += random.normal(0.0, 0.4, means.shape).astype(np.float32)
    plane = principal_plane(means)
    draws = (means[random.integers(0, 1_500, 400_000)] + spread * random.normal(size=(400_000, 1))).astype(np.float32)
    for contour in aggregate_contours(plane, means, np.full_like(means, 2 * np.log(spread))):
        assert len(contour.lines) == (4 if contour.share > 0.7 else 2)  # both heaps, or the larger, between two lines
        # They are of a density a little wider than the draws', so that more of these may lie inside.
        assert contour.share - 0.01 < share_inside(plane.to_points(draws), contour.lines) < contour.share + 0.08


def share_inside(points: np.ndarray, lines: tuple[np.ndarray, ...]) -> float:
    """Inside a closed line, or between upright ones, the first of which enters."""
    if len(lines) == 1:
        return float(Path(lines[0]).contains_points(points).mean())
    edges = np.sort([line[0, 0] for line in lines])
    return float((np.searchsorted(edges, points[:, 0]) % 2).mean())
