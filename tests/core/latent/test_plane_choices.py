"""The planes a person can choose and move, against geometry and scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from core.config import ModelConfig
from core.errors import ConfigError
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import Plane, principal_plane
from core.latent.plane_choices import mean_code, plane_of_dimensions, plane_of_directions, plane_through, ways_to_move
from core.latent.projection import project
from core.model.vae import VAE


def codes(count: int = 400, dims: int = 6, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(count, dims)) * np.linspace(3, 0.5, dims) + rng.normal(size=dims)).astype(np.float32)


def a_space(z: np.ndarray, plane: Plane | None = None) -> LatentSpace:
    vae = VAE(ModelConfig(network="mlp", latent_dims=z.shape[1], width=8, likelihood="bernoulli"), (16, 16, 1))
    return freeze(vae, z, np.zeros(z.shape[1], np.float32), plane or principal_plane(z), 3)


def test_two_dimensions_show_their_own_numbers() -> None:
    z = codes()
    plane = plane_of_dimensions(z, 4, 1)
    np.testing.assert_allclose(plane.to_points(z), z[:, [4, 1]], atol=1e-6)
    assert plane.names == ("z₅", "z₂")
    others = [0, 2, 3, 5]
    np.testing.assert_allclose(
        plane.to_latent(np.zeros((1, 2), np.float32))[0, others], z[:, others].mean(0), atol=1e-5
    )


@settings(max_examples=20, deadline=None)
@given(st.integers(3, 40), st.integers(0, 1000))
def test_the_plane_through_three_images_holds_all_three(dims: int, seed: int) -> None:
    three = codes(3, dims, seed)
    plane = plane_through(three, ("a", "b", "c"))
    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-5)
    np.testing.assert_allclose(plane.to_latent(plane.to_points(three)), three, atol=1e-4)
    first, second, third = plane.to_points(three)
    assert second[0] > first[0]
    assert second[1] == pytest.approx(first[1], abs=1e-4)  # u goes from the first to the second
    assert third[1] > first[1]


def test_a_plane_of_two_directions_holds_both_and_the_middle_of_the_codes() -> None:
    z, rng = codes(), np.random.default_rng(5)
    smile, age = rng.normal(size=(2, 6)).astype(np.float32)
    plane = plane_of_directions(z, smile, age, ("smile", "age"))
    for point in (mean_code(z), mean_code(z) + smile, mean_code(z) - 2 * age):
        assert plane.distances(point[None])[0] == pytest.approx(0, abs=1e-4)
    along = plane.axes @ smile
    assert along == pytest.approx([np.linalg.norm(smile), 0], abs=1e-4)


def test_what_spans_no_plane_is_refused_in_a_sentence() -> None:
    z = codes()
    with pytest.raises(ConfigError, match="“smile” and “grin” point the same way"):
        plane_of_directions(z, z[0], -2 * z[0], ("smile", "grin"))
    with pytest.raises(ConfigError, match="lie on one line"):
        plane_through(np.stack((z[0], z[1], 2 * z[1] - z[0])), ("a", "b", "c"))
    with pytest.raises(ConfigError, match="two different dimensions of the 6"):
        plane_of_dimensions(z, 2, 2)


@settings(max_examples=20, deadline=None)
@given(st.integers(3, 20), st.integers(0, 1000))
def test_a_moved_plane_decodes_where_it_is_and_comes_back(dims: int, seed: int) -> None:
    z, rng = codes(50, dims, seed), np.random.default_rng(seed)
    plane = principal_plane(z)
    moved = plane.moved(rng.normal(size=dims).astype(np.float32)).moved(rng.normal(size=dims).astype(np.float32))
    points = rng.normal(size=(5, 2)).astype(np.float32)
    there = moved.to_latent(points)
    np.testing.assert_allclose(moved.distances(there), 0, atol=1e-4)
    np.testing.assert_allclose(plane.distances(there), np.linalg.norm(moved.shift), atol=1e-4)
    np.testing.assert_allclose(moved.to_points(z), plane.to_points(z), atol=1e-4)  # dots stay where they are
    assert moved.is_beside(plane)
    back = moved.moved(np.zeros(dims, np.float32))
    np.testing.assert_allclose(back.origin, plane.origin, atol=1e-5)
    assert back.shift is None


def test_distances_are_what_the_plane_leaves_of_each_code() -> None:
    z = codes(300, 7)
    theirs = PCA(2).fit(z)
    left = z - theirs.inverse_transform(theirs.transform(z))
    np.testing.assert_allclose(principal_plane(z).distances(z), np.linalg.norm(left, axis=1), atol=1e-4)


def test_the_widest_plane_moves_along_the_next_principal_directions() -> None:
    z = codes(500, 6)
    ways, theirs = ways_to_move(z, principal_plane(z)), PCA(6).fit(z)
    assert ways.names == ("PC 3", "PC 4", "PC 5", "PC 6")
    np.testing.assert_allclose(ways.spread, np.sqrt(theirs.explained_variance_[2:]), rtol=1e-3)
    np.testing.assert_allclose(np.abs(np.sum(ways.directions * theirs.components_[2:], axis=1)), 1, atol=1e-3)


def test_a_plane_of_dimensions_moves_along_the_others_widest_first() -> None:
    z = codes(500, 6)
    ways = ways_to_move(z, plane_of_dimensions(z, 0, 2), most=3)
    assert ways.names == ("z₂", "z₄", "z₅")
    np.testing.assert_allclose(ways.spread, z.std(axis=0)[[1, 3, 4]], rtol=1e-4)


def test_images_not_seen_yet_do_not_move_planes() -> None:
    z = codes(300, 5)
    with_gaps = np.concatenate((z, np.full((40, 5), np.nan, np.float32)))
    np.testing.assert_allclose(
        plane_of_dimensions(with_gaps, 0, 1).origin, plane_of_dimensions(z, 0, 1).origin, atol=1e-5
    )
    np.testing.assert_allclose(
        ways_to_move(with_gaps, principal_plane(z)).spread, ways_to_move(z, principal_plane(z)).spread
    )


def test_another_plane_shares_the_model_and_the_codes() -> None:
    z = codes()
    space = a_space(z)
    other = space.with_plane(plane_of_dimensions(z, 0, 1))
    assert other.codes is space.codes
    assert other.vae is space.vae
    np.testing.assert_allclose(other.points, z[:, :2], atol=1e-5)
    np.testing.assert_allclose(space.points, principal_plane(z).to_points(z), atol=1e-4)
    np.testing.assert_allclose(other.distances, np.linalg.norm((z - z.mean(0))[:, 2:], axis=1), atol=1e-4)
    with pytest.raises(ConfigError, match="The plane has 3 dimensions, the model 6"):
        space.with_plane(principal_plane(codes(50, 3)))
    with pytest.raises(ConfigError, match="arranged for other images"):
        space.with_plane(project(z[1:], z[1:, :2], 1))


def test_a_plane_that_only_moves_costs_no_new_points() -> None:
    space = a_space(codes())
    moved = space.with_plane(space.plane.moved(np.ones(6, np.float32)))
    assert moved.points is space.points
    assert not np.allclose(moved.distances, space.distances)


def test_a_place_of_a_projection_is_like_the_codes_around_it() -> None:
    z, rng = codes(2_000, 4), np.random.default_rng(1)
    places = (z[:, :2] + 0.01 * rng.normal(size=(2_000, 2))).astype(np.float32)  # as an arrangement that is a good one
    places[7] = np.nan
    projection = project(z, places, 3)
    space = a_space(z).with_plane(projection)
    assert not space.plane.is_exact
    np.testing.assert_array_equal(space.points, places)
    np.testing.assert_array_equal(space.plane.to_points(z[[11]] + 1e-4), places[[11]])
    middle = np.abs(places).max(axis=1) < 4
    found = space.plane.to_latent(places[middle])
    assert np.median(np.linalg.norm(found[:, :2] - z[middle, :2], axis=1)) < 0.3
    ahead = space.plane.to_latent(places[middle] + np.float32(0.01))
    assert np.linalg.norm(ahead - found, axis=1).max() < 0.2  # no jump from one code to another


def test_a_projection_stands_for_the_codes_of_a_model_that_learned_on() -> None:
    z = codes(50, 4)
    projection = project(z, np.random.default_rng(1).normal(size=(50, 2)).astype(np.float32), 3)
    newer = a_space(z + 1).with_plane(projection)
    np.testing.assert_array_equal(newer.points, projection.places)
    at = projection.places[[5]]
    np.testing.assert_allclose(newer.plane.to_latent(at), projection.to_latent(at) + 1, atol=1e-5)
