"""Evaluation: every figure is shown with its sign and its error, and it says why there are none."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from core.reports.evaluation import Evaluated, SamplesJudged
from core.reports.progress import Progress
from explorer.runs.evaluation_panel import NO_MODEL, READY, EvaluationPanel

FOUND = Evaluated(
    images=1000,
    objective=1231.94,
    reconstruction=226.4,
    kl=5.5,
    kl_per_dim=(3.1, 2.4),
    active_units=1,
    log_px=-229.84,
    log_px_se=0.41,
    effective_samples=12.7,
    naive_log_px=-261.3,
    naive_log_px_se=2.9,
    naive_effective_samples=1.4,
    importance_samples=64,
    bits_per_dim=4.2104,
    likelihood="discretised-logistic",
    beta=2.0,
)
JUDGED = SamplesJudged(256, 0.11, 0.14, 0.1, 0.012, 0.06, ("a", "b"), (0.995, 0.005), (0.5, 0.5), 0.88, 0.91)


@pytest.fixture
def panel(qtbot: QtBot) -> EvaluationPanel:
    panel = EvaluationPanel()
    qtbot.addWidget(panel)
    panel.resize(820, 220)
    panel.show()
    return panel


def values(panel: EvaluationPanel) -> dict[str, str]:
    items = (panel._table.topLevelItem(row) for row in range(panel._table.topLevelItemCount()))
    return {item.text(0): item.text(1) for item in items}


def test_every_figure_is_shown_with_what_it_means(panel: EvaluationPanel) -> None:
    panel.show_obstacle("")
    panel.show_figures(replace(FOUND, samples=JUDGED), "run moths")
    shown = values(panel)
    assert (shown["Images"], panel._table.topLevelItem(0).text(2)) == (
        "1,000",
        "Held out: the model has learned from none of them",
    )
    assert shown["log p(x)"] == "−229.84 ± 0.41"
    assert shown["Naive log p(x)"] == "−261.30 ± 2.90"
    assert shown["Bits per dim"] == "4.210"
    assert shown["Objective"] == "1,231.9"
    assert shown["Gap"] == "2.06"  # −229.84 − (−226.4 − 5.5)
    assert shown["Active units"] == "1 of 2"
    assert shown["Classes"] == "1 of 2"
    assert shown["As asked"] == "91.0%"
    assert all(panel._table.topLevelItem(row).text(2) for row in range(len(shown)))


def test_what_is_not_defined_is_not_shown(panel: EvaluationPanel) -> None:
    panel.show_figures(replace(FOUND, bits_per_dim=None), "run moths")
    assert "Bits per dim" not in values(panel)
    assert "Copies" not in values(panel)


def test_an_estimate_of_too_few_samples_says_so(panel: EvaluationPanel) -> None:
    panel.show_figures(FOUND, "run moths")
    assert "ask for more" not in panel._table.topLevelItem(1).text(2)
    panel.show_figures(replace(FOUND, effective_samples=1.2), "run moths")
    assert panel._table.topLevelItem(1).text(2).endswith("of which 1.2 count: it is higher than this, ask for more")


def test_what_is_asked_for_is_told_once(qtbot: QtBot, panel: EvaluationPanel) -> None:
    panel.show_obstacle("")
    assert panel._message.accessibleDescription() == READY
    panel._samples.setValue(500)
    panel._judges.setChecked(True)
    with qtbot.waitSignal(panel.evaluate_requested) as asked:
        qtbot.mouseClick(panel._evaluate, Qt.MouseButton.LeftButton)
    assert asked.args == [500, True]
    panel.show_busy(True)
    panel.show_progress(Progress("Evaluating", 30, 100))
    assert (panel._bar.value(), panel._bar.maximum()) == (30, 100)
    with qtbot.assertNotEmitted(panel.evaluate_requested):
        panel.evaluate()
    with qtbot.waitSignal(panel.cancel_requested):
        qtbot.mouseClick(panel._cancel, Qt.MouseButton.LeftButton)
    panel.show_busy(False)
    assert panel._evaluate.isVisible()
    assert not panel._cancel.isVisible()


def test_it_says_why_there_are_no_figures(qtbot: QtBot, panel: EvaluationPanel) -> None:
    assert panel._message.accessibleDescription() == NO_MODEL
    assert not panel._evaluate.isEnabled()
    panel.show_obstacle("")
    panel.show_figures(FOUND, "run moths")
    panel.show_failure("The run holds no images out.")
    assert panel._message.isVisible()
    assert panel._message.accessibleDescription() == "The run holds no images out."


def test_the_figures_can_be_taken_elsewhere(qtbot: QtBot, panel: EvaluationPanel) -> None:
    panel.show_figures(FOUND, "run moths")
    qtbot.mouseClick(panel._copy, Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[1].split("\t")[:2] == ["log p(x)", "−229.84 ± 0.41"]
