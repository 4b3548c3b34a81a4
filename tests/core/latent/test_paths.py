"""Paths: every stop is on the way, and each kind of way is the one that its name promises."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import geometric_slerp

from core.errors import ConfigError
from core.exploration import Exploration, LatentPath, PathKind
from core.latent.geodesics import shortest
from core.latent.latent_space import LatentSpace
from core.latent.paths import Way, apportion, find_way, polyline_leg, spherical_leg, straight_leg
from core.reports.progress import Progress
from core.training.exploration_file import read_exploration, write_exploration
from tests.core.latent.known_decoders import cubed, linear, polar, space_of, sphere

KINDS: tuple[PathKind, ...] = ("straight", "spherical", "data", "geodesic")
SHARES = np.linspace(0.0, 1.0, 21)
RING = np.stack([np.cos(np.arange(60) * np.pi / 30), np.sin(np.arange(60) * np.pi / 30)], axis=1)


def way_of(space: LatentSpace, path: LatentPath, before: Way | None = None) -> Way:
    *reports, way = find_way(space, path, before)
    assert all(isinstance(report, Progress) for report in reports)
    assert isinstance(way, Way)
    return way


def path_of(stops: list[list[float]], kind: PathKind = "straight", **fields: object) -> LatentPath:
    return LatentPath("a", kind, np.array(stops, np.float32), **{"frames": 30, **fields})


@pytest.fixture
def ring() -> LatentSpace:
    """Sixty codes on a circle."""
    return space_of(linear, RING)


@pytest.mark.parametrize("is_loop", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_every_stop_is_a_frame_and_there_are_as_many_frames_as_asked_for(
    ring: LatentSpace, kind: PathKind, is_loop: bool
) -> None:
    path = path_of([[1, 0], [-0.2, 1.3], [0.3, -0.4], [-1, 0]], kind, frames=37, is_loop=is_loop)
    way = way_of(ring, path)
    assert way.z.shape == (37, 2)
    assert way.z.dtype == np.float32
    np.testing.assert_array_equal(way.z[way.stops_at], path.stops)
    assert len(way.steps) == (37 if is_loop else 36)
    if is_loop:  # the frame after the last is the first: it is not there twice
        assert way.stops_at[-1] < 36
        assert not np.array_equal(way.z[-1], way.z[0])
    else:
        assert way.stops_at[-1] == 36


def test_straight_is_a_line_at_an_even_speed() -> None:
    at = straight_leg(np.array([1, 2, 3], np.float32), np.array([3, -2, 3], np.float32))(SHARES)
    np.testing.assert_allclose(at, [1, 2, 3] + SHARES[:, None] * np.array([2, -4, 0]), atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 64), st.integers(0, 2**32 - 1))
def test_spherical_is_slerp_and_its_norm_changes_evenly(dims: int, seed: int) -> None:
    start, end = np.random.default_rng(seed).normal(size=(2, dims)).astype(np.float32)
    at = spherical_leg(start, end)(SHARES)
    norms = np.linalg.norm(start), np.linalg.norm(end)
    units = [v.astype(np.float64) / np.linalg.norm(v.astype(np.float64)) for v in (start, end)]
    known = geometric_slerp(*units, SHARES) * np.interp(SHARES, [0, 1], norms)[:, None]
    np.testing.assert_allclose(at, known, atol=2e-5)


def test_spherical_between_opposites_does_not_pass_through_nothing() -> None:
    at = spherical_leg(np.array([0, 2, 0], np.float32), np.array([0, -2, 0], np.float32))(SHARES)
    np.testing.assert_allclose(np.linalg.norm(at, axis=1), 2.0, atol=1e-6)
    np.testing.assert_allclose(at[-1], [0, -2, 0], atol=1e-6)


@pytest.mark.parametrize("start", [[0, 0], [1, 1], [2, 2]])
def test_spherical_towards_or_from_the_middle_is_straight(start: list[float]) -> None:
    one, other = np.array(start, np.float32), np.array([3, 3], np.float32)
    np.testing.assert_allclose(spherical_leg(one, other)(SHARES), straight_leg(one, other)(SHARES), atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=12), st.integers(0, 200))
def test_frames_are_shared_out_by_length(lengths: list[float], more: int) -> None:
    total = len(lengths) + more
    steps = apportion(np.array(lengths), total)
    assert steps.sum() == total
    assert steps.min() >= 1
    order = np.argsort(lengths, kind="stable")
    assert (np.diff(steps[order]) >= -1).all()  # a longer leg has no fewer, but for the rounding


def test_lengths_in_the_same_proportion_get_frames_in_it() -> None:
    assert apportion(np.array([1.0, 2.0, 3.0]), 60).tolist() == [10, 20, 30]
    assert apportion(np.zeros(4), 8).tolist() == [2, 2, 2, 2]


def test_a_way_through_knots_runs_at_an_even_speed() -> None:
    at = polyline_leg(np.array([[0, 0], [3, 0], [3, 1]], np.float32), by_length=True)(np.array([0.25, 0.75, 0.875]))
    np.testing.assert_allclose(at, [[1, 0], [3, 0], [3, 0.5]], atol=1e-6)


def test_even_steps_change_the_picture_evenly() -> None:
    space = space_of(cubed, np.zeros((1, 1)))
    path = path_of([[0.0], [1.0]], frames=24)
    uneven, even = way_of(space, path), way_of(space, replace(path, is_even=True))
    assert uneven.steps.max() / uneven.steps.min() > 100
    np.testing.assert_allclose(even.z[:, 0], np.cbrt(np.linspace(0, 1, 24)), atol=2e-3)
    assert even.steps.max() / even.steps.min() < 1.02
    assert even.picture_length == pytest.approx(1.0, abs=1e-3)  # the root mean square of three equal pixels


def test_steps_stay_as_they_are_where_all_pictures_are_alike() -> None:
    space = space_of(lambda z: 0.0 * linear(z), np.zeros((1, 2)))
    for kind in ("straight", "geodesic"):
        way = way_of(space, path_of([[0, 0], [1, 1], [2, 0]], kind, is_even=True))
        assert way.picture_length == 0.0
        assert np.isfinite(way.z).all()


def test_along_the_data_goes_round_a_hole_that_the_straight_way_crosses(ring: LatentSpace) -> None:
    radius = {
        kind: np.linalg.norm(way_of(ring, path_of([[1, 0], [-1, 0]], kind)).z, axis=1).min()
        for kind in ("straight", "data")
    }
    assert radius["straight"] < 0.1
    assert radius["data"] > np.cos(np.pi / 30) - 1e-3  # a chord of the ring, between two neighbours
    assert way_of(ring, path_of([[1, 0], [-1, 0]], "data")).note == "along the 10 nearest neighbours of 60 codes"


def test_the_shortest_way_over_a_sphere_is_a_great_circle() -> None:
    path = path_of([[0.6, 0.0], [0.6, 2.0]], "geodesic", frames=60)
    way = way_of(space_of(sphere, np.zeros((1, 2))), path)
    start, end = (sphere(torch.tensor(stop)[None]).numpy()[0] for stop in path.stops)
    angle = np.arccos(start @ end)
    assert way.picture_length == pytest.approx(angle / np.sqrt(3), rel=2e-3)
    assert way.straight_length == pytest.approx(2.0 * np.sin(0.6) / np.sqrt(3), rel=2e-3)  # along the parallel
    normal = np.cross(start, end) / np.linalg.norm(np.cross(start, end))
    assert np.abs(sphere(torch.from_numpy(way.z)).numpy() @ normal).max() < 0.01
    assert way.steps.max() / way.steps.min() < 1.1


def test_the_shortest_way_in_polar_coordinates_is_a_straight_line() -> None:
    way = way_of(space_of(polar, np.zeros((1, 2))), path_of([[1.0, 0.0], [1.0, 2.0]], "geodesic", frames=60))
    assert way.picture_length * np.sqrt(3) == pytest.approx(2.0 * np.sin(1.0), rel=2e-3)
    np.testing.assert_allclose(way.z[:, 0], np.cos(1.0) / np.cos(way.z[:, 1] - 1.0), atol=0.01)


def test_under_a_linear_decoder_the_shortest_way_is_the_straight_one() -> None:
    way = way_of(space_of(linear, np.zeros((1, 3))), path_of([[0, 1, 2], [1, -1, 0]], "geodesic"))
    np.testing.assert_allclose(way.z, np.linspace([0, 1, 2], [1, -1, 0], 30), atol=1e-3)


@pytest.mark.parametrize("seed", range(3))
def test_the_shortest_way_is_never_longer_than_the_straight_one(seed: int) -> None:
    torch.manual_seed(seed)
    layers = torch.nn.Sequential(
        torch.nn.Linear(5, 32), torch.nn.Tanh(), torch.nn.Linear(32, 48), torch.nn.Sigmoid()
    ).requires_grad_(False)
    space = space_of(layers, np.zeros((1, 5)), (4, 4, 3))
    stops = 3 * np.random.default_rng(seed).normal(size=(3, 5))
    way = way_of(space, path_of(stops.tolist(), "geodesic", frames=80, is_even=True))
    assert way.picture_length <= way.straight_length * 1.001
    assert way.picture_length < 0.97 * way.straight_length


def test_a_decoder_that_breaks_off_leaves_the_straight_way() -> None:
    def broken(z: torch.Tensor) -> torch.Tensor:
        return torch.where(z.abs() > 0.9, torch.nan, z).repeat(1, 2)

    *_, knots = _all(shortest(broken, torch.tensor([-1.0, 0.0]), torch.tensor([1.0, 0.0])))
    assert torch.isfinite(knots).all()


def test_a_leg_that_is_known_is_not_looked_for_again() -> None:
    space = space_of(sphere, np.zeros((1, 2)))
    path = path_of([[0.6, 0.0], [0.6, 1.0]], "geodesic")
    before = way_of(space, path)
    longer = replace(path, stops=np.append(path.stops, [[1.0, 1.0]], axis=0).astype(np.float32))
    after = way_of(space, longer, before)
    assert after.knots[0] is before.knots[0]
    assert way_of(space, replace(path, class_name="b"), before).knots[0] is not before.knots[0]


def test_a_path_is_kept_with_the_run_whole(tmp_path: Path) -> None:
    path = path_of([[0.1, 0.2], [1, 2]], "data", is_loop=True, is_even=True, class_name="cats")
    write_exploration(tmp_path, Exploration(paths=(path,)), ())
    (read,) = read_exploration(tmp_path, (), 2).paths
    assert {**vars(read), "stops": None} == {**vars(path), "stops": None}
    np.testing.assert_array_equal(read.stops, path.stops)
    kept = tmp_path / "exploration.json"  # as it was before there were even steps
    kept.write_text(
        "\n".join(line for line in kept.read_text().splitlines() if "is_even" not in line).replace('"cats",', '"cats"')
    )
    assert not read_exploration(tmp_path, (), 2).paths[0].is_even


@pytest.mark.parametrize(
    ("path", "why"),
    [
        (path_of([[0, 0]]), "two stops"),
        (path_of([[0, 0, 0], [1, 1, 1]]), "2 dimensions"),
        (path_of([[0, 0], [np.nan, 1]]), "not finite"),
        (path_of([[0, 0], [1, 1], [2, 2]], frames=2), "frames, not 2"),
        (path_of([[0, 0], [1, 1]], frames=10_000), "frames, not 10,000"),
    ],
)
def test_a_path_that_leads_nowhere_says_why(ring: LatentSpace, path: LatentPath, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        list(find_way(ring, path))


def _all(generator: object) -> list[object]:
    """What it yields, and what it returns."""
    yielded: list[object] = []
    while True:
        try:
            yielded.append(next(generator))
        except StopIteration as end:
            return [*yielded, end.value]
