"""Selecting: the right images, undone in one step, and found off the window's thread."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from core.exploration import Indices
from explorer.workspace.place_in_hand import Table
from explorer.workspace.selection import Mode, Selecting
from explorer.workspace.undo_history import Exploring
from explorer.workspace.unusual_images import Unusual

COUNT = 400


@dataclass(frozen=True, eq=False)
class Space:
    """What selecting asks of a latent space."""

    codes: NDArray[np.float32]

    @property
    def points(self) -> NDArray[np.float32]:
        return self.codes[:, :2]

    @property
    def latent_dims(self) -> int:
        return self.codes.shape[1]

    def nearest(self, z: NDArray[np.float32], count: int) -> tuple[Indices, NDArray[np.float32]]:
        distances = np.linalg.norm(self.codes - z, axis=1)
        order = np.argsort(distances)[:count]
        return order[np.isfinite(distances[order])], distances[order]


class Made:
    """A selecting of its own, with codes that are known."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        codes = np.random.default_rng(0).normal(size=(COUNT, 3)).astype(np.float32)
        codes[7] = np.nan
        codes[11] = (30.0, 0.0, 0.0)
        self.space = Space(codes)
        names = tuple(f"{index}.png" for index in range(COUNT))
        labels = np.arange(COUNT) % 4
        self.table = Table(names, labels, ("a", "b", "c", "d"), np.zeros(COUNT, np.bool_))
        self.exploring, self.unusual = Exploring(), Unusual()
        self.selecting = Selecting(self.exploring, self.unusual)
        self.selecting.show_map(self.space, self.table)

    def comes(self, expected: NDArray[np.integer]) -> None:
        """Wait until this is the selection."""
        expected = np.sort(np.asarray(expected))
        self.qtbot.waitUntil(lambda: np.array_equal(self.selecting.indices, expected), timeout=10_000)


@pytest.fixture
def made(qtbot: QtBot) -> Iterator[Made]:
    made = Made(qtbot)
    yield made
    made.selecting.stop()
    made.unusual.stop()
    made.exploring.stop()


def in_box(made: Made, low: float, high: float) -> NDArray[np.int64]:
    points = made.space.points
    return np.flatnonzero(((points > low) & (points < high)).all(axis=1))


def box(low: float, high: float) -> NDArray[np.float64]:
    return np.array([[low, low], [high, low], [high, high], [low, high]])


def test_an_area_takes_what_lies_in_it_and_undo_takes_it_back(made: Made) -> None:
    first, second = in_box(made, -1.0, 0.0), in_box(made, -0.5, 1.0)
    made.selecting.choose_area(box(-1.0, 0.0))
    made.comes(first)
    made.selecting.choose_area(box(-0.5, 1.0), "add")
    made.comes(np.union1d(first, second))
    made.selecting.choose_area(box(-0.5, 1.0), "subtract")
    made.comes(np.setdiff1d(first, second))
    made.exploring.undo()
    made.exploring.undo()
    np.testing.assert_array_equal(made.selecting.indices, first)
    made.exploring.redo()
    np.testing.assert_array_equal(made.selecting.indices, np.union1d(first, second))


def test_what_is_hidden_or_filtered_out_is_not_caught(made: Made) -> None:
    everything = in_box(made, -9.0, 9.0)
    even = np.arange(COUNT) % 2 == 0
    made.selecting.show_drawn(even)
    made.selecting.choose_area(box(-9.0, 9.0))
    made.comes(everything[even[everything]])
    made.selecting.show_drawn(None)
    made.selecting.set_filter(True)
    made.selecting.choose_area(box(0.0, 9.0))
    corner = in_box(made, 0.0, 9.0)
    made.comes(corner[even[corner]])


def test_an_empty_area_says_so_and_clears(made: Made) -> None:
    made.selecting.choose_all()
    made.comes(np.arange(COUNT))
    with made.qtbot.waitSignal(made.selecting.told) as told:
        made.selecting.choose_area(box(100.0, 101.0))
    assert told.args == ["No image lies in there."]
    made.comes(np.zeros(0))


@pytest.mark.parametrize(("mode", "left"), [("replace", [1]), ("add", [0, 1]), ("subtract", [0])])
def test_a_level_of_the_legend_is_selected_added_or_taken_away(made: Made, mode: Mode, left: list[int]) -> None:
    labels = made.table.labels
    made.selecting.choose_level("a", labels, 0)
    made.comes(np.flatnonzero(labels == 0))
    made.selecting.choose_level("b", labels, 1, mode)
    made.comes(np.flatnonzero(np.isin(labels, left)))


