"""The sheet that follows the codes: exact as a plane is, without a jump, and among the codes where a plane is not."""

import itertools

import numpy as np
import pytest
import torch

from core.config import ModelConfig
from core.latent.jacobian import change_along, change_on_plane
from core.latent.knots import Grid, _settled, agreeing
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import Floats, principal_plane
from core.latent.projection import project
from core.latent.sheet import (
    CORNER,
    MIDDLE,
    REST,
    SIDE,
    STEP,
    Sheet,
    among_the_dots,
    arrays_of,
    kept_sheet,
    lay_sheet,
    may_be_sheet,
    plane_to_drag_on,
)
from core.model.vae import VAE

DIMS, RADIUS, COUNT = 6, 3.0, 3000


def shell(seed: int = 0) -> Floats:
    """Codes on a sphere that is a little longer one way than another: its middle is empty."""
    directions = np.random.default_rng(seed).standard_normal((COUNT, DIMS))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return (RADIUS * directions * np.linspace(1.3, 1.0, DIMS)).astype(np.float32)


def cloud() -> Floats:
    return np.random.default_rng(0).standard_normal((COUNT, DIMS)).astype(np.float32)


def a_space(codes: Floats) -> LatentSpace:
    torch.manual_seed(0)
    vae = VAE(ModelConfig(network="mlp", width=4, latent_dims=DIMS, likelihood="bernoulli"), (16, 16, 1))
    held_out = np.arange(len(codes)) % 10 == 0
    plane = principal_plane(codes[~held_out])
    return freeze(vae, codes, np.ones(DIMS, np.float32), plane, 1, held_out=held_out, draws=False)


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    codes = shell()
    return lay_sheet(principal_plane(codes), codes)


def some_points(count: int = 500, reach: float = 6.0) -> Floats:
    return np.random.default_rng(1).uniform(-reach, reach, (count, 2)).astype(np.float32)


def test_every_point_is_one_z_and_every_code_keeps_its_own(sheet: Sheet) -> None:
    points = some_points()
    z = sheet.to_latent(points)
    np.testing.assert_allclose(sheet.to_points(z), points, atol=1e-4)
    np.testing.assert_allclose(sheet.distances(z), 0.0, atol=1e-4)
    np.testing.assert_array_equal(sheet.points_of_codes(shell()), principal_plane(shell()).points_of_codes(shell()))
    off = shell()[:50]
    np.testing.assert_allclose(
        sheet.distances(off), np.linalg.norm(off - sheet.to_latent(sheet.to_points(off)), axis=1), atol=1e-4
    )


def test_it_lies_on_the_shell_whose_middle_a_plane_cuts(sheet: Sheet) -> None:
    places = among_the_dots(sheet.flat.points_of_codes(shell()))
    nearest = [np.linalg.norm(shell()[:, None] - z[None], axis=2).min(axis=0) for z in (
        sheet.to_latent(places), sheet.flat.to_latent(places))]  # fmt: skip
    own = np.linalg.norm(shell(1)[:200, None] - shell()[None], axis=2).min(axis=1)
    assert np.median(nearest[0]) < 1.2 * np.median(own)
    assert np.median(nearest[1]) > 1.8 * np.median(own)


def test_nothing_jumps(sheet: Sheet) -> None:
    """However short a step is, z moves no farther than the steepest part of the sheet makes it."""
    points, step = some_points(2000), np.float32(1e-3)
    steepest = np.linalg.norm(np.diff(sheet.rest, axis=0), axis=2).max() / sheet.grid.step[0]
    steepest += np.linalg.norm(np.diff(sheet.rest, axis=1), axis=2).max() / sheet.grid.step[1]
    moved = np.linalg.norm(sheet.to_latent(points + step) - sheet.to_latent(points), axis=1)
    assert moved.max() < 1.05 * step * (2 + steepest)


def test_knots_are_codes_and_neighbours_agree(sheet: Sheet) -> None:
    knots = sheet.grid.corner + sheet.grid.step * np.stack(np.meshgrid(range(SIDE), range(SIDE), indexing="ij"), -1)
    z = sheet.to_latent(knots.reshape(-1, 2).astype(np.float32))
    rest = shell() - sheet.flat.to_latent(sheet.flat.to_points(shell()))
    away = np.linalg.norm(sheet.rest.reshape(-1, 1, DIMS) - rest[None], axis=2).min(axis=1)
    assert away.max() < 1e-4  # each is the rest of some image
    assert np.isfinite(z).all()
    between = np.linalg.norm(np.diff(sheet.rest, axis=0), axis=2)
    random = np.linalg.norm(rest[:1000] - rest[1000:2000], axis=1)
    assert np.median(between) < 0.35 * np.median(random)


@pytest.mark.parametrize("seed", range(8))
def test_messages_find_what_trying_everything_finds(seed: int) -> None:
    random = np.random.default_rng(seed)
    alone, vectors = random.uniform(0, 1, (2, 3, 3)).astype(np.float32), random.normal(size=(2, 3, 3, 2))
    vectors = vectors.astype(np.float32)

    def cost(chosen: np.ndarray) -> float:
        theirs = np.take_along_axis(vectors, chosen[..., None, None], 2)[:, :, 0]
        bends = np.square(np.diff(theirs, axis=0)).sum() + np.square(np.diff(theirs, axis=1)).sum()
        return float(np.take_along_axis(alone, chosen[..., None], 2).sum() + bends)

    every = [np.array(each).reshape(2, 3) for each in itertools.product(range(3), repeat=6)]
    costs = [cost(each) for each in every]
    assert cost(_settled(alone, vectors)) <= min(costs) + 0.1 * (np.median(costs) - min(costs))


