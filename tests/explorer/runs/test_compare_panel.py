"""Compare: each run keeps its colour and mark, its curves are its own, and what cannot be read is said."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.config import preset
from core.reports.evaluation import Compared
from core.reports.training import HeldOutDone, StepDone, Terms
from explorer.runs.compare_panel import MOST, NO_RUNS, NONE_CHOSEN, ComparePanel

RUNS = [Path(f"/runs/moths-{number}") for number in range(20)]


def compared(number: int) -> Compared:
    terms = [Terms(1000.0 * number + 100 - i, 1000.0 * number + 90 - i, 10.0) for i in range(30)]
    steps = tuple(StepDone(i + 1, i / 10, each, each, each, 1.0, 1e-3, 9e3, i, None) for i, each in enumerate(terms))
    held_out = (HeldOutDone(10, terms[9], 50), HeldOutDone(30, terms[29], 50))
    differs: dict[str, object] = {"model.latent_dims": number + 1}
    config = preset("quick", "/pictures/moths")
    return Compared(RUNS[number], RUNS[number].name, config, differs, steps, held_out, 125.0, True, 10, (0.1,) * 4, 3)


@pytest.fixture
def panel(qtbot: QtBot) -> ComparePanel:
    panel = ComparePanel()
    qtbot.addWidget(panel)
    panel.resize(820, 220)
    panel.show()
    panel.show_runs(RUNS[:3])
    return panel


def tick(panel: ComparePanel, number: int, is_ticked: bool = True) -> None:
    state = Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked
    panel._rows[RUNS[number]].setCheckState(0, state)


def held_lines(panel: ComparePanel) -> list[pg.PlotDataItem]:
    return [item for item in panel._plot.getPlotItem().items if isinstance(item, pg.PlotDataItem)]


def test_ticking_a_run_asks_for_it(qtbot: QtBot, panel: ComparePanel) -> None:
    with qtbot.waitSignal(panel.runs_chosen) as chosen:
        tick(panel, 2)
    assert chosen.args == [[RUNS[2]]]
    with qtbot.waitSignal(panel.runs_chosen) as chosen:
        tick(panel, 0)
    assert chosen.args == [[RUNS[0], RUNS[2]]]


def test_a_tick_moves_no_row(panel: ComparePanel) -> None:
    def places() -> list[QRect]:
        rows = panel._table.topLevelItemCount()
        return [panel._table.visualItemRect(panel._table.topLevelItem(row)) for row in range(rows)]

    before = [(each.top(), each.height()) for each in places()]
    tick(panel, 0)
    QApplication.processEvents()
    assert [(each.top(), each.height()) for each in places()] == before


def test_a_run_is_called_what_it_was_named_before_and_after_it_is_listed(panel: ComparePanel) -> None:
    panel.show_names({RUNS[1]: "strong beta", RUNS[3]: "weak beta"})
    assert [row.text(0) for row in panel._rows.values()] == [RUNS[0].name, "strong beta", RUNS[2].name]
    tick(panel, 1)
    panel.show_runs(RUNS[:4])
    assert [row.text(0) for row in panel._rows.values()][1::2] == ["strong beta", "weak beta"]
    assert panel.ticked == [RUNS[1]]


def test_the_table_has_the_last_figures_and_what_differs(panel: ComparePanel) -> None:
    tick(panel, 1)
    panel.show_compared([compared(1)])
    row = panel._rows[RUNS[1]]
    assert [row.text(column) for column in range(1, 7)] == ["latent dims 2", "1,071", "1,061", "10.00", "3/4", "2:05"]
    assert panel._rows[RUNS[0]].text(2) == ""


def test_every_run_is_drawn_with_its_own_numbers_colour_and_mark(panel: ComparePanel) -> None:
    for number in (0, 1):
        tick(panel, number)
    panel.show_compared([compared(0), compared(1)])
    first, second = held_lines(panel)
    np.testing.assert_allclose(first.getData(), ([10, 30], [91, 71]))
    np.testing.assert_allclose(second.getData(), ([10, 30], [1091, 1071]))
    assert first.opts["symbol"] != second.opts["symbol"]
    assert first.opts["symbolBrush"] != second.opts["symbolBrush"]
    panel._quantity.setCurrentIndex(2)
    panel._quantity.activated.emit(2)
    np.testing.assert_allclose(held_lines(panel)[0].getData()[1], 10.0)
    panel._held_out.setChecked(False)
    assert not held_lines(panel)


def test_a_run_keeps_its_colour_when_another_goes(panel: ComparePanel) -> None:
    for number in (0, 1):
        tick(panel, number)
    panel.show_compared([compared(0), compared(1)])
    colour = held_lines(panel)[1].opts["symbolBrush"]
    tick(panel, 0, is_ticked=False)
    assert [line.opts["symbolBrush"] for line in held_lines(panel)] == [colour]


def test_the_run_in_hand_is_ticked_as_soon_as_it_is_listed(panel: ComparePanel) -> None:
    panel.show_run_in_hand(RUNS[3])
    assert panel.ticked == []
    panel.show_runs(RUNS[:4])
    assert panel.ticked == [RUNS[3]]
    panel.show_run_in_hand(RUNS[0])
    assert panel.ticked == [RUNS[0]]


def test_it_says_what_can_be_done(qtbot: QtBot, panel: ComparePanel) -> None:
    assert panel._message.accessibleDescription() == NONE_CHOSEN
    panel.show_failure("There is no whole checkpoint in /runs/moths-9 yet.")
    assert panel._note.whole == "There is no whole checkpoint in /runs/moths-9 yet."
    panel.show_runs([])
    assert panel._message.accessibleDescription() == NO_RUNS


def test_no_more_runs_than_can_be_told_apart(panel: ComparePanel) -> None:
    panel.show_runs(RUNS)
    for number in range(MOST + 1):
        tick(panel, number)
    assert len(panel.ticked) == MOST
    assert panel._rows[RUNS[MOST]].checkState(0) == Qt.CheckState.Unchecked


def told_apart(number: int, **differs: object) -> Compared:
    return replace(compared(number), differs={key.replace("__", "."): value for key, value in differs.items()})


def test_nothing_that_tells_runs_apart_is_cut(panel: ComparePanel) -> None:
    settings = {"model__latent_dims": 8, "training__learning_rate": 0.0003, "model__likelihood": "discretised-logistic"}
    for number in (0, 1):
        tick(panel, number)
    panel.show_compared([told_apart(0, **settings), told_apart(1, **settings)])
    row = panel._rows[RUNS[0]]
    lines = row.text(1).splitlines()
    assert lines == ["latent dims 8", "learning rate 0.0003", "likelihood discretised-logistic"]
    metrics = panel._table.fontMetrics()
    assert panel._table.columnWidth(1) >= max(metrics.horizontalAdvance(each) for each in lines)
    assert panel._table.columnWidth(0) >= metrics.horizontalAdvance(row.text(0))
    assert panel._table.visualItemRect(row).height() >= 3 * metrics.height()


def test_many_settings_are_counted_and_read_whole_in_the_tooltip(panel: ComparePanel) -> None:
    many = {f"model__field_{number}": number for number in range(9)}
    for number in (0, 1):
        tick(panel, number)
    panel.show_compared([told_apart(0, **many), told_apart(1, **many)])
    assert panel._rows[RUNS[0]].text(1).splitlines()[-1] == "and 5 more settings"
    assert "field 8 8" in panel._rows[RUNS[0]].toolTip(1)


def test_runs_of_the_same_settings_say_so(panel: ComparePanel) -> None:
    for number in (0, 1):
        tick(panel, number)
    panel.show_compared([told_apart(0), told_apart(1)])
    assert panel._rows[RUNS[0]].text(1) == "nothing"


def test_the_plot_shows_where_runs_end_until_a_hand_moves_it(panel: ComparePanel, qtbot: QtBot) -> None:
    falling = [Terms(100.0 + 5000.0 * (i < 20) + 0.01 * i, 1.0, 1.0) for i in range(400)]
    steps = tuple(StepDone(i, 0.0, each, each, each, 1.0, 1e-3, 9e3, i, None) for i, each in enumerate(falling))
    run = replace(compared(0), steps=steps, held_out=(HeldOutDone(399, falling[-1], 50),))
    tick(panel, 0)
    panel.show_compared([run])
    low, high = panel._plot.getPlotItem().vb.viewRange()[1]
    assert high < 1000
    assert low < 104 < high
    QTest.mouseDClick(panel._plot.viewport(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel._plot.getPlotItem().vb.viewRange()[1][1] > 5000)


@pytest.mark.parametrize("width", [700, 1000, 1700])
def test_the_plot_has_room_however_wide_the_panel_is(panel: ComparePanel, qtbot: QtBot, width: int) -> None:
    panel.resize(width, 400)
    tick(panel, 0)
    panel.show_compared([compared(0)])
    qtbot.wait(10)
    assert panel._plot.width() >= 240
    if width == 1700:
        assert panel._table.horizontalScrollBar().maximum() == 0
