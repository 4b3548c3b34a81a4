"""A model that was trained is found again: offered with its images, listed, named, and thrown away."""

from pathlib import Path

import pytest
from PySide6.QtCore import QFile, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from core.places import bundled_run
from core.training.run_name import name_run
from explorer.runs.runs_dialog import LEARNING, NONE_CHOSEN, SHIPPED, RunsDialog
from explorer.shell.save_dialog import SaveDialog
from tests.explorer.opened import Opened
from tests.journeys.driving import PATIENCE, Open, Screenshot, learn, press, read, shown_buttons, small, start, wait_for


@pytest.fixture(autouse=True)
def bin_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As desktops on Linux have one; nothing goes into the user's."""
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    return folder / "Trash"


def open_dialog(qtbot: QtBot, program: Opened) -> RunsDialog:
    program.window.activateWindow()
    with qtbot.waitSignal(program.workspace.known_runs.listed, timeout=PATIENCE):
        QTest.keyClick(
            program.window.windowHandle(),
            Qt.Key.Key_R,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        )
    dialog = program.window.findChild(RunsDialog)
    assert dialog is not None
    return dialog


def choose(qtbot: QtBot, dialog: RunsDialog, row: int) -> None:
    runs = dialog.findChild(QTreeWidget)
    item = runs.topLevelItem(row)
    qtbot.mouseClick(runs.viewport(), Qt.MouseButton.LeftButton, pos=runs.visualItemRect(item).center())


def button(dialog: RunsDialog, words: str) -> QPushButton:
    return next(each for each in dialog.findChildren(QPushButton) if each.text() == words)


def names(dialog: RunsDialog) -> list[str]:
    runs = dialog.findChild(QTreeWidget)
    return [runs.topLevelItem(row).text(0) for row in range(runs.topLevelItemCount())]


def test_a_set_that_is_opened_again_offers_its_newest_model(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, folder: Path
) -> None:
    program = open_program()
    read(qtbot, program, folder)
    learn(qtbot, program, small(folder, epochs=1))
    newest = learn(qtbot, program, small(folder, epochs=1))
    assert not [each for each in shown_buttons(program) if "open it" in each]
    with qtbot.waitSignal(program.workspace.known_runs.listed, timeout=PATIENCE):
        read(qtbot, program, folder)
    qtbot.waitUntil(lambda: "Trained just now: open it" in shown_buttons(program), timeout=PATIENCE)
    screenshot(program, "offered")
    press(qtbot, program, "Trained just now: open it")
    wait_for(qtbot, program, "finished")
    assert program.workspace.learning.run == newest
    assert not [each for each in shown_buttons(program) if "open it" in each]


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)", extend=True)  # offscreen
@pytest.mark.long
def test_a_run_is_opened_from_the_menu(qtbot: QtBot, open_program: Open, screenshot: Screenshot, folder: Path) -> None:
    program = open_program()
    read(qtbot, program, folder)
    run = learn(qtbot, program, small(folder, epochs=1))
    program.workspace.open(bundled_run())
    wait_for(qtbot, program, "finished")
    menu = program.panels.recent
    qtbot.waitUntil(lambda: any(run.name in each.text() for each in menu.actions()), timeout=PATIENCE)
    menu.popup(program.window.pos())
    entry = next(each for each in menu.actions() if "nats" in each.text() and run.name in each.text())
    assert not entry.icon().isNull()
    assert "just now" in entry.text()
    screenshot(program, "recent")
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())
    qtbot.waitUntil(lambda: program.workspace.learning.run == run, timeout=PATIENCE)
    wait_for(qtbot, program, "finished")


def test_runs_are_found_named_and_thrown_away(
    qtbot: QtBot, open_program: Open, folder: Path, bin_of_its_own: Path
) -> None:
    program = open_program()
    read(qtbot, program, folder)
    first = learn(qtbot, program, small(folder, epochs=1))
    second = learn(qtbot, program, small(folder, epochs=1))
    dialog = open_dialog(qtbot, program)
    qtbot.waitUntil(lambda: names(dialog)[:2] == [second.name, first.name], timeout=PATIENCE)
    assert button(dialog, "Delete").toolTip().endswith(NONE_CHOSEN)

    choose(qtbot, dialog, 1)
    runs = dialog.findChild(QTreeWidget)
    qtbot.mouseClick(button(dialog, "Name…"), Qt.MouseButton.LeftButton)
    line = runs.viewport().findChild(QLineEdit)
    line.selectAll()
    qtbot.keyClicks(line, "<b>A&B</b> discs")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.workspace.known_runs.name_of(first) == "<b>A&B</b> discs", timeout=PATIENCE)
    assert names(dialog)[1] == "<b>A&B</b> discs"
    assert program.panels.compare._names[first] == "<b>A&B</b> discs"

    search = next(each for each in dialog.findChildren(QLineEdit) if each.accessibleName() == "Find a run")
    qtbot.keyClicks(search, "a&b")
    assert names(dialog) == ["<b>A&B</b> discs"]
    choose(qtbot, dialog, 0)
    with qtbot.waitSignal(program.workspace.known_runs.thrown, timeout=PATIENCE):
        qtbot.mouseClick(button(dialog, "Delete"), Qt.MouseButton.LeftButton)
    assert not first.exists()
    assert (bin_of_its_own / "files" / first.name / "config.json").is_file()
    assert program.workspace.learning.run == second
    dialog.close()


