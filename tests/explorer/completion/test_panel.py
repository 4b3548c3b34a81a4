"""Completion: what is hidden is what is told, and it says why nothing can be completed."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from explorer.completion.hidden_part import shape
from explorer.completion.panel import NOT_TRAINED_FOR_IT, PAINTED, CompletionPanel

IMAGE = np.full((16, 16, 3), 90, np.uint8)


@pytest.fixture
def panel(qtbot: QtBot) -> CompletionPanel:
    panel = CompletionPanel()
    qtbot.addWidget(panel)
    panel.resize(820, 220)
    panel.show()
    panel.show_image("coat/4.png", IMAGE, shape("Right half", 16, 16))
    return panel


def test_a_shape_is_hidden_by_its_name(qtbot: QtBot, panel: CompletionPanel) -> None:
    assert panel._shape.currentText() == "Right half"
    with qtbot.waitSignal(panel.hidden_changed) as changed:
        panel._shape.textActivated.emit("Upper half")
    np.testing.assert_array_equal(changed.args[0], shape("Upper half", 16, 16))
    assert panel._shape.currentText() == "Upper half"


def test_painting_is_told_and_is_no_named_shape(qtbot: QtBot, panel: CompletionPanel) -> None:
    with qtbot.waitSignal(panel.hidden_changed) as changed:
        qtbot.mousePress(panel._editor, Qt.MouseButton.LeftButton, pos=panel._editor._area().center().toPoint())
    assert changed.args[0].sum() > shape("Right half", 16, 16).sum()
    assert panel._shape.currentText() == PAINTED


def test_what_could_do_nothing_cannot_be_chosen(qtbot: QtBot, panel: CompletionPanel) -> None:
    """Without a hidden part every draw is the image; and what was painted over is no shape to hide."""
    assert not panel._shape.model().item(panel._shape.findText(PAINTED)).isEnabled()
    for tool, has_size in (("box", False), ("eraser", True)):
        qtbot.mouseClick(panel.findChild(QToolButton, tool), Qt.MouseButton.LeftButton)
        assert panel._size.isEnabled() == has_size
    panel._shape.textActivated.emit("Nothing")
    assert not panel._again.isEnabled()
    assert "Nothing is hidden" in panel._again.toolTip()
    with qtbot.assertNotEmitted(panel.draw_requested):
        panel.draw_again()
    panel._shape.textActivated.emit("Middle")
    with qtbot.waitSignal(panel.draw_requested):
        qtbot.mouseClick(panel._again, Qt.MouseButton.LeftButton)


def test_the_best_guess_stands_before_the_draws(panel: CompletionPanel) -> None:
    panel.show_completions(IMAGE, np.stack([IMAGE] * 8))
    assert panel._sheet.count == 9
    assert panel._sheet._captions[:2] == ("best", "draw 1")


def test_it_says_why_nothing_can_be_completed(qtbot: QtBot, panel: CompletionPanel) -> None:
    panel.show_nothing(NOT_TRAINED_FOR_IT)
    assert panel._message.isVisible()
    assert panel._message.accessibleDescription() == NOT_TRAINED_FOR_IT
    with qtbot.assertNotEmitted(panel.draw_requested):
        panel.draw_again()
