"""Stops: each that is added, moved or taken away is a step that can be undone, and nothing else changes."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.exploration import Bookmark, LatentPath
from explorer.paths.stops_controller import LEG_FRAMES, MOST_STOPS, NO_BOOKMARKS, NOTHING_SELECTED, TOO_MANY, Routing
from explorer.workspace.undo_history import Exploring
from tests.core.latent.known_decoders import linear, space_of

CODES = np.array([[0, 0], [1, 0], [2, 0], [3, 0], [np.nan, np.nan]], np.float32)


@pytest.fixture
def exploring(qtbot: QtBot) -> Exploring:
    exploring = Exploring()
    exploring.change("start", z=np.array([5, 5], np.float32), class_name="")
    return exploring


@pytest.fixture
def routing(exploring: Exploring) -> Routing:
    routing = Routing(exploring)
    exploring.changed.connect(routing.show_exploration)
    routing.show_map(space_of(linear, CODES))
    return routing


def stops_of(routing: Routing) -> list[list[float]]:
    assert routing.path is not None
    return routing.path.stops.tolist()


def test_the_first_stop_makes_a_path_and_undo_takes_it_away(exploring: Exploring, routing: Routing) -> None:
    routing.add_cursor()
    assert routing.path is not None
    assert (routing.path.name, routing.path.kind, routing.path.frames) == ("Path 1", "straight", 2 * LEG_FRAMES)
    assert stops_of(routing) == [[5, 5]]
    exploring.undo()
    assert routing.path is None
    assert exploring.now.paths == ()
    exploring.redo()
    assert stops_of(routing) == [[5, 5]]


def test_each_stop_is_one_step_back(exploring: Exploring, routing: Routing) -> None:
    for place in ([0, 1], [2, 3], [4, 5]):
        routing.add(np.array([place], np.float32), "stop")
    routing.move_stop(2, 0)
    assert stops_of(routing) == [[4, 5], [0, 1], [2, 3]]
    routing.remove_stop(1)
    assert stops_of(routing) == [[4, 5], [2, 3]]
    routing.reverse()
    assert stops_of(routing) == [[2, 3], [4, 5]]
    for known in ([[4, 5], [2, 3]], [[4, 5], [0, 1], [2, 3]], [[0, 1], [2, 3], [4, 5]], [[0, 1], [2, 3]], [[0, 1]]):
        exploring.undo()
        assert stops_of(routing) == known


def test_more_stops_give_more_frames_and_fewer_take_them_back(routing: Routing) -> None:
    routing.add(np.zeros((2, 2), np.float32), "stops")
    routing.add(np.ones((3, 2), np.float32), "stops")
    assert routing.path is not None
    assert routing.path.frames == 5 * LEG_FRAMES
    routing.change(frames=200)
    routing.remove_stop(0)
    assert routing.path.frames == 200 - LEG_FRAMES
    routing.change(frames=3)
    assert routing.path.frames == 4  # each stop is one


def test_dragging_the_number_of_frames_is_one_step(exploring: Exploring, routing: Routing) -> None:
    routing.add(np.zeros((2, 2), np.float32), "stops")
    for frames in (61, 62, 63):
        routing.change(frames=frames)
    exploring.undo()
    assert routing.path is not None
    assert routing.path.frames == 2 * LEG_FRAMES


def test_clicks_on_the_map_add_stops_only_while_they_are_to(routing: Routing) -> None:
    routing.click(0.5, 0.25, -1)
    assert routing.path is None
    routing.add_by_clicking(True)
    routing.click(0.5, 0.25, -1)
    routing.click(0.9, 0.1, 1)  # on a dot: the image itself
    assert stops_of(routing) == [[0.5, 0.25], [1, 0]]
    routing.add_by_clicking(False)
    routing.click(0.5, 0.25, -1)
    assert len(stops_of(routing)) == 2


def test_selected_images_follow_each_other_by_nearness(exploring: Exploring, routing: Routing) -> None:
    exploring.change("selection", selection=np.array([0, 1, 3, 4]))
    routing.add_selection()
    assert stops_of(routing) == [[3, 0], [1, 0], [0, 0]]  # from the cursor at (5, 5); one is not seen yet


def test_bookmarks_become_stops_by_their_numbers(exploring: Exploring, routing: Routing) -> None:
    marks = {7: Bookmark(np.array([7, 7], np.float32)), 2: Bookmark(np.array([2, 2], np.float32))}
    exploring.change("bookmarks", bookmarks=marks)
    routing.add_bookmarks()
    assert stops_of(routing) == [[2, 2], [7, 7]]


def test_what_cannot_be_added_is_said(qtbot: QtBot, routing: Routing) -> None:
    said: list[str] = []
    routing.said.connect(said.append)
    routing.add_selection()
    routing.add_bookmarks()
    routing.add(np.zeros((MOST_STOPS + 1, 2), np.float32), "stops")
    assert said == [NOTHING_SELECTED, NO_BOOKMARKS, TOO_MANY]
    assert routing.path is None


def test_paths_keep_their_own_names(exploring: Exploring, routing: Routing) -> None:
    routing.add_cursor()
    routing.begin()
    assert routing.path is None
    routing.add_cursor()
    routing.rename("  Path 1 ")
    assert [path.name for path in exploring.now.paths] == ["Path 1", "Path 1 2"]
    assert routing.path is exploring.now.paths[1]
    exploring.undo()
    assert routing.path is exploring.now.paths[1]  # the same one, as it was called before
    assert routing.path.name == "Path 2"


def test_a_path_that_is_removed_leaves_the_others(exploring: Exploring, routing: Routing) -> None:
    routing.add_cursor()
    routing.begin()
    routing.add_cursor()
    routing.remove()
    assert [path.name for path in exploring.now.paths] == ["Path 1"]
    assert routing.path is exploring.now.paths[0]
    routing.remove_stop(0)  # its only one
    assert exploring.now.paths == ()


def test_paths_read_from_the_folder_are_shown(exploring: Exploring, routing: Routing) -> None:
    shown: list[object] = []
    routing.path_changed.connect(shown.append)
    kept = (LatentPath("a", "data", CODES[:2]), LatentPath("b", "geodesic", CODES[:2]))
    exploring.change("read", paths=kept)
    assert shown == [kept[0]]
    routing.choose("b")
    assert shown[-1] is kept[1]
    routing.clear()
    assert shown[-1] is None


def test_a_stop_of_another_model_is_not_taken(routing: Routing) -> None:
    routing.add(np.zeros((1, 3), np.float32), "stop")
    assert routing.path is None