@pytest.mark.long
def test_the_title_has_the_name_of_a_run_from_the_moment_it_is_open(
    qtbot: QtBot, open_program: Open, folder: Path
) -> None:
    """Not that of its folder, until all runs are listed."""
    program, titles = open_program(), list[str]()
    learning = program.workspace.learning
    learning.run_opened.connect(lambda _: titles.append(program.window.windowTitle()))
    learning.training_started.connect(lambda _: titles.append(program.window.windowTitle()))
    read(qtbot, program, folder)
    run = learn(qtbot, program, small(folder, epochs=1))
    name_run(run, "warm")
    for source in (bundled_run(), run):
        program.workspace.open(source)
        wait_for(qtbot, program, "reading")
        wait_for(qtbot, program, "finished")
    assert titles == [f"{name} — Latentscape" for name in (run.name, "demonstration", "warm")]


def test_what_is_saved_is_called_after_its_run(qtbot: QtBot, open_program: Open, folder: Path) -> None:
    program = open_program()
    read(qtbot, program, folder)
    run = learn(qtbot, program, small(folder, epochs=1))
    shelving = program.workspace.known_runs
    shelving.name(run, "warm/cold?")
    qtbot.waitUntil(lambda: shelving.name_of(run) == "warm/cold?", timeout=PATIENCE)
    qtbot.waitUntil(lambda: program.workspace.viewing.place is not None, timeout=PATIENCE)
    program.shell.actions["save_picture"].trigger()
    dialog = program.window.findChild(SaveDialog)
    assert Path(dialog.path).name == "warm-cold- picture.png"
    dialog.reject()


@pytest.mark.long
def test_where_there_is_no_bin_nothing_is_deleted_and_that_is_said(
    qtbot: QtBot, open_program: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFile, "moveToTrash", staticmethod(lambda _: False))
    program = open_program()
    read(qtbot, program, folder)
    learn(qtbot, program, small(folder, epochs=1))
    second = learn(qtbot, program, small(folder, epochs=1))
    program.workspace.open(bundled_run())
    wait_for(qtbot, program, "finished")
    dialog = open_dialog(qtbot, program)
    choose(qtbot, dialog, names(dialog).index(second.name))
    with qtbot.waitSignal(program.workspace.known_runs.failed, timeout=PATIENCE) as failed:
        qtbot.mouseClick(button(dialog, "Delete"), Qt.MouseButton.LeftButton)
    assert "No bin" in failed.args[0]
    assert str(second) in dialog._note.text()
    assert second.exists()
    dialog.close()


def test_when_the_run_in_hand_is_thrown_away_its_images_are_open(
    qtbot: QtBot, open_program: Open, folder: Path
) -> None:
    program = open_program()
    read(qtbot, program, folder)
    run = learn(qtbot, program, small(folder, epochs=1))
    dialog = open_dialog(qtbot, program)
    choose(qtbot, dialog, names(dialog).index(run.name))
    with qtbot.waitSignal(program.workspace.known_runs.thrown, timeout=PATIENCE):
        qtbot.mouseClick(button(dialog, "Delete"), Qt.MouseButton.LeftButton)
    dialog.close()
    wait_for(qtbot, program, "idle")
    qtbot.waitUntil(lambda: "Train" in shown_buttons(program), timeout=PATIENCE)
    assert program.workspace.learning.run is None
    assert program.workspace.viewing.latent_space is None
    assert not run.exists()
    assert str(run.name) not in program.window.windowTitle()


def test_what_is_trained_or_came_with_the_program_cannot_be_thrown_away(
    qtbot: QtBot, open_program: Open, folder: Path
) -> None:
    program = open_program()
    read(qtbot, program, folder)
    start(qtbot, program, small(folder, epochs=100_000))
    run = program.workspace.learning.run
    assert run is not None
    qtbot.waitUntil((run / "latest").exists, timeout=PATIENCE)
    dialog = open_dialog(qtbot, program)
    choose(qtbot, dialog, names(dialog).index("demonstration"))
    assert button(dialog, "Delete").toolTip().endswith(SHIPPED)
    choose(qtbot, dialog, names(dialog).index(run.name))
    assert button(dialog, "Delete").toolTip().endswith(LEARNING)
    program.workspace.learning.pause()
    qtbot.waitUntil(button(dialog, "Delete").isEnabled, timeout=PATIENCE)
    dialog.close()
