"""What is said of a model that nobody can differentiate must be true all the same."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import kstest
from torch import nn

from core.errors import ConfigError
from core.imported.examination import examine
from core.imported.import_model import ImportPlan, import_model
from core.imported.tensors import MOST_DIFFERENCES
from core.imported.trial import Tried
from core.latent.directions import Side, find_direction, precision_of
from core.latent.geodesics import decoder_of, geodesic
from core.latent.jacobian import change_along, change_on_plane
from core.latent.latent_space import LatentSpace
from core.latent.open_run import open_run
from core.latent.plane import principal_plane
from core.latent.plane_choices import ways_to_move
from core.latent.saved_space import load_latent_space
from core.latent.traversals import by_kl
from core.returned import returned
from tests.foreign_models import Foreign, export, sure

SIDES = {"one": slice(50), "other": slice(50, 100)}
Runs = Callable[[str], Path]


@pytest.fixture
def pythae(opened_as_run: Runs) -> LatentSpace:
    return load_latent_space(opened_as_run("pythae"))


def test_the_change_of_the_picture_is_the_jacobian_of_pytorch(pythae: LatentSpace, foreign: dict[str, Foreign]) -> None:
    z = np.random.default_rng(0).standard_normal((3, 2)).astype(np.float32)
    axes = np.array([[1.0, 0.0], [0.6, 0.8]], np.float32)
    network = foreign["pythae"].network
    for row, found in zip(torch.from_numpy(z), change_along(pythae, z, axes), strict=True):
        jacobian = torch.func.jacrev(lambda each: network(each[None])["reconstruction"].flatten())(row)
        expected = (jacobian @ torch.from_numpy(axes).T).norm(dim=0)
        np.testing.assert_allclose(found, expected.detach().numpy(), rtol=2e-2)
    assert change_on_plane(pythae, z).shape == (3,)


def test_the_gradient_of_a_picture_is_that_of_pytorch(pythae: LatentSpace, foreign: dict[str, Foreign]) -> None:
    z, other = (torch.tensor([[0.3, -0.4], [1.0, 0.5]], requires_grad=True) for _ in range(2))
    weights = torch.randn((2, 1, 16, 16), generator=torch.Generator().manual_seed(0))
    (decoder_of(pythae)(z) * weights).sum().backward()
    (foreign["pythae"].network(other)["reconstruction"] * weights).sum().backward()
    np.testing.assert_allclose(z.grad.numpy(), other.grad.numpy(), rtol=2e-2, atol=2e-2)


def test_the_shortest_way_is_no_longer_than_the_straight_one(pythae: LatentSpace) -> None:
    start, end = np.array([-2.0, 0.0], np.float32), np.array([2.0, 1.0], np.float32)

    def length(way: np.ndarray) -> float:
        pictures = pythae.decode(way.astype(np.float32)).astype(float)
        return float(np.linalg.norm(np.diff(pictures.reshape(len(pictures), -1), axis=0), axis=1).sum())

    found = returned(geodesic(pythae, start, end))
    straight = start + np.linspace(0, 1, len(found))[:, None] * (end - start)
    np.testing.assert_allclose(found[[0, -1]], [start, end], atol=1e-5)
    assert length(found) < length(straight)


def test_a_shortest_way_through_too_many_dimensions_says_why_not(opened_as_run: Runs) -> None:
    space = load_latent_space(opened_as_run("conv"))
    assert space.latent_dims > MOST_DIFFERENCES
    with pytest.raises(ConfigError, match="how they change with z"):
        returned(geodesic(space, space.codes[0], space.codes[1]))


def test_a_uniform_prior_is_drawn_from_evenly(foreign: dict[str, Foreign], home: Path) -> None:
    decoder = foreign["gan"].decoder
    settings = returned(examine(decoder, prior="uniform")).settings
    space = load_latent_space(returned(import_model(ImportPlan(decoder, None, settings))))
    assert not space.has_standard_prior
    for drawn in (space.codes[:, 3], space.sample(1000, 5)[:, 7]):
        assert kstest(drawn, "uniform", args=(-1.0, 2.0)).pvalue > 0.001
    np.testing.assert_array_equal(space.sample(4, 5), space.sample(4, 5))


def test_the_verdict_is_on_codes_alone(opened_as_run: Runs) -> None:
    space = load_latent_space(opened_as_run("pythae"))
    assert space.draws
    far = np.full(2, 1e4, np.float32)
    assert space.support.verdict(space.codes[3]).verdict in ("among", "few")
    assert space.support.verdict(far).verdict == "far"
    assert not load_latent_space(opened_as_run("class")).draws  # its encoder says no variance


def test_dimensions_of_which_nothing_is_known_keep_their_order(opened_as_run: Runs) -> None:
    space = load_latent_space(opened_as_run("gan"))
    alive, dead = by_kl(space.kl_per_dim)
    assert alive.tolist() == list(range(16))
    assert not len(dead)


def test_the_plane_of_few_codes_of_many_dimensions_is_that_of_pca() -> None:
    codes = np.random.default_rng(0).standard_normal((40, 300)) * np.linspace(3, 0.1, 300)
    plane = principal_plane(codes.astype(np.float32))
    _, _, axes = np.linalg.svd(codes - codes.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(np.abs((plane.axes * axes[:2]).sum(axis=1)), 1.0, atol=1e-4)


def test_a_latent_of_sixteen_thousand_numbers_is_looked_at(tmp_path: Path) -> None:
    decoder = sure(nn.Sequential(nn.Flatten(), nn.Linear(16_384, 64), nn.Sigmoid()))
    path = export(tmp_path / "wide.onnx", decoder, [torch.zeros(2, 16, 32, 32)])
    found: Tried = returned(examine(path))
    run = returned(import_model(ImportPlan(path, None, found.settings)))
    space = open_run(run).latent_space
    assert space.latent_dims == 16_384
    assert space.image_shape == (8, 8, 1)
    z = space.plane.to_latent(np.array([[1.0, -1.0]], np.float32))
    expected = decoder(torch.from_numpy(z).reshape(1, 16, 32, 32)).mul(255).round().detach().numpy().reshape(8, 8, 1)
    assert np.abs(space.decode(z)[0].astype(float) - expected).max() <= 1
    assert space.unjudged
    began = time.process_time()  # nothing that the window asks makes a matrix of 16,384 × 16,384
    ways = ways_to_move(space.codes, space.plane)
    np.testing.assert_allclose(ways.directions @ space.plane.axes.T, 0.0, atol=1e-4)
    sides = [Side(words, space.codes[rows], np.zeros(50, np.bool_)) for words, rows in SIDES.items()]
    assert find_direction("a", *sides, precision_of(space.codes)).vector.shape == (16_384,)
    assert time.process_time() - began < 30.0
    with pytest.raises(ConfigError, match="at most"):
        space.mixture  # noqa: B018