def test_nearest_to_the_cursor_to_an_image_and_to_the_mean(made: Made) -> None:
    codes = np.nan_to_num(made.space.codes, nan=1e9)
    place = np.array([0.5, -0.2, 0.1], np.float32)
    made.exploring.look(place)
    made.selecting.choose_near_cursor(10)
    made.comes(np.argsort(np.linalg.norm(codes - place, axis=1))[:10])
    mean = made.space.codes[made.selecting.indices].mean(axis=0)
    with made.qtbot.waitSignal(made.selecting.mean_found) as found:
        made.selecting.find_mean()
    np.testing.assert_allclose(found.args[0], mean, rtol=1e-5)
    made.selecting.choose_near_mean(20)
    made.comes(np.argsort(np.linalg.norm(codes - mean, axis=1))[:20])
    made.selecting.choose_near_image(3, 5)
    made.comes(np.argsort(np.linalg.norm(codes - codes[3], axis=1))[:6])  # the image itself, and five
    assert 3 in made.selecting.indices


def test_nothing_is_near_an_image_that_the_model_has_not_seen(made: Made) -> None:
    with made.qtbot.waitSignal(made.selecting.told) as told:
        made.selecting.choose_near_image(7)
    assert "not seen" in told.args[0]
    made.selecting.choose("it", np.array([7]))
    made.comes(np.array([7]))
    with made.qtbot.waitSignal(made.selecting.told), made.qtbot.assertNotEmitted(made.selecting.mean_found):
        made.selecting.find_mean()


def test_the_most_unusual_are_those_with_the_farthest_fifth_neighbour(made: Made) -> None:
    known = np.flatnonzero(np.isfinite(made.space.codes).all(axis=1))
    apart = np.linalg.norm(made.space.codes[known, None] - made.space.codes[None, known], axis=2)
    fifth = np.sort(apart, axis=1)[:, 5]  # the 0th is itself
    with made.qtbot.waitSignal(made.selecting.unusual_found, timeout=20_000) as first:
        made.selecting.choose_unusual(10)
    made.comes(known[np.argsort(-fifth)[:10]])
    assert first.args == [11]  # far from all others


def test_all_none_and_all_but_these(made: Made) -> None:
    made.selecting.choose("some", np.array([5, 2, 5, 9]))
    made.comes(np.array([2, 5, 9]))
    made.selecting.invert()
    made.comes(np.setdiff1d(np.arange(COUNT), [2, 5, 9]))
    made.selecting.choose_none()
    assert len(made.selecting.indices) == 0
    made.exploring.undo()
    assert len(made.selecting.indices) == COUNT - 3


def test_an_answer_about_other_images_is_dropped(made: Made) -> None:
    made.selecting.choose_area(box(-1.0, 1.0))
    other = Table(("1.png",), np.zeros(1, np.int64), ("a",), np.zeros(1, np.bool_))
    made.selecting.show_map(Space(np.zeros((1, 3), np.float32)), other)
    made.selecting.choose_all()
    made.comes(np.array([0]))
    assert not [step for step in made.exploring._past if step.words != "selection of all"]


def test_while_the_model_learns_a_lasso_still_counts(made: Made) -> None:
    made.selecting.choose_area(box(-1.0, 0.0))
    made.selecting.show_map(Space(made.space.codes * 2), made.table)  # the dots move on before the answer comes
    made.comes(in_box(made, -1.0, 0.0))


def test_filter_is_shown_only_while_something_is_selected(made: Made) -> None:
    shown: list[tuple[int, bool]] = []
    made.selecting.shown.connect(lambda indices, is_filter: shown.append((len(indices), is_filter)))
    made.selecting.set_filter(True)  # nothing selected: an empty map would help nobody
    made.selecting.choose("some", np.array([2, 5]))
    made.comes(np.array([2, 5]))
    made.selecting.toggle_filter()
    assert shown == [(0, False), (2, True), (2, False)]


def test_a_class_of_ones_own_is_made_renamed_and_forgotten(made: Made) -> None:
    made.selecting.choose("some", np.array([2, 5]))
    made.comes(np.array([2, 5]))
    made.selecting.make_group("odd ones")
    made.selecting.choose_none()
    made.selecting.choose_group("odd ones")
    made.comes(np.array([2, 5]))
    made.selecting.rename_group("odd ones", "rare")
    assert [each.name for each in made.exploring.now.groups] == ["rare"]
    made.selecting.forget_group("rare")
    assert made.exploring.now.groups == ()
    made.exploring.undo()
    assert [each.indices.tolist() for each in made.exploring.now.groups] == [[2, 5]]


def test_duplicates_are_all_images_of_a_picture_shown_twice(made: Made) -> None:
    twins = np.arange(COUNT)
    twins[[9, 30]] = 4
    twins[399] = 21
    made.selecting.choose_duplicates(twins)
    made.comes(np.array([4, 9, 21, 30, 399]))


def test_no_duplicates_and_images_not_read_are_said(made: Made) -> None:
    with made.qtbot.waitSignal(made.selecting.told, timeout=10_000) as told:
        made.selecting.choose_duplicates(np.arange(COUNT))
    assert told.args == ["No two images show the same picture."]
    with made.qtbot.waitSignal(made.selecting.told, timeout=10_000) as told:
        made.selecting.choose_duplicates(None)
    assert "have not been read" in told.args[0]
