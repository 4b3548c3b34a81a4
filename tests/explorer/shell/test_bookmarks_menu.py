"""A digit leads back to a place, wherever the keyboard is; in a text it is a digit."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from explorer.shell.bookmarks_menu import BookmarksMenu


@pytest.fixture
def map_and_line(qtbot: QtBot) -> Iterator[tuple[QWidget, QLineEdit, BookmarksMenu]]:
    window = QMainWindow()
    where, line = QWidget(focusPolicy=Qt.FocusPolicy.StrongFocus), QLineEdit()
    window.setCentralWidget(QWidget())
    column = QVBoxLayout(window.centralWidget())
    column.addWidget(where)
    column.addWidget(line)
    menu = BookmarksMenu(window)
    window.menuBar().addMenu("Explore").addMenu(menu)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    yield where, line, menu
    window.close()


def test_a_digit_goes_to_a_bookmark_that_is_set_only(
    map_and_line: tuple[QWidget, QLineEdit, BookmarksMenu], qtbot: QtBot
) -> None:
    where, _, menu = map_and_line
    gone: list[int] = []
    menu.go_requested.connect(gone.append)
    menu.show_bookmarks({3: None})
    where.setFocus()
    qtbot.keyClick(where, Qt.Key.Key_3)
    qtbot.keyClick(where, Qt.Key.Key_4)
    assert gone == [3]


def test_a_digit_typed_in_a_text_is_a_digit(
    map_and_line: tuple[QWidget, QLineEdit, BookmarksMenu], qtbot: QtBot
) -> None:
    _, line, menu = map_and_line
    menu.show_bookmarks({3: None})
    gone: list[int] = []
    menu.go_requested.connect(gone.append)
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_3)
    assert (line.text(), gone) == ("3", [])


def test_the_menu_names_what_can_be_done(map_and_line: tuple[QWidget, QLineEdit, BookmarksMenu]) -> None:
    menu = map_and_line[2]
    menu.show_bookmarks({3: None})
    words = [action.text() for action in menu.actions() if action.isVisible()]
    assert "Forget bookmark 3" in words
    assert "Forget bookmark 4" not in words
    assert [action.isEnabled() for action in menu.actions() if action.text() == "Go to bookmark &3"] == [True]
