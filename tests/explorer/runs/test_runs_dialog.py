"""The list of runs: what is typed into it is not lost to what is listed meanwhile."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from core.reports.runs import KnownRun, KnownRuns
from explorer.runs.runs_dialog import RunsDialog


def run(name: str) -> KnownRun:
    return KnownRun(Path("/runs") / name, name, "/images", 2, 0.0, None)


@pytest.fixture
def dialog(qtbot: QtBot) -> RunsDialog:
    dialog = RunsDialog(Path("/shipped"), lambda: None)
    qtbot.addWidget(dialog)
    dialog.show_runs(KnownRuns((run("first"), run("second"))))
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def runs_of(dialog: RunsDialog) -> QTreeWidget:
    return dialog.findChild(QTreeWidget)


def begin_to_type(qtbot: QtBot, dialog: RunsDialog, words: str) -> QLineEdit:
    runs = runs_of(dialog)
    qtbot.mouseClick(runs.viewport(), Qt.MouseButton.LeftButton, pos=runs.visualItemRect(runs.topLevelItem(0)).center())
    name = next(each for each in dialog.findChildren(QPushButton) if each.text() == "Name…")
    qtbot.mouseClick(name, Qt.MouseButton.LeftButton)
    line = runs.viewport().findChild(QLineEdit)
    line.selectAll()
    qtbot.keyClicks(line, words)
    return line


def test_a_name_being_typed_outlasts_a_listing(qtbot: QtBot, dialog: RunsDialog) -> None:
    line = begin_to_type(qtbot, dialog, "warm")
    dialog.show_runs(KnownRuns((run("third"), run("first"), run("second"))))
    qtbot.keyClicks(line, "er")
    with qtbot.waitSignal(dialog.named) as named:
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert named.args == [Path("/runs/first"), "warmer"]
    dialog.show_runs(KnownRuns((run("third"), run("warmer"))))
    assert [runs_of(dialog).topLevelItem(row).text(0) for row in (0, 1)] == ["third", "warmer"]


def test_what_was_listed_is_shown_once_typing_is_given_up(qtbot: QtBot, dialog: RunsDialog) -> None:
    line = begin_to_type(qtbot, dialog, "warm")
    dialog.show_runs(KnownRuns((run("third"), run("first"), run("second"))))
    with qtbot.assertNotEmitted(dialog.named):
        qtbot.keyClick(line, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: runs_of(dialog).topLevelItemCount() == 3)
    assert runs_of(dialog).currentItem().text(0) == "first"
