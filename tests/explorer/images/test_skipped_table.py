"""The list of what was left out: nothing missing, told apart, and found on the disk."""

import time
from collections.abc import Sequence
from typing import overload

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QIcon
from pytestqt.qtbot import QtBot

from core.reports.images import NO_SUCH_IMAGE
from core.skipped_file import Skipped
from explorer.images.skipped_table import SkippedTable

SKIPPED = (
    Skipped("b/torn.jpg", "damaged", "image file is truncated"),
    Skipped("a/notes.txt", "not a picture", "cannot identify image file"),
    Skipped("c/half.png", "damaged", "unexpected end of file"),
    Skipped("d/odd.png", "damaged?", ""),
)
GONE = Skipped("gone.jpg", NO_SUCH_IMAGE, "line 3 of moths.csv: no image is called that")
METADATA = "/home/ada/moths/moths.csv"


class Counted(Sequence[Skipped]):
    """Skipped files that count how many of them were looked at."""

    def __init__(self, length: int) -> None:
        self._length, self.read = length, 0

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Skipped: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Skipped]: ...
    def __getitem__(self, index: int | slice) -> Skipped | Sequence[Skipped]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._length))]
        if index >= self._length:
            raise IndexError(index)
        self.read += 1
        return Skipped(f"{index}.jpg", "damaged", "x")


@pytest.fixture
def table(qtbot: QtBot) -> SkippedTable:
    table = SkippedTable()
    qtbot.addWidget(table)
    table.resize(320, 400)
    table.show_files(SKIPPED)
    table.show()
    return table


def rows(table: SkippedTable, column: int = 0) -> list[str]:
    table.unfold()
    model = table._table.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_every_skipped_file_is_listed_once_unfolded(qtbot: QtBot, table: SkippedTable) -> None:
    assert table._heading.text() == "4 files skipped"
    assert not table._table.isVisible()
    qtbot.mouseClick(table._heading, Qt.MouseButton.LeftButton)
    assert table._table.isVisible()
    assert rows(table) == ["a/notes.txt", "b/torn.jpg", "c/half.png", "d/odd.png"]


def test_skipped_files_can_be_seen_by_reason_and_sorted(table: SkippedTable) -> None:
    table.unfold()
    reasons = table._reasons
    assert [reasons.itemText(i) for i in range(reasons.count())] == [
        "All reasons (4)", "damaged (2)", "not a picture (1)", "damaged? (1)"
    ]  # fmt: skip
    reasons.setCurrentIndex(1)
    assert rows(table) == ["b/torn.jpg", "c/half.png"]
    table._table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert rows(table) == ["c/half.png", "b/torn.jpg"]
    reasons.setCurrentIndex(3)
    assert rows(table) == ["d/odd.png"]
    table.show_files(SKIPPED[:1])
    assert rows(table) == ["b/torn.jpg"]


def test_skipped_files_can_be_copied_to_a_spreadsheet(qtbot: QtBot, table: SkippedTable) -> None:
    table.unfold()
    table._reasons.setCurrentIndex(1)
    qtbot.mouseClick(table._copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == (
        "b/torn.jpg\tdamaged\timage file is truncated\nc/half.png\tdamaged\tunexpected end of file"
    )
    table._table.selectRow(1)
    table._table.setFocus()
    qtbot.keyClick(table._table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "c/half.png\tdamaged\tunexpected end of file"


def test_fifty_thousand_skipped_files_are_no_burden(table: SkippedTable) -> None:
    files = [Skipped(f"{i}.jpg", "damaged", "x") for i in range(50_000)]
    start = time.perf_counter()
    table.show_files(files)
    table.unfold()
    table._table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert time.perf_counter() - start < 1.5
    assert table._heading.text() == "50,000 files skipped"
    assert len(rows(table)) == 50_000


def test_a_folded_table_costs_nothing_however_long(table: SkippedTable) -> None:
    files = Counted(3_000)
    table.show_files(files)
    assert (table._heading.text(), files.read) == ("3,000 files skipped", 0)
    table.unfold()
    assert (len(rows(table)), files.read) == (3_000, 3_000)


def test_each_row_has_an_icon_and_a_broken_file_another_than_a_foreign_one(table: SkippedTable) -> None:
    table.unfold()
    model = table._table.model()
    icons = [model.index(row, 0).data(Qt.ItemDataRole.DecorationRole) for row in range(model.rowCount())]
    assert all(isinstance(icon, QIcon) and not icon.isNull() for icon in icons)
    foreign, torn, half, _ = (icon.pixmap(16, 16).toImage() for icon in icons)
    assert torn == half
    assert torn != foreign


def test_rows_of_a_table_without_an_image_are_told_apart_from_files(table: SkippedTable) -> None:
    table.show_files(SKIPPED[:1], [GONE, Skipped("lost.jpg", "row cannot be read", "line 4")], METADATA)
    assert table._heading.text() == "1 file skipped"
    assert table._rows.text() == "2 rows of moths.csv without an image"
    assert rows(table) == ["b/torn.jpg", "gone.jpg", "lost.jpg"]
    assert rows(table, 1) == ["damaged", "no such image", "row cannot be read"]
    fonts = [table._table.model().index(row, 0).data(Qt.ItemDataRole.FontRole) for row in range(3)]
    assert [font is not None and font.italic() for font in fonts] == [False, True, True]
    table.show_files([], [GONE], METADATA)
    assert table._heading.text() == "Rows without an image"
    assert not table.is_empty
    table.show_files([])
    assert table.is_empty


def shown_in_folder(qtbot: QtBot, table: SkippedTable, row: int) -> Sequence[str]:
    table.unfold()
    table._table.selectRow(row)
    with qtbot.waitSignal(table.show_in_folder_requested, timeout=1000) as asked:
        qtbot.mouseClick(table._show, Qt.MouseButton.LeftButton)
    return asked.args


def test_a_file_is_shown_in_its_folder_as_the_table_is_sorted_now(qtbot: QtBot, table: SkippedTable) -> None:
    assert not table._show.isEnabled()
    assert shown_in_folder(qtbot, table, 0) == ["a/notes.txt"]
    table._table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert not table._show.isEnabled()  # no row is chosen any more, so none is shown that was not meant
    assert shown_in_folder(qtbot, table, 0) == ["d/odd.png"]


def test_a_row_of_a_table_shows_the_table(qtbot: QtBot, table: SkippedTable) -> None:
    table.show_files([], [GONE], METADATA)
    assert shown_in_folder(qtbot, table, 0) == [METADATA]


def test_keyboard_and_context_menu_reach_the_folder_too(qtbot: QtBot, table: SkippedTable) -> None:
    table.unfold()
    table._table.selectRow(2)
    with qtbot.waitSignal(table.show_in_folder_requested, timeout=1000) as asked:
        qtbot.keyClick(table._table, Qt.Key.Key_Return)
    assert asked.args == ["c/half.png"]
    menu = table._menu()
    with qtbot.waitSignal(table.show_in_folder_requested, timeout=1000) as asked:
        menu.actions()[0].trigger()
    assert asked.args == ["c/half.png"]


def test_names_that_no_font_can_draw_are_listed_and_found_all_the_same(qtbot: QtBot, table: SkippedTable) -> None:
    name = "new\nline \udcff.png"
    table.show_files([Skipped(name, "damaged")])
    assert rows(table) == ["new ↵ line �.png"]
    assert shown_in_folder(qtbot, table, 0) == [name]
