"""Points and latents of the plane, against scikit-learn's PCA and geometry."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from core.latent.plane import along, first_two_dims, principal_plane


def codes(count: int, dims: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(count, dims)) * np.linspace(3, 0.5, dims) + rng.normal(size=dims)).astype(np.float32)


def leave_signalling_numbers_on_the_stack() -> None:
    """As a product of BLAS that has nothing to do with the next: to multiply one is what is called invalid."""
    numbers = np.full((64, 400), 0x7F800001, np.uint32).view(np.float32)
    with np.errstate(invalid="ignore"):
        numbers[:, :200] @ numbers[0, ::2]


def test_two_latent_dims_are_the_plane_itself() -> None:
    z = codes(10, 2)
    plane = principal_plane(z)
    np.testing.assert_array_equal(plane.to_points(z), z)
    np.testing.assert_array_equal(plane.to_latent(z), z)


def test_one_latent_dim_lies_along_the_first_axis() -> None:
    plane = first_two_dims(1)
    np.testing.assert_array_equal(plane.to_points(np.array([[1.5]], np.float32)), [[1.5, 0.0]])
    np.testing.assert_array_equal(plane.to_latent(np.array([[1.5, 9.0]], np.float32)), [[1.5]])


def test_the_axes_are_scikit_learns_principal_components() -> None:
    z = codes(500, 8)
    plane, theirs = principal_plane(z), PCA(2).fit(z)
    alignment = np.abs(np.sum(plane.axes * theirs.components_, axis=1))
    np.testing.assert_allclose(alignment, 1.0, atol=1e-5)
    np.testing.assert_allclose(plane.origin, theirs.mean_, atol=1e-5)


@settings(max_examples=25, deadline=None)
@given(st.integers(3, 40), st.integers(0, 1000))
def test_a_point_of_the_plane_comes_back_exactly_from_latent_space(dims: int, seed: int) -> None:
    plane = principal_plane(codes(60, dims, seed))
    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-5)
    points = np.random.default_rng(seed).normal(size=(7, 2)).astype(np.float32)
    np.testing.assert_allclose(plane.to_points(plane.to_latent(points)), points, atol=1e-4)


def test_the_map_does_not_flip_when_the_codes_hardly_change() -> None:
    z = codes(400, 6)
    before = principal_plane(z)
    turned = z[:, [1, 0, 2, 3, 4, 5]] * np.array([-1, 1, 1, 1, 1, 1], np.float32)  # axes swap and one flips
    after = principal_plane(z + 0.01 * turned, before)
    np.testing.assert_allclose(after.axes, before.axes, atol=0.1)
    mirrored = principal_plane(z, type(before)(before.origin, -before.axes[::-1], before.names))
    np.testing.assert_allclose(mirrored.axes, -before.axes[::-1], atol=1e-4)


def test_images_not_seen_yet_do_not_bend_the_plane() -> None:
    z = codes(400, 6)
    with_gaps = np.concatenate((z, np.full((50, 6), np.nan, np.float32)))
    np.testing.assert_allclose(np.abs(principal_plane(with_gaps).axes), np.abs(principal_plane(z).axes), atol=1e-5)


@pytest.mark.parametrize("dims", range(3, 10))
def test_finite_numbers_are_never_called_invalid(dims: int) -> None:
    z = codes(60, dims)
    plane = principal_plane(z)
    for product in (
        lambda: plane.to_points(z[:1]),
        lambda: plane.points_of_codes(z),
        lambda: plane.distances(z[:1]),
        lambda: plane.moved(z[0]),
        lambda: plane.is_beside(plane.moved(z[0])),
        lambda: along(z[0], z[:3]),
    ):
        leave_signalling_numbers_on_the_stack()
        product()  # a warning is an error
