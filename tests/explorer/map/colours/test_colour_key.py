"""What a user would lose: colours that say what they mean, count what is shown, and hide and select what is asked."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.exploration import Group
from core.reports.images import Column
from explorer.map.colours.colour_key import ColourKey
from explorer.map.colours.colourings import CLASS, GROUPS, SELECTED, SIDE
from explorer.map.colours.histogram_bar import ALL
from explorer.map.colours.number_scale import ABOVE, BELOW, BINS, UNKNOWN, scale_of
from explorer.map.colours.offered_numbers import ALONE, RECONSTRUCTION
from tests.explorer.looking import heard

LEFT, NO, ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
LABELS, CLASSES = np.array([0, 0, 0, 1, 1, 2]), ("cat", "dog", "emu")
IS_HELD_OUT = np.array([False, False, True, False, True, False])
HEIGHTS = Column("height", ("0 to 3", "3 to 6"), np.array([0, 0, 0, 1, 1, 1]), np.arange(6.0))
NUMBERS = np.random.default_rng(0).normal(100, 10, 6)


@pytest.fixture
def key(qtbot: QtBot) -> Iterator[ColourKey]:
    window = QWidget()
    key = ColourKey(QAction("Colour by…", window), window)
    key.choice.setParent(window)
    qtbot.addWidget(window)
    window.resize(500, 500)
    window.show()
    key.recoloured.connect(lambda: key.resize(key.wanted_size(400)))
    key.show_images(LABELS, CLASSES, IS_HELD_OUT, (HEIGHTS,))
    key.resize(key.wanted_size(400))
    key.show()
    QApplication.processEvents()
    yield key
    window.close()


def rows(key: ColourKey) -> list[tuple[str, str]]:
    return key._legend.rows


def click(key: ColourKey, row: int, modifier: Qt.KeyboardModifier = NO) -> None:
    legend = key._legend
    place = legend.visualRect(legend.model().index(row, 0)).center()
    QTest.mouseClick(legend.viewport(), LEFT, modifier, place)


def with_numbers(key: ColourKey, numbers: np.ndarray = NUMBERS) -> None:
    key.offer_numbers((RECONSTRUCTION, ALONE))
    key.choice.choose(RECONSTRUCTION.name)
    key.show_scale(scale_of(RECONSTRUCTION.name, "nats", numbers))
    QApplication.processEvents()


# the legend


def test_it_counts_what_is_shown_of_all_and_what_is_selected_of_all(key: ColourKey) -> None:
    assert rows(key) == [("cat", "3"), ("dog", "2"), ("emu", "1")]
    key.show_images(LABELS, CLASSES, IS_HELD_OUT, (HEIGHTS,), np.array([True, False, True, True, False, False]))
    assert rows(key) == [("cat", "2 / 3"), ("dog", "1 / 2"), ("emu", "0 / 1")]
    key.show_selection(np.array([1, 3, 4]))
    assert rows(key) == [("cat", "1 / 3"), ("dog", "2 / 2"), ("emu", "0 / 1")]
    key.show_selection(np.zeros(0, np.int64))
    click(key, 1)
    assert rows(key)[1] == ("dog", "0 / 2")
    assert key.left_out() == "2 in 1 hidden class"


def test_the_count_of_a_level_can_be_read_while_it_is_hidden(key: ColourKey) -> None:
    key.show_images(np.repeat([0, 1], [9_000, 4]), ("many", "few"), None, ())
    legend = key._legend
    click(key, 0)
    assert rows(key)[0] == ("many", "0 / 9,000")
    assert legend.fontMetrics().horizontalAdvance("0 / 9,000") < legend.header().sectionSize(1)


def test_a_class_keeps_its_colour_and_shape_whatever_is_hidden(key: ColourKey) -> None:
    before = key.colouring
    click(key, 0, ALT)
    assert key.hidden == {1, 2}
    assert key.colouring.name == CLASS
    np.testing.assert_array_equal(key.colouring.colours, before.colours)
    assert key.colouring.shapes.tolist() == [0, 1, 2]
    click(key, 0, ALT)
    assert key.hidden == frozenset()


def test_a_thousand_levels_can_be_searched_and_twelve_need_not(key: ColourKey) -> None:
    assert not key._search.isVisible()
    key.show_images(np.arange(1_000), [f"class {n:03}" for n in range(1_000)], None, ())
    assert key._search.isVisible()
    QTest.keyClicks(key._search, "CLASS 07")
    legend = key._legend
    seen = [row for row in range(1_000) if not legend.isRowHidden(row, legend.rootIndex())]
    assert seen == list(range(70, 80))
    assert key.hidden == frozenset()  # a search hides nothing on the map
    QTest.keyClick(key._search, Qt.Key.Key_Return)
    QTest.keyClick(legend, Qt.Key.Key_Space)
    assert key.hidden == {70}
    key._search.clear()
    assert not legend.isRowHidden(999, legend.rootIndex())


def test_what_was_searched_for_is_forgotten_with_its_levels(key: ColourKey) -> None:
    key.show_images(np.arange(20), [f"a{n}" for n in range(20)], None, ())
    QTest.keyClicks(key._search, "a1")
    key.show_images(np.arange(20), [f"b{n}" for n in range(20)], None, ())
    assert key._search.text() == ""
    assert not key._legend.isRowHidden(0, key._legend.rootIndex())


def test_the_menu_of_a_level_selects_its_images(key: ColourKey) -> None:
    wanted = heard(key.level_selected)
    menu = key._legend._menu(1)
    texts = [action.text().replace("&", "") for action in menu.actions() if action.text()]
    assert texts[0] == "Select these"
    for action in menu.actions()[:3]:
        action.trigger()
    assert [(name, level, mode) for name, _, level, mode in wanted] == [
        ("dog", 1, "replace"), ("dog", 1, "add"), ("dog", 1, "subtract"),
    ]  # fmt: skip
    assert np.flatnonzero(wanted[0][1] == wanted[0][2]).tolist() == [3, 4]


def test_a_lasso_is_told_which_images_are_hidden(key: ColourKey) -> None:
    told = heard(key.drawn_changed)
    click(key, 0)
    assert told[-1][0].tolist() == [False, False, False, True, True, True]
    click(key, 0)
    assert told[-1][0] is None


def test_a_reader_hears_the_name_the_counts_and_what_is_hidden(key: ColourKey) -> None:
    key.show_selection(np.array([1]))
    click(key, 0)
    said = key._legend.model().data(key._legend.model().index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "cat, 1 selected of 3 images, hidden"


# groups and the selection


def test_groups_and_the_selection_can_be_coloured_by(key: ColourKey) -> None:
    key.show_groups((Group("odd", np.array([1, 3, 5])), Group("last", np.array([5]))))
    key.show_selection(np.array([0, 5]))
    key.choice.choose(GROUPS)
    assert rows(key) == [("odd", "0 / 2"), ("last", "1 / 1"), ("in none of them", "1 / 3")]
    assert key.said(3) == "Your classes: odd"
    key.choice.choose("In “odd”")
    assert rows(key)[0] == ("in “odd”", "1 / 3")
    key.choice.choose(SELECTED)
    assert key.colouring.column.codes.tolist() == [0, 1, 1, 1, 1, 0]
    recoloured = heard(key.recoloured)
    key.show_selection(np.array([2]))
    assert key.colouring.column.codes.tolist() == [1, 1, 0, 1, 1, 1]
    assert len(recoloured) == 1
    key.show_selection(np.zeros(0, np.int64))
    assert key.colouring.name == CLASS  # there is nothing to tell apart by


def test_a_selection_of_other_images_is_not_taken_for_one_of_these(key: ColourKey) -> None:
    key.show_selection(np.array([2, 900]))
    key.show_groups((Group("far", np.array([900])),))
    assert rows(key)[0] == ("cat", "3")


def test_a_selection_costs_no_new_colours_where_it_does_not_colour(key: ColourKey) -> None:
    recoloured = heard(key.recoloured)
    key.choice.choose(SIDE)
    recoloured.clear()
    key.show_selection(np.array([1]))
    assert recoloured == []


# numbers


def test_a_number_is_asked_for_when_it_is_chosen_and_no_more_when_it_is_not(key: ColourKey) -> None:
    asked = heard(key.number_chosen)
    key.offer_numbers((RECONSTRUCTION, ALONE))
    key.choice.choose(RECONSTRUCTION.name)
    assert asked == [(RECONSTRUCTION.name,)]
    assert (key.colouring.column.codes == UNKNOWN).all()  # nothing that is not known yet looks as if it were
    key.choice.choose("height")  # amounts: a bar once they are in bins, their ranges until then
    assert asked[-1] == ("height",)
    assert rows(key)[0] == ("0 to 3", "3")
    key.choice.choose(CLASS)
    assert asked[-1] == ("",)


def test_numbers_of_other_images_or_of_another_name_colour_nothing(key: ColourKey) -> None:
    with_numbers(key)
    assert key.colouring.scale is not None
    key.show_scale(scale_of(ALONE.name, "", NUMBERS))
    assert (key.colouring.column.codes == UNKNOWN).all()
    key.show_scale(scale_of(RECONSTRUCTION.name, "nats", np.arange(9.0)))
    assert (key.colouring.column.codes == UNKNOWN).all()


def test_dragging_an_end_hides_what_lies_outside_and_says_so(key: ColourKey, qtbot: QtBot) -> None:
    numbers = np.linspace(0, 100, 1_001)
    key.show_images(np.zeros(1_001, np.int64), ("one",), None, ())
    with_numbers(key, numbers)
    bar, end = key._bar._bar, key._bar._bar.ends[0]
    start = QPoint(end.width() // 2, 20)
    QTest.mousePress(end, LEFT, NO, start)
    to = QPointF(bar.x_of(BINS // 2) - end.x(), 20).toPoint()
    recoloured = heard(key.recoloured)
    QTest.mouseMove(end, to)
    QTest.mouseRelease(end, LEFT, NO, to)
    qtbot.waitUntil(lambda: len(recoloured) > 0)
    middle = float(key.colouring.scale.edges[bar.range[0]])
    assert middle == pytest.approx(50, abs=1)
    assert bar.range[1] == ALL[1]
    is_drawn = key.is_drawn
    assert abs(int(is_drawn.sum()) - int((numbers >= middle).sum())) <= 1
    assert is_drawn[-1]  # past the other end
    assert not is_drawn[0]
    without = int((~is_drawn).sum())
    assert key.left_out() == f"{without:,} outside Reconstruction error from {key.colouring.scale.text(middle)} nats"
    assert key._bar._middle.text() == f"{1_001 - without:,} / 1,001"


def test_the_ends_are_moved_by_keys_and_told_to_a_reader(key: ColourKey) -> None:
    with_numbers(key)
    low, high = key._bar._bar.ends
    QTest.keyClick(low, Qt.Key.Key_Right)
    assert key._bar.range == (0, ALL[1])
    assert {BELOW, UNKNOWN} == key.hidden
    QTest.keyClick(high, Qt.Key.Key_PageDown)
    QTest.keyClick(high, Qt.Key.Key_Left)
    assert key._bar.range == (0, ALL[1] - 17)
    assert key._bar.hidden >= {ABOVE, BINS - 1, BINS - 16}
    assert low.accessibleName() == "Lowest that is shown"
    assert low.accessibleDescription() == f"{key.colouring.scale.text(key.colouring.scale.low)} nats"
    QTest.keyClick(high, Qt.Key.Key_Home)
    QTest.keyClick(low, Qt.Key.Key_Home)
    assert key.hidden == frozenset()


def test_the_ends_never_pass_each_other(key: ColourKey) -> None:
    with_numbers(key)
    bar = key._bar._bar
    bar._move_end(0, 250)
    bar._move_end(1, 3)
    assert bar.range == (250, 251)
    bar._move_end(0, 999)
    assert bar.range == (250, 251)


def test_both_ends_move_together_between_them_and_a_double_click_shows_all(key: ColourKey) -> None:
    with_numbers(key)
    bar = key._bar._bar
    bar._move_end(0, 64)
    bar._move_end(1, 128)
    x = [QPointF(bar.x_of(edge), 20).toPoint() for edge in (96, 160)]
    QTest.mousePress(bar, LEFT, NO, x[0])
    QTest.mouseMove(bar, x[1])
    QTest.mouseRelease(bar, LEFT, NO, x[1])
    first, last = bar.range
    assert last - first == 64
    assert first == pytest.approx(128, abs=2)
    QTest.mouseDClick(bar, LEFT, NO, x[1])
    assert bar.range == ALL


def test_the_range_stays_at_its_numbers_while_more_of_them_come_in(key: ColourKey) -> None:
    key.show_images(np.zeros(2_000, np.int64), ("one",), None, ())
    numbers = np.linspace(0, 100, 2_000)
    early = np.where(np.arange(2_000) < 1_000, numbers, np.nan)
    with_numbers(key, early)
    key._bar._bar._move_end(0, key._bar._scale.bin_at(25.0))
    key.show_scale(scale_of(RECONSTRUCTION.name, "nats", numbers))
    assert key._bar._scale.edges[key._bar.range[0]] == pytest.approx(25.0, abs=0.5)
    key._take_range()
    assert key.colouring.scale.counts[UNKNOWN] == 0


def test_what_the_range_shows_can_be_selected(key: ColourKey) -> None:
    with_numbers(key, np.arange(6.0))
    wanted = heard(key.level_selected)
    key._bar._bar._move_end(0, key._bar._scale.bin_at(2.5))
    key._bar.range_selected.emit("add")
    words, codes, level, mode = wanted[0]
    assert np.flatnonzero(codes == level).tolist() == [3, 4, 5]
    assert mode == "add"
    assert words.startswith("Reconstruction error from 2.5")


def test_stale_numbers_say_of_when_they_are_and_can_be_measured_again(key: ColourKey) -> None:
    with_numbers(key)
    again = heard(key.again_clicked)
    assert not key._bar._again.isVisible()
    key.show_scale(scale_of(RECONSTRUCTION.name, "nats", NUMBERS, "as of step 1,200", is_stale=True))
    assert key._bar._words.text() == "as of step 1,200"
    key._bar._again.click()
    assert len(again) == 1


def test_why_there_is_no_number_stands_where_it_would_be(key: ColourKey) -> None:
    key.offer_numbers((RECONSTRUCTION,))
    key.choice.choose(RECONSTRUCTION.name)
    key.show_note("The images are gone.", is_failure=True)
    assert key._bar._note.isVisible()
    assert key._bar._note.property("tone") == "failure"
    key.choice.choose(CLASS)
    key.choice.choose(RECONSTRUCTION.name)
    assert not key._bar._note.isVisible()


def test_a_column_of_the_metadata_cannot_hide_a_measured_number_of_its_name(key: ColourKey) -> None:
    words = Column("KL", ("a", "b"), np.array([0, 1, 0, 1, 0, 1]))
    key.show_images(LABELS, CLASSES, IS_HELD_OUT, (words,))
    key.choice.choose("KL (metadata)")
    assert rows(key) == [("a", "3"), ("b", "3")]
