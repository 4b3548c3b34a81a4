"""The Selection panel: the pictures are those of the images, however many there are."""

from time import perf_counter

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.reports.progress import Progress
from explorer.selection.empty_choices import NO_MODEL, NOTHING
from explorer.selection.listed_images import Listed
from explorer.selection.panel import SelectionPanel
from tests.explorer.looking import heard

CLASSES = ("bird", "fish & chips", "cat")


def listed(indices: np.ndarray, total: int = 1_000, **others: object) -> Listed:
    names = [f"birds/{index:06}.png" for index in range(total)]
    counts = tuple(zip(CLASSES, np.bincount(indices % 3, minlength=3).tolist(), strict=True))
    return Listed(indices, total, names, np.arange(total) % 3, CLASSES, counts, **others)


@pytest.fixture
def panel(qtbot: QtBot) -> SelectionPanel:
    panel = SelectionPanel()
    qtbot.addWidget(panel)
    panel.resize(760, 300)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def cell(panel: SelectionPanel, position: int) -> QPoint:
    return panel._wall.visualRect(panel._wall._model.cell(position)).center()


def click(panel: SelectionPanel, position: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mouseClick(panel._wall.viewport(), Qt.MouseButton.LeftButton, keys, cell(panel, position))


def test_without_a_selection_it_says_how_to_make_one(qtbot: QtBot, panel: SelectionPanel) -> None:
    panel.show_map(False, False)
    assert panel._beginnings._words.text() == NO_MODEL
    assert not panel._beginnings._buttons.isVisible()
    panel.show_map(True, True)
    assert panel._beginnings._words.text() == NOTHING
    buttons = panel._beginnings._buttons.findChildren(type(panel.line._cancel))
    with qtbot.waitSignal(panel.beginning_chosen) as chosen:
        next(button for button in buttons if "unusual" in button.text()).click()
    assert chosen.args == ["unusual"]
    assert not panel.bar.actions_by_name["copy"].isEnabled()


def test_it_counts_the_images_and_their_classes(panel: SelectionPanel) -> None:
    panel.show_listed(listed(np.array([0, 3, 6, 7])))
    assert panel._heading.whole == "4 of 1,000 selected  ·  3 bird, 1 fish & chips, 0 cat"


def test_a_click_goes_to_that_image_and_a_double_click_opens_it(qtbot: QtBot, panel: SelectionPanel) -> None:
    panel.show_listed(listed(np.array([40, 7, 900])))
    with qtbot.waitSignal(panel.image_chosen) as chosen:
        click(panel, 2)
    assert chosen.args == [900]
    click(panel, 1)
    with qtbot.waitSignal(panel.image_opened) as opened:
        QTest.mouseDClick(
            panel._wall.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, cell(panel, 1)
        )
    assert opened.args == [7]


def test_the_keys_go_through_all_rows(qtbot: QtBot, panel: SelectionPanel) -> None:
    panel.show_listed(listed(np.arange(100, 200)))
    columns = panel._wall._model.columns
    panel._wall.setFocus()
    chosen: list[int] = []
    panel.image_chosen.connect(chosen.append)
    for _ in range(columns):  # past the end of the first row
        QTest.keyClick(panel._wall, Qt.Key.Key_Right)
    assert chosen == [*range(101, 101 + columns)]
    QTest.keyClick(panel._wall, Qt.Key.Key_Down)
    assert chosen[-1] == 100 + 2 * columns
    with qtbot.waitSignal(panel.image_opened) as opened:
        QTest.keyClick(panel._wall, Qt.Key.Key_Return)
    assert opened.args == [100 + 2 * columns]
    panel.step(1)
    assert chosen[-1] == 101 + 2 * columns


def test_only_what_is_in_view_is_asked_for_and_each_picture_stands_at_its_image(
    qtbot: QtBot, panel: SelectionPanel
) -> None:
    with qtbot.waitSignal(panel.thumbnails_wanted) as wanted:
        panel.show_listed(listed(np.arange(0, 1_000, 2)))
    indices, side = wanted.args
    assert indices.tolist() == list(range(0, 2 * len(indices), 2))
    assert len(indices) < 200
    pictures = [QImage(side, side, QImage.Format.Format_RGB888) for _ in indices]
    for number, picture in enumerate(pictures):
        picture.fill(0xFF000000 | 10 * number)
    panel.take_thumbnails(indices, pictures, side)
    shown = panel._wall.grab().toImage()
    place = cell(panel, 3) - QPoint(0, 10)
    assert shown.pixelColor(place).blue() == 30
    with qtbot.waitSignal(panel.thumbnails_wanted) as wanted:
        panel._wall.verticalScrollBar().setValue(panel._wall.verticalScrollBar().maximum())
    assert wanted.args[0][-1] == 998


def test_pictures_of_another_size_come_too_late(qtbot: QtBot, panel: SelectionPanel) -> None:
    with qtbot.waitSignal(panel.thumbnails_wanted) as wanted:
        panel.show_listed(listed(np.arange(4)))
    with qtbot.waitSignal(panel.thumbnails_wanted) as again:
        QTest.keyClick(panel._wall, Qt.Key.Key_Plus)
    indices, side = wanted.args
    panel.take_thumbnails(indices, [QImage(side, side, QImage.Format.Format_RGB888)] * 4, side)
    assert again.args[1] > side
    assert len(panel._wall._model.missing(0, 3)) == 4


@pytest.mark.parametrize("count", [100_000, 1_000_000])
def test_very_many_do_not_hold_the_window_up(qtbot: QtBot, panel: SelectionPanel, count: int) -> None:
    names = [f"{index}.png" for index in range(count)]
    many = Listed(np.arange(count), count, names, np.zeros(count, np.int64), ("a",), (("a", count),))
    for step in (lambda: panel.show_listed(many), lambda: panel.resize(500, 300), panel.grab):
        QApplication.processEvents()  # what the step before left to do
        begin = perf_counter()
        step()
        assert perf_counter() - begin < 0.5
    panel._wall.verticalScrollBar().setValue(panel._wall.verticalScrollBar().maximum())
    assert (
        panel._wall._model.position(panel._wall.indexAt(QPoint(5, panel._wall.viewport().height() - 30))) > 0.99 * count
    )


def test_a_run_from_one_image_to_another_is_marked_as_one_reads(qtbot: QtBot, panel: SelectionPanel) -> None:
    panel.resize(360, 420)
    panel.show_listed(listed(np.arange(100, 200)))
    columns = panel._wall._model.columns
    assert columns >= 3
    first, last = columns - 1, 3 * columns  # the last of the first row to the first of the fourth
    click(panel, first)
    click(panel, last, Qt.KeyboardModifier.ShiftModifier)
    assert panel._wall.marked.tolist() == list(range(100 + first, 101 + last))
    click(panel, 0, Qt.KeyboardModifier.ControlModifier)
    assert panel._wall.marked.tolist() == [100, *range(100 + first, 101 + last)]


def test_a_menu_is_asked_for_with_the_image_and_those_marked(panel: SelectionPanel) -> None:
    panel.show_map(True, True)
    panel.show_listed(listed(np.array([4, 7, 9])))
    click(panel, 1)
    asked = heard(panel.menu_requested)
    QTest.keyClick(panel._wall, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    assert [(image, marked.tolist()) for image, marked, _ in asked] == [(7, [7])]


def test_the_bar_names_the_image_that_nearest_means(qtbot: QtBot, panel: SelectionPanel) -> None:
    panel.show_map(True, True)
    panel.show_listed(listed(np.array([4, 7])))
    click(panel, 1)
    near = panel.bar._menus["near"].actions()
    assert near[0].text() == "000007.png and the 10 nearest to it"
    with qtbot.waitSignal(panel.near_image_requested) as asked:
        near[0].trigger()
    assert asked.args == [7, 10]


def test_images_without_files_cannot_be_copied_and_it_says_why(panel: SelectionPanel) -> None:
    panel.show_map(True, False)
    panel.show_listed(listed(np.array([4])))
    copy, export = panel.bar.actions_by_name["copy"], panel.bar.actions_by_name["export"]
    assert not copy.isEnabled()
    assert "no files of their own" in " ".join(copy.toolTip().split())
    assert export.isEnabled()


def test_files_being_copied_can_be_stopped_and_put_back(qtbot: QtBot, panel: SelectionPanel) -> None:
    line = panel.line
    assert not line.isVisible()
    line.show_progress(Progress("Moving", 12, 47))
    assert line.text == "Moving 12 of 47…"
    with qtbot.waitSignal(line.cancel_clicked):
        line._cancel.click()
    line.show_done("47 files moved to /to", None, True)
    assert not line._cancel.isVisible()
    with qtbot.waitSignal(line.put_back_clicked):
        line._back.click()


def test_a_class_of_ones_own_is_offered(qtbot: QtBot, panel: SelectionPanel) -> None:
    panel.show_map(True, True)
    panel.show_groups(["odd & ends"])
    menu = panel.bar._menus["group"].actions()[-1].menu()
    assert menu.title() == "odd && ends"
    with qtbot.waitSignal(panel.bar.group_chosen) as chosen:
        menu.actions()[1].trigger()
    assert chosen.args == ["odd & ends", "add"]


def test_order_and_mode_are_what_was_chosen(qtbot: QtBot, panel: SelectionPanel) -> None:
    numbers = np.array([0.25, 1.5], np.float32)
    panel.show_listed(listed(np.array([7, 4]), order="cursor", numbers=numbers, of_numbers="from the cursor"))
    assert panel._order.currentData() == "cursor"
    model = panel._wall._model
    assert [model.caption(position) for position in (0, 1)] == ["0.25", "1.5"]
    assert model.cell(0).data(Qt.ItemDataRole.AccessibleTextRole) == (
        "birds/000007.png, fish & chips, 0.25 from the cursor"
    )
    with qtbot.waitSignal(panel.filter_chosen) as chosen:
        panel._modes.button(1).click()
    assert chosen.args == [True]
    panel.show_filter(False)
    assert panel._modes.button(0).isChecked()
