"""Traversals follow what is looked at: strips of it and no other, only while someone watches, those in view first."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.exploration import Bookmark
from core.latent.plane import Plane, first_two_dims
from explorer.traversals.controller import MOST_STARTS, NOTHING_CHOSEN, STEPS, Traversing, Wish
from explorer.workspace.place_in_hand import Table
from explorer.workspace.undo_history import Exploring

PATIENCE = 20_000
CODES = np.random.default_rng(0).standard_normal((20, 4)).astype(np.float32)
NAMES = tuple(f"{index}.png" for index in range(20))
TABLE = Table(NAMES, np.arange(20) % 2, ("cats", "dogs"), np.zeros(20, np.bool_))


@dataclass
class MadeUpSpace:
    """Each of the four pixels says one of the four numbers of z; the class is added."""

    codes: np.ndarray = field(default_factory=lambda: CODES)
    kl_per_dim: np.ndarray = field(default_factory=lambda: np.array([0.5, 3.0, 0.0, 1.0], np.float32))
    conditional: str = "none"
    has_standard_prior: bool = True
    classes: tuple[str, ...] = ("cats", "dogs")
    label: int = 0
    latent_dims: int = 4
    image_shape: tuple[int, int, int] = (2, 2, 1)
    plane: Plane = field(default_factory=lambda: first_two_dims(4))
    asked: list[int] = field(default_factory=list)

    def decode(self, z: np.ndarray, labels: np.ndarray) -> np.ndarray:
        self.asked.append(len(z))
        return (shade(z) + np.asarray(labels)[:, None]).astype(np.uint8).reshape(-1, 2, 2, 1)


def shade(z: np.ndarray) -> np.ndarray:
    return np.clip(np.round(100 + 20 * np.asarray(z, np.float64)), 0, 250)


@pytest.fixture
def exploring(qtbot: QtBot) -> Iterator[Exploring]:
    exploring = Exploring()
    yield exploring
    exploring.stop()


@pytest.fixture
def traversing(exploring: Exploring) -> Iterator[Traversing]:
    traversing = Traversing(exploring)
    exploring.changed.connect(traversing.show_exploration)
    traversing.planned.connect(lambda plan: traversing.see((*plan.alive, *plan.dead)))
    yield traversing
    traversing.stop()


def strips_of(
    qtbot: QtBot, traversing: Traversing, space: MadeUpSpace, wish: Wish | None = None
) -> dict[int, np.ndarray]:
    """All strips, once they are decoded."""
    found: dict[int, np.ndarray] = {}
    traversing.strip_decoded.connect(found.__setitem__)
    traversing.choose(wish or Wish())
    traversing.watch(True)
    traversing.show_map(space, TABLE)
    qtbot.waitUntil(lambda: len(found) == 4, timeout=PATIENCE)
    return found


def test_a_strip_is_the_cursor_with_one_number_changed(
    qtbot: QtBot, exploring: Exploring, traversing: Traversing
) -> None:
    z = np.array([0.1, -0.2, 0.3, 0.4], np.float32)
    exploring.look(z)
    with qtbot.waitSignal(traversing.planned, timeout=PATIENCE) as planned:
        found = strips_of(qtbot, traversing, MadeUpSpace())
    plan = planned.args[0]
    assert (plan.alive, plan.dead) == ((1, 3, 0), (2,))
    for dimension, pixels in found.items():
        assert pixels.shape == (1, STEPS, 2, 2, 1)
        flat = pixels.reshape(STEPS, 4)
        np.testing.assert_array_equal(flat[:, dimension], shade(plan.values[dimension]))
        np.testing.assert_array_equal(
            np.delete(flat, dimension, 1), np.tile(np.delete(shade(z), dimension), (STEPS, 1))
        )


def test_nothing_is_decoded_that_nobody_sees(qtbot: QtBot, exploring: Exploring, traversing: Traversing) -> None:
    exploring.look(CODES[0])
    space = MadeUpSpace()
    traversing.show_map(space, TABLE)
    exploring.change("move", z=CODES[1])
    assert not traversing._thread.is_running
    assert space.asked == []


def test_strips_follow_the_cursor(qtbot: QtBot, exploring: Exploring, traversing: Traversing) -> None:
    exploring.look(CODES[0])
    found = strips_of(qtbot, traversing, MadeUpSpace())
    exploring.change("move", z=CODES[3])
    wanted = np.delete(shade(CODES[3]), 1)
    qtbot.waitUntil(lambda: np.array_equal(np.delete(found[1].reshape(STEPS, 4)[0], 1), wanted), timeout=PATIENCE)


def test_the_same_dimension_is_shown_on_each_selected_image(
    qtbot: QtBot, exploring: Exploring, traversing: Traversing
) -> None:
    exploring.change("lasso", selection=np.array([2, 5, 9]))
    with qtbot.waitSignal(traversing.planned, timeout=PATIENCE) as planned:
        found = strips_of(qtbot, traversing, MadeUpSpace(conditional="class"), Wish("selection"))
    assert planned.args[0].names == ("2.png", "5.png", "9.png")
    for start, index in enumerate((2, 5, 9)):
        shown = found[0][start].reshape(STEPS, 4)[:, 1:]
        np.testing.assert_array_equal(shown, np.tile(shade(CODES[index])[1:] + index % 2, (STEPS, 1)))  # as its class


def test_it_says_how_many_of_the_selected_are_shown(qtbot: QtBot, exploring: Exploring, traversing: Traversing) -> None:
    exploring.change("all", selection=np.arange(20))
    with qtbot.waitSignal(traversing.planned, timeout=PATIENCE) as planned:
        strips_of(qtbot, traversing, MadeUpSpace(), Wish("selection"))
    assert planned.args[0].note == f"{MOST_STARTS} of 20 selected images"
    assert len(planned.args[0].names) == MOST_STARTS


def test_bookmarks_are_compared_too(qtbot: QtBot, exploring: Exploring, traversing: Traversing) -> None:
    exploring.change("mark", bookmarks={3: Bookmark(CODES[3]), 1: Bookmark(CODES[1])})
    with qtbot.waitSignal(traversing.planned, timeout=PATIENCE) as planned:
        strips_of(qtbot, traversing, MadeUpSpace(), Wish("bookmarks"))
    assert planned.args[0].names == ("Bookmark 1", "Bookmark 3")
    np.testing.assert_array_equal(planned.args[0].at, CODES[[1, 3]])


def test_it_says_what_must_be_chosen_first(qtbot: QtBot, exploring: Exploring, traversing: Traversing) -> None:
    exploring.look(CODES[0])
    traversing.watch(True)
    traversing.choose(Wish("selection"))
    with qtbot.waitSignal(traversing.obstructed, timeout=PATIENCE) as said:
        traversing.show_map(MadeUpSpace(), TABLE)
    assert said.args == [NOTHING_CHOSEN["selection"]]
    with qtbot.waitSignal(traversing.planned, timeout=PATIENCE):
        exploring.change("lasso", selection=np.array([4]))


def test_only_what_changes_is_grey_where_nothing_does(
    qtbot: QtBot, exploring: Exploring, traversing: Traversing
) -> None:
    exploring.look(CODES[0])
    found = strips_of(qtbot, traversing, MadeUpSpace(), Wish(shows_change=True))
    flat = found[3].reshape(STEPS, 4)
    assert (flat[:, :3] == 128).all()
    assert len(np.unique(flat[:, 3])) == STEPS


def test_a_picture_that_is_clicked_is_where_the_cursor_goes_and_can_be_undone(
    qtbot: QtBot, exploring: Exploring, traversing: Traversing
) -> None:
    exploring.look(CODES[0])
    with qtbot.waitSignal(traversing.planned, timeout=PATIENCE) as planned:
        strips_of(qtbot, traversing, MadeUpSpace())
    traversing.go_to(0, 1, 7)
    expected = CODES[0].copy()
    expected[1] = planned.args[0].values[1, 7]
    np.testing.assert_array_equal(exploring.now.z, expected)
    exploring.undo()
    np.testing.assert_array_equal(exploring.now.z, CODES[0])


def test_what_is_decoded_is_what_is_in_view(qtbot: QtBot, exploring: Exploring, traversing: Traversing) -> None:
    exploring.look(CODES[0])
    space, found = MadeUpSpace(), dict[int, np.ndarray]()
    traversing.planned.disconnect()
    traversing.strip_decoded.connect(found.__setitem__)
    traversing.watch(True)
    with qtbot.waitSignal(traversing.planned, timeout=PATIENCE):
        traversing.show_map(space, TABLE)
    traversing.see((3,))
    qtbot.waitUntil(lambda: list(found) == [3], timeout=PATIENCE)
    assert space.asked == [STEPS]


def test_another_model_s_strips_are_not_shown(qtbot: QtBot, exploring: Exploring, traversing: Traversing) -> None:
    exploring.look(CODES[0])
    strips_of(qtbot, traversing, MadeUpSpace())
    late: list[int] = []
    traversing.show_map(MadeUpSpace(), TABLE)
    traversing.clear()
    traversing.strip_decoded.connect(lambda dimension, _: late.append(dimension))
    traversing._thread.stop()
    qtbot.wait(0)
    assert late == []
