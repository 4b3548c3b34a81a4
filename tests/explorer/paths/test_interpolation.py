"""The way of a path: of the newest model and the newest wish, and only while someone watches; and its film."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from core.exploration import LatentPath
from core.latent.latent_space import LatentSpace
from core.latent.plane import Plane
from explorer.paths.film_export import Filming
from explorer.paths.interpolation import Travelling
from tests.core.latent.known_decoders import linear, space_of, sphere

PATIENCE = 20_000
CODES = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)
PATH = LatentPath("a", "straight", np.array([[0, 0], [1, 2], [30, 30]], np.float32), 41)


@pytest.fixture
def space() -> LatentSpace:
    return space_of(linear, CODES)


@pytest.fixture
def travelling(qtbot: QtBot) -> Iterator[Travelling]:
    travelling = Travelling()
    yield travelling
    travelling.stop()


def found(qtbot: QtBot, travelling: Travelling, do: object) -> object:
    with qtbot.waitSignal(travelling.found, timeout=PATIENCE) as found:
        do()
    return found.args[0]


def test_nothing_is_found_that_nobody_sees(qtbot: QtBot, travelling: Travelling, space: LatentSpace) -> None:
    travelling.show_map(space)
    travelling.show_path(PATH)
    assert not travelling._job.is_busy
    trip = found(qtbot, travelling, lambda: travelling.watch(True))
    assert trip.way.path is PATH
    assert len(trip.reel.pixels) == 41
    np.testing.assert_array_equal(trip.reel.pixels, space.decode(trip.way.z))


def test_it_says_where_the_way_leaves_the_data(qtbot: QtBot, travelling: Travelling, space: LatentSpace) -> None:
    travelling.show_map(space)
    travelling.watch(True)
    reel = found(qtbot, travelling, lambda: travelling.show_path(PATH)).reel
    np.testing.assert_array_equal(reel.verdicts, space.support.verdicts(reel.z))
    assert (reel.verdicts[0], reel.verdicts[-1]) == (0, 3)
    assert "far from any picture" in reel.words
    np.testing.assert_array_equal(reel.stop_picture(2), space.decode(PATH.stops[2:])[0])


def test_the_newest_wish_is_what_is_found(qtbot: QtBot, travelling: Travelling) -> None:
    travelling.show_map(space_of(sphere, CODES))
    travelling.watch(True)
    trips: list[object] = []
    travelling.found.connect(trips.append)
    slow = LatentPath("a", "geodesic", np.array([[0.5, 0], [1, 2], [0.3, 1], [1, 1]], np.float32))
    with qtbot.waitSignal(travelling.progressed, timeout=PATIENCE):
        travelling.show_path(slow)
    travelling.show_path(replace(slow, kind="spherical"))
    newest = replace(slow, kind="straight")
    travelling.show_path(newest)
    qtbot.waitUntil(lambda: bool(trips), timeout=PATIENCE)
    qtbot.waitUntil(lambda: not travelling._job.is_busy, timeout=PATIENCE)
    assert [trip.way.path for trip in trips] == [newest]


def test_another_plane_of_the_same_model_moves_the_route_and_keeps_the_way(
    qtbot: QtBot, travelling: Travelling, space: LatentSpace
) -> None:
    travelling.watch(True)
    travelling.show_path(PATH)
    first = found(qtbot, travelling, lambda: travelling.show_map(space))
    swapped = space.with_plane(Plane(np.zeros(2, np.float32), np.eye(2, dtype=np.float32)[::-1].copy(), ("b", "a")))
    second = found(qtbot, travelling, lambda: travelling.show_map(swapped))
    assert second.way is first.way
    np.testing.assert_allclose(second.reel.points, first.reel.points[:, ::-1])


def test_the_route_on_the_map_is_there_while_someone_watches(
    qtbot: QtBot, travelling: Travelling, space: LatentSpace
) -> None:
    routes: list[tuple[np.ndarray, np.ndarray, float | None]] = []
    travelling.route_changed.connect(lambda *route: routes.append(route))
    travelling.show_map(space)
    travelling.watch(True)
    found(qtbot, travelling, lambda: travelling.show_path(replace(PATH, is_loop=True)))
    points, stops, at = routes[-1]
    assert len(points) == 42  # back to the first
    np.testing.assert_allclose(stops, PATH.stops)
    assert at == 0.0
    travelling.show_position(20.5)
    assert routes[-1][2] == pytest.approx(0.5)
    travelling.watch(False)
    assert len(routes[-1][0]) == 0


def test_too_few_stops_or_those_of_another_model_are_no_way(
    qtbot: QtBot, travelling: Travelling, space: LatentSpace
) -> None:
    travelling.watch(True)
    travelling.show_map(space)
    found(qtbot, travelling, lambda: travelling.show_path(PATH))
    for path in (replace(PATH, stops=PATH.stops[:1]), replace(PATH, stops=np.zeros((3, 5), np.float32)), None):
        with qtbot.waitSignal(travelling.lost):
            travelling.show_path(path)
        assert travelling.trip is None


def test_why_there_is_no_way_is_said(qtbot: QtBot, travelling: Travelling) -> None:
    travelling.watch(True)
    travelling.show_map(space_of(linear, np.full((3, 2), np.nan)))
    with qtbot.waitSignal(travelling.failed, timeout=PATIENCE) as failed:
        travelling.show_path(replace(PATH, kind="data"))
    assert "No codes are known yet" in failed.args[0]


def test_a_film_is_saved_and_a_cancelled_one_is_not(
    qtbot: QtBot, travelling: Travelling, space: LatentSpace, tmp_path: Path
) -> None:
    travelling.watch(True)
    travelling.show_map(space)
    trip = found(qtbot, travelling, lambda: travelling.show_path(PATH))
    filming = Filming()
    with qtbot.waitSignal(filming.reported, timeout=PATIENCE) as saved:
        filming.save(tmp_path / "a.gif", trip, "run", 25.0)
    assert saved.args == [tmp_path / "a.gif"]
    with Image.open(tmp_path / "a.gif") as film:
        assert film.n_frames == 41
    qtbot.waitUntil(lambda: not filming.is_busy, timeout=PATIENCE)
    with qtbot.waitSignal(filming.failed, timeout=PATIENCE) as failed:
        filming.save(tmp_path / "nowhere" / "a.gif", trip, "run", 25.0)
    assert "no folder" in failed.args[0]
    qtbot.waitUntil(lambda: not filming.is_busy, timeout=PATIENCE)
    filming.save(tmp_path / "b.gif", trip, "run", 25.0)
    filming.stop()
    assert not (tmp_path / "b.gif").exists()


def test_a_model_that_learns_is_followed_but_not_at_every_step(
    qtbot: QtBot, travelling: Travelling, space: LatentSpace
) -> None:
    travelling.watch(True)
    travelling.show_map(space)
    found(qtbot, travelling, lambda: travelling.show_path(PATH))
    trips: list[object] = []
    travelling.found.connect(trips.append)
    newer = [space_of(lambda z, n=n: n * linear(z), CODES) for n in range(5)]
    for each in newer:
        travelling.show_map(each)
    qtbot.waitUntil(lambda: bool(trips), timeout=PATIENCE)
    assert [trip.latent_space for trip in trips] == [newer[-1]]
