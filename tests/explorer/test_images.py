"""The images panel: what is learnt from, and no file left out in silence."""

import time
from collections.abc import Sequence

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QPushButton, QTableView, QToolButton
from pytestqt.qtbot import QtBot

from core.reports import Progress, Skipped
from explorer.panels.images import EMPTY, ImagesPanel

SKIPPED = (
    Skipped("b/torn.jpg", "damaged", "image file is truncated"),
    Skipped("a/notes.txt", "not a picture", "cannot identify image file"),
    Skipped("c/half.png", "damaged", "unexpected end of file"),
    Skipped("d/odd.png", "damaged?", ""),
)
COUNTS = [("hawk moths", 4000), ("tiger moths", 2873)]


@pytest.fixture
def panel(qtbot: QtBot) -> ImagesPanel:
    panel = ImagesPanel()
    qtbot.addWidget(panel)
    panel.resize(320, 760)
    panel.show()
    return panel


def show_moths(panel: ImagesPanel, skipped: Sequence[Skipped] = SKIPPED, channels: int = 3) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (60, 8, 8, channels), np.uint8)
    panel.show_image_set("/home/ada/moths", pixels, (64, 64, channels), COUNTS, 687, skipped)


def test_an_empty_panel_says_what_to_do(qtbot: QtBot, panel: ImagesPanel) -> None:
    assert panel._message.isVisible()
    assert panel._message.text() == EMPTY
    with qtbot.waitSignal(panel.open_folder_clicked, timeout=1000):
        qtbot.mouseClick(panel._open, Qt.MouseButton.LeftButton)


def test_the_counts_are_told_in_words(panel: ImagesPanel) -> None:
    show_moths(panel)
    assert panel._counts.text() == "6,873 images · 64 × 64 · colour · 687 held out"
    show_moths(panel, channels=1)
    assert "grey" in panel._counts.text()


def test_classes_stand_with_their_counts(panel: ImagesPanel) -> None:
    show_moths(panel)
    rows = [[panel._classes.item(row, column).text() for column in (1, 2)] for row in range(panel._classes.rowCount())]
    assert rows == [["hawk moths", "4,000"], ["tiger moths", "2,873"]]


def test_one_class_needs_no_list_and_no_skipped_file_no_table(panel: ImagesPanel) -> None:
    panel.show_image_set("/x", np.zeros((1, 8, 8, 1), np.uint8), (8, 8, 1), [("x", 1)], 0, [])
    assert not panel._classes.isVisible()
    assert not panel._skipped.isVisible()


def test_a_long_path_is_cut_in_the_middle_and_whole_in_the_tooltip(panel: ImagesPanel) -> None:
    path = "/home/ada/" + "a long way/" * 12 + "moths"
    panel.show_image_set(path, np.zeros((1, 8, 8, 1), np.uint8), (8, 8, 1), [("x", 1)], 0, [])
    assert panel._source.toolTip() == path
    assert "…" in panel._source.text()
    assert panel._source.text().endswith("moths")
    assert panel.minimumSizeHint().width() <= 320


