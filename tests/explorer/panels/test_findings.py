"""Findings: each can be read and tried, and nothing is seen of a healthy run."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.reports import Finding
from explorer.panels.findings import FindingsPanel

COLLAPSED = Finding("collapsed posterior", "KL is 0.01 < 0.1 nats.", "Lower beta to 1.", {"training.beta": 1.0})
DEAD = Finding("dead dimensions", "9 of 16 latent dimensions carry nothing.", "Nothing need be done.")


@pytest.fixture
def panel(qtbot: QtBot) -> FindingsPanel:
    panel = FindingsPanel()
    qtbot.addWidget(panel)
    panel.resize(820, 60)
    return panel


def test_nothing_is_seen_of_a_healthy_run(panel: FindingsPanel) -> None:
    panel.show_findings([COLLAPSED])
    assert panel.isVisible()
    panel.show_findings([])
    assert not panel.isVisible()


def test_a_remedy_is_one_click_away(qtbot: QtBot, panel: FindingsPanel) -> None:
    panel.show_findings([COLLAPSED])
    assert "KL is 0.01 &lt; 0.1 nats." in panel._words.text()
    assert "Lower beta to 1." in panel._words.text()
    with qtbot.waitSignal(panel.try_clicked) as tried:
        qtbot.mouseClick(panel._try, Qt.MouseButton.LeftButton)
    assert tried.args == [{"training.beta": 1.0}]


def test_every_finding_can_be_read_and_stays_while_it_is_read(qtbot: QtBot, panel: FindingsPanel) -> None:
    panel.show_findings([COLLAPSED, DEAD])
    qtbot.mouseClick(panel._next, Qt.MouseButton.LeftButton)
    assert DEAD.sentence in panel._words.text()
    assert not panel._try.isVisible()  # there is nothing to change
    panel.show_findings([DEAD, COLLAPSED])  # the diagnosis was renewed
    assert DEAD.sentence in panel._words.text()
    qtbot.mouseClick(panel._next, Qt.MouseButton.LeftButton)
    assert "Collapsed posterior" in panel._words.text()
