"""The nearest codes: all of them, none wrong, whatever way they are looked for."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

from core.latent.neighbours import Neighbours, own_distances
from core.reports.progress import Progress


@pytest.mark.parametrize("dims", [1, 2, 8, 9, 64])
def test_the_nearest_codes_are_those_that_comparing_with_every_one_finds(dims: int) -> None:
    random = np.random.default_rng(dims)
    codes = random.normal(3.0, 1.0, (700, dims)).astype(np.float32)
    z = random.normal(3.0, 1.5, (300, dims)).astype(np.float32)
    expected, indices = NearestNeighbors(n_neighbors=7, algorithm="brute").fit(codes.astype(float)).kneighbors(z)
    found, distances = Neighbours(codes).nearest(z, 7)
    assert np.allclose(distances, expected, atol=1e-5)
    assert (found == indices).mean() > 0.999  # ties may come in another order
    assert np.allclose(Neighbours(codes).distances(z, 5), expected[:, 4], atol=1e-5)


@pytest.mark.parametrize("dims", [2, 12])
def test_distances_stay_exact_far_from_the_origin(dims: int) -> None:
    random = np.random.default_rng(0)
    codes = (1000.0 + 0.01 * random.standard_normal((400, dims))).astype(np.float32)
    z = codes[:20] + np.float32(0.001)
    expected = np.sort(np.linalg.norm(codes[None].astype(float) - z[:, None].astype(float), axis=2), axis=1)[:, :3]
    _, distances = Neighbours(codes).nearest(z, 3)
    assert np.allclose(distances, expected, rtol=1e-3)


@pytest.mark.parametrize("dims", [2, 12])
def test_images_that_training_has_not_met_are_nobodys_neighbours(dims: int) -> None:
    codes = np.random.default_rng(0).normal(size=(50, dims)).astype(np.float32)
    codes[::2] = np.nan
    learned_from = np.arange(50) % 3 != 0
    found, _ = Neighbours(codes, learned_from).nearest(np.zeros((4, dims), np.float32), 100)
    expected = {index for index in range(50) if index % 2 and index % 3}
    assert set(found[0].tolist()) == expected


def test_without_codes_nothing_is_near() -> None:
    nothing = Neighbours(np.full((5, 2), np.nan, np.float32))
    found, distances = nothing.nearest(np.zeros((3, 2), np.float32), 4)
    assert found.shape == distances.shape == (3, 0)
    assert np.isinf(nothing.distances(np.zeros((3, 2), np.float32), 5)).all()


def test_of_too_many_codes_some_are_compared_with_and_it_says_so() -> None:
    codes = np.random.default_rng(0).normal(size=(1000, 2)).astype(np.float32)
    few = Neighbours(codes, most=300)
    assert few.is_thinned
    assert (few.count, few.total) == (250, 1000)
    assert not Neighbours(codes).is_thinned


@pytest.mark.parametrize("dims", [2, 10])
def test_an_image_alone_in_its_corner_is_the_most_unusual(dims: int) -> None:
    random = np.random.default_rng(0)
    codes = random.normal(size=(400, dims)).astype(np.float32)
    codes[123], codes[7] = 9.0, np.nan
    away = _finished(own_distances(codes, 5))
    assert np.isnan(away[7])
    assert np.nanargmax(away) == 123
    known = np.isfinite(codes[:, 0])
    expected, _ = NearestNeighbors(n_neighbors=6).fit(codes[known]).kneighbors(codes[known])
    assert np.allclose(away[known], expected[:, 5], atol=1e-5)  # itself is the first of the six


def test_twins_are_neighbours_of_each_other() -> None:
    codes = np.repeat(np.arange(4, dtype=np.float32)[:, None] * 10, 2, axis=0)  # each twice, one dimension
    assert _finished(own_distances(codes, 1)).tolist() == [0.0] * 8
    assert _finished(own_distances(codes, 2)).tolist() == [10.0] * 8


def _finished(steps: object) -> NDArray[np.float32]:
    while True:
        try:
            assert isinstance(next(steps), Progress)  # type: ignore[call-overload]
        except StopIteration as end:
            return end.value


@pytest.mark.parametrize("dims", [2, 16])
@pytest.mark.parametrize("heaps", [0.0, 300.0, 3_000.0])
def test_codes_in_heaps_far_apart_and_far_out_have_the_neighbours_that_they_have(dims: int, heaps: float) -> None:
    """Of one latent at a time and of many, against differences in float64."""
    random = np.random.default_rng(dims)
    codes = 0.05 * random.normal(size=(4_000, dims)) + heaps * random.integers(0, 2, (4_000, 1)) * np.eye(1, dims)
    codes = (codes + 300.0).astype(np.float32)
    z = codes[:40] + np.float32(0.01) * random.normal(size=(40, dims)).astype(np.float32)
    exact = np.linalg.norm(codes[None].astype(float) - z[:, None].astype(float), axis=2)
    expected = np.sort(exact, axis=1)[:, :8]
    for one in range(40):
        found, distances = Neighbours(codes).nearest(z[one : one + 1], 8)
        assert np.allclose(distances[0], expected[one], rtol=1e-4, atol=1e-6)
        assert np.allclose(exact[one, found[0]], expected[one], rtol=1e-4, atol=1e-6)
    assert np.allclose(Neighbours(codes).nearest(z, 8)[1], expected, rtol=1e-4, atol=1e-6)
