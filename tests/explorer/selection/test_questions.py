"""What is asked about a selection: files move only when that was meant, a class has a name of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox
from pytestqt.qtbot import QtBot

from explorer.selection.questions import IN_ARCHIVE, Questions
from explorer.shell.actions import SELECTION
from explorer.workspace.spot import NO_FILES
from tests.explorer.opened import Opened, new_program


@pytest.fixture
def program(qtbot: QtBot) -> Iterator[Opened]:
    program = new_program()
    qtbot.addWidget(program.window)
    program.window.show()
    yield program
    program.window.close()


@pytest.fixture
def questions(program: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Questions:
    (tmp_path / "to").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "to"))
    return Questions(program.shell, lambda: 2)


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> list[str]:
    """Press this button of the next question; what it said."""
    said: list[str] = []

    def press(box: QMessageBox) -> int:
        said.append(f"{box.text()} {box.informativeText()}")
        next(button for button in box.buttons() if text in button.text()).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", press)
    return said


def test_files_move_only_when_that_was_meant(
    questions: Questions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = answer(monkeypatch, "Cancel")
    assert questions.ask_folder(tmp_path, moves=True) == ""
    assert f"Move 2 images to {tmp_path / 'to'}?" in said[0]
    assert str(tmp_path) in said[0]
    answer(monkeypatch, "Move")
    assert questions.ask_folder(tmp_path, moves=True) == str(tmp_path / "to")


def test_copying_asks_nothing_but_the_folder(
    questions: Questions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMessageBox, "exec", lambda _: pytest.fail("asked"))
    assert questions.ask_folder(tmp_path, moves=False) == str(tmp_path / "to")


def test_images_of_a_named_set_have_no_files_and_it_says_so(
    program: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: pytest.fail("asked"))
    program.shell.actions.tell(SELECTION, True)
    program.shell.actions["copy_files"].trigger()
    panel = program.panels.selection
    assert panel.line.text == NO_FILES
    qtbot.waitUntil(lambda: not panel.visibleRegion().isEmpty())


def test_an_archive_is_left_as_it_is(questions: Questions, tmp_path: Path) -> None:
    assert questions.why_no_files(tmp_path, would_change_archive=True) == IN_ARCHIVE
    assert questions.why_no_files(tmp_path, would_change_archive=False) == ""


def test_a_class_has_a_name_of_its_own(questions: Questions, monkeypatch: pytest.MonkeyPatch) -> None:
    answers, asked = iter([("odd", True), ("  ", True), (" rare ", True)]), list[str]()

    def ask(_: object, title: str, label: str, **__: object) -> tuple[str, bool]:
        asked.append(label)
        return next(answers)

    monkeypatch.setattr(QInputDialog, "getText", ask)
    assert questions.ask_group({"odd"}) == "rare"
    assert "already" in asked[1]
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("", False))
    assert questions.ask_group({"odd"}) == ""
