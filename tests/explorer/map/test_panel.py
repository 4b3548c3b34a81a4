"""What a user would lose: drag decodes, hover tells, click picks, and a view that stays where they put it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QMouseEvent, QPalette, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QToolButton
from pytestqt.qtbot import QtBot

from core.reports.images import NOTHING_SAID, Column
from explorer.map.panel import MapPanel
from tests.explorer.looking import heard
from tests.explorer.small_map import CLASSES, LABELS, POINTS, at, line

LEFT, RIGHT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.NoButton


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[MapPanel]:
    panel = MapPanel()
    qtbot.addWidget(panel)
    panel.resize(700, 600)
    panel.show()
    panel.show_codes(POINTS, LABELS, CLASSES)
    panel._view.setFocus()
    QApplication.processEvents()
    return panel


def move(panel: MapPanel, place: QPoint, buttons: Qt.MouseButton = NONE) -> None:
    viewport = panel._view
    local = QPointF(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove, local, viewport.mapToGlobal(local), NONE, buttons, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(viewport, event)


def press(panel: MapPanel, place: QPoint, button: Qt.MouseButton = LEFT) -> None:
    QTest.mousePress(panel._view, button, Qt.KeyboardModifier.NoModifier, place)


def release(panel: MapPanel, place: QPoint, button: Qt.MouseButton = LEFT) -> None:
    QTest.mouseRelease(panel._view, button, Qt.KeyboardModifier.NoModifier, place)


def test_pressing_decodes_at_once_and_dragging_goes_on(panel: MapPanel) -> None:
    dragged, picked = heard(panel.point_dragged), heard(panel.code_picked)
    press(panel, at(panel, -1, 0.5))
    assert dragged[-1] == pytest.approx((-1, 0.5), abs=0.02)
    for u in (-0.6, -0.2, 0.4):
        move(panel, at(panel, u, 0.5), LEFT)
    release(panel, at(panel, 0.4, 0.5))
    assert len(dragged) == 4
    assert dragged[-1] == pytest.approx((0.4, 0.5), abs=0.02)
    assert picked == []


def test_a_click_near_a_dot_picks_it_and_elsewhere_picks_nothing(panel: MapPanel) -> None:
    picked = heard(panel.code_picked)
    for place in (at(panel, 1.5, 0) + QPoint(8, 8), at(panel, 1.5, 0) + QPoint(30, 0)):
        press(panel, place)
        release(panel, place)
    assert picked == [(5,)]
    assert panel._view.cursor_place != (1.5, 0.0)


def test_hovering_rings_at_once_and_tells_only_when_still(panel: MapPanel, qtbot: QtBot) -> None:
    hovered = heard(panel.code_hovered)
    move(panel, at(panel, 0, 0) + QPoint(5, 0))
    assert panel._view._ring.index == 4
    assert hovered == []
    qtbot.waitUntil(lambda: hovered == [(4,)])
    panel.show_card(4, np.zeros((8, 8, 3), np.uint8), "a.png", "emu")
    assert panel._card.isVisible()
    assert panel._card.text == "a.png\nemu"
    move(panel, at(panel, 0.8, 1))
    assert hovered[-1] == (-1,)
    assert not panel._card.isVisible()


def test_index_minus_one_takes_the_card_away(panel: MapPanel) -> None:
    panel.show_ring(1)
    panel.show_card(1, np.zeros((8, 8, 1), np.uint8), "b.png", "cat")
    assert panel._card.isVisible()
    panel.show_card(-1, np.zeros((8, 8, 1), np.uint8), "", "")
    assert not panel._card.isVisible()


def test_arrows_move_the_cursor_by_a_tenth_of_sigma_and_with_shift_by_one(panel: MapPanel) -> None:
    dragged = heard(panel.point_dragged)
    panel.show_cursor(0.0, 0.0)
    QTest.keyClick(panel._view, Qt.Key.Key_Right)
    QTest.keyClick(panel._view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert dragged == [pytest.approx((0.1, 0)), pytest.approx((0.1, 1.0))]


def test_the_cursor_cannot_be_walked_out_of_sight(panel: MapPanel) -> None:
    panel.show_cursor(0.0, 0.0)
    for _ in range(12):
        QTest.keyClick(panel._view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert panel._view.frame.left < 12 < panel._view.frame.right


def test_both_axes_have_one_scale_and_all_dots_are_in_view(panel: MapPanel) -> None:
    across, up = panel._view.frame.scale
    assert across == pytest.approx(up, rel=0.01)
    assert panel._view.count_in_view() == len(POINTS)


def test_up_is_up(panel: MapPanel) -> None:
    assert at(panel, 0, 2).y() < at(panel, 0, -2).y()


@pytest.mark.parametrize("button", [RIGHT, Qt.MouseButton.MiddleButton])
def test_the_plane_follows_the_hand_that_pans_it(panel: MapPanel, button: Qt.MouseButton) -> None:
    dragged, start = heard(panel.point_dragged), at(panel, 0, 0)
    press(panel, start, button)
    move(panel, start + QPoint(60, -40), button)
    release(panel, start + QPoint(60, -40), button)
    away = at(panel, 0, 0) - start - QPoint(60, -40)
    assert away.manhattanLength() <= 2
    assert dragged == []


def test_the_wheel_zooms_at_the_pointer(panel: MapPanel) -> None:
    place, before = at(panel, 1.5, 0), panel._view.frame
    spun = QWheelEvent(
        QPointF(place), panel._view.mapToGlobal(QPointF(place)), QPoint(), QPoint(0, 240),
        NONE, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(panel._view, spun)
    assert panel._view.frame.right - panel._view.frame.left < 0.8 * (before.right - before.left)
    assert (at(panel, 1.5, 0) - place).manhattanLength() <= 2


def test_codes_that_move_do_not_move_a_view_the_user_chose(panel: MapPanel) -> None:
    panel._view.camera.zoom(0.5, 0, 0)
    chosen = panel._view.frame
    panel.show_codes(POINTS * 5, LABELS, CLASSES)
    assert panel._view.frame == chosen


def test_a_view_left_alone_follows_the_codes_but_not_their_trembling(panel: MapPanel, qtbot: QtBot) -> None:
    before = panel._view.frame
    panel.show_codes(POINTS * np.float32(1.05), LABELS, CLASSES)
    assert panel._view.frame == before
    panel.show_codes(POINTS * np.float32(3), LABELS, CLASSES)
    qtbot.waitUntil(lambda: panel._view.count_in_view() == len(POINTS))
    panel.show_codes(POINTS, LABELS, CLASSES)
    qtbot.waitUntil(lambda: panel._view.frame.top < 4)


@pytest.mark.parametrize("key", [Qt.Key.Key_F, Qt.Key.Key_Home])
def test_a_key_brings_everything_back_into_view(panel: MapPanel, qtbot: QtBot, key: Qt.Key) -> None:
    panel._view.camera.zoom(0.1, 2, 2)
    assert panel._view.count_in_view() < len(POINTS)
    panel.activateWindow()
    QTest.keyClick(panel._view, key)
    qtbot.waitUntil(lambda: panel._view.count_in_view() == len(POINTS))


def test_double_click_goes_there_and_the_view_stays(panel: MapPanel) -> None:
    panel._view.camera.zoom(0.5, 2, 2)
    before, clicked = panel._view.frame, heard(panel.clicked)
    QTest.mouseDClick(panel._view, LEFT, Qt.KeyboardModifier.NoModifier, at(panel, 2, 2))
    assert panel._view.frame == before
    np.testing.assert_allclose(clicked[-1][:2], (2, 2), atol=0.02)


def test_the_view_is_told_at_the_first_codes_and_once_after_it_settles(panel: MapPanel, qtbot: QtBot) -> None:
    told = heard(panel.view_changed)
    qtbot.waitUntil(lambda: len(told) == 1)
    with qtbot.waitSignal(panel.view_changed) as settled:
        for _ in range(5):
            panel._view.camera.zoom(0.9, 0, 0)
    frame = panel._view.frame
    assert settled.args == [frame.left, frame.bottom, frame.right, frame.top]
    assert len(told) == 2


def test_images_not_seen_yet_are_neither_drawn_nor_picked_and_it_says_so(panel: MapPanel) -> None:
    points = POINTS.copy()
    points[4] = np.nan
    panel.show_codes(points, LABELS, CLASSES)
    assert line(panel) == "6 images · 5 of them seen so far"
    assert panel._view.count_drawn() == 5
    assert panel._view._nearest(panel._view.frame.to_pixel(0, 0)) == -1


def test_a_map_where_nothing_is_seen_yet_is_calm(panel: MapPanel) -> None:
    panel.show_codes(np.full((9, 2), np.nan, np.float32), np.zeros(9, np.int64), ["one"])
    move(panel, at(panel, 0, 0))
    panel.grab()
    assert line(panel) == "9 images · 0 of them seen so far"


def colours_at(panel: MapPanel, u: float, v: float) -> tuple[int, ...]:
    """Of the plot itself, with nothing lying over it."""
    panel.actions_by_name["legend"].setChecked(False)
    panel.show_prior(False)
    picture = panel._view.grab().toImage()
    place = at(panel, u, v)
    return picture.pixelColor(place).getRgb()[:3]


def test_a_dot_is_painted_where_it_is_picked(panel: MapPanel) -> None:
    paper = panel._view.palette().base().color().getRgb()[:3]
    assert all(colours_at(panel, float(u), float(v)) != paper for u, v in POINTS)
    for level in range(3):
        panel._key._legend._toggle(level)
    assert all(sum(np.abs(np.subtract(colours_at(panel, float(u), float(v)), paper))) < 120 for u, v in POINTS)


def test_clicking_a_class_hides_it_and_clicking_again_brings_it_back(panel: MapPanel) -> None:
    legend = panel._key._legend
    row = legend.visualRect(legend.model().index(1, 0)).center()
    QTest.mouseClick(legend.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, row)
    assert panel._view.count_drawn() == 4
    assert "2 in 1 hidden class" in line(panel)
    assert panel._view._nearest(panel._view.frame.to_pixel(-2, 2)) == -1
    QTest.mouseClick(legend.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, row)
    assert panel._view.count_drawn() == 6


def test_alt_click_shows_a_class_alone_and_so_does_the_keyboard(panel: MapPanel) -> None:
    legend = panel._key._legend
    row = legend.visualRect(legend.model().index(2, 0)).center()
    QTest.mouseClick(legend.viewport(), LEFT, Qt.KeyboardModifier.AltModifier, row)
    assert legend.hidden == {0, 1}
    legend.setCurrentIndex(legend.model().index(0, 0))
    QTest.keyClick(legend, Qt.Key.Key_Space)
    assert legend.hidden == {1}
    QTest.keyClick(legend, Qt.Key.Key_Space, Qt.KeyboardModifier.AltModifier)
    assert legend.hidden == {1, 2}
    QTest.keyClick(legend, Qt.Key.Key_Space, Qt.KeyboardModifier.AltModifier)
    assert legend.hidden == frozenset()


def test_hidden_classes_stay_hidden_while_codes_move(panel: MapPanel) -> None:
    panel._key._legend._toggle(0)
    panel.show_codes(POINTS + np.float32(0.1), LABELS, CLASSES)
    assert panel._view.count_drawn() == 4
    panel.show_codes(POINTS, LABELS, ["other", "classes", "now"])
    assert panel._view.count_drawn() == 6


SIDES = np.array([False, True, False, False, True, False])
TREES = Column("tree", ("elm", "oak", NOTHING_SAID), np.array([0, 0, 1, 1, 1, 2]))
SIZES = Column("size", ("1 to 2", "3 to 4", "5 to 6"), np.array([0, 0, 1, 1, 2, 2]), np.array([1.5, 2, 3, 4, 5, 6]))


def colour_box(panel: MapPanel) -> QComboBox:
    return next(box for box in panel.findChildren(QComboBox) if box.accessibleName() == "Colour by")


def show_all(panel: MapPanel, *columns: Column) -> QComboBox:
    panel.show_codes(POINTS, LABELS, CLASSES, SIDES, columns)
    return colour_box(panel)


def colour_by(panel: MapPanel, name: str) -> None:
    """Choose with the keyboard, as a person can."""
    box = colour_box(panel)
    box.setCurrentIndex(box.findText(name) - 1)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)


def legend_rows(panel: MapPanel) -> list[tuple[str, str]]:
    return panel._key._legend.rows


def painted_at(panel: MapPanel, index: int) -> tuple[int, ...]:
    u, v = map(float, POINTS[index])
    return colours_at(panel, u, v)


def test_the_dots_can_be_coloured_by_all_that_is_known(panel: MapPanel) -> None:
    box = show_all(panel, TREES, SIZES)
    assert [box.itemText(row) for row in range(box.count())] == ["Class", "Learned from or held out", "tree", "size"]
    assert legend_rows(panel) == [("cat", "2"), ("dog", "2"), ("emu", "2")]
    colour_by(panel, "Learned from or held out")
    assert legend_rows(panel) == [("learned from", "4"), ("held out", "2")]
    assert painted_at(panel, 0) == painted_at(panel, 2) != painted_at(panel, 1) == painted_at(panel, 4)
    colour_by(panel, "tree")
    assert legend_rows(panel) == [("elm", "2"), ("oak", "3"), (NOTHING_SAID, "1")]
    assert painted_at(panel, 0) == painted_at(panel, 1) != painted_at(panel, 2)
    assert np.ptp(painted_at(panel, 5)) < 20  # grey: nothing is said of it


def test_more_of_a_number_is_lighter(panel: MapPanel) -> None:
    show_all(panel, SIZES)
    colour_by(panel, "size")
    lightness = [QColor(*painted_at(panel, index)).lightnessF() for index in (0, 2)]
    assert painted_at(panel, 0) == painted_at(panel, 1)
    assert lightness[0] < lightness[1]


def test_ranges_are_hidden_and_shown_alone_as_classes_are(panel: MapPanel) -> None:
    show_all(panel, TREES)
    colour_by(panel, "tree")
    panel._key._legend._toggle(1)
    assert panel._view.count_drawn() == 3
    assert "3 in 1 hidden of “tree”" in line(panel)
    colour_by(panel, "Class")
    assert panel._view.count_drawn() == 6
    assert "hidden" not in line(panel)


def test_a_chosen_column_stays_chosen_while_codes_move_and_comes_back(panel: MapPanel) -> None:
    box = show_all(panel, TREES)
    colour_by(panel, "tree")
    show_all(panel, TREES)
    assert box.currentText() == "tree"
    show_all(panel)  # a run that knows no trees
    assert box.currentText() == "Class"
    assert legend_rows(panel)[0] == ("cat", "2")
    show_all(panel, SIZES, TREES)
    assert box.currentText() == "tree"
    assert legend_rows(panel)[0] == ("elm", "2")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Class", "a.png\nemu"),
        ("Learned from or held out", "a.png\nemu\nheld out"),
        ("tree", "a.png\nemu\ntree: oak"),
        ("size", "a.png\nemu\nsize: 5"),
    ],
)
def test_the_card_says_what_colours_the_dot(panel: MapPanel, name: str, said: str) -> None:
    show_all(panel, TREES, SIZES)
    colour_by(panel, name)
    panel.show_ring(4)
    panel.show_card(4, np.zeros((8, 8, 3), np.uint8), "a.png", "emu")
    assert panel._card.text == said


def test_a_column_that_is_called_as_one_of_ours_can_be_chosen_too(panel: MapPanel) -> None:
    box = show_all(panel, replace(TREES, name="Class"))
    assert box.itemText(2) == "Class (metadata)"


@pytest.mark.qt_log_ignore("This plugin does not support")  # what the offscreen platform says of every list
def test_the_list_of_colours_opens_by_key_and_says_what_it_is(panel: MapPanel, qtbot: QtBot) -> None:
    box = show_all(panel, TREES)
    assert box.accessibleName() == "Colour by"
    assert box.toolTip()
    panel.activateWindow()
    QTest.keyClick(panel._view, Qt.Key.Key_C)
    qtbot.waitUntil(box.view().isVisible)
    box.hidePopup()


def test_the_legend_is_there_only_for_more_than_one_class(panel: MapPanel) -> None:
    assert panel._key.isVisible()
    panel.show_codes(POINTS, np.zeros(6, np.int64), ["all"])
    assert not panel._key.isVisible()


def test_a_click_on_the_card_of_the_colours_is_no_click_on_the_map(panel: MapPanel) -> None:
    dragged, before = heard(panel.point_dragged), panel._view.frame
    for place in (QPoint(2, 2), QPoint(panel._key.width() // 2, 2)):
        QTest.mouseClick(panel._key, LEFT, Qt.KeyboardModifier.NoModifier, place)
        QTest.mouseDClick(panel._key, LEFT, Qt.KeyboardModifier.NoModifier, place)
    assert dragged == []
    assert panel._view.frame == before


def test_the_legend_can_be_read_when_light_turns_dark(panel: MapPanel) -> None:
    palette = panel.palette()
    palette.setColor(QPalette.ColorRole.Base, QColor("#101010"))
    palette.setColor(QPalette.ColorRole.Text, QColor("#f0f0f0"))
    panel.setPalette(palette)
    legend = panel._key._legend
    assert legend.model().data(legend.model().index(0, 0), Qt.ItemDataRole.ForegroundRole) == QColor("#f0f0f0")


def test_many_classes_scroll_inside_the_map(panel: MapPanel) -> None:
    names = [f"class {index}" for index in range(300)]
    panel.show_codes(POINTS, np.arange(6), names)
    assert panel._key.geometry().bottom() < panel._view.height()
    assert panel._key._legend.verticalScrollBar().maximum() > 0


def test_the_grid_is_asked_for_by_key_and_stands_where_it_belongs(panel: MapPanel) -> None:
    toggled, saved = heard(panel.grid_toggled), heard(panel.grid_save_requested)
    QTest.keyClick(panel._view, Qt.Key.Key_G)
    assert toggled == [(True,)]
    show = next(button for button in panel.findChildren(QToolButton) if button.text() == "Show")
    next(action for action in show.menu().actions() if action.text().startswith("Save")).trigger()
    assert len(saved) == 1
    picture = np.zeros((40, 40, 3), np.uint8)
    picture[:20, :, 0] = 255
    picture[20:, :, 2] = 255
    panel.show_grid(picture, -1, -1, 1, 1)
    assert colours_at(panel, 0.3, 0.55) == pytest.approx((255, 0, 0), abs=1)
    assert colours_at(panel, 0.3, -0.55) == pytest.approx((0, 0, 255), abs=1)
    panel.show_grid(None, 0, 0, 1, 1)
    assert colours_at(panel, 0.3, 0.55) != pytest.approx((255, 0, 0), abs=1)


def test_a_grey_grid_is_shown_grey(panel: MapPanel) -> None:
    panel.show_grid(np.full((10, 10, 1), 99, np.uint8), -1, -1, 1, 1)
    assert colours_at(panel, 0.3, 0.55) == pytest.approx((99, 99, 99), abs=1)


def drop(panel: MapPanel, path: Path) -> None:
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, carried, LEFT, Qt.KeyboardModifier.NoModifier)
    panel.dropEvent(event)


def test_a_dropped_image_is_told_and_a_folder_is_left_to_the_window(panel: MapPanel, tmp_path: Path) -> None:
    dropped = heard(panel.image_dropped)
    (tmp_path / "a.JPG").write_bytes(b"")
    (tmp_path / "b.png").mkdir()
    drop(panel, tmp_path / "b.png")
    assert dropped == []
    drop(panel, tmp_path / "a.JPG")
    assert dropped == [(str(tmp_path / "a.JPG"),)]


def test_a_dropped_image_is_marked_where_it_lies(panel: MapPanel) -> None:
    before = colours_at(panel, 0.7, 1.2)
    panel.show_encoded(np.array([[0.7, 1.2]], np.float32), [np.zeros((8, 8, 3), np.uint8)])
    assert colours_at(panel, 0.7, 1.2) != before
    panel.show_encoded(np.zeros((0, 2), np.float32), [])
    assert colours_at(panel, 0.7, 1.2) == before


def test_before_there_are_images_it_says_what_to_do(qtbot: QtBot) -> None:
    panel = MapPanel()
    qtbot.addWidget(panel)
    assert "Open a folder" in panel._message.text()
    panel.show_busy("Reading images…")
    assert "Reading images…" in panel._message.text()


def test_a_failure_stands_where_the_map_would_be_until_there_is_one(panel: MapPanel) -> None:
    panel.show_failure("The run <x> is damaged.")
    assert panel._message.isVisible()
    assert "The run &lt;x> is damaged." in panel._message.text()
    panel.show_codes(POINTS, LABELS, CLASSES)
    assert panel._view.isVisible()


def test_a_note_is_said_beside_what_is_shown(panel: MapPanel) -> None:
    panel.show_note("Step 400")
    assert line(panel) == "6 images  ·  Step 400"


def test_every_button_says_what_it_does(panel: MapPanel) -> None:
    for button in panel.findChildren(QToolButton):
        assert button.toolTip()
        assert button.accessibleName()


def inside(panel: MapPanel, u: float, v: float) -> bool:
    return panel._view.plot_area().contains(at(panel, u, v))


def test_a_cursor_that_was_moved_out_of_view_brings_the_map_after_it(panel: MapPanel, qtbot: QtBot) -> None:
    panel._view.camera.zoom(0.2, 0.0, 0.0)
    scale = panel._view.frame.scale
    panel.show_cursor(9.0, -7.0, is_followed=True)
    qtbot.waitUntil(lambda: inside(panel, 9.0, -7.0))
    qtbot.wait(300)
    assert panel._view.frame.scale == pytest.approx(scale)
    before = panel._view.frame
    panel.show_cursor(*before.middle, is_followed=True)
    qtbot.wait(300)
    assert panel._view.frame == before, "what is in view moves nothing"


def test_the_map_is_not_pulled_away_under_a_hand(panel: MapPanel, qtbot: QtBot) -> None:
    before, place = panel._view.frame, QPoint(5, 5)
    press(panel, at(panel, 0.5, 0.5))
    panel.show_cursor(40.0, 0.0, is_followed=True)
    qtbot.wait(300)
    assert panel._view.frame == before
    release(panel, place)


@pytest.mark.parametrize(("u", "v"), [(30.0, 0.0), (-30.0, 0.0), (0.0, 30.0), (0.0, -30.0), (25.0, 25.0)])
def test_an_arrow_says_where_a_cursor_out_of_view_is(panel: MapPanel, qtbot: QtBot, u: float, v: float) -> None:
    panel.actions_by_name["legend"].setChecked(False)
    before = panel._view.grab().toImage()
    panel.show_cursor(u, v)
    qtbot.waitUntil(lambda: panel._view.grab().toImage() != before)
    after = panel._view.grab().toImage()
    size = (after.height(), after.width())
    old, new = (np.frombuffer(each.constBits(), np.uint32).reshape(size) for each in (before, after))
    rows, columns = np.nonzero(old != new)
    middle = at(panel, 0, 0)
    found = np.array([columns.mean() - middle.x(), middle.y() - rows.mean()])
    area = panel._view.plot_area()
    assert np.hypot(*(found / np.hypot(*found) - np.array([u, v]) / np.hypot(u, v))) < 0.1, "the way it points"
    assert max(abs(found[0]) / area.width(), abs(found[1]) / area.height()) > 0.44, "at the edge"
    assert np.ptp(rows) < 40, "an arrow, not the cursor"


def hover(panel: MapPanel, index: int, qtbot: QtBot) -> None:
    """Rest on a dot until its card is there."""
    told = heard(panel.code_hovered)
    move(panel, at(panel, *POINTS[index]))
    qtbot.waitUntil(lambda: told[-1:] == [(index,)])
    panel.show_card(index, np.zeros((8, 8, 3), np.uint8), f"{index}.png", "")
    assert panel._card.isVisible()


def wheel(panel: MapPanel, place: QPoint, turn: int = 600) -> None:
    local, no_key, phase = QPointF(place), Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    there = panel._view.mapToGlobal(local)
    event = QWheelEvent(local, there, QPoint(), QPoint(0, turn), NONE, no_key, phase, False)
    QApplication.sendEvent(panel._view, event)


def test_the_card_goes_when_the_view_moves_its_dot_away(panel: MapPanel, qtbot: QtBot) -> None:
    hover(panel, 4, qtbot)
    panel._view.camera.pan(0.9, 0.0)
    assert not panel._card.isVisible()
    assert panel._view.ringed == -1


def test_the_card_stays_beside_a_dot_that_stays_under_the_pointer(panel: MapPanel, qtbot: QtBot) -> None:
    hover(panel, 4, qtbot)
    before = panel._card.pos()
    wheel(panel, at(panel, 0, 0) + QPoint(3, 0))
    assert panel._view.ringed == 4
    assert panel._card.isVisible()
    assert (panel._card.pos() - before).manhattanLength() < 30


def test_the_card_goes_with_dots_that_learn_away(panel: MapPanel, qtbot: QtBot) -> None:
    hover(panel, 4, qtbot)
    moved = POINTS.copy()
    moved[4] = (1.0, 1.2)
    panel.show_codes(moved, LABELS, CLASSES)
    qtbot.waitUntil(lambda: panel._view.ringed == -1)
    assert not panel._card.isVisible()


def test_a_card_that_comes_too_late_is_not_shown(panel: MapPanel, qtbot: QtBot) -> None:
    hover(panel, 4, qtbot)
    move(panel, at(panel, 0.8, 1))
    panel.show_card(4, np.zeros((8, 8, 3), np.uint8), "4.png", "")
    assert not panel._card.isVisible()


def test_a_press_takes_ring_and_card_away(panel: MapPanel, qtbot: QtBot) -> None:
    hover(panel, 4, qtbot)
    press(panel, at(panel, 0, 0), RIGHT)
    assert panel._view.ringed == -1
    assert not panel._card.isVisible()
    release(panel, at(panel, 0, 0), RIGHT)
