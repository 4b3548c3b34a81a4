"""Samples: what is asked for is what is drawn, and the same seed can be asked for again."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from explorer.samples.panel import DRAWING, EMPTY, SamplesPanel

PICTURES = np.zeros((4, 8, 8, 1), np.uint8)


@pytest.fixture
def panel(qtbot: QtBot) -> SamplesPanel:
    panel = SamplesPanel()
    qtbot.addWidget(panel)
    panel.resize(820, 220)
    panel.show()
    return panel


def test_nothing_can_be_drawn_without_a_model(qtbot: QtBot, panel: SamplesPanel) -> None:
    assert panel._sheet.accessibleDescription() == EMPTY
    with qtbot.assertNotEmitted(panel.draw_requested):
        panel.draw_again()


def test_what_is_chosen_is_asked_for(qtbot: QtBot, panel: SamplesPanel) -> None:
    panel.show_classes(["coat", "shirt"])
    asked: list[tuple[str, int, int]] = []
    panel.draw_requested.connect(lambda *wish: asked.append(wish))
    qtbot.mouseClick(panel._again, Qt.MouseButton.LeftButton)
    panel._class._box.setCurrentIndex(2)
    panel._class._box.activated.emit(2)
    panel._prior.setCurrentIndex(1)
    panel._prior.activated.emit(1)
    assert asked == [("mixture", -1, 1), ("mixture", 1, 1), ("normal", 1, 1)]


def test_the_usual_prior_is_shown_until_another_is_chosen(panel: SamplesPanel) -> None:
    panel.show_classes([])
    panel.show_prior("Learned prior", "normal")
    assert panel._prior.currentText() == "Learned prior"
    panel.show_prior("N(0, I)", "mixture")
    assert panel._prior.currentText() == "Fitted to the codes"
    panel._prior.setCurrentIndex(panel._prior.findText("N(0, I)"))
    panel._prior.activated.emit(panel._prior.currentIndex())
    panel.show_prior("N(0, I)", "mixture")
    assert panel._prior.currentText() == "N(0, I)"


def test_only_a_model_that_knows_classes_offers_them(panel: SamplesPanel) -> None:
    panel.show_classes(["coat", "shirt"])
    assert panel._class.isVisible()
    panel.show_classes([])
    assert not panel._class.isVisible()
    assert panel._class.label == -1


def test_it_says_of_which_step_they_are(panel: SamplesPanel) -> None:
    panel.show_classes([])
    panel.show_busy()
    assert panel._sheet.accessibleDescription() == DRAWING
    panel.show_samples(PICTURES, [], 1200, np.array([0, 0, 1, 1], np.int8))
    assert panel._note.whole == "4 pictures at step 1,200"
    panel.show_failure("No codes are known yet.")
    assert panel._sheet.count == 0


def test_it_says_how_many_lie_where_nothing_was_learned(panel: SamplesPanel) -> None:
    panel.show_samples(PICTURES, [], 1200, np.array([3, 0, 2, 3], np.int8))
    assert panel._note.whole == "2 far from any picture, 1 between groups, step 1,200"
    assert panel._note.property("tone") == "caution"
    assert panel._note.toolTip().startswith("2 far from any picture, 1 between groups, step 1,200\nOf 4 pictures.")
    assert "Gaussians fitted to the codes" in " ".join(panel._note.toolTip().split())


def test_a_class_that_was_not_learned_cannot_be_chosen(qtbot: QtBot, panel: SamplesPanel) -> None:
    """By hand or by key: it stands there and says why."""
    panel.show_classes(["coat", "hat", "shirt"], unlearned={1})
    box, asked = panel._class._box, list[int]()
    panel.draw_requested.connect(lambda _, label, __: asked.append(label))
    assert box.itemText(2) == "hat (not learned)"
    assert "held out" in box.itemData(2, Qt.ItemDataRole.ToolTipRole)
    box.setFocus()
    for _ in range(3):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClicks(box, "h")
    assert asked == [0, 2]
    panel.show_classes(["coat", "hat", "shirt"])
    assert box.itemText(2) == "hat"
    for _ in range(2):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert asked == [0, 2, 0, 1]
