"""Dialogs of the selection: files move only when that was meant, and a picture is seen large."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMainWindow, QMessageBox
from pytestqt.qtbot import QtBot

from core.exploration import Exploration, Group
from explorer.dialogs.selection_questions import SelectionDialogs
from explorer.selection.large_picture import LargePicture
from explorer.selection.panel import SelectionPanel
from explorer.workspace.settings import Settings
from explorer.workspace.spot import NO_FILES

Asked = list[tuple[object, ...]]


class Window(QMainWindow):
    """As much of the main window as is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.selection = SelectionPanel()
        self.setCentralWidget(self.selection)
        self.forward = ""

    def bring_forward(self, title: str) -> None:
        self.forward = title


class Made:
    def __init__(self, qtbot: QtBot, source: str) -> None:
        self.window, self.gathered, self.made = Window(), Asked(), list[str]()
        qtbot.addWidget(self.window)
        self.window.show()
        table = SimpleNamespace(names=("a.png", "b.png"), classes=("x",), labels=np.zeros(2, np.int64))
        groups = (Group("odd", np.array([0])),)
        session = SimpleNamespace(
            settings=Settings(),
            viewing=SimpleNamespace(image_set=None, table=table),
            learning=SimpleNamespace(config=SimpleNamespace(source=source)),
            selecting=SimpleNamespace(indices=np.array([0, 1]), make_group=self.made.append),
            exploring=SimpleNamespace(now=Exploration(groups=groups)),
            gathering=SimpleNamespace(gather=lambda *asked: self.gathered.append(asked)),
        )
        self.dialogs = SelectionDialogs(self.window, session)


@pytest.fixture
def made(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    (tmp_path / "to").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "to"))
    return Made(qtbot, str(tmp_path))


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> list[str]:
    """Press this button of the next question; what it said."""
    said: list[str] = []

    def press(box: QMessageBox) -> int:
        said.append(f"{box.text()} {box.informativeText()}")
        next(button for button in box.buttons() if text in button.text()).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", press)
    return said


def test_files_move_only_when_that_was_meant(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = answer(monkeypatch, "Cancel")
    made.dialogs.move_files()
    assert made.gathered == []
    assert f"Move 2 images to {tmp_path / 'to'}?" in said[0]
    assert str(tmp_path) in said[0]
    answer(monkeypatch, "Move")
    made.dialogs.move_files()
    [(source, names, indices, folder, moves)] = made.gathered
    assert (source, names, indices.tolist(), folder, moves) == (
        tmp_path, ("a.png", "b.png"), [0, 1], tmp_path / "to", True,
    )  # fmt: skip


def test_copying_asks_nothing_but_the_folder(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QMessageBox, "exec", lambda _: pytest.fail("asked"))
    made.dialogs.copy_files()
    assert made.gathered[0][-1] is False


def test_images_of_a_named_set_have_no_files_and_it_says_so(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Made(qtbot, "fashion-mnist")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: pytest.fail("asked"))
    made.dialogs.copy_files()
    assert made.window.selection.line.text == NO_FILES
    assert made.window.forward == "Selection"


def test_a_class_has_a_name_of_its_own(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    answers, asked = iter([("odd", True), ("  ", True), (" rare ", True)]), list[str]()

    def ask(_: object, title: str, label: str, **__: object) -> tuple[str, bool]:
        asked.append(label)
        return next(answers)

    monkeypatch.setattr(QInputDialog, "getText", ask)
    made.dialogs.make_group()
    assert made.made == ["rare"]
    assert "already" in asked[1]
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("", False))
    made.dialogs.make_group()
    assert made.made == ["rare"]


def test_a_large_picture_is_replaced_by_its_file_and_leads_to_the_next(qtbot: QtBot) -> None:
    large = LargePicture()
    large.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(large)
    large.show()
    large.show_image(3, np.full((8, 8, 1), 90, np.uint8), "birds/3.png", "bird")
    middle = large._picture.rect().center()
    assert large._picture.grab().toImage().pixelColor(middle).red() == 90
    large.show_file(2, np.full((40, 20, 3), 10, np.uint8))  # the one before, too late
    large.show_file(3, np.full((40, 20, 3), 200, np.uint8))
    shown = large._picture.grab().toImage()
    assert shown.pixelColor(middle).red() == 200
    assert shown.pixelColor(2, middle.y()).red() != 200  # twice as high as wide: not stretched
    large.show_failure(3, "The file is gone.")
    assert large._words.whole == "The file is gone."
    with qtbot.waitSignal(large.stepped) as stepped:
        QTest.keyClick(large, Qt.Key.Key_Right)
    assert stepped.args == [1]
    QTest.keyClick(large, Qt.Key.Key_Escape)
    assert not large.isVisible()
