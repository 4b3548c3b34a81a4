"""A newcomer sees what each part of the window is, and is rid of it with one key."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from explorer.shell.overlay import Overlay, Part
from tests.explorer.opened import new_program


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    column = QVBoxLayout(window)
    for name in ("upper", "lower", "hidden"):
        column.addWidget(QLabel(name, objectName=name))
    window.findChild(QLabel, "hidden").hide()
    qtbot.addWidget(window)
    window.resize(700, 500)
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.fixture
def overlay(window: QWidget) -> Overlay:
    names = ("upper", "lower", "hidden")
    return Overlay([Part(window.findChild(QLabel, name), name, f"what {name} is") for name in names], window)


def cards(overlay: Overlay) -> list[QLabel]:
    return [label for label in overlay.findChildren(QLabel) if label.isVisible()]


def test_every_part_in_view_is_named_and_no_name_hides_another(overlay: Overlay, window: QWidget) -> None:
    found = cards(overlay)
    assert len(found) == 3  # two parts, and how to close it
    assert not any(one.geometry().intersects(other.geometry()) for one in found for other in found if one is not other)
    assert all(overlay.rect().contains(card.geometry()) for card in found)


def test_a_screen_reader_hears_the_same(overlay: Overlay) -> None:
    assert overlay.accessibleDescription() == "upper: what upper is\nlower: what lower is"


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_F1, Qt.Key.Key_A])
def test_any_key_closes_it(overlay: Overlay, qtbot: QtBot, key: Qt.Key) -> None:
    with qtbot.waitSignal(overlay.destroyed):
        qtbot.keyClick(overlay, key)


def test_a_click_closes_it(overlay: Overlay, qtbot: QtBot) -> None:
    with qtbot.waitSignal(overlay.destroyed):
        qtbot.mouseClick(overlay, Qt.MouseButton.LeftButton)


def test_it_follows_the_window(overlay: Overlay, window: QWidget, qtbot: QtBot) -> None:
    window.resize(900, 640)
    qtbot.waitUntil(lambda: overlay.size() == window.size())


def test_every_panel_can_be_explained(qtbot: QtBot) -> None:
    program = new_program()
    qtbot.addWidget(program.window)
    while program.shell.docks.make_next():
        pass
    parts = program.shell.docks.parts()
    assert len(parts) == len(program.window.findChildren(QDockWidget))
    assert all(part.words for part in parts)
    program.window.close()


def test_a_panel_that_scrolls_is_named_too(window: QWidget, qtbot: QtBot) -> None:
    """Its own contents cover all of it, as those of every panel at the bottom do; a window of its own is elsewhere."""
    scrolled, floating = QScrollArea(window, widgetResizable=True), QWidget()
    qtbot.addWidget(floating)
    contents = QWidget(autoFillBackground=True)
    scrolled.setWidget(contents)
    scrolled.setGeometry(0, 0, 300, 200)
    scrolled.show()
    floating.show()
    assert contents.visibleRegion().boundingRect().size() == scrolled.viewport().size()
    overlay = Overlay([Part(scrolled, "scrolled", "what scrolls"), Part(floating, "floating", "elsewhere")], window)
    assert overlay.accessibleDescription() == "scrolled: what scrolls"
