"""The curves a user judges a run by: nothing lost, nothing drawn wrong, never slow."""

import csv
import time

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.reports.training import HeldOutDone, StepDone, Terms
from explorer.curves.panel import EMPTY, CurvesPanel
from explorer.curves.quantity_plot import StepsAxis
from explorer.toolkit.curve_numbers import Averages, Rows, thinned
from explorer.toolkit.side_scroll import Narrowing

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


def step_done(step: int, objective: float = 100.0, kl: float = 5.0) -> StepDone:
    mean, low, high = (Terms(objective + d, objective - kl + d, kl) for d in (0, -3, 3))
    return StepDone(step, step / 10, mean, low, high, 1.0, 1e-3, 17_000.0, step / 100, None)


def held_out_done(step: int, objective: float = 110.0) -> HeldOutDone:
    return HeldOutDone(step, Terms(objective, objective - 5, 5.0), 687)


@pytest.fixture
def panel(qtbot: QtBot) -> CurvesPanel:
    panel = CurvesPanel()
    qtbot.addWidget(panel)
    panel.resize(900, 250)
    panel.show()
    return panel


def heading(panel: CurvesPanel, quantity: str = "objective") -> str:
    return panel._plots[quantity].heading


def test_the_plots_are_whole_in_the_room_below_the_map(qtbot: QtBot) -> None:
    panel = CurvesPanel()
    dock = Narrowing(panel)
    qtbot.addWidget(dock)
    dock.setFixedSize(660, 220)
    panel.show_history([step_done(step, -19_071.0) for step in range(0, 500, 8)], [held_out_done(400, -18_640.0)])
    dock.show()
    qtbot.waitUntil(lambda: "held" in heading(panel) or "●" in heading(panel))
    for shown in panel._plots.values():
        assert shown.plot.mapTo(dock, shown.plot.rect().bottomRight()).y() < dock.height()


@pytest.mark.parametrize("last", [7, 150, 9_000, 1_234_567])
def test_numbers_of_steps_stand_apart_in_a_narrow_plot(last: int) -> None:
    axis, width = StepsAxis("bottom"), 110
    (spacing, _), *_ = axis.tickSpacing(0.0, last, width)
    wide = QFontMetrics(QApplication.font()).horizontalAdvance(str(last))
    assert wide < spacing * width / last
    assert f"{spacing:e}"[0] in "125"


def line_of(panel: CurvesPanel, quantity: str = "objective") -> tuple[np.ndarray, np.ndarray]:
    return panel._plots[quantity]._line.getData()


@example(values=[100.0, 0.0, 50.0], weight=0.9, cut=1)
@given(values=NUMBERS, weight=st.floats(0.0, 0.999), cut=st.integers(0, 60))
def test_a_smoothed_line_is_the_debiased_average_however_it_came_in(
    values: list[float], weight: float, cut: int
) -> None:
    total, expected = 0.0, []
    for count, value in enumerate(values, 1):
        total = weight * total + (1 - weight) * value
        expected.append(total / (1 - weight**count))
    averages = Averages(1, weight)
    averages.of(np.array([values[:cut]]))
    found = averages.of(np.array([values]))[0]
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-3)


@given(values=NUMBERS, bins=st.integers(1, 70))
def test_thinning_never_hides_an_extreme_or_an_end(values: list[float], bins: int) -> None:
    x, y = np.arange(float(len(values))), np.array(values)
    places, low, high = thinned(x, y - 1, y + 1, bins)
    assert len(places) <= max(bins, 1)
    assert low.min() == y.min() - 1
    assert high.max() == y.max() + 1
    assert places[-1] == x[-1]


def test_a_run_resumed_from_an_earlier_step_replaces_what_came_after() -> None:
    rows = Rows(("step", "value"))
    assert rows.extend([(1, 1), (2, 2), (3, 3)]) == 0
    assert rows.extend([(2, 20)]) == 1
    assert rows.column("step").tolist() == [1, 2]
    assert rows.column("value").tolist() == [1, 20]


def test_a_history_that_went_back_in_time_is_read_as_the_newest_of_each_step() -> None:
    rows = Rows(("step", "value"))
    rows.extend([(1, 1), (2, 2), (3, 3), (2, 20), (4, 4)])
    assert rows.column("value").tolist() == [1, 20, 4]


def test_an_empty_panel_says_what_will_come(panel: CurvesPanel) -> None:
    assert panel._message.isVisible()
    assert panel._message.text() == EMPTY


def test_reports_appear_by_themselves(qtbot: QtBot, panel: CurvesPanel) -> None:
    for step in range(1, 6):
        panel.add_step(step_done(step, 100.0))
    panel.add_held_out(held_out_done(5, 110.0))
    qtbot.waitUntil(lambda: "100.0" in heading(panel) and "110.0" in heading(panel), timeout=2000)
    assert panel._canvas.isVisible()


