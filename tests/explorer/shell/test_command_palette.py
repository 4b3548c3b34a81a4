import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QMainWindow, QMenu

from explorer.shell.command_palette import CommandPalette, menu_path, score


@pytest.fixture
def window(qtbot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.fixture
def actions(window) -> dict[str, QAction]:
    view = window.menuBar().addMenu("&View")
    colours = view.addMenu("&Colours")
    menus = {"Open folder": window.menuBar().addMenu("&File"), "Show grid": view, "Dark": colours, "Light": colours}
    made = {name: menu.addAction("&" + name) for name, menu in menus.items()}
    made["Open folder"].setShortcut("Ctrl+O")
    return made


@pytest.fixture
def palette(window, actions, qtbot) -> CommandPalette:
    palette = CommandPalette(list(actions.values()), window)
    palette.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    palette.show()
    qtbot.waitExposed(palette)
    return palette


def names(palette: CommandPalette) -> list[str]:
    commands = palette.findChild(QListWidget)
    return [commands.item(row).text() for row in range(commands.count())]


def edit(palette: CommandPalette) -> QLineEdit:
    return palette.findChild(QLineEdit)


def test_a_command_is_found_by_a_few_letters_and_done_by_enter(palette, actions, qtbot):
    qtbot.keyClicks(edit(palette), "grd")
    assert names(palette) == ["Show grid"]
    with qtbot.waitSignal(actions["Show grid"].triggered, timeout=1000):
        qtbot.keyClick(edit(palette), Qt.Key.Key_Return)
    assert not palette.isVisible()


def test_words_may_come_in_any_order_and_name_the_menu(palette, qtbot):
    qtbot.keyClicks(edit(palette), "dark col")
    assert names(palette) == ["Dark"]
    edit(palette).setText("colours")
    assert names(palette) == ["Dark", "Light"]


def test_arrows_choose_while_the_keyboard_stays_in_the_text(palette, actions, qtbot):
    edit(palette).setText("colours")
    qtbot.keyClick(edit(palette), Qt.Key.Key_Down)
    with qtbot.waitSignal(actions["Light"].triggered, timeout=1000):
        qtbot.keyClick(edit(palette), Qt.Key.Key_Return)


def test_what_cannot_be_done_now_is_passed_over(window, actions, qtbot):
    actions["Dark"].setEnabled(False)
    palette = CommandPalette(list(actions.values()), window)
    edit(palette).setText("dark")
    assert names(palette) == ["Dark"]
    with qtbot.assertNotEmitted(actions["Dark"].triggered, wait=50):
        qtbot.keyClick(edit(palette), Qt.Key.Key_Return)
    edit(palette).setText("colours")
    with qtbot.waitSignal(actions["Light"].triggered, timeout=1000):
        qtbot.keyClick(edit(palette), Qt.Key.Key_Return)


def test_a_click_does_the_command(palette, actions, qtbot):
    commands = palette.findChild(QListWidget)
    place = commands.visualItemRect(commands.item(1)).center()
    with qtbot.waitSignal(actions["Show grid"].triggered, timeout=1000):
        qtbot.mouseClick(commands.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_escape_leaves_without_doing_anything(palette, actions, qtbot):
    with qtbot.assertNotEmitted(actions["Open folder"].triggered, wait=50):
        qtbot.keyClick(edit(palette), Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_nothing_found_is_said(palette):
    edit(palette).setText("qqq")
    assert names(palette) == []
    assert any("No command" in each.text() for each in palette.findChildren(QLabel) if each.isVisible())


def test_the_menu_path_is_told_outermost_first(actions, window):
    assert menu_path(actions["Dark"]) == "View › Colours"
    assert menu_path(actions["Open folder"]) == "File"
    assert menu_path(QAction("Loose", window)) == ""


def test_separators_submenus_and_repeats_are_left_out(window, actions):
    menus = [each.menu() for each in window.menuBar().actions()]
    everything = [action for menu in menus for action in menu.actions()] * 2
    assert sorted(names(CommandPalette(everything, window))) == ["Open folder", "Show grid"]


def test_the_start_of_a_word_beats_letters_inside():
    assert score("tr", "Train", "") > score("tr", "Extra", "") > score("tr", "Later", "") > 0
    assert score("", "Anything", "") == 0
    assert score("xyz", "Train", "Training") is None


def test_a_command_that_goes_while_the_palette_is_open_does_no_harm(qtbot) -> None:
    """As the recent folders do when a reading ends: painting their actions ended the program."""
    menu = QMenu("Recent")
    qtbot.addWidget(menu)
    menu.addAction("a folder")
    palette = CommandPalette(menu.actions())
    qtbot.addWidget(palette)
    palette.show()
    menu.clear()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    palette.grab()
    qtbot.keyClicks(palette.findChild(QLineEdit), "fold")
    palette.grab()
    qtbot.keyClick(palette.findChild(QLineEdit), Qt.Key.Key_Return)
