"""Directions: made of what was chosen, kept, walked with sliders that agree with the cursor, and undone."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.exploration import Bookmark, Direction, Group
from core.latent.plane import Plane, first_two_dims
from core.training.exploration_file import read_exploration, write_exploration
from explorer.directions.contrast_controller import NO_SIDES, NOTHING_SELECTED, Contrasting
from explorer.directions.controller import AMOUNTS, TOO_FEW_TO_MIX, Directing
from explorer.directions.direction_rows import DirectionRow
from explorer.workspace.place_in_hand import Table
from explorer.workspace.undo_history import Exploring

PATIENCE = 20_000
RNG = np.random.default_rng(0)
CODES = np.concatenate([RNG.normal([3, 0, 0], 0.5, (30, 3)), RNG.normal([0, 0, 0], 0.5, (30, 3))]).astype(np.float32)
NAMES = tuple(f"{index}.png" for index in range(60))
TABLE = Table(NAMES, np.repeat([0, 1], 30), ("happy", "glum"), np.zeros(60, np.bool_))
HAPPY, GLUM = np.arange(30), np.arange(30, 60)


@dataclass
class MadeUpSpace:
    """Each of three pixels says one of the three numbers of z."""

    codes: np.ndarray = field(default_factory=lambda: CODES)
    conditional: str = "none"
    classes: tuple[str, ...] = ("happy", "glum")
    label: int = 0
    latent_dims: int = 3
    plane: Plane = field(default_factory=lambda: first_two_dims(3))

    def decode(self, z: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
        return np.clip(100 + 20 * z, 0, 255).astype(np.uint8).reshape(-1, 1, 3, 1)


@pytest.fixture
def exploring(qtbot: QtBot) -> Iterator[Exploring]:
    exploring = Exploring()
    exploring.look(np.array([0, 1, 0], np.float32))
    yield exploring
    exploring.stop()


@pytest.fixture
def contrasting(exploring: Exploring) -> Iterator[Contrasting]:
    contrasting = Contrasting(exploring)
    contrasting.show_map(MadeUpSpace(), TABLE)
    yield contrasting
    contrasting.stop()


@pytest.fixture
def directing(exploring: Exploring) -> Iterator[Directing]:
    directing = Directing(exploring)
    exploring.changed.connect(directing.show_exploration)
    directing.show_map(MadeUpSpace())
    yield directing
    directing.stop()


def direction(name: str, *vector: float) -> Direction:
    return Direction(name, np.array(vector, np.float32), "a", "b", (30, 30), 0.9, 4.0, 0.6)


def made(qtbot: QtBot, exploring: Exploring, contrasting: Contrasting, name: str = "") -> Direction:
    with qtbot.waitSignal(exploring.changed, timeout=PATIENCE):
        contrasting.make(name)
    return exploring.now.directions[-1]


def rows_of(directing: Directing) -> list[DirectionRow]:
    """The rows as they were last told."""
    told: list[Any] = []
    directing.rows_changed.connect(lambda *rows: told.append(rows))
    directing._show_rows()
    return list(told[-1][0])


def test_two_lassos_become_a_direction_that_says_how_far_to_trust_it(
    qtbot: QtBot, exploring: Exploring, contrasting: Contrasting, directing: Directing
) -> None:
    exploring.change("lasso", selection=HAPPY)
    contrasting.choose("A", "selection")
    exploring.change("lasso", selection=GLUM)
    contrasting.choose("B", "selection")
    found = made(qtbot, exploring, contrasting, "smile")
    np.testing.assert_allclose(found.vector, CODES[:30].mean(0) - CODES[30:].mean(0), atol=1e-5)
    row = rows_of(directing)[0]
    assert (row.name, row.trust) == ("smile", "reliable")
    assert row.made_of == "30 images − 30 images: 30 and 30 images"
    exploring.undo()
    assert exploring.now.directions == ()


def test_groups_classes_bookmarks_and_the_cursor_can_be_sides_too(
    qtbot: QtBot, exploring: Exploring, contrasting: Contrasting
) -> None:
    told: list[Any] = []
    contrasting.sources_changed.connect(told.append)
    exploring.changed.connect(contrasting.show_exploration)
    exploring.change("class", groups=(Group("mine", HAPPY[:10]),), bookmarks={4: Bookmark(CODES[7])})
    assert [each.words for each in told[-1]] == ["mine (10)", "Class happy", "Class glum", "The cursor", "Bookmark 4"]
    contrasting.choose("A", "group", "mine")
    contrasting.choose("B", "class", "glum")
    found = made(qtbot, exploring, contrasting)
    np.testing.assert_allclose(found.vector, CODES[:10].mean(0) - CODES[30:].mean(0), atol=1e-5)
    assert found.name == "mine − glum"
    contrasting.choose("A", "bookmark", "4")
    contrasting.choose("B", "cursor")
    np.testing.assert_allclose(made(qtbot, exploring, contrasting).vector, CODES[7] - [0, 1, 0], atol=1e-6)


def test_what_was_set_as_a_stays_when_the_selection_moves_on(
    qtbot: QtBot, exploring: Exploring, contrasting: Contrasting
) -> None:
    exploring.change("lasso", selection=HAPPY)
    contrasting.choose("A", "selection")
    contrasting.choose("B", "class", "glum")
    exploring.change("none", selection=np.zeros(0, np.int64))
    np.testing.assert_allclose(
        made(qtbot, exploring, contrasting).vector, CODES[:30].mean(0) - CODES[30:].mean(0), atol=1e-5
    )
    with qtbot.waitSignal(contrasting.said) as said:
        contrasting.choose("A", "selection")
    assert said.args == [NOTHING_SELECTED]


def test_what_was_set_outlives_a_newer_copy_of_the_model_but_not_other_images(contrasting: Contrasting) -> None:
    told: list[dict[str, str]] = []
    contrasting.choose("A", "class", "happy")
    contrasting.sides_changed.connect(told.append)
    contrasting.show_map(MadeUpSpace(), replace(TABLE, labels=TABLE.labels.copy()))
    assert told == []
    contrasting.show_map(MadeUpSpace(), replace(TABLE, labels=TABLE.labels[::-1]))
    assert told == [{}]


def test_arithmetic_puts_the_cursor_there(qtbot: QtBot, exploring: Exploring, contrasting: Contrasting) -> None:
    with qtbot.waitSignal(contrasting.said) as said:
        contrasting.add_up()
    assert said.args == [NO_SIDES]
    contrasting.choose("A", "class", "happy")
    contrasting.choose("B", "class", "glum")
    for kind, start in (("cursor", np.array([0, 1, 0])), ("class", CODES[30:].mean(0))):
        contrasting.choose("C", kind, "glum")
        with qtbot.waitSignal(exploring.changed, timeout=PATIENCE):
            contrasting.add_up()
        np.testing.assert_allclose(exploring.now.z, CODES[:30].mean(0) - CODES[30:].mean(0) + start, atol=1e-5)
        exploring.undo()


def test_what_cannot_be_made_is_said(qtbot: QtBot, exploring: Exploring, contrasting: Contrasting) -> None:
    for slot in "AB":
        contrasting.choose(slot, "class", "happy")
    with qtbot.waitSignal(contrasting.failed, timeout=PATIENCE) as said:
        contrasting.make("nothing")
    assert "choose other images" in said.args[0]
    assert exploring.now.directions == ()


def test_sliders_add_up_from_where_the_cursor_was_put(exploring: Exploring, directing: Directing) -> None:
    exploring.change("two", directions=(direction("smile", 2, 0, 0), direction("age", 0, 0, 1)))
    directing.slide("smile", 1.0)
    directing.slide("age", -0.5)
    directing.slide("smile", 1.5)
    np.testing.assert_allclose(exploring.now.z, [3.0, 1.0, -0.5])
    assert [row.amount for row in rows_of(directing)] == [1.5, -0.5]
    exploring.look(np.array([9, 9, 9], np.float32))  # a click on the map
    assert [row.amount for row in rows_of(directing)] == [0.0, 0.0]
    directing.slide("age", 1.0)
    np.testing.assert_allclose(exploring.now.z, [9, 9, 10])
    directing.reset()
    np.testing.assert_allclose(exploring.now.z, [9, 9, 9])


def test_a_drag_of_a_slider_is_one_step_to_undo(exploring: Exploring, directing: Directing) -> None:
    exploring.change("one", directions=(direction("smile", 2, 0, 0),))
    for amount in np.linspace(0, 2, 20):
        directing.slide("smile", float(amount))
    exploring.undo()
    np.testing.assert_allclose(exploring.now.z, [0, 1, 0])
    assert rows_of(directing)[0].amount == 0.0


def test_the_film_runs_through_what_the_other_sliders_are_at(
    qtbot: QtBot, exploring: Exploring, directing: Directing
) -> None:
    exploring.change("two", directions=(direction("smile", 2, 0, 0), direction("age", 0, 0, 1)))
    directing.watch(True)
    directing.slide("age", 2.0)
    directing.choose("smile")
    space = MadeUpSpace()
    expected = space.decode(np.array([[2 * amount, 1.0, 2.0] for amount in AMOUNTS], np.float32))
    films: list[Any] = []
    directing.film_decoded.connect(films.append)
    qtbot.waitUntil(lambda: bool(films) and films[-1].name == "smile", timeout=PATIENCE)
    np.testing.assert_array_equal(films[-1].pixels, expected)


def test_a_dropped_image_is_named_as_where_the_sliders_start(exploring: Exploring, directing: Directing) -> None:
    exploring.change("one", directions=(direction("smile", 2, 0, 0),))
    told: list[str] = []
    directing.rows_changed.connect(lambda rows, current, start: told.append(start))
    z = np.array([5, 5, 5], np.float32)
    directing.show_image("aunt.png", z)
    exploring.look(z)
    assert told[-1] == "aunt.png"
    directing.slide("smile", 1.0)
    np.testing.assert_allclose(exploring.now.z, [7, 5, 5])
    assert told[-1] == "aunt.png"


def test_a_mix_is_kept_and_leaves_the_cursor_where_it_is(
    qtbot: QtBot, exploring: Exploring, directing: Directing
) -> None:
    exploring.change("two", directions=(direction("smile", 2, 0, 0), direction("age", 0, 0, 1)))
    with qtbot.waitSignal(directing.said) as said:
        directing.keep_mix()
    assert said.args == [TOO_FEW_TO_MIX]
    directing.slide("smile", 0.5)
    directing.slide("age", -1.0)
    directing.keep_mix()
    mixed = exploring.now.directions[-1]
    assert mixed.name == "0.5 × smile − 1 × age"
    np.testing.assert_allclose(mixed.vector, [1, 0, -1])
    assert [row.amount for row in rows_of(directing)] == [0.0, 0.0, 1.0]
    directing.slide(mixed.name, 0.0)
    np.testing.assert_allclose(exploring.now.z, [0, 1, 0])


def test_names_stay_apart_and_what_is_removed_can_be_brought_back(exploring: Exploring, directing: Directing) -> None:
    exploring.change("two", directions=(direction("smile", 2, 0, 0), direction("age", 0, 0, 1)))
    directing.rename("age", "smile")
    assert [each.name for each in exploring.now.directions] == ["smile", "smile (2)"]
    directing.forget("smile")
    assert [each.name for each in exploring.now.directions] == ["smile (2)"]
    exploring.undo()
    assert [each.name for each in exploring.now.directions] == ["smile", "smile (2)"]


def test_arrows_start_at_the_cursor_and_are_there_only_while_seen(exploring: Exploring, directing: Directing) -> None:
    told: list[Any] = []
    directing.arrows_changed.connect(told.append)
    exploring.change("one", directions=(direction("smile", 2, 0.5, 0),))
    assert told[-1] == []
    directing.watch(True)
    assert told[-1] == [((0.0, 1.0), (2.0, 1.5), "smile")]
    directing.watch(False)
    assert told[-1] == []


def test_directions_are_there_next_time(tmp_path: Path, exploring: Exploring) -> None:
    exploring.change("one", directions=(direction("smile", 2, 0.5, 0),))
    write_exploration(tmp_path, exploring.now, NAMES)
    again = read_exploration(tmp_path, NAMES, 3).directions[0]
    assert (again.name, again.counts, again.separation, again.turn, again.by_chance) == (
        "smile",
        (30, 30),
        0.9,
        4.0,
        0.6,
    )
    np.testing.assert_array_equal(again.vector, [2, 0.5, 0])


def test_a_and_b_say_where_they_lie_while_someone_looks(exploring: Exploring, contrasting: Contrasting) -> None:
    told: list[Any] = []
    contrasting.marks_changed.connect(told.append)
    exploring.change("lasso", selection=HAPPY)
    contrasting.choose("A", "selection")
    contrasting.choose("B", "class", "glum")
    assert told[-1] == []
    contrasting.watch(True)
    (a, of_a), (b, of_b) = told[-1]
    assert (a, b) == ("A", "B")
    np.testing.assert_allclose(of_a, CODES[:30, :2])
    np.testing.assert_allclose(of_b, CODES[30:, :2])
    contrasting.swap()
    np.testing.assert_allclose(told[-1][0][1], CODES[30:, :2])
    contrasting.choose("C", "cursor")
    np.testing.assert_allclose(told[-1][2][1], [[0, 1]])
    contrasting.choose_spot("A", "one image", 7, CODES[7])
    np.testing.assert_allclose(told[-1][0][1], CODES[[7], :2])
    contrasting.clear()
    assert told[-1] == []