def test_a_hidden_panel_draws_nothing_until_it_is_seen(qtbot: QtBot, panel: CurvesPanel) -> None:
    panel.hide()
    panel.add_step(step_done(1, 100.0))
    qtbot.waitUntil(lambda: not panel._timer.isActive(), timeout=2000)
    assert "100.0" not in heading(panel)
    panel.show()
    assert "100.0" in heading(panel)


def test_the_heading_names_the_points_where_there_is_room(panel: CurvesPanel) -> None:
    panel.resize(780, 250)
    panel.show_history([step_done(1, -18_075.6)], [held_out_done(1, -17_894.1)])
    panel._redraw()
    assert heading(panel) == "Objective ━ −18,076 ● −17,894"
    assert heading(panel, "kl") == "KL ━ 5 ● held out 5"
    panel.resize(1500, 250)
    assert heading(panel) == "Objective ━ −18,076 ● held out −17,894"


def test_what_the_numbers_are_is_cut_off_in_no_low_plot(panel: CurvesPanel) -> None:
    axis = panel._plots["kl"].plot.getAxis("left")
    for height, words in ((250, "nats per image"), (160, "nats")):
        panel.resize(900, height)
        panel.show_history([step_done(1)], [])
        panel._redraw()
        assert axis.labelText == words


def test_a_new_run_forgets_the_last(panel: CurvesPanel) -> None:
    panel.show_history([step_done(1)], [held_out_done(1)])
    panel._redraw()
    panel.clear()
    assert panel._message.isVisible()
    panel.show_history([step_done(1, 50.0)], [])
    panel._redraw()
    assert "50" in heading(panel)
    assert "110" not in heading(panel)


def test_a_failure_stands_where_the_curves_would_be(panel: CurvesPanel) -> None:
    panel.show_failure("The history cannot be read.")
    assert panel._message.isVisible()
    assert panel._message.text() == "The history cannot be read."


def test_a_failure_is_not_painted_over_by_what_came_before_it(qtbot: QtBot, panel: CurvesPanel) -> None:
    panel.add_step(step_done(1))
    panel.show_failure("Training cannot go on.")
    qtbot.waitUntil(lambda: not panel._timer.isActive(), timeout=2000)
    panel.hide()
    panel.show()
    assert panel._message.isVisible()


def test_the_pointer_picks_the_step_it_is_over(qtbot: QtBot, panel: CurvesPanel) -> None:
    panel._smoothing.setValue(0)
    panel.show_history([step_done(step, 1000.0 - step) for step in range(1, 101)], [])
    panel._redraw()
    plot = panel._plots["objective"].plot
    plot.grab()
    spot = plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(30, 950)))
    qtbot.mouseMove(plot.viewport(), spot)
    qtbot.waitUntil(lambda: "970.0" in heading(panel), timeout=2000)


def test_hovering_tells_the_values_at_that_step(panel: CurvesPanel) -> None:
    panel._smoothing.setValue(0)
    panel.show_history([step_done(step, 1000.0 - step) for step in range(1, 101)], [held_out_done(40, 777.0)])
    panel._redraw()
    panel._plots["kl"].hovered.emit(30.2)
    assert "970.0" in heading(panel)
    assert "777.0" in heading(panel)
    panel._plots["kl"].hovered.emit(float("nan"))
    assert "900.0" in heading(panel)


def test_a_log_scale_draws_powers_of_ten_and_refuses_what_has_none(panel: CurvesPanel) -> None:
    panel._smoothing.setValue(0)
    panel.show_history([step_done(step, objective=-50.0, kl=10.0**step) for step in range(1, 4)], [])
    panel._log.setChecked(True)
    panel._redraw()
    np.testing.assert_allclose(line_of(panel, "kl")[1], [1, 2, 3])
    np.testing.assert_allclose(line_of(panel, "objective")[1], [-50, -50, -50])
    assert "not all above 0" in heading(panel, "objective")
    assert "not all above 0" not in heading(panel, "kl")


def test_skipping_the_first_steps_leaves_them_out_of_the_plot_only(panel: CurvesPanel, tmp_path) -> None:
    panel.show_history([step_done(step) for step in (10, 20, 30)], [held_out_done(10)])
    panel._skip.setValue(15)
    panel._redraw()
    assert line_of(panel)[0].tolist() == [20, 30]
    panel.save_csv(tmp_path / "curves.csv")
    assert len((tmp_path / "curves.csv").read_text().splitlines()) == 5


