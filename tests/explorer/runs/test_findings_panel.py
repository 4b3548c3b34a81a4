"""Findings: each can be read and tried, what came of it is said, and nothing is seen of a healthy run."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.reports.evaluation import Finding
from explorer.runs.findings_panel import FindingsPanel

COLLAPSED = Finding("collapsed posterior", "KL is 0.01 < 0.1 nats.", "Lower beta to 1.", {"training.beta": 1.0})
BITS = Finding(
    "objective not in nats", "The untrained model starts at 784.0: these are bits.", "No setting mends this."
)


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
    panel.show_findings([COLLAPSED, BITS])
    qtbot.mouseClick(panel._next, Qt.MouseButton.LeftButton)
    assert BITS.sentence in panel._words.text()
    assert not panel._try.isVisible()  # there is nothing to change
    panel.show_findings([BITS, COLLAPSED])  # the diagnosis was renewed
    assert BITS.sentence in panel._words.text()
    qtbot.mouseClick(panel._next, Qt.MouseButton.LeftButton)
    assert "Collapsed posterior" in panel._words.text()


def test_what_cannot_be_judged_yet_says_so_where_the_verdict_stands(panel: FindingsPanel) -> None:
    panel.show_early("Too early to judge: 12 steps of the 200 that it takes.")
    assert panel._early.isVisible()
    assert not panel._try.isVisible()
    panel.show_early("")
    assert not panel.isVisible()


def test_before_and_after_stand_beside_what_is_found(panel: FindingsPanel) -> None:
    panel.show_trial("Before and after, Beta 8 → 1: held-out objective 310.2 nats per image before, 262.4 after.")
    assert panel._trial.isVisible()
    panel.show_findings([COLLAPSED])
    assert panel._trial.isVisible()
    assert panel._try.isVisible()
    panel.show_findings([])
    panel.show_trial("")
    assert not panel.isVisible()
