"""Objective, reconstruction and KL as training goes: a small plot each, side by side, because their scales differ."""

import csv
import math
from collections.abc import Callable, Sequence
from operator import attrgetter
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPalette, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSlider,
    QSpinBox,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.reports.training import HeldOutDone, StepDone, Terms
from explorer.curves.quantity_plot import QuantityPlot
from explorer.toolkit.curve_numbers import Averages, Rows
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone
from explorer.toolkit.wrapping_row import WrappingRow
from explorer.workspace.below_zero import BELOW_ZERO

REDRAW_MS = 250
SELDOM_MS = 2_000  # between two drawings while a hand moves elsewhere: each takes the time of two or three pictures
TIME_MS = 60  # between two moves of the line at the step that is looked back at
REST_MS = 500  # after which a hand has come to rest
EMPTY = "No training yet.\nThe curves grow here while a model learns."
ELSEWHERE = "This model was trained elsewhere.\nIts curves are not known."

# (field of Terms, name, tooltip)
QUANTITIES = (
    (
        "objective",
        "Objective",
        f"What training makes small: reconstruction + beta · KL, in nats per image.\nA nat is 1.44 bits.\n{BELOW_ZERO}",
    ),
    (
        "reconstruction",
        "Reconstruction",
        f"How badly images come back: −log p(x|z), in nats per image.\n{BELOW_ZERO}",
    ),
    (
        "kl",
        "KL",
        "How far the codes are from the prior, and so how much z can tell about an image, in nats per image.\n"
        "It rises as z is put to use; near 0 z is not used.",
    ),
)
_TERMS = tuple(field for field, _, _ in QUANTITIES)
_REST = ("beta", "learning_rate", "images_per_second", "seconds")
_STEP_COLUMNS = ("step", "epoch", *_TERMS, *(f"{t}_low" for t in _TERMS), *(f"{t}_high" for t in _TERMS), *_REST)
_HELD_OUT_COLUMNS = ("step", "images", *_TERMS)
_step_row: Callable[[StepDone], tuple[float, ...]] = attrgetter(
    "step", "epoch", *(f"{part}.{term}" for part in ("mean", "low", "high") for term in _TERMS), *_REST
)
_held_out_row: Callable[[HeldOutDone], tuple[float, ...]] = attrgetter(
    "step", "images", *(f"terms.{term}" for term in _TERMS)
)


