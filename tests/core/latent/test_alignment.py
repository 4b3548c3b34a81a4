"""What a user would misread if the map of an earlier moment lay otherwise than that of now, or a model were turned."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import orthogonal_procrustes
from scipy.stats import ortho_group

from core.latent.alignment import align
from core.latent.plane import first_two_dims, principal_plane

Floats = NDArray[np.float32]


def codes_of(dims: int, count: int = 400) -> Floats:
    rng = np.random.default_rng(dims)
    return (rng.standard_normal((count, dims)) * np.linspace(3, 0.5, dims)).astype(np.float32)


@pytest.mark.parametrize("dims", [1, 2, 3, 16])
def test_a_latent_space_that_was_only_turned_looks_the_same(dims: int) -> None:
    later = codes_of(dims)
    turn = ortho_group.rvs(dims, random_state=3) if dims > 1 else np.array([[-1.0]])
    codes = (later @ turn).astype(np.float32)
    plane = principal_plane(later)
    aligned = align(codes, later, plane)
    assert np.allclose(aligned.plane.points_of_codes(codes), plane.points_of_codes(later), atol=1e-3)
    assert aligned.real < 1e-3
    assert np.allclose(aligned.turned(codes), later, atol=1e-3)
    axes = aligned.plane.axes
    assert np.allclose(axes @ axes.T, plane.axes @ plane.axes.T, atol=1e-5)


@pytest.mark.parametrize("dims", [2, 8])
def test_what_is_left_is_what_scipy_leaves(dims: int) -> None:
    later, codes = codes_of(dims), codes_of(dims) @ ortho_group.rvs(dims, random_state=1)
    codes = (codes + np.random.default_rng(5).normal(0, 0.7, codes.shape)).astype(np.float32)
    middle = np.zeros((2, dims)) if dims == 2 else (codes.mean(0), later.mean(0))
    turn, _ = orthogonal_procrustes(codes - middle[0], later - middle[1])
    rest = np.linalg.norm((codes - middle[0]) @ turn - (later - middle[1]))
    assert align(codes, later, principal_plane(later)).real == pytest.approx(
        rest / np.linalg.norm(codes - later), rel=1e-4
    )


def test_two_dimensions_turn_about_the_middle_of_the_prior() -> None:
    later = codes_of(2) + np.float32(1.0)
    plane = align(np.asarray(later @ ortho_group.rvs(2, random_state=2), np.float32), later, first_two_dims(2)).plane
    assert np.allclose(plane.to_points(np.zeros((1, 2), np.float32)), 0.0, atol=1e-5)


def test_codes_that_are_not_known_yet_do_not_count() -> None:
    later = codes_of(4)
    codes = later.copy()
    codes[::2] = np.nan
    aligned = align(codes, later, principal_plane(later))
    assert aligned.real == 0.0
    assert np.allclose(aligned.plane.axes, principal_plane(later).axes, atol=1e-5)
    nothing = align(np.full_like(codes, np.nan), later, principal_plane(later))
    assert np.array_equal(nothing.plane.axes, principal_plane(later).axes)
