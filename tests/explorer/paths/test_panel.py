"""The panel of paths: what is shown is the path, and what is done is said."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from core.exploration import LatentPath
from core.reports.progress import Progress
from explorer.paths.panel import HOW, NO_MODEL, ONE_MORE, PathsPanel
from explorer.paths.reel import Reel

Z = np.linspace((-1.0, 0.0), (1.0, 2.0), 21, dtype=np.float32)
STOPS_AT = np.array([0, 8, 20])
PATH = LatentPath("Path 1", "spherical", Z[STOPS_AT], 21, is_even=True)
PIXELS = np.broadcast_to(np.arange(21, dtype=np.uint8)[:, None, None, None] * 10, (21, 8, 8, 1))
REEL = Reel(Z, STOPS_AT, Z, np.repeat([0, 1, 3], 7).astype(np.int8), np.arange(21), PIXELS, False, "5% shorter")


@pytest.fixture
def panel(qtbot: QtBot) -> PathsPanel:
    panel = PathsPanel()
    qtbot.addWidget(panel)
    panel.resize(840, 240)
    panel.show()
    return panel


@pytest.fixture
def full(panel: PathsPanel) -> PathsPanel:
    panel.show_paths(("Path 1", "Path 2"), "Path 1")
    panel.show_path(PATH)
    panel.show_reel(REEL)
    return panel


def heard(panel: PathsPanel, name: str) -> list[tuple[object, ...]]:
    said: list[tuple[object, ...]] = []
    getattr(panel, name).connect(lambda *words: said.append(words))
    return said


def test_the_window_is_no_wider_for_it_than_a_small_screen(full: PathsPanel) -> None:
    assert full.minimumSizeHint().width() <= 710


def test_it_says_what_to_do_first(panel: PathsPanel) -> None:
    assert not panel.isEnabled()
    assert panel._strip.accessibleDescription() == NO_MODEL
    panel.show_path(None)
    panel.show_no_way()
    assert panel.isEnabled()
    assert panel._strip.accessibleDescription() == HOW
    panel.show_path(replace(PATH, stops=Z[:1]))
    panel.show_no_way()
    assert panel._strip.accessibleDescription() == ONE_MORE
    assert not panel._bar._play.isEnabled()


def test_a_path_is_shown_as_it_is_and_asks_for_nothing(panel: PathsPanel) -> None:
    told = [heard(panel, name) for name in ("kind_chosen", "frames_chosen", "even_toggled", "loop_toggled")]
    panel.show_paths(("Path 1",), "Path 1")
    panel.show_path(PATH)
    panel.show_reel(REEL)
    assert panel._choices._kind.currentData() == "spherical"
    assert panel._choices._even.isChecked()
    assert not panel._choices._loop.isChecked()
    assert panel._choices._frames.value() == 21
    assert panel._words.whole == "5% shorter"
    assert told == [[], [], [], []]


def test_stops_say_where_they_stand(full: PathsPanel) -> None:
    texts = [full._stops._list.item(row).text() for row in range(3)]
    assert texts == [
        "1   (−1.00, 0.00)",
        "2   (−0.20, 0.80) · near few pictures",
        "3   (1.00, 2.00) · far from any picture",
    ]
    full.show_path(replace(PATH, stops=np.array([[3.0, 4.0, 0.0]], np.float32)))
    assert full._stops._list.item(0).text() == "1   |z| 5.00"


def test_choices_are_said(qtbot: QtBot, full: PathsPanel) -> None:
    kinds, evens, loops, frames = (
        heard(full, name) for name in ("kind_chosen", "even_toggled", "loop_toggled", "frames_chosen")
    )
    full._choices._kind.setCurrentIndex(3)
    full._choices._kind.activated.emit(3)
    full._choices._even.click()
    full._choices._loop.click()
    full._choices._frames.setValue(90)
    assert (kinds, evens, loops, frames) == ([("geodesic",)], [(False,)], [(True,)], [(90,)])


def test_a_path_is_renamed_where_its_name_stands(qtbot: QtBot, full: PathsPanel) -> None:
    renamed, chosen = heard(full, "renamed"), heard(full, "path_chosen")
    full._choices._name.lineEdit().selectAll()
    qtbot.keyClicks(full._choices._name.lineEdit(), "Walk")
    qtbot.keyClick(full._choices._name.lineEdit(), Qt.Key.Key_Return)
    assert renamed == [("Walk",)]
    full._choices._name.activated.emit(1)
    assert chosen == [("Path 2",)]


def test_stops_are_moved_and_removed_by_keys(qtbot: QtBot, full: PathsPanel) -> None:
    moved, removed, clicked = heard(full, "stop_moved"), heard(full, "stop_removed"), heard(full, "stop_clicked")
    stops = full._stops._list
    stops.setCurrentRow(0)
    qtbot.keyClick(stops, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert moved == [(0, 1)]
    qtbot.keyClick(stops, Qt.Key.Key_Return)
    assert clicked == [(1,)]
    qtbot.keyClick(stops, Qt.Key.Key_Delete)
    assert removed == [(1,)]


def test_a_stop_that_is_dragged_comes_where_it_was_dropped(full: PathsPanel) -> None:
    moved = heard(full, "stop_moved")
    model = full._stops._list.model()
    assert model.moveRow(model.index(0, 0).parent(), 0, model.index(0, 0).parent(), 3)
    assert moved == [(0, 2)]


def test_the_strip_goes_where_it_is_pressed(qtbot: QtBot, full: PathsPanel) -> None:
    sought = heard(full, "sought")
    strip = full._strip
    for frame in (0.0, 8.0, 20.0):
        place = QPoint(round(strip.place_of(frame)), strip.height() // 2)
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=place)
    assert [said[0] for said in sought] == pytest.approx([0.0, 8.0, 20.0], abs=0.05)


def test_the_strip_is_walked_by_keys(qtbot: QtBot, full: PathsPanel) -> None:
    sought, played = heard(full, "sought"), heard(full, "play_clicked")
    key = Qt.Key
    full.show_position(8.0)
    for pressed in (key.Key_Left, key.Key_Right, key.Key_PageUp, key.Key_PageDown, key.Key_Home, key.Key_End):
        qtbot.keyClick(full._strip, pressed)
    assert [said[0] for said in sought] == [7.0, 9.0, 0.0, 20.0, 0.0, 20.0]
    qtbot.keyClick(full._strip, key.Key_Space)
    assert len(played) == 1


def test_where_it_is_played_is_said_to_eye_and_ear(qtbot: QtBot, full: PathsPanel) -> None:
    full._strip.setFocus()
    qtbot.waitUntil(full._strip.hasFocus)
    full.show_position(8.0)
    assert full._bar._place.text() == "9 of 21 · 0.8 s"
    assert full._strip.accessibleDescription() == "Frame 9 of 21: stop 2, near few pictures"


def test_the_slider_goes_through_zero(full: PathsPanel) -> None:
    speeds = heard(full, "speed_chosen")
    for value in (-6, 0, 12):
        full._bar._speed.setValue(value)
    assert speeds == [(-1.5,), (0.0,), (3.0,)]
    assert full._bar._rate.text() == "3×"


def test_while_a_newer_way_is_found_the_old_one_is_faint(full: PathsPanel) -> None:
    full.show_progress(Progress("Finding the shortest way", 3, 10))
    assert full._words.whole == "Finding the shortest way… 30%"
    assert full._strip._is_old
    full.show_reel(REEL)
    assert not full._strip._is_old


def test_saving_can_be_cancelled(full: PathsPanel) -> None:
    saves, cancels = heard(full, "save_clicked"), heard(full, "cancel_clicked")
    full._bar._save.click()
    full.show_saving(True)
    assert full._bar._save.text() == "Cancel"
    full._bar._save.click()
    full.show_saving(False)
    assert full._bar._save.text() == "Save film…"
    assert (len(saves), len(cancels)) == (1, 1)


def test_how_far_a_film_is_goes_and_what_went_wrong_with_it_stays(full: PathsPanel) -> None:
    for last in ("", "The disk is full."):
        full.show_saving(True)
        full.show_saving_progress(Progress("Decoding", 5, 21))
        assert full._words.whole == "Decoding the film… 5 of 21"
        if last:
            full.show_word(last, True)
        full.show_saving(False)
        assert full._words.whole == (last or "5% shorter")


def test_what_went_wrong_stands_where_the_pictures_would_be(full: PathsPanel) -> None:
    full.show_failure("No codes are known yet.")
    assert full._strip.accessibleDescription() == "No codes are known yet."
    assert not full._bar._save.isEnabled()
    assert full._stops._list.count() == 3


@pytest.mark.parametrize("height", [60, 150, 400])
def test_the_strip_has_room_at_any_size(qtbot: QtBot, full: PathsPanel, height: int) -> None:
    full.resize(900, height)
    full._strip.repaint()
    assert full._strip.frame_at(full._strip.place_of(13.0)) == pytest.approx(13.0)
    assert len(full._strip._pixmaps) == full._strip.tiles