class CurvesPanel(QWidget):
    """Training against held-out images; takes ten reports a second and draws at most as often, when it can be seen."""

    save_requested = Signal(str, object)  # the name of a file, and what writes it to a path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Curves")
        self._is_dirty = False
        self._timer = QTimer(self, interval=REDRAW_MS, singleShot=True)
        self._timer.timeout.connect(self._redraw_if_seen)
        self._hand = QTimer(self, interval=REST_MS, singleShot=True)
        self._hand.timeout.connect(lambda: self._is_dirty and self._timer.start(REDRAW_MS))
        self._time, self._time_drawn = math.nan, math.nan
        self._time_timer = QTimer(self, interval=TIME_MS, singleShot=True)
        self._time_timer.timeout.connect(self._draw_time)
        self._plots = {field: QuantityPlot(name) for field, name, _ in QUANTITIES}
        self._shown = {field: _toggle(name, tip) for field, name, tip in QUANTITIES}
        self._build_controls()
        self._lay_out()
        self._connect()
        self._change_smoothing()
        self.clear()

    def clear(self) -> None:
        """Forget everything: a new run begins."""
        self._steps, self._held_out = Rows(_STEP_COLUMNS), Rows(_HELD_OUT_COLUMNS)
        self._averages.forget()
        self._show_everything()
        self._show_message(EMPTY, failed=False)
        self._allow_choices()

    def show_history(self, steps: Sequence[StepDone], held_out: Sequence[HeldOutDone]) -> None:
        """Show a run from its beginning, in place of what was shown."""
        self.clear()
        self._steps.extend(map(_step_row, steps))
        self._held_out.extend(map(_held_out_row, held_out))
        self._allow_choices()
        self._mark_dirty()

    def show_none(self) -> None:
        """A model that was trained elsewhere has none."""
        self.clear()
        self._show_message(ELSEWHERE, failed=False)

    def add_step(self, report: StepDone) -> None:
        """One more report; where a run goes on from an earlier step, what came after that step is replaced."""
        self._averages.forget(self._steps.extend([_step_row(report)]))
        self._allow_choices()
        self._mark_dirty()

    def add_held_out(self, report: HeldOutDone) -> None:
        """One more test on the held-out images."""
        self._held_out.extend([_held_out_row(report)])
        self._mark_dirty()

    def show_time(self, step: float) -> None:
        """The step that is looked back at, in every plot; NaN: none, this is now."""
        self._time = step
        if math.isnan(step) or not self._time_timer.isActive():
            self._draw_time()
            self._time_timer.start()

    def give_way(self) -> None:
        """A hand moves elsewhere: draw seldom until it rests."""
        self._hand.start()

    def show_failure(self, sentence: str) -> None:
        """Say what went wrong where the curves would be."""
        self._show_message(sentence, failed=True)

    def save_csv(self, path: str | Path) -> None:
        """Everything received, the skipped steps too: a row a report, in nats per image; raises OSError."""
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ["set", *_STEP_COLUMNS, "images"], restval="")
            writer.writeheader()
            for name, rows in (("training", self._steps), ("held-out", self._held_out)):
                writer.writerows({"set": name, **record} for record in rows.records())

    def save_png(self, path: str | Path) -> None:
        """The plots as they stand, at twice their size on the screen; raises OSError."""
        self._redraw()
        picture = QPixmap(self._canvas.size() * 2)
        picture.setDevicePixelRatio(2)
        picture.fill(self.palette().color(QPalette.ColorRole.Window))
        self._canvas.render(picture)
        marked = picture.toImage()
        marked.setText("latentscape", "curves of a run")  # by which it is known to be no picture to learn from
        if not marked.save(str(path), "PNG"):  # type: ignore[call-overload]  # the stubs want bytes, Qt a string
            raise OSError(f"{path} cannot be written.")

    def _build_controls(self) -> None:
        self._smoothing = having(QSlider(Qt.Orientation.Horizontal), minimum=0, maximum=30, value=6)
        self._smoothing.setFixedWidth(60)
        describe(self._smoothing, "Smoothing", "How many reports the line averages over; the band has every step.")
        self._log = _toggle("Log", "A logarithmic scale, for the plots whose values are all above 0.")
        self._skip = QSpinBox(maximum=2**31 - 1, singleStep=100, prefix="Skip ")
        self._skip.setFixedWidth(84)
        describe(self._skip, "Skip the first steps", "Leave out the first steps, whose large values flatten the rest.")
        self._save = having(QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup), text="Save ▾")
        self._save.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self._save.setMenu(self._save_menu())
        describe(self._save, "Save the curves", "Save the numbers as a table, or the plots as a picture.")

    def _save_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction("Save as CSV…", lambda: self._ask_where("curves.csv", self.save_csv))
        menu.addAction("Save as PNG…", lambda: self._ask_where("curves.png", self.save_png))
        return menu

    def _lay_out(self) -> None:
        self._canvas = QWidget(self)  # whose stack shows it at once: without a parent, as a window for a moment
        side_by_side = having(QHBoxLayout(self._canvas), spacing=10)
        side_by_side.setContentsMargins(0, 0, 0, 0)
        for plot in self._plots.values():
            side_by_side.addWidget(plot, 1)
        self._message = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._canvas)
        self._stack.addWidget(self._message)
        whole = having(QVBoxLayout(self), spacing=4)
        whole.setContentsMargins(8, 4, 8, 4)
        whole.addLayout(self._control_row())
        whole.addLayout(self._stack, 1)

    def _control_row(self) -> WrappingRow:
        self._note = QLabel(
            textFormat=Qt.TextFormat.PlainText, alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        self._note.setMinimumWidth(1)
        row = WrappingRow(spacing=4)
        for toggle in self._shown.values():
            row.addWidget(toggle)
        row.addWidget(self._note, 1)
        for widget in (self._smoothing, self._log, self._skip, self._save):
            row.addWidget(widget)
        return row

    def _connect(self) -> None:
        for field, plot in self._plots.items():
            self._shown[field].toggled.connect(plot.setVisible)
            self._shown[field].toggled.connect(self._mark_dirty)
            plot.hovered.connect(self._hover)
            plot.zoomed.connect(self._show_steps)
            plot.unzoomed.connect(self._show_everything)
        self._smoothing.valueChanged.connect(self._change_smoothing)
        self._log.toggled.connect(self._mark_dirty)
        self._skip.valueChanged.connect(self._mark_dirty)
        for toggle in self._shown.values():
            toggle.setChecked(True)

    def _allow_choices(self) -> None:
        """Where there are no curves, none can be left out, smoothed or saved."""
        why_not = "" if self._steps.count or self._held_out.count else EMPTY
        if self._save.isEnabled() is not bool(why_not):
            return
        for widget in (*self._shown.values(), self._smoothing, self._log, self._skip, self._save):
            allow(widget, why_not)

    def _change_smoothing(self) -> None:
        reports = 10 ** (self._smoothing.value() / 10)
        self._averages = Averages(len(_TERMS), weight=1 - 1 / reports)
        self._note.setText("Smooth: off" if reports == 1 else f"Smooth: {reports:.0f}")
        self._mark_dirty()

    def _show_steps(self, first: float, last: float) -> None:
        for plot in self._plots.values():
            plot.show_steps(first, last)
        self._mark_dirty()

    def _show_everything(self) -> None:
        for plot in self._plots.values():
            plot.show_everything()
        self._mark_dirty()

    def _hover(self, step: float) -> None:
        for plot in self._plots.values():
            plot.show_values_at(step)

    def _mark_dirty(self) -> None:
        self._is_dirty = True
        if not self._timer.isActive():
            self._timer.start(SELDOM_MS if self._hand.isActive() else REDRAW_MS)

    def _draw_time(self) -> None:
        if not (self._time == self._time_drawn or (math.isnan(self._time) and math.isnan(self._time_drawn))):
            self._time_drawn = self._time
            for plot in self._plots.values():
                plot.show_time(self._time)

    def _redraw_if_seen(self) -> None:
        if self._is_dirty and self.isVisible():
            self._redraw()

    def _redraw(self) -> None:
        self._is_dirty = False
        if not self._steps.count and not self._held_out.count:
            return
        self._stack.setCurrentWidget(self._canvas)
        steps, held_steps = self._steps.column("step"), self._held_out.column("step")
        skipped, held_skipped = (
            np.searchsorted(steps, self._skip.value()),
            np.searchsorted(held_steps, self._skip.value()),
        )
        lines = self._averages.of(self._steps.block(_TERMS[0], len(_TERMS)))
        for field, line in zip(_TERMS, lines, strict=True):
            if self._shown[field].isChecked():
                self._plots[field].show_series(
                    steps[skipped:],
                    line[skipped:],
                    self._steps.column(f"{field}_low")[skipped:],
                    self._steps.column(f"{field}_high")[skipped:],
                    held_steps[held_skipped:],
                    self._held_out.column(field)[held_skipped:],
                    log=self._log.isChecked(),
                )

    def _show_message(self, text: str, failed: bool) -> None:
        self._is_dirty = False
        set_tone(self._message, "failure" if failed else "quiet")
        self._message.setText(text)
        self._stack.setCurrentWidget(self._message)

    def _ask_where(self, name: str, save: Callable[[str], None]) -> None:
        self.save_requested.emit(name, lambda path: self._save_to(path, save))

    def _save_to(self, path: str, save: Callable[[str], None]) -> None:
        try:
            save(path)
        except OSError as error:
            self._note.setText(f"Not saved: {error.strerror or error}")
            return
        self._note.setText(f"Saved {Path(path).name}")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._redraw_if_seen()

    def sizeHint(self) -> QSize:
        return QSize(900, 250)


def _toggle(text: str, tip: str) -> QToolButton:
    button = having(QToolButton(), text=text, checkable=True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    describe(button, text, tip)
    return button


def _made_up(count: int) -> tuple[list[StepDone], list[HeldOutDone]]:
    rng, steps, held_out = np.random.default_rng(0), [], []
    for i in range(count):
        kl, rec = 9 - 8 * math.exp(-5 * i / count) + rng.normal(0, 0.1), 230 + 310 * math.exp(-9 * i / count)
        rec += rng.normal(0, 4)
        mean, low, high = (Terms(rec + kl + d, rec + 0.9 * d, kl + 0.03 * d) for d in (0, -9, 9))
        steps.append(StepDone(i * 8 + 8, i * 0.05, mean, low, high, 1.0, 1e-3, 17_000.0, i * 0.1, None))
        if i % max(1, count // 12) == count // 24:
            held_out.append(HeldOutDone(i * 8 + 8, Terms(rec + kl + 14, rec + 13, kl + 1), 687))
    return steps, held_out


if __name__ == "__main__":
    from PySide6.QtWidgets import QApplication

    from explorer.toolkit.theme import apply_theme

    app = QApplication([])
    apply_theme(app)
    panel = CurvesPanel()
    panel.show_history(*_made_up(2000))
    panel.show()
    app.exec()
