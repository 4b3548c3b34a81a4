"""One quantity against training steps: a line over its band, held-out images beside it, values under the pointer."""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPalette,
    QResizeEvent,
    QTextDocument,
    QTextDocumentFragment,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from explorer.toolkit.curve_numbers import Numbers, thinned
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.properties import having
from explorer.toolkit.steps_axis import StepsAxis
from explorer.toolkit.theme import CAUTION, HELD_OUT, TRAINING, is_dark, muted
from explorer.workspace.below_zero import BELOW_ZERO, BRIEFLY

_Ticks = list[tuple[float | None, Numbers]]
_NOTHING = np.empty(0)
_UNITS, _BESIDE_UNIT = ("nats per image", "nats"), 16  # the first that fits; pixels that pyqtgraph leaves around it
_LEGEND = (
    "Blue line: training, averaged; blue band: every step.\n"
    "Orange points: held-out images, with the whole of beta even while it rises."
)
_REFUSAL = "A log scale needs values above 0: this plot has others and stays linear."


class QuantityPlot(QWidget):
    """A heading that is legend and readout at once, over a plot.

    `hovered` carries a step, NaN when the pointer leaves; `zoomed` the first and last step seen; `unzoomed`: all again.
    """

    hovered = Signal(float)
    zoomed = Signal(float, float)
    unzoomed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._training = self._held_out = (_NOTHING, _NOTHING)
        self._is_log = self._log_refused = False
        self.plot = _HoverPlot(axisItems={"left": _NatsAxis("left"), "bottom": StepsAxis("bottom")}, enableMenu=False)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # no key does anything there
        self.plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # it wants no 480 pixels
        self.plot.setAccessibleName(f"{name} against training steps")
        self.plot.setToolTip(plain_tip("Wheel to zoom, drag to move, double-click to see everything."))
        self.plot.hovered.connect(self.hovered)
        self.plot.double_clicked.connect(self.unzoomed)
        self.plot.getViewBox().sigRangeChangedManually.connect(self._say_zoomed)
        self.plot.getViewBox().sigResized.connect(lambda _: self._name_unit())
        self._heading = QLabel(textFormat=Qt.TextFormat.RichText, wordWrap=True)
        # Whatever stands in the heading, the plots stay equally wide.
        self._heading.setMinimumWidth(1)
        self._band, self._line, self._held_line, self._cursor = self._add_items()
        self._time = self._add_line()
        self._set_up_axes()
        layout = having(QVBoxLayout(self), spacing=0)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._heading)
        layout.addWidget(self.plot, 1)
        self._follow_palette()

    def show_series(
        self, steps: Numbers, line: Numbers, low: Numbers, high: Numbers, held_steps: Numbers, held: Numbers, log: bool
    ) -> None:
        """Draw training as `line` over the band from `low` to `high`, and held-out images as points; (n,) and (m,)."""
        self._training, self._held_out = (steps, line), (held_steps, held)
        self._log_refused = log and not _all_positive(low, held)
        self._is_log = log and not self._log_refused
        self.plot.getAxis("left").setLogMode(False, self._is_log)
        self._draw_training(*self._in_view(steps, line, low, high))
        self._held_line.setData(held_steps, self._scaled(held))
        self._show_values()

    def show_values_at(self, step: float) -> None:
        """Put the line at `step` and its values in the heading; NaN: no line, and the newest values."""
        self._cursor.setVisible(math.isfinite(step))
        if math.isfinite(step):
            self._cursor.setValue(step)
        self._show_values()

    def show_time(self, step: float) -> None:
        """Put another line at the step that is looked back at, and its values in the heading; NaN: that is now."""
        self._time.setVisible(math.isfinite(step))
        if math.isfinite(step):
            self._time.setValue(step)
        self._show_values()

    def show_steps(self, first: float, last: float) -> None:
        """Zoom to these steps."""
        self.plot.setXRange(first, last, padding=0)

    def show_everything(self) -> None:
        """End a zoom, and follow what comes."""
        self.plot.enableAutoRange()

    @property
    def heading(self) -> str:
        """What stands above the plot, without markup."""
        return QTextDocumentFragment.fromHtml(self._heading.text()).toPlainText()

    def _name_unit(self) -> None:
        room = self.plot.getViewBox().height() - _BESIDE_UNIT
        unit = next((unit for unit in _UNITS if self.fontMetrics().horizontalAdvance(unit) <= room), "")
        if unit != self.plot.getAxis("left").labelText:
            self.plot.setLabel("left", unit)
            self.plot.getAxis("left").resizeEvent()  # which puts the label in the middle: only its size did that

    def _say_zoomed(self, axes: list[bool]) -> None:
        if axes[0]:
            self.zoomed.emit(*self.plot.getViewBox().viewRange()[0])

    def _add_items(self) -> tuple[pg.PlotCurveItem, pg.PlotCurveItem, pg.PlotDataItem, pg.InfiniteLine]:
        band = pg.PlotCurveItem(pen=None, brush=_with_alpha(TRAINING, 60), fillLevel="enclosed")
        # pyqtgraph counts a pen's width in device pixels.
        width = 1.6 * self.devicePixelRatioF()
        line = pg.PlotCurveItem(pen=pg.mkPen(TRAINING, width=width), antialias=True)
        dashes = pg.mkPen(HELD_OUT, width=width, style=Qt.PenStyle.DashLine)
        held = pg.PlotDataItem(
            pen=dashes, symbol="o", symbolSize=6, symbolBrush=HELD_OUT, symbolPen=None, antialias=True
        )
        for item in (band, line, held):
            self.plot.addItem(item)
        return band, line, held, self._add_line()

    def _add_line(self) -> pg.InfiniteLine:
        """A line at a step, which it says."""
        line = pg.InfiniteLine(angle=90, label="{value:,.0f}", labelOpts={"position": 0.06, "movable": False})
        line.setVisible(False)
        self.plot.addItem(line, ignoreBounds=True)
        return line

    def _set_up_axes(self) -> None:
        self.plot.setLabel("bottom", "step")
        for side in ("left", "bottom"):
            self.plot.getAxis(side).enableAutoSIPrefix(False)
            self.plot.getAxis(side).setStyle(hideOverlappingLabels=True)  # else half of one is seen at the end
        self.plot.getViewBox().setDefaultPadding(0.03)
        self.plot.hideButtons()

    def _in_view(self, steps: Numbers, *series: Numbers) -> tuple[Numbers, ...]:
        box = self.plot.getViewBox()
        if box.autoRangeEnabled()[0] or not len(steps):
            return (steps, *series)
        left, right = box.viewRange()[0]
        # One more on each side, so that the line runs to the edge.
        first = max(0, int(np.searchsorted(steps, left)) - 1)
        last = int(np.searchsorted(steps, right, side="right")) + 1
        return tuple(numbers[first:last] for numbers in (steps, *series))

    def _draw_training(self, steps: Numbers, line: Numbers, low: Numbers, high: Numbers) -> None:
        # A bin of two pixels: the eye sees no difference, and painting takes half as long.
        bins = max(self.plot.width() // 2, 100)
        x, bottom, top = thinned(steps, low, high, bins)
        self._band.setData(np.append(x, x[::-1]), self._scaled(np.append(bottom, top[::-1])))
        x, bottom, top = thinned(steps, line, line, bins)
        if len(x) == len(steps):
            self._line.setData(steps, self._scaled(line))
        else:
            self._line.setData(np.repeat(x, 2), self._scaled(np.stack([bottom, top], axis=1).ravel()))

    def _scaled(self, nats: Numbers) -> Numbers:
        return np.log10(nats) if self._is_log else nats

    def _show_values(self) -> None:
        refused = [_coloured(CAUTION[is_dark(self.palette())], "linear: not all above 0")] * self._log_refused
        is_below = any(len(values) and values[-1] < 0 for _, values in (self._training, self._held_out))
        note = [_coloured(muted(self.palette()).name(), f"({BRIEFLY})")] * is_below
        for mark, more in (("●&nbsp;held&nbsp;out", note), ("●&nbsp;held&nbsp;out", []), ("●", [])):  # as there is room
            self._heading.setText(" ".join([f"<b>{self._name}</b>", *self._values(mark), *refused, *more]))
            if self._width_of_heading() <= self.width():
                break
        said = [_REFUSAL if self._log_refused else _LEGEND, *[BELOW_ZERO] * is_below]
        self._heading.setToolTip(plain_tip("\n".join(said)))

    def _width_of_heading(self) -> float:
        document = QTextDocument()
        document.setDefaultFont(self._heading.font())
        document.setDocumentMargin(0)
        document.setHtml(self._heading.text())
        return document.idealWidth()

    def _values(self, held_out: str) -> list[str]:
        step = next((each.value() for each in (self._cursor, self._time) if each.isVisible()), math.nan)
        marks = ((TRAINING, "━", self._training), (HELD_OUT, held_out, self._held_out))
        found = [(colour, mark, _value_at(series, step)) for colour, mark, series in marks]
        return [f"{_coloured(colour, mark)}&nbsp;{_short(value)}" for colour, mark, value in found if value is not None]

    def _follow_palette(self) -> None:
        quiet, text = muted(self.palette()), self.palette().color(QPalette.ColorRole.Text)
        # Without a colour of its own, pyqtgraph keeps the background it was born with.
        self.plot.setBackground(self.palette().color(QPalette.ColorRole.Window))
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setPen(pg.mkPen(muted(self.palette(), 0.35)))
            self.plot.getAxis(side).setTextPen(quiet)
        accent = self.palette().color(QPalette.ColorRole.Accent)
        for line, pen in ((self._cursor, pg.mkPen(quiet, width=1)), (self._time, pg.mkPen(accent, width=1.5))):
            line.setPen(pen)
            line.label.setColor(text)
        self._show_values()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._follow_palette()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_values()


class _HoverPlot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Says which step the pointer is over."""

    hovered = Signal(float)
    double_clicked = Signal()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.hovered.emit(self.getViewBox().mapSceneToView(self.mapToScene(event.position().toPoint())).x())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.double_clicked.emit()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(math.nan)


class _NatsAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """On a log scale too, plain round numbers."""

    def logTickValues(self, minVal: float, maxVal: float, size: float, stdTicks: _Ticks) -> _Ticks:  # noqa: N803
        if maxVal - minVal > 1.5:
            ticks: _Ticks = super().logTickValues(minVal, maxVal, size, stdTicks)
            return ticks
        low, high = 10**minVal, 10**maxVal
        spacing = self.tickSpacing(low, high, size)[0][0]
        return [(None, np.log10(np.arange(math.ceil(low / spacing), math.floor(high / spacing) + 1) * spacing))]

    def logTickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [f"{10**value:,.4g}" for value in values]


def _value_at(series: tuple[Numbers, Numbers], step: float) -> float | None:
    """The value nearest `step`, or the last one for NaN."""
    steps, values = series
    if not len(steps):
        return None
    if math.isnan(step):
        return float(values[-1])
    return float(values[np.abs(steps - step).argmin()])


def _all_positive(*series: Numbers) -> bool:
    return all(len(numbers) == 0 or numbers.min() > 0 for numbers in series)


def _short(nats: float) -> str:
    digits = ",.0f" if abs(nats) >= 10_000 else ",.1f" if abs(nats) >= 100 else ".3g"
    return format(nats, digits).replace("-", "−")


def _coloured(colour: str, text: str) -> str:
    return f"<span style='color:{colour}'>{text}</span>"


def _with_alpha(name: str, alpha: int) -> QColor:
    colour = QColor(name)
    colour.setAlpha(alpha)
    return colour
