"""The panel of directions: each control tells what it is of, and what is typed or held is left alone."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from explorer.directions.direction_rows import DirectionRow, Film
from explorer.directions.panel import EMPTY, HOW, DirectionsPanel

ROWS = (
    DirectionRow("smile", "47 images − bald: 47 and 52 images", "reliable", "separation 0.93", 0.5),
    DirectionRow("odd", "12 images − 9 images", "no better than chance", "separation 0.55", 0.0),
)
SOURCES = [("selection", "", "The 47 selected images"), ("class", "bald", "Class bald")]


@pytest.fixture
def panel(qtbot: QtBot) -> DirectionsPanel:
    panel = DirectionsPanel()
    qtbot.addWidget(panel)
    panel.resize(800, 240)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def test_the_window_is_no_wider_for_it_than_a_small_screen(panel: DirectionsPanel) -> None:
    panel.show_rows(ROWS, "smile", "the cursor")
    assert panel.minimumSizeHint().width() <= 710


def test_it_says_how_to_begin(panel: DirectionsPanel) -> None:
    assert panel._film.accessibleDescription() == EMPTY
    panel.show_sources(SOURCES)
    panel.show_no_film()
    assert panel._film.accessibleDescription() == HOW
    assert not panel._make.isEnabled()


def test_what_is_chosen_for_a_is_told_and_stays_in_sight(qtbot: QtBot, panel: DirectionsPanel) -> None:
    panel.show_sources(SOURCES)
    choice = panel._slots["A"]
    with qtbot.waitSignal(panel.side_chosen) as chosen:
        choice.setCurrentIndex(2)
        choice.activated.emit(2)
    assert chosen.args == ["A", "class", "bald"]
    panel.show_sides({"A": "bald", "B": "47 images"})
    panel.show_sources(SOURCES[1:])
    assert choice.currentText() == "bald"
    assert choice.toolTip().startswith("A: bald")
    assert panel._make.isEnabled()


def test_a_direction_is_made_by_the_name_that_was_typed(qtbot: QtBot, panel: DirectionsPanel) -> None:
    panel.show_sides({"A": "a", "B": "b"})
    qtbot.keyClicks(panel._name, "smile")
    with qtbot.waitSignal(panel.make_requested) as made:
        qtbot.keyClick(panel._name, Qt.Key.Key_Return)
    assert made.args == ["smile"]
    assert panel._name.text() == ""


def test_sliders_tell_the_direction_they_are_of(qtbot: QtBot, panel: DirectionsPanel) -> None:
    told: list[tuple[str, float]] = []
    panel.slid.connect(lambda name, amount: told.append((name, amount)))
    panel.show_rows(ROWS, "smile", "the cursor")
    assert told == []
    first, second = panel._rows
    qtbot.keyClick(first._slider, Qt.Key.Key_Right)
    qtbot.keyClick(second._slider, Qt.Key.Key_PageDown)
    qtbot.keyClick(first._slider, Qt.Key.Key_Backspace)
    assert told == [("smile", 0.6), ("odd", -0.5), ("smile", 0.0)]


def test_touching_a_direction_chooses_it(qtbot: QtBot, panel: DirectionsPanel) -> None:
    panel.show_rows(ROWS, "smile", "the cursor")
    with qtbot.waitSignal(panel.chosen, check_params_cb=lambda name: name == "odd"):
        qtbot.mouseClick(panel._rows[1]._name, Qt.MouseButton.LeftButton)


def test_a_name_is_edited_in_place_and_not_lost_while_others_change(qtbot: QtBot, panel: DirectionsPanel) -> None:
    panel.show_rows(ROWS, "smile", "the cursor")
    name = panel._rows[0]._name
    name.selectAll()
    qtbot.keyClicks(name, "grin")
    panel.show_rows(ROWS, "odd", "the cursor")
    assert name.text() == "grin"
    with qtbot.waitSignal(panel.renamed) as renamed:
        qtbot.keyClick(name, Qt.Key.Key_Return)
    assert renamed.args == ["smile", "grin"]


def test_a_picture_of_the_film_is_an_amount_of_the_direction(qtbot: QtBot, panel: DirectionsPanel) -> None:
    panel.show_rows(ROWS, "smile", "the cursor")
    panel.show_film(Film("smile", (-2.0, 0.0, 2.0), np.zeros((3, 8, 8, 1), np.uint8), "the cursor"))
    assert panel._film._captions == ("−2", "0", "+2")
    assert len({place.top() for place in panel._film._places()}) == 1  # one row
    with qtbot.waitSignal(panel.slid) as slid:
        qtbot.mouseClick(panel._film, Qt.MouseButton.LeftButton, pos=panel._film._places()[0].center())
    assert slid.args == ["smile", -2.0]


def test_how_far_to_trust_it_is_said_in_words_and_by_a_sign(panel: DirectionsPanel) -> None:
    panel.show_rows(ROWS, "odd", "the cursor")
    assert panel._figures.whole == "No better than chance: separation 0.55"
    assert [row._sign.text() for row in panel._rows] == ["✓", "✗"]
    assert [row._slider.accessibleName() for row in panel._rows] == ["smile, reliable", "odd, no better than chance"]
    panel.show_rows((), "", "")
    assert not panel._left.isVisible()


def test_a_mix_needs_two_sliders(panel: DirectionsPanel) -> None:
    panel.show_rows(ROWS, "smile", "the cursor")
    assert (panel._mix.isEnabled(), panel._reset.isEnabled()) == (False, True)
    both = (ROWS[0], DirectionRow("odd", "", "weak", "", -1.0))
    panel.show_rows(both, "smile", "the cursor")
    assert panel._mix.isEnabled()
