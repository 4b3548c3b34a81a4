"""The plane the map shows: chosen, moved, undone, kept through training, and there next time."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from pytestqt.qtbot import QtBot

from core.config import ModelConfig
from core.exploration import Direction
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import principal_plane
from core.latent.projection import project
from core.latent.sheet import lay_sheet
from core.model.vae import VAE
from explorer.map.plane.controller import Planes
from explorer.map.plane.plane_bar import PlaneShown
from explorer.map.plane.plane_words import explained, nearness, words_for_cursor, words_for_plane
from explorer.workspace.place_in_hand import Table, Viewing
from explorer.workspace.undo_history import Exploring

COUNT, DIMS = 60, 5
NAMES = [f"{number}.png" for number in range(COUNT)]


def codes(seed: int = 0, dims: int = DIMS) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(COUNT, dims)) * np.linspace(3, 0.5, dims) + 1).astype(np.float32)


def a_space(z: np.ndarray, step: int = 1) -> LatentSpace:
    torch.manual_seed(0)
    vae = VAE(ModelConfig(network="mlp", latent_dims=z.shape[1], width=4, likelihood="bernoulli"), (16, 16, 1))
    return freeze(vae, z, np.arange(z.shape[1], dtype=np.float32), principal_plane(z), step)


TABLE = Table(NAMES, np.zeros(COUNT, np.int64), ("all",), np.arange(COUNT) % 5 == 0)


@dataclass
class Parts:
    exploring: Exploring
    viewing: Viewing
    planes: Planes
    bar: list[PlaneShown]

    @property
    def kind(self) -> str:
        return self.viewing.latent_space.plane.kind


def connect(exploring: Exploring, viewing: Viewing, planes: Planes) -> Parts:
    """As wire_planes does, and as the session follows z."""
    parts = Parts(exploring, viewing, planes, [])
    viewing.map_changed.connect(planes.show_map)
    viewing.cleared.connect(planes.clear)
    exploring.changed.connect(planes.show_exploration)
    exploring.changed.connect(lambda now, fields: "z" in fields and now.z is not None and viewing.look_at(now.z))
    planes.chosen.connect(viewing.choose_plane)
    planes.shown.connect(parts.bar.append)
    return parts


@pytest.fixture
def parts(qtbot: QtBot, tmp_path: Path) -> Iterator[Parts]:
    exploring, viewing = Exploring(), Viewing()
    parts = connect(exploring, viewing, Planes(exploring))
    viewing.show(a_space(codes()), TABLE)
    exploring.open(tmp_path, NAMES, DIMS)
    qtbot.waitUntil(lambda: exploring._is_read)
    qtbot.waitUntil(lambda: bool(parts.bar and parts.bar[-1].ways))
    yield parts
    for each in (parts.planes, exploring, viewing):
        each.stop()


def test_another_plane_can_be_undone_and_redone(qtbot: QtBot, parts: Parts) -> None:
    assert words_for_plane(parts.viewing.latent_space) == "the codes' two widest directions of 5"
    parts.planes.choose_dimensions(4, 1)
    qtbot.waitUntil(lambda: parts.kind == "dimensions")
    np.testing.assert_allclose(parts.viewing.latent_space.points, codes()[:, [4, 1]], atol=1e-5)
    assert parts.bar[-1].names == ("z₅", "z₂")
    parts.exploring.undo()
    assert parts.kind == "principal"
    parts.exploring.redo()
    qtbot.waitUntil(lambda: parts.kind == "dimensions")


def test_a_sheet_is_laid_at_a_word_and_taken_back(qtbot: QtBot, parts: Parts) -> None:
    flat = parts.viewing.latent_space.plane
    parts.planes.choose_sheet()
    qtbot.waitUntil(lambda: parts.kind == "sheet")
    space = parts.viewing.latent_space
    assert words_for_plane(space) == "a sheet that follows the codes of 5 dimensions"
    assert explained(words_for_plane(space)).startswith("The two directions in which the codes spread most")
    np.testing.assert_allclose(space.points, flat.points_of_codes(codes()), atol=1e-5)  # no dot moves
    off = words_for_cursor(space.plane, space.plane.to_latent(np.zeros((1, 2), np.float32))[0] + 1, NAMES)
    assert off.endswith(" off the sheet")
    assert parts.bar[-1].ways == ()
    parts.planes.choose_flat()
    assert parts.viewing.latent_space.plane is flat
    parts.exploring.undo()
    qtbot.waitUntil(lambda: parts.kind == "sheet")


def test_a_model_with_a_sheet_of_its_own_shows_it_and_can_be_seen_flat(qtbot: QtBot, parts: Parts) -> None:
    own = a_space(codes())
    laid = lay_sheet(own.own_plane.flat, codes())
    settled = freeze(own.vae, codes(), own.kl_per_dim, laid, 2)
    parts.viewing.show(settled, TABLE)
    assert parts.kind == "sheet"
    parts.planes.choose_flat()
    qtbot.waitUntil(lambda: parts.kind == "principal")
    parts.planes.choose_sheet()
    assert parts.viewing.latent_space is settled
    assert parts.exploring.now.plane is None


def test_the_plane_stays_while_the_model_learns(qtbot: QtBot, parts: Parts) -> None:
    parts.planes.choose_dimensions(0, 1)
    qtbot.waitUntil(lambda: parts.kind == "dimensions")
    newer = codes(seed=1)
    parts.viewing.show(a_space(newer, step=2))
    qtbot.waitUntil(lambda: parts.viewing.latent_space.step == 2)
    np.testing.assert_allclose(parts.viewing.latent_space.points, newer[:, :2], atol=1e-5)
    parts.planes.choose_flat()
    np.testing.assert_allclose(parts.viewing.latent_space.points, principal_plane(newer).to_points(newer), atol=1e-4)


def test_the_plane_is_there_next_time(qtbot: QtBot, parts: Parts, tmp_path: Path) -> None:
    parts.exploring.change("selection", selection=np.array([3, 8, 21]))
    parts.planes.choose_images()
    qtbot.waitUntil(lambda: parts.kind == "images")
    parts.planes.move(0, 0.7)
    qtbot.waitUntil(lambda: parts.viewing.latent_space.plane.shift is not None)
    kept = parts.viewing.latent_space.plane
    parts.exploring.stop()
    again, viewing = Exploring(), Viewing()
    other = connect(again, viewing, Planes(again))
    viewing.show(a_space(codes()), TABLE)
    again.open(tmp_path, NAMES, DIMS)
    qtbot.waitUntil(lambda: other.kind == "images")
    read = viewing.latent_space.plane
    np.testing.assert_allclose(read.origin, kept.origin, atol=1e-6)
    np.testing.assert_allclose(read.axes, kept.axes, atol=1e-6)
    np.testing.assert_allclose(read.shift, kept.shift, atol=1e-6)
    assert read.names == ("3.png → 8.png", "towards 21.png")
    for each in (other.planes, again, viewing):
        each.stop()


def test_a_drag_of_a_slider_is_one_step_and_takes_the_picture_along(qtbot: QtBot, parts: Parts) -> None:
    parts.viewing.look_at_image(7)
    parts.exploring.look(parts.viewing.z)
    before, point = parts.viewing.latent_space, parts.viewing.latent_space.points[7]
    for offset in (0.2, 0.5, 0.9):
        parts.planes.move(0, offset)
        qtbot.wait(60)
    qtbot.waitUntil(lambda: parts.bar[-1].moved == pytest.approx(0.9, abs=1e-3))
    space, z = parts.viewing.latent_space, parts.viewing.z
    assert space.plane.distances(z[None])[0] == pytest.approx(0, abs=1e-4)  # what is decoded is exactly on the plane
    np.testing.assert_allclose(space.plane.to_points(z[None])[0], point, atol=1e-4)
    assert before.plane.distances(z[None])[0] == pytest.approx(0.9, abs=1e-3)
    assert parts.bar[-1].ways[0].offset == pytest.approx(0.9, abs=1e-3)
    assert space.points is before.points  # dots do not move
    parts.exploring.undo()
    qtbot.waitUntil(lambda: parts.viewing.latent_space.plane is before.plane)
    np.testing.assert_array_equal(parts.viewing.z, codes()[7])


def test_back_to_the_middle_is_where_the_plane_was_made(qtbot: QtBot, parts: Parts) -> None:
    made = parts.viewing.latent_space.plane
    parts.planes.move(1, 1.5)
    qtbot.waitUntil(lambda: parts.viewing.latent_space.plane.shift is not None)
    parts.planes.go_to_middle()
    qtbot.waitUntil(lambda: parts.viewing.latent_space.plane.shift is None)
    np.testing.assert_allclose(parts.viewing.latent_space.plane.origin, made.origin, atol=1e-6)


def test_two_directions_span_the_map(qtbot: QtBot, parts: Parts) -> None:
    vectors = np.random.default_rng(3).normal(size=(2, DIMS)).astype(np.float32)
    directions = tuple(Direction(name, v, "a", "b", (3, 3)) for name, v in zip(("smile", "age"), vectors, strict=True))
    parts.exploring.change("directions", directions=directions)
    assert parts.bar[-1].directions == ("smile", "age")
    parts.planes.choose_directions("smile", "age")
    qtbot.waitUntil(lambda: parts.kind == "directions")
    inside = vectors @ parts.viewing.latent_space.plane.axes.T
    np.testing.assert_allclose(np.linalg.norm(inside, axis=1), np.linalg.norm(vectors, axis=1), rtol=1e-5)


def test_a_plane_through_two_images_is_refused_in_a_sentence(qtbot: QtBot, parts: Parts) -> None:
    parts.exploring.change("selection", selection=np.array([3, 8]))
    with qtbot.waitSignal(parts.planes.failed) as said:
        parts.planes.choose_images()
    assert "exactly three images" in said.args[0]
    assert parts.kind == "principal"


def test_dots_far_from_the_plane_fade(qtbot: QtBot, parts: Parts) -> None:
    with qtbot.waitSignal(parts.planes.faded) as said:
        parts.planes.fade(True)
    (near,) = said.args
    distances = principal_plane(codes()).distances(codes())
    assert np.all(np.diff(near[np.argsort(distances)]) <= 0)
    assert np.count_nonzero(near >= 0.5) == COUNT / 2
    with qtbot.waitSignal(parts.planes.faded) as said:
        parts.planes.fade(False)
    assert said.args == [None]
    assert nearness(np.zeros(4, np.float32)).tolist() == [1, 1, 1, 1]


def test_a_hand_on_a_projection_blends_known_z_and_says_which_is_near(qtbot: QtBot, parts: Parts) -> None:
    places = np.random.default_rng(4).normal(size=(COUNT, 2)).astype(np.float32) * 9
    said: list[str] = []
    parts.planes.cursor_said.connect(said.append)
    parts.viewing.place_decoded.connect(parts.planes.show_place)
    parts.planes.take_projection(project(codes(), places, 1))
    qtbot.waitUntil(lambda: parts.kind == "projection")
    parts.viewing.look_at_point(0.25, -0.5)
    there = parts.viewing.latent_space.plane.to_latent(np.array([[0.25, -0.5]], np.float32))[0]
    np.testing.assert_array_equal(parts.viewing.z, there)
    nearest = int(np.linalg.norm(codes() - there, axis=1).argmin())
    qtbot.waitUntil(lambda: bool(said) and said[-1] == f"nearest known z: {nearest}.png")
    assert parts.viewing.place.point == pytest.approx((0.25, -0.5))  # the cursor stays under the hand
    parts.viewing.look_at_image(12)
    qtbot.waitUntil(lambda: said[-1] == "nearest known z: 12.png")
    assert parts.viewing.place.point == pytest.approx(tuple(places[12]))
    assert "not exact" in words_for_plane(parts.viewing.latent_space)
    assert parts.bar[-1].ways == ()
    parts.exploring.undo()
    assert parts.kind == "principal"


def test_two_latent_dimensions_have_nothing_to_choose(qtbot: QtBot) -> None:
    exploring, viewing = Exploring(), Viewing()
    parts = connect(exploring, viewing, Planes(exploring))
    viewing.show(a_space(codes(dims=2)), TABLE)
    assert parts.bar[-1].has_map
    assert parts.bar[-1].dimensions == ()
    assert words_for_plane(viewing.latent_space) == ""
    for each in (parts.planes, exploring, viewing):
        each.stop()