def test_thumbnails_are_the_images_in_their_own_colours(panel: ImagesPanel) -> None:
    red, green = np.zeros((2, 8, 8, 3), np.uint8)
    red[..., 0], green[..., 1] = 255, 255
    panel.show_image_set("/x", np.stack([red, green]), (8, 8, 3), [("x", 2)], 0, [])
    wall = panel._wall
    picture, side = wall.grab().toImage(), wall._side(wall.width())
    assert picture.pixelColor(side // 2, side // 2).getRgb()[:3] == (255, 0, 0)
    assert picture.pixelColor(side + wall.GAP + side // 2, side // 2).getRgb()[:3] == (0, 255, 0)


def test_reading_shows_how_far_it_is_and_can_be_cancelled(qtbot: QtBot, panel: ImagesPanel) -> None:
    panel.show_progress(Progress("Decoding", 2345, 6873, 42.0))
    assert panel._progress_text.text() == "Decoding · 2,345 of 6,873 · 42 s left"
    assert panel._bar.value() == 2345
    panel.show_preview(np.zeros((5, 8, 8, 3), np.uint8))
    assert panel._wall.isVisible()
    assert panel._progress.isVisible()
    with qtbot.waitSignal(panel.cancel_clicked, timeout=1000):
        qtbot.mouseClick(panel._progress.findChild(QPushButton), Qt.MouseButton.LeftButton)
    show_moths(panel)
    assert not panel._progress.isVisible()


def test_a_total_not_known_yet_is_not_made_up(panel: ImagesPanel) -> None:
    panel.show_progress(Progress("Reading the folder", 12))
    assert panel._progress_text.text() == "Reading the folder · 12"
    assert (panel._bar.minimum(), panel._bar.maximum()) == (0, 0)


def test_a_failure_stands_where_the_images_would_be(panel: ImagesPanel) -> None:
    show_moths(panel)
    panel.show_failure("There is no picture in /x.")
    assert panel._message.isVisible()
    assert panel._message.text() == "There is no picture in /x."
    assert not panel._wall.isVisible()
    show_moths(panel)
    assert not panel._message.isVisible()


def test_named_sets_that_are_not_here_cannot_be_chosen(qtbot: QtBot, panel: ImagesPanel) -> None:
    panel.show_named_sets([("faces", "Drawn by the program.", True), ("mnist", "Digits.", False)])
    faces, mnist = panel._menu.actions()
    assert not mnist.isEnabled()
    with qtbot.waitSignal(panel.named_set_chosen, timeout=1000) as chosen:
        faces.trigger()
    assert chosen.args == ["faces"]


def table_rows(panel: ImagesPanel) -> list[str]:
    table = panel._skipped._table.model()
    return [table.index(row, 0).data() for row in range(table.rowCount())]


def test_every_skipped_file_is_listed_once_unfolded(qtbot: QtBot, panel: ImagesPanel) -> None:
    show_moths(panel)
    assert panel._skipped._heading.text() == "4 files skipped"
    assert not panel._skipped._table.isVisible()
    qtbot.mouseClick(panel._skipped._heading, Qt.MouseButton.LeftButton)
    assert panel._skipped._table.isVisible()
    assert table_rows(panel) == ["a/notes.txt", "b/torn.jpg", "c/half.png", "d/odd.png"]


def test_skipped_files_can_be_seen_by_reason_and_sorted(panel: ImagesPanel) -> None:
    show_moths(panel)
    reasons = panel._skipped._reasons
    assert [reasons.itemText(i) for i in range(reasons.count())] == [
        "All reasons (4)", "damaged (2)", "not a picture (1)", "damaged? (1)"
    ]  # fmt: skip
    reasons.setCurrentIndex(1)
    assert table_rows(panel) == ["b/torn.jpg", "c/half.png"]
    panel._skipped._table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert table_rows(panel) == ["c/half.png", "b/torn.jpg"]
    reasons.setCurrentIndex(3)
    assert table_rows(panel) == ["d/odd.png"]
    show_moths(panel, SKIPPED[:1])
    assert table_rows(panel) == ["b/torn.jpg"]


def test_skipped_files_can_be_copied_to_a_spreadsheet(qtbot: QtBot, panel: ImagesPanel) -> None:
    show_moths(panel)
    panel._skipped._heading.setChecked(True)
    panel._skipped._reasons.setCurrentIndex(1)
    qtbot.mouseClick(panel._skipped._copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == (
        "b/torn.jpg\tdamaged\timage file is truncated\nc/half.png\tdamaged\tunexpected end of file"
    )
    panel._skipped._table.selectRow(1)
    panel._skipped._table.setFocus()
    qtbot.keyClick(panel._skipped._table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "c/half.png\tdamaged\tunexpected end of file"


def test_fifty_thousand_skipped_files_are_no_burden(panel: ImagesPanel) -> None:
    files = [Skipped(f"{i}.jpg", "damaged", "x") for i in range(50_000)]
    start = time.perf_counter()
    show_moths(panel, files)
    panel._skipped._table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert time.perf_counter() - start < 1.5
    assert panel._skipped._heading.text() == "50,000 files skipped"
    assert len(table_rows(panel)) == 50_000


def test_every_control_has_a_name_and_a_tooltip(panel: ImagesPanel) -> None:
    show_moths(panel)
    controls = [c for kind in (QPushButton, QToolButton, QComboBox, QTableView) for c in panel.findChildren(kind)]
    assert len(controls) >= 7
    assert [control for control in controls if not (control.accessibleName() and control.toolTip())] == []
