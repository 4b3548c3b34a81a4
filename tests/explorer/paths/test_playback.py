"""Playing: the cursor goes where the path goes, as fast as asked, and all of a play is one step back."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.exploration import LatentPath
from explorer.paths.playback import FPS, Playing
from explorer.paths.reel import MOST_SHOWN, Reel, frames_to_show, share_words
from explorer.workspace.undo_history import Exploring

Z = np.stack([np.arange(11.0), np.zeros(11)], axis=1).astype(np.float32)
PATH = LatentPath("Path 1", "straight", Z[[0, -1]], 11)


def reel(is_loop: bool = False, z: np.ndarray = Z) -> Reel:
    pixels = np.arange(len(z), dtype=np.uint8)[:, None, None, None]
    shown = np.arange(len(z))
    return Reel(z, np.array([0, len(z) - 1]), z, np.zeros(len(z), np.int8), shown, pixels, is_loop, "")


@dataclass
class Clock:
    """Tells the milliseconds it is told to."""

    ticks: list[int] = field(default_factory=list)

    def start(self) -> None:
        pass

    def restart(self) -> int:
        return self.ticks.pop(0)


@pytest.fixture
def exploring(qtbot: QtBot) -> Exploring:
    exploring = Exploring()
    exploring.change("drag", "cursor", z=np.array([-3, -3], np.float32))
    return exploring


@pytest.fixture
def playing(exploring: Exploring) -> Playing:
    playing = Playing(exploring)
    exploring.changed.connect(playing.show_exploration)
    playing.show_reel(PATH, reel())
    playing._clock = Clock()
    return playing


def tick(playing: Playing, milliseconds: float) -> None:
    playing._clock.ticks.append(milliseconds)
    playing._tick()


def test_the_speed_is_frames_a_second_whatever_the_clock_ticks(exploring: Exploring, playing: Playing) -> None:
    playing.toggle()
    for milliseconds in (40, 20, 60):
        tick(playing, milliseconds)
    assert playing.position == pytest.approx(FPS * 0.12)
    np.testing.assert_allclose(exploring.now.z, [FPS * 0.12, 0], atol=1e-5)
    playing.pause()


def test_it_plays_backwards_and_stands_still_in_the_middle(exploring: Exploring, playing: Playing) -> None:
    playing.seek(5.0)
    playing.set_speed(-0.5)
    playing.toggle()
    tick(playing, 80)
    assert playing.position == pytest.approx(4.0)
    playing.set_speed(0.0)
    before = exploring.now
    tick(playing, 1000)
    assert playing.position == pytest.approx(4.0)
    assert exploring.now is before
    assert playing.is_playing
    playing.pause()


def test_an_open_path_ends_and_begins_again(qtbot: QtBot, playing: Playing) -> None:
    playing.toggle()
    with qtbot.waitSignal(playing.playing_changed) as stopped:
        tick(playing, 10_000)
    assert stopped.args == [False]
    assert playing.position == 10.0
    playing.toggle()
    assert playing.position == 0.0
    playing.pause()


def test_a_loop_goes_on_from_its_last_frame_to_its_first(exploring: Exploring, playing: Playing) -> None:
    playing.show_reel(PATH, reel(is_loop=True))
    playing.seek(10.0)
    playing.toggle()
    tick(playing, 20)
    np.testing.assert_allclose(exploring.now.z, [5.0, 0.0], atol=1e-5)  # halfway from (10, 0) to (0, 0)
    tick(playing, 30)
    assert playing.position == pytest.approx(0.25)
    playing.set_speed(-1.0)
    tick(playing, 20)
    assert playing.position == pytest.approx(10.75)
    playing.pause()


def test_all_of_a_play_is_one_step_back(exploring: Exploring, playing: Playing) -> None:
    playing.toggle()
    for _ in range(20):
        tick(playing, 10)
    playing.pause()
    exploring.undo()
    np.testing.assert_array_equal(exploring.now.z, [-3, -3])


def test_a_hand_on_the_cursor_ends_the_play(qtbot: QtBot, exploring: Exploring, playing: Playing) -> None:
    playing.toggle()
    tick(playing, 40)
    exploring.change("other things", selection=np.array([1]))
    assert playing.is_playing
    exploring.change("drag", "cursor", z=np.array([9, 9], np.float32))
    assert not playing.is_playing


def test_a_path_of_a_class_is_played_as_that_class(exploring: Exploring, playing: Playing) -> None:
    playing.show_reel(LatentPath("b", "straight", Z[[0, -1]], 11, class_name="cats"), reel())
    playing.seek(3.0)
    assert exploring.now.class_name == "cats"


def test_a_newer_way_of_the_same_path_stays_where_it_was_played(playing: Playing) -> None:
    playing.seek(5.0)
    playing.show_reel(PATH, reel(z=np.repeat(Z, 2, axis=0)))
    assert playing.position == pytest.approx(10.5)
    playing.show_reel(LatentPath("other", "straight", Z[[0, -1]]), reel())
    assert playing.position == 0.0


def test_without_a_way_nothing_plays(exploring: Exploring, playing: Playing) -> None:
    playing.toggle()
    playing.show_nothing()
    assert not playing.is_playing
    before = exploring.now
    playing.toggle()
    playing.seek(3.0)
    assert not playing.is_playing
    assert exploring.now is before
    playing.show_reel(PATH, reel())  # it was asked to play what was still being found
    assert playing.is_playing
    playing.pause()


def test_of_a_long_path_the_stops_are_among_what_is_shown() -> None:
    shown = frames_to_show(5000, np.array([0, 1234, 4999]))
    assert {0, 1234, 4999} <= set(shown.tolist())
    assert len(shown) <= MOST_SHOWN + 1
    assert (np.diff(shown) > 0).all()
    assert frames_to_show(7, np.array([0, 6])).tolist() == list(range(7))


def test_how_much_of_a_way_leaves_the_data_is_said() -> None:
    assert (
        share_words(np.array([0, 1, 2, 3], np.int8))
        == "25% far from any picture, 25% between groups, 25% near few pictures"
    )
    assert share_words(np.zeros(4, np.int8)) == ""
