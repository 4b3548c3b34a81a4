"""Everyone can use the window: each control has a name, each key one meaning, each text enough contrast."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from explorer.shell.actions import MENUS
from explorer.shell.main_window import MainWindow
from explorer.toolkit.theme import CAUTION, FAILURE, apply_theme, set_scheme
from tests.explorer.opened import Opened, new_program

CONTROLS = (QAbstractButton, QComboBox, QAbstractSpinBox, QAbstractSlider, QLineEdit, QAbstractItemView)
WINDOW_WIDE = (Qt.ShortcutContext.WindowShortcut, Qt.ShortcutContext.ApplicationShortcut)


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication) -> Iterator[Opened]:
    """With all panels."""
    apply_theme(qapp)
    program = new_program()
    qtbot.addWidget(program.window)
    program.window.show()
    qtbot.waitExposed(program.window)
    while program.shell.docks.make_next():
        pass
    yield program
    program.window.close()


@pytest.fixture
def window(program: Opened) -> MainWindow:
    return program.window


def is_of_another(widget: QWidget) -> bool:
    """Whether Qt made it as a part of another control, or of a dock or a tab bar."""
    if widget.objectName().startswith("qt_") or isinstance(widget, QScrollBar):
        return True
    parent = widget.parentWidget()
    while parent is not None and not parent.isWindow():
        if isinstance(parent, CONTROLS) or "QTabBar" in parent.metaObject().className():
            return True
        parent = parent.parentWidget()
    return parent is not None and "ComboBox" in parent.metaObject().className()  # its list is a window of its own


def is_put_away(widget: QWidget) -> bool:
    """Whether it, or the part of its panel that it is in, waits for something to show."""
    while not widget.isWindow() and not isinstance(widget, QDockWidget):
        if widget.isHidden():
            return True
        widget = widget.parentWidget()
    return False


def name_of(widget: QWidget, window: MainWindow) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    labels = (label.text() for label in window.findChildren(QLabel) if label.buddy() is widget)
    return widget.accessibleName() or text or next(labels, "")


def test_every_control_says_what_it_is(window: MainWindow) -> None:
    controls = chain.from_iterable(window.findChildren(kind) for kind in CONTROLS)
    nameless = {
        f"{type(each).__name__} in {type(each.parentWidget()).__name__}"
        for each in controls
        if each.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not each.isHidden()
        and not is_of_another(each)
        and not name_of(each, window)
    }
    assert not nameless


def actions(window: MainWindow) -> list[QAction]:
    menus = [menu for menu in window.findChildren(QMenu) if menu.title()]
    return [action for menu in menus for action in menu.actions() if not action.isSeparator() and not action.menu()]


def test_a_key_does_one_thing(window: MainWindow) -> None:
    unique = {id(action): action for action in [*actions(window), *window.findChildren(QAction)]}.values()
    everywhere = Counter(
        keys.toString()
        for action in unique
        if action.shortcutContext() in WINDOW_WIDE
        for keys in action.shortcuts()
        if not keys.isEmpty()
    )
    assert not [keys for keys, count in everywhere.items() if count > 1]
    assert {"S", "B", "G", "1"} <= set(everywhere), "letters and digits too"


@pytest.mark.parametrize("title", MENUS)
def test_a_letter_in_a_menu_means_one_thing(program: Opened, title: str) -> None:
    marked = [action.text() for action in program.shell.actions.menu(title).actions() if "&" in action.text()]
    letters = Counter(text.split("&", 1)[1][0].lower() for text in marked)
    assert not [letter for letter, count in letters.items() if count > 1]


def test_every_action_of_the_map_is_in_a_menu(program: Opened) -> None:
    in_menus = {action.text() for action in actions(program.window)}
    assert {action.text() for action in program.panels.map.actions()} <= in_menus


def luminance(colour: QColor) -> float:
    """Relative luminance of sRGB (WCAG 2.2)."""
    levels = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in levels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.long
def test_all_text_can_be_read(qapp: QApplication, scheme: str) -> None:
    apply_theme(qapp)
    set_scheme(qapp, scheme)
    roles, palette, dark = QPalette.ColorRole, qapp.palette(), scheme == "dark"
    papers = [palette.color(role) for role in (roles.Window, roles.Base, roles.AlternateBase)]
    inks = [palette.color(role) for role in (roles.WindowText, roles.Text, roles.PlaceholderText, roles.Link)]
    inks += [QColor(FAILURE[dark]), QColor(CAUTION[dark])]
    set_scheme(qapp, "system")
    assert min(contrast(ink, paper) for ink in inks for paper in papers) >= 4.5
    pairs = (
        (roles.HighlightedText, roles.Highlight),
        (roles.ToolTipText, roles.ToolTipBase),
        (roles.ButtonText, roles.Button),
    )
    assert min(contrast(palette.color(ink), palette.color(paper)) for ink, paper in pairs) >= 4.5