def test_smoothing_changes_the_line_and_not_the_band(panel: CurvesPanel) -> None:
    panel.show_history([step_done(step, 100.0 + 50 * (step % 2)) for step in range(1, 200)], [])
    panel._smoothing.setValue(0)
    panel._redraw()
    rough, band = np.ptp(line_of(panel)[1]), panel._plots["objective"]._band.getData()[1].copy()
    panel._smoothing.setValue(20)
    panel._redraw()
    assert rough == 50
    assert np.ptp(line_of(panel)[1][-20:]) < 2
    np.testing.assert_array_equal(panel._plots["objective"]._band.getData()[1], band)


def test_a_quantity_can_be_put_away(qtbot: QtBot, panel: CurvesPanel) -> None:
    panel.show_history([step_done(1)], [])
    panel._redraw()
    qtbot.mouseClick(panel._shown["kl"], Qt.MouseButton.LeftButton)
    assert not panel._plots["kl"].isVisible()
    assert panel._plots["objective"].isVisible()


def test_zooming_one_plot_zooms_all_and_a_double_click_shows_everything(panel: CurvesPanel) -> None:
    panel.show_history([step_done(step) for step in range(1, 1001)], [])
    panel._redraw()
    box = panel._plots["kl"].plot.getViewBox()
    box.setXRange(400, 500, padding=0)
    box.sigRangeChangedManually.emit([True, False])
    panel._redraw()
    assert panel._plots["objective"].plot.viewRange()[0] == pytest.approx([400, 500])
    assert line_of(panel)[0][[0, -1]].tolist() == [399, 501]
    panel._plots["kl"].unzoomed.emit()
    panel._redraw()
    assert line_of(panel)[0][[0, -1]].tolist() == [1, 1000]


def test_the_table_holds_every_report_in_nats(panel: CurvesPanel, tmp_path) -> None:
    steps = [step_done(step, 100.0 / step) for step in range(1, 8)]
    panel.show_history(steps, [held_out_done(5, 55.5)])
    panel.save_csv(tmp_path / "curves.csv")
    with open(tmp_path / "curves.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    training = [row for row in rows if row["set"] == "training"]
    assert [float(row["objective"]) for row in training] == [report.mean.objective for report in steps]
    assert [float(row["kl_high"]) for row in training] == [report.high.kl for report in steps]
    assert [(row["step"], row["objective"], row["images"]) for row in rows if row["set"] == "held-out"] == [
        ("5.0", "55.5", "687.0")
    ]


def test_the_picture_shows_training_and_held_out_in_their_own_colours(panel: CurvesPanel, tmp_path) -> None:
    panel.show_history([step_done(step, 100.0 + step) for step in range(1, 50)], [held_out_done(10), held_out_done(40)])
    panel.save_png(tmp_path / "curves.png")
    picture = QImage(str(tmp_path / "curves.png"))
    assert picture.width() == 2 * panel._canvas.width()
    hues = {
        QColor(picture.pixel(x, y)).hsvHue() // 10
        for x in range(0, picture.width(), 2)
        for y in range(0, picture.height(), 2)
    }
    assert {20, 3} <= hues


def test_the_plots_follow_a_change_from_light_to_dark(panel: CurvesPanel) -> None:
    panel.show_history([step_done(step) for step in range(1, 50)], [])
    for name in ("#f4f5f7", "#1e2025"):
        palette = panel.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(name))
        panel.setPalette(palette)
        panel._redraw()
        assert panel._plots["kl"].plot.grab().toImage().pixelColor(2, 2).name() == name


def test_a_file_that_cannot_be_written_is_said(panel: CurvesPanel, tmp_path) -> None:
    nowhere = str(tmp_path / "no such folder" / "curves.csv")
    panel.save_requested.connect(lambda _, save: save(nowhere))
    panel._save.menu().actions()[0].trigger()
    assert panel._note.text().startswith("Not saved: No such file")


def test_a_night_of_training_still_draws_at_once(panel: CurvesPanel) -> None:
    """100,000 reports: 4 ms on two cores; the limit leaves room for a busy machine."""
    panel._steps.extend((step, *np.full(14, 100.0)) for step in range(100_000))
    panel._redraw()
    times = []
    for step in range(5):
        panel.add_step(step_done(100_000 + step))
        start = time.perf_counter()
        panel._redraw()
        times.append(time.perf_counter() - start)
    assert min(times) < 0.03
    assert len(line_of(panel)[0]) < 2 * panel.width()


def test_a_hand_that_moves_elsewhere_is_not_held_up_by_curves_and_they_are_drawn_when_it_rests(
    qtbot: QtBot, panel: CurvesPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.curves.panel.SELDOM_MS", 60_000)
    qtbot.waitUntil(lambda: not panel._timer.isActive())
    panel.give_way()
    panel.add_step(step_done(1))
    began = time.monotonic()
    while panel._hand.isActive() and time.monotonic() - began < 0.4:
        qtbot.wait(20)
        assert "100" not in heading(panel)
    qtbot.waitUntil(lambda: "100" in heading(panel))
