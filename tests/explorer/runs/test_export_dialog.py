"""Export model: what a person reads while it goes on, when it is done, and when it is not."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from core.reports.export import Compared, ModelExported
from core.reports.progress import Progress
from explorer.runs.export_dialog import ExportDialog
from tests.explorer.looking import heard, named, said

EXPORTED = ModelExported(
    Path("/models/moths ONNX"),
    (("encoder.onnx", 357_000), ("decoder.onnx", 265_000), ("README.md", 2_000)),
    opset=18,
    compared=Compared(3.2e-6, 100, are_own=True),
)


@pytest.fixture
def dialog(qtbot: QtBot) -> ExportDialog:
    dialog = ExportDialog("moths <i>&amp;\n", "/models/moths ONNX")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # pytest-qt closes it once more
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def click(qtbot: QtBot, dialog: ExportDialog, words: str) -> None:
    button = next(each for each in dialog.findChildren(QPushButton) if each.text() == words and each.isVisible())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def visible(dialog: ExportDialog) -> set[str]:
    return {each.text() for each in dialog.findChildren(QPushButton) if each.isVisible() and each.isEnabled()}


def test_what_is_asked_for_is_the_folder_that_is_named(qtbot: QtBot, dialog: ExportDialog) -> None:
    assert "encoder and decoder of moths <i>&amp; as ONNX" in said(dialog)
    exported, copied, chosen = heard(dialog.export_clicked), heard(dialog.copy_clicked), heard(dialog.place_clicked)
    field = dialog.findChild(QLineEdit)
    qtbot.keyClicks(field, "-2 ")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    click(qtbot, dialog, "Copy command")
    click(qtbot, dialog, "Choose…")
    assert exported == copied == [("/models/moths ONNX-2",)]
    assert len(chosen) == 1
    dialog.show_folder("/elsewhere/moths ONNX")
    click(qtbot, dialog, "Export")
    assert exported[1:] == [("/elsewhere/moths ONNX",)]
    field.clear()
    click(qtbot, dialog, "Export")
    assert len(exported) == 2
    assert "Name a folder first." in said(dialog)


def test_how_far_it_is_and_what_came_of_it(qtbot: QtBot, dialog: ExportDialog) -> None:
    shown = heard(dialog.folder_clicked)
    assert visible(dialog) == {"Copy command", "Choose…", "Export", "Close"}
    dialog.show_busy(True)
    assert visible(dialog) == {"Copy command", "Stop", "Close"}
    dialog.show_progress(Progress("Exporting the model", 2, 4))
    assert "Exporting the model: 2 of 4" in said(dialog)
    bar = dialog.findChild(QProgressBar)
    assert (bar.isVisible(), bar.value(), bar.maximum()) == (True, 2, 4)
    dialog.show_exported(EXPORTED)
    dialog.show_busy(False)
    assert (
        "Exported encoder.onnx, decoder.onnx, README.md: 624 kB; on 100 of the run's images, ONNX Runtime and PyTorch "
        "differ by less than 0.00001."
    ) in said(dialog)
    click(qtbot, dialog, "Show")
    assert shown == [("/models/moths ONNX",)]
    qtbot.keyClicks(dialog.findChild(QLineEdit), "-2")
    assert "Show" not in visible(dialog)  # that folder is not there yet


def test_stopped_failed_or_closed(qtbot: QtBot, dialog: ExportDialog) -> None:
    stopped = heard(dialog.stop_clicked)
    dialog.show_busy(True)
    click(qtbot, dialog, "Stop")
    assert len(stopped) == 1
    dialog.show_busy(False)
    assert "Stopped: nothing was written." in said(dialog)
    dialog.show_busy(True)
    dialog.show_failure("/models/moths ONNX is there already: name a new folder.")
    dialog.show_busy(False)
    assert "is there already" in said(dialog)
    assert "Stopped" not in said(dialog)
    assert named(dialog, "Export").isVisible()
    click(qtbot, dialog, "Close")
    assert len(stopped) == 2


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (0.0, "say the same to the last digit"),
        (9.9e-5, "differ by less than 0.0001"),
        (1e-6, "differ by less than 0.00001"),
        (1.2e-7, "differ by less than 0.000001"),
    ],
)
def test_a_difference_is_said_as_a_bound_that_it_keeps(difference: float, words: str) -> None:
    assert Compared(difference, 7, are_own=False).in_words == (
        f"on 7 pictures that the model made up, ONNX Runtime and PyTorch {words}"
    )
