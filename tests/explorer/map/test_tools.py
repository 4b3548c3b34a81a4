"""What a user would lose: lasso and box, by mouse and by key, and a map that says and shows what is selected."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from explorer.map.panel import MapPanel
from explorer.map.plane.plane_bar import PlaneShown
from tests.explorer.looking import heard
from tests.explorer.small_map import CLASSES, LABELS, POINTS, at, line

LEFT, RIGHT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.NoButton
PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[MapPanel]:
    panel = MapPanel()
    qtbot.addWidget(panel)
    panel.resize(700, 600)
    panel.show()
    panel.show_codes(POINTS, LABELS, CLASSES)
    panel.activateWindow()
    panel.setFocus()
    QApplication.processEvents()
    yield panel
    panel.stop()


def send(panel: MapPanel, kind: QEvent.Type, place: QPoint, button: Qt.MouseButton, held: Qt.KeyboardModifier) -> None:
    view, local = panel._view, QPointF(place)
    down = NONE if kind == QEvent.Type.MouseButtonRelease else button
    pressed = NONE if kind == QEvent.Type.MouseMove else button
    QApplication.sendEvent(view, QMouseEvent(kind, local, view.mapToGlobal(local), pressed, down, held))


def draw(
    panel: MapPanel, *places: tuple[float, float], held: Qt.KeyboardModifier = PLAIN, button: Qt.MouseButton = LEFT
) -> None:
    """Press at the first, move over the others, let go at the last."""
    pixels = [at(panel, *place) for place in places]
    send(panel, QEvent.Type.MouseButtonPress, pixels[0], button, held)
    for pixel in pixels[1:]:
        send(panel, QEvent.Type.MouseMove, pixel, button, held)
    send(panel, QEvent.Type.MouseButtonRelease, pixels[-1], button, held)


def test_a_lasso_says_where_it_went_and_stays_armed(panel: MapPanel) -> None:
    told, dragged = heard(panel.area_selected), heard(panel.point_dragged)
    QTest.keyClick(panel._view, Qt.Key.Key_S)
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    draw(panel, *corners)
    draw(panel, *corners)
    assert len(told) == 2
    assert told[0][0] == pytest.approx(np.array(corners), abs=0.02)
    assert told[0][1] == "replace"
    assert dragged == []
    assert panel.actions_by_name["lasso"].isChecked()


@pytest.mark.parametrize(
    ("held", "mode"),
    [
        (SHIFT, "add"),
        (Qt.KeyboardModifier.AltModifier, "subtract"),
        (Qt.KeyboardModifier.ControlModifier, "subtract"),
    ],
)
def test_a_box_adds_with_shift_and_subtracts_with_alt(panel: MapPanel, held: Qt.KeyboardModifier, mode: str) -> None:
    told = heard(panel.area_selected)
    QTest.keyClick(panel._view, Qt.Key.Key_B)
    draw(panel, (1, 0.5), (-0.5, -1), held=held)
    assert told[0][1] == mode
    assert told[0][0].min(axis=0) == pytest.approx((-0.5, -1), abs=0.02)
    assert told[0][0].max(axis=0) == pytest.approx((1, 0.5), abs=0.02)


def test_escape_ends_a_lasso_and_then_clears_the_selection(panel: MapPanel) -> None:
    told, cleared = heard(panel.area_selected), heard(panel.selection_cleared)
    QTest.keyClick(panel._view, Qt.Key.Key_S)
    send(panel, QEvent.Type.MouseButtonPress, at(panel, 0, 0), LEFT, PLAIN)
    for place in ((1, 0), (1, 1)):
        send(panel, QEvent.Type.MouseMove, at(panel, *place), LEFT, PLAIN)
    QTest.keyClick(panel._view, Qt.Key.Key_Escape)
    send(panel, QEvent.Type.MouseButtonRelease, at(panel, 1, 1), LEFT, PLAIN)
    assert told == cleared == []
    QTest.keyClick(panel._view, Qt.Key.Key_Escape)
    assert len(cleared) == 1


def test_a_click_with_the_lasso_picks_the_dot_as_the_hand_does(panel: MapPanel) -> None:
    told, picked, clicked = heard(panel.area_selected), heard(panel.code_picked), heard(panel.clicked)
    QTest.keyClick(panel._view, Qt.Key.Key_S)
    draw(panel, (1.5, 0))
    assert picked == [(5,)]
    assert clicked == [(pytest.approx(1.5), pytest.approx(0), 5)]
    assert told == []


def test_a_lasso_can_be_panned_under(panel: MapPanel) -> None:
    told, before = heard(panel.area_selected), at(panel, 0, 0)
    QTest.keyClick(panel._view, Qt.Key.Key_S)
    draw(panel, (0, 0), (1, 1), button=RIGHT)
    assert told == []
    assert (at(panel, -1, -1) - before).manhattanLength() <= 3


def test_a_box_is_drawn_by_key_alone(panel: MapPanel) -> None:
    told = heard(panel.area_selected)
    panel.show_cursor(-1, -1)
    QTest.keyClick(panel._view, Qt.Key.Key_B)
    QTest.keyClick(panel._view, Qt.Key.Key_Return)
    for _ in range(2):
        QTest.keyClick(panel._view, Qt.Key.Key_Right, SHIFT)
        QTest.keyClick(panel._view, Qt.Key.Key_Up, SHIFT)
    QTest.keyClick(panel._view, Qt.Key.Key_Return, SHIFT)
    assert told[0][1] == "add"
    assert told[0][0].min(axis=0) == pytest.approx((-1, -1))
    assert told[0][0].max(axis=0) == pytest.approx((1, 1))


def test_a_lasso_is_drawn_by_key_alone(panel: MapPanel) -> None:
    told = heard(panel.area_selected)
    QTest.keyClick(panel._view, Qt.Key.Key_S)
    for place in ((-1, -1), (1, -1), (0, 1)):
        panel.show_cursor(*place)
        QTest.keyClick(panel._view, Qt.Key.Key_Return)
    QTest.keyClick(panel._view, Qt.Key.Key_Return)
    assert told[0][0].tolist() == [[-1, -1], [1, -1], [0, 1]]


def test_enter_picks_the_dot_at_the_cursor(panel: MapPanel) -> None:
    picked = heard(panel.code_picked)
    panel.show_cursor(1.48, 0.02)
    QTest.keyClick(panel._view, Qt.Key.Key_Return)
    assert picked == [(5,)]


def test_a_right_click_and_the_menu_key_ask_what_can_be_done_with_a_dot(panel: MapPanel) -> None:
    asked = heard(panel.menu_requested)
    draw(panel, (1.5, 0), button=RIGHT)
    draw(panel, (0.8, 0.9), button=RIGHT)
    panel.show_cursor(0, 0)
    QTest.keyClick(panel._view, Qt.Key.Key_Menu)
    assert [index for index, *_ in asked] == [5, -1, 4]
    assert asked[0][2] == panel._view.mapToGlobal(at(panel, 1.5, 0))
    np.testing.assert_allclose(asked[1][1], (0.8, 0.9), atol=0.02)


def test_keys_ask_for_the_nearest_and_for_a_filter(panel: MapPanel) -> None:
    nearest, filtered = heard(panel.nearest_requested), heard(panel.filter_toggled)
    panel.show_selection(np.array([0]), False)
    QTest.keyClick(panel._view, Qt.Key.Key_N)
    QTest.keyClick(panel._view, Qt.Key.Key_H)
    assert len(nearest) == 1
    assert filtered == [(True,)]
    panel.show_selection(np.array([0, 1]), False)
    assert not panel.actions_by_name["filter"].isChecked()
    assert filtered == [(True,)]


def test_the_line_says_what_is_selected_and_what_becomes_of_the_rest(panel: MapPanel) -> None:
    panel.show_selection(np.array([0, 4]), False)
    assert line(panel) == "6 images  ·  2 of 6 selected, the others faint"
    assert panel._view.count_drawn() == 6
    panel.show_selection(np.array([0, 4]), True)
    assert line(panel) == "6 images  ·  2 of 6 selected, only they are drawn"
    assert panel._view.count_drawn() == 2
    panel.show_selection(np.zeros(0, np.int64), True)
    assert line(panel) == "6 images"
    assert panel._view.count_drawn() == 6


def pixel(panel: MapPanel, u: float, v: float) -> tuple[int, ...]:
    panel.actions_by_name["legend"].setChecked(False)
    panel.show_prior(False)
    return panel._view.grab().toImage().pixelColor(at(panel, u, v)).getRgb()[:3]


def test_what_is_not_selected_is_faint(panel: MapPanel) -> None:
    before = pixel(panel, 2, 2), pixel(panel, 0, 0)
    panel.show_selection(np.array([4]), False)
    after = pixel(panel, 2, 2), pixel(panel, 0, 0)
    assert after[1] == before[1]
    assert QColor(*after[0]).lightness() > QColor(*before[0]).lightness() + 40


def test_images_stand_at_their_dots_when_few_are_in_view_and_it_says_how_many(panel: MapPanel, qtbot: QtBot) -> None:
    wanted = heard(panel.thumbnails_wanted)
    panel.forget_thumbnails()
    qtbot.waitUntil(lambda: len(wanted) > 0)
    indices = wanted[-1][0]
    assert sorted(indices.tolist()) == [0, 1, 2, 3, 4, 5]
    pictures = np.zeros((6, 9, 9, 3), np.uint8)
    pictures[:, :, :, 1] = 255
    panel.show_thumbnails(indices, pictures)
    assert "6 of 6 in view have their image" in line(panel)
    assert pixel(panel, 1.5, 0.15) == (0, 255, 0)
    panel.actions_by_name["thumbnails"].setChecked(False)
    assert pixel(panel, 1.5, 0.15) != (0, 255, 0)


def test_few_classes_have_shapes_and_many_have_not_until_asked(panel: MapPanel) -> None:
    assert panel.actions_by_name["shapes"].isChecked()
    panel.show_codes(POINTS, np.arange(6), [f"class {number}" for number in range(12)])
    assert not panel.actions_by_name["shapes"].isChecked()
    panel.actions_by_name["shapes"].trigger()
    panel.show_codes(POINTS, np.arange(6), [f"class {number}" for number in range(12)])
    assert panel.actions_by_name["shapes"].isChecked()


def test_a_heat_map_has_a_key_and_goes_again(panel: MapPanel) -> None:
    before = pixel(panel, 0.5, -1)
    panel.show_heat(np.full((8, 8), 10.0), (-3, -3, 3, 3), "Density", "images", 0.0, 10.0)
    assert panel._heat_key.isVisible()
    assert pixel(panel, 0.5, -1) == pytest.approx((254, 232, 56), abs=2)
    panel.show_heat(None)
    assert not panel._heat_key.isVisible()
    assert pixel(panel, 0.5, -1) == before


def test_empty_places_are_veiled_under_the_dots(panel: MapPanel) -> None:
    dot = pixel(panel, 0, 0)
    panel.show_heat(np.full((8, 8), 0.0), (-3, -3, 3, 3), "Density", "images", 0.0, 10.0)
    bare = pixel(panel, 0.5, -1)
    panel.show_tint(np.ones((8, 8)), (-3, -3, 3, 3))
    assert pixel(panel, 0.5, -1) != bare
    panel.show_tint(None)
    panel.show_heat(None)
    assert pixel(panel, 0, 0) == dot


def test_a_reader_of_the_screen_is_told_where_the_cursor_rests(panel: MapPanel, qtbot: QtBot) -> None:
    panel.show_axes("z₁", "z₂")
    panel.show_cursor(0.52, -1.2)
    panel.describe_cursor(verdict="among the pictures")
    panel.describe_cursor(near="Bag 00012")
    said = "z₁ 0.52, z₂ −1.20, among the pictures, near Bag 00012"
    qtbot.waitUntil(lambda: panel._view.accessibleDescription() == said)


def test_every_action_has_words_and_most_a_key(panel: MapPanel) -> None:
    keys = [key.toString() for action in panel.actions_by_name.values() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))
    assert all(action.toolTip() for action in panel.actions_by_name.values())
    tools = [button for button in panel.findChildren(QToolButton) if not button.icon().isNull()]
    assert {button.accessibleName() for button in tools} >= {"Drag to decode", "Lasso", "Box"}


def test_many_dots_are_drawn_beside_the_window_and_found_by_the_pointer(panel: MapPanel, qtbot: QtBot) -> None:
    points = np.random.default_rng(0).normal(size=(120_000, 2)).astype(np.float32)
    points[7] = (6, 6)
    panel.show_codes(points, np.zeros(120_000, np.int64), ["one"])
    qtbot.waitUntil(lambda: panel._view.count_in_view() == 120_000)
    assert panel._view._nearest(panel._view.frame.to_pixel(6, 6)) == 7
    qtbot.waitUntil(lambda: panel._view.grab() is not None and panel._view.has_density())
    panel._show_line()
    assert "dots a pixel" in line(panel)


def test_a_map_that_goes_while_it_draws_leaves_its_threads(qtbot: QtBot) -> None:
    panel = MapPanel()
    panel.show()
    points = np.random.default_rng(0).normal(size=(60_000, 2)).astype(np.float32)
    panel.show_codes(points, np.zeros(60_000, np.int64), ["one"])
    threads = panel._view._sheet._threads
    qtbot.waitUntil(lambda: panel._view.count_drawn() == 60_000)
    assert threads[0].is_running
    with qtbot.waitSignal(panel.destroyed):
        panel.deleteLater()
    assert not any(thread.is_running for thread in threads)


@pytest.mark.qt_log_ignore("This plugin does not support")  # what the offscreen platform says of every list
def test_letters_typed_in_an_open_list_are_the_lists(panel: MapPanel, qtbot: QtBot) -> None:
    asked, chosen = heard(panel.nearest_requested), heard(panel.plane_bar.backdrop_chosen)
    panel.plane_bar.show_plane(PlaneShown(has_map=True))
    panel.plane_bar.show_backdrop("density")
    panel.actions_by_name["backdrop"].trigger()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    popup = QApplication.activePopupWidget()
    QTest.keyClick(popup.windowHandle(), Qt.Key.Key_N)  # none; on the map the nearest 50
    QTest.keyClick(popup.windowHandle(), Qt.Key.Key_Return)
    assert chosen == [("none",)]
    assert not asked
    assert QApplication.activePopupWidget() is None


def test_a_long_line_does_not_press_on_what_lies_beside_the_map(panel: MapPanel) -> None:
    before = panel.minimumSizeHint().width()
    panel.show_note("a plane of which there is a great deal to say, " * 5)
    panel.show_beside("cursor 2.07 off the plane")
    assert panel.minimumSizeHint().width() == before
    assert panel._line.whole.endswith("cursor 2.07 off the plane")
    assert panel._line.fontMetrics().horizontalAdvance(line(panel)) <= panel._line.contentsRect().width()