def test_tangents_are_the_differences_of_z(sheet: Sheet) -> None:
    points, step = some_points(300, 2.5), 1e-2
    at = (points - sheet.grid.corner) / sheet.grid.step
    is_inside = (np.abs(at - np.rint(at)) * sheet.grid.step > 2 * step).all(axis=1)  # of one cell, where it is smooth
    points = points[is_inside]
    found = sheet.tangents(points)
    for axis in (0, 1):
        ahead = np.zeros(2, np.float32)
        ahead[axis] = step
        slope = (sheet.to_latent(points + ahead) - sheet.to_latent(points - ahead)) / (2 * step)
        np.testing.assert_allclose(found[axis], slope, atol=5e-3)


def test_how_fast_the_picture_changes_is_said_along_the_sheet(sheet: Sheet) -> None:
    space = a_space(shell())
    points = some_points(5, 2.0)
    flat = change_on_plane(space, points)
    np.testing.assert_allclose(
        flat, np.sqrt(np.square(change_along(space, space.plane.to_latent(points), space.plane.axes)).sum(1)), rtol=1e-5
    )
    curved = change_on_plane(space.with_plane(sheet), points)
    z, axes = sheet.to_latent(points), sheet.tangents(points)
    one = [change_along(space, z[[row]], axes[:, row]) for row in range(5)]
    np.testing.assert_allclose(curved, [np.sqrt(np.square(each).sum()) for each in one], rtol=1e-4)


def test_beyond_the_grid_its_edge_goes_on(sheet: Sheet) -> None:
    far, farther = np.array([[50.0, 0.2]], np.float32), np.array([[90.0, 0.2]], np.float32)
    rests = [sheet.to_latent(point) - sheet.flat.to_latent(point) for point in (far, farther)]
    np.testing.assert_allclose(*rests, atol=1e-4)
    np.testing.assert_allclose(sheet.tangents(far)[0], sheet.axes[:1], atol=1e-6)


def test_places_lie_among_the_dots() -> None:
    points = np.random.default_rng(0).normal(size=(5000, 2)).astype(np.float32) * [3.0, 0.5] + 7
    places = among_the_dots(points.astype(np.float32))
    theirs, dots = (np.linalg.norm((each - 7) / [3.0, 0.5], axis=1) for each in (places, points))
    assert np.quantile(dots, MIDDLE) == pytest.approx(theirs.max(), rel=0.05)
    assert np.median(theirs) == pytest.approx(theirs.max() * np.sqrt(0.5), rel=0.02)  # evenly over the area


def test_it_is_chosen_where_a_hand_on_the_plane_would_leave_the_pictures() -> None:
    empty, full = a_space(shell()), a_space(cloud())
    chosen = plane_to_drag_on(empty)
    assert isinstance(chosen, Sheet)
    assert plane_to_drag_on(full) is full.plane
    places = among_the_dots(empty.points)
    shares = [np.mean(empty.support.verdicts(each.to_latent(places)) <= 1) for each in (empty.plane, chosen)]
    assert shares[0] < 0.5
    assert shares[1] > 0.9


def test_a_space_is_seen_on_it_and_goes_back_to_its_own(sheet: Sheet) -> None:
    space = a_space(shell())
    seen = space.with_plane(sheet)
    assert sheet.is_beside(space.plane) == space.plane.is_beside(sheet)
    assert (seen.plane.kind, seen.own_plane.kind) == ("sheet", "principal")
    assert seen.with_plane(space.plane).plane is space.plane
    assert lay_sheet(space.plane, space.codes).is_beside(space.plane)
    assert not sheet.is_beside(project(space.codes, space.points, 1))


def test_a_checkpoint_keeps_it(sheet: Sheet) -> None:
    arrays = {"codes": shell(), **arrays_of(sheet)}
    again = kept_sheet(sheet.flat, arrays)
    np.testing.assert_array_equal(again.to_latent(some_points()), sheet.to_latent(some_points()))
    assert kept_sheet(sheet.flat, {"codes": shell()}) is sheet.flat
    assert may_be_sheet(arrays)
    assert may_be_sheet({"codes": shell()})
    spoiled: list[dict[str, Floats]] = [
        {**arrays, CORNER: np.zeros(3, np.float32)},
        {**arrays, STEP: np.zeros(2, np.float32)},
        {**arrays, STEP: np.full(2, np.nan, np.float32)},
        {**arrays, REST: np.zeros((1, 16, DIMS), np.float32)},
        {**arrays, REST: np.zeros((16, 16, DIMS + 1), np.float32)},
        {**arrays, REST: np.full((16, 16, DIMS), np.inf, np.float32)},
    ]
    assert not any(may_be_sheet(each) for each in spoiled)
    with pytest.raises(KeyError):
        may_be_sheet({"codes": shell(), CORNER: arrays[CORNER]})


@pytest.mark.parametrize("count", [1, 2, 30])
def test_a_few_codes_are_enough(count: int) -> None:
    codes = shell()[:count]
    codes = np.concatenate((codes, np.full((3, DIMS), np.nan, np.float32)))
    grid, chosen = agreeing(codes[:, :2], codes, 4)
    assert isinstance(grid, Grid)
    assert chosen.max() < count
    assert np.isfinite(lay_sheet(principal_plane(shell()), codes).to_latent(some_points())).all()
