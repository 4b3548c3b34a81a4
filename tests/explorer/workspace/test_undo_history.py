"""Whatever was done can be undone, a drag is one step, and all of it is there next time."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.exploration import Exploration, Group
from core.latent.projection import project
from core.training.exploration_file import EXPLORATION, read_exploration, write_exploration
from explorer.workspace import undo_history
from explorer.workspace.undo_history import Exploring

NAMES = [f"{number}.png" for number in range(10)]


@pytest.fixture
def exploring(qtbot: QtBot, tmp_path: Path):
    made = Exploring()
    made.open(tmp_path, NAMES, 2)
    qtbot.waitUntil(lambda: made._is_read)
    yield made
    made.stop()


def z(*numbers: float) -> np.ndarray:
    return np.array(numbers, np.float32)


def test_undo_brings_back_what_was_and_redo_what_was_undone(exploring: Exploring) -> None:
    exploring.change("lasso", selection=np.array([1, 2]))
    exploring.change("inversion", selection=np.array([0]))
    exploring.undo()
    assert exploring.now.selection.tolist() == [1, 2]
    exploring.undo()
    assert exploring.now.selection.tolist() == []
    exploring.undo()
    exploring.redo()
    exploring.redo()
    assert exploring.now.selection.tolist() == [0]


def test_the_menu_says_what_would_be_undone_and_redone(exploring: Exploring, qtbot: QtBot) -> None:
    exploring.change("lasso", selection=np.array([1]))
    with qtbot.waitSignal(exploring.undo_changed) as told:
        exploring.undo()
    assert told.args == ["", "lasso"]


def test_a_drag_is_one_step_and_where_it_began_is_kept(exploring: Exploring) -> None:
    exploring.look(z(0, 0))
    for step in range(1, 50):
        exploring.look(z(step, 0))
    exploring.undo()
    assert exploring.now.z.tolist() == [0, 0]
    exploring.undo()
    assert exploring.now.z.tolist() == [0, 0]  # the place it opened at is nothing to undo


def test_a_new_step_after_undo_forgets_what_was_undone(exploring: Exploring) -> None:
    exploring.change("lasso", selection=np.array([1]))
    exploring.undo()
    exploring.change("box", selection=np.array([2]))
    exploring.redo()
    assert exploring.now.selection.tolist() == [2]


def test_bookmarks_lead_back_and_are_there_next_time(exploring: Exploring, qtbot: QtBot, tmp_path: Path) -> None:
    exploring.look(z(1, 2))
    exploring.mark(3)
    exploring.look(z(5, 5))
    exploring.go_to_mark(3)
    exploring.go_to_mark(4)
    assert exploring.now.z.tolist() == [1, 2]
    exploring.stop()
    again = Exploring()
    again.open(tmp_path, NAMES, 2)
    qtbot.waitUntil(lambda: again._is_read)
    again.stop()
    assert again.now.bookmarks[3].z.tolist() == [1, 2]
    assert again.now.z.tolist() == [1, 2]


def test_it_is_saved_while_the_window_stays_open(
    exploring: Exploring, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exploring._save_timer.setInterval(10)
    exploring.change("lasso", selection=np.array([4]))
    qtbot.waitUntil(lambda: (tmp_path / EXPLORATION).exists() and "4.png" in (tmp_path / EXPLORATION).read_text())


def test_a_file_that_cannot_be_read_is_not_written_over(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / EXPLORATION).write_text("{ damaged")
    made = Exploring()
    with qtbot.waitSignal(made.failed) as said:
        made.open(tmp_path, NAMES, 2)
    assert EXPLORATION in said.args[0]
    made.change("lasso", selection=np.array([4]))
    made.stop()
    assert (tmp_path / EXPLORATION).read_text() == "{ damaged"


def test_a_hand_that_is_quicker_than_the_disk_loses_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    write_exploration(tmp_path, Exploration(z=z(9, 9), selection=np.array([7])), NAMES)
    made = Exploring()
    made.open(tmp_path, NAMES, 2)
    made.look(z(0, 0))
    made.look(z(1, 1))
    qtbot.waitUntil(lambda: made._is_read)
    made.stop()
    kept = read_exploration(tmp_path, NAMES, 2)
    assert made.now.selection.tolist() == kept.selection.tolist() == [7]
    assert made.now.z.tolist() == [1, 1]


def test_undo_has_an_end(exploring: Exploring) -> None:
    for step in range(undo_history.MOST_STEPS + 50):
        exploring.change("lasso", selection=np.array([step]))
    assert len(exploring._past) == undo_history.MOST_STEPS


def test_a_file_that_leaves_the_folder_puts_no_other_into_a_selection_or_a_class(
    exploring: Exploring, tmp_path: Path
) -> None:
    exploring.change("class odd", groups=(Group("odd", np.array([3, 5, 7])),))
    exploring.change("lasso", selection=np.array([2, 3, 9]))
    codes = np.zeros((len(NAMES), 2), np.float32)
    exploring.change("UMAP", plane=project(codes, codes, 1))
    exploring.open(tmp_path, [name for name in NAMES if name != "3.png"], 2)
    assert exploring.now.selection.tolist() == [2, 8]
    assert exploring.now.groups[0].indices.tolist() == [4, 6]
    assert exploring.now.plane is None  # it had places for the others
    exploring.undo()  # to a selection of images that are other ones now
    assert exploring.now.selection.tolist() == [2, 8]


def test_the_same_files_again_leave_the_steps_that_can_be_undone(exploring: Exploring, tmp_path: Path) -> None:
    exploring.change("lasso", selection=np.array([2]))
    exploring.open(tmp_path, list(NAMES), 2)
    exploring.undo()
    assert not len(exploring.now.selection)


def test_what_is_read_after_the_folder_has_changed_is_found_by_name(qtbot: QtBot, tmp_path: Path) -> None:
    write_exploration(tmp_path, Exploration(selection=np.array([2, 9])), NAMES)
    made = Exploring()
    made.open(tmp_path, NAMES, 2)
    made.open(tmp_path, NAMES[1:], 2)
    qtbot.waitUntil(lambda: made._is_read)
    assert made.now.selection.tolist() == [1, 8]
    made.stop()
