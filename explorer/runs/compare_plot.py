"""One quantity of several runs against their steps: a thin line for training, points for held-out images."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.graphicsItems.ScatterPlotItem import renderSymbol
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QWidget

from explorer.toolkit.curve_numbers import Averages, Numbers, thinned
from explorer.toolkit.steps_axis import StepsAxis
from explorer.toolkit.theme import muted

SMOOTHING = 20  # reports that a line averages over, roughly
SYMBOLS = ("o", "s", "t", "d", "+", "x", "star", "p", "h", "t1")  # so that no run is told by its colour alone
_BINS, _EARLY = 400, 0.1


@dataclass(frozen=True, eq=False)
class Line:
    """One run: its colour, its place among the runs, and its numbers: (n,) of training, (m,) of held-out images."""

    colour: QColor
    place: int
    steps: Numbers
    training: Numbers
    held_steps: Numbers
    held_out: Numbers


class RunsPlot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Wheel zooms, drag moves, a double click shows everything.

    Until a hand has moved it, heights are those after the first tenth of each run's steps: they fall from so high that
    where they end could not be told apart.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, enableMenu=False, axisItems={"bottom": StepsAxis("bottom")})
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # no key does anything here
        self.setAccessibleName("Curves of several runs")
        self.setToolTip(
            "Thin lines: training, averaged. Points: held-out images.\n"
            "Wheel to zoom, drag to move; a double click shows the first steps too."
        )
        self._is_moved = False  # by a hand
        self.getPlotItem().vb.sigRangeChangedManually.connect(self._take_hand)
        self.setLabel("left", "nats per image")
        self.setLabel("bottom", "step")
        for side in ("left", "bottom"):
            self.getAxis(side).enableAutoSIPrefix(False)
            self.getAxis(side).setStyle(hideOverlappingLabels=True)
        self.hideButtons()
        self._follow_palette()

    def show_lines(self, lines: Sequence[Line], has_training: bool, has_held_out: bool) -> None:
        """Draw these runs, in place of those before."""
        self.clear()
        for line in lines:
            if has_training and len(line.steps):
                self._add_training(line)
            if has_held_out and len(line.held_steps):
                self._add_held_out(line)
        if not self._is_moved and (heights := _late_heights(lines, has_training, has_held_out)) is not None:
            self.enableAutoRange(axis="x")
            self.setYRange(*heights)

    def _take_hand(self, _: object) -> None:
        self._is_moved = True

    def _add_training(self, line: Line) -> None:
        smooth = _smooth(line.training)
        x, low, high = thinned(line.steps, smooth, smooth, _BINS)
        colour = QColor(line.colour)
        colour.setAlpha(170)
        pen = pg.mkPen(colour, width=1.2 * self.devicePixelRatioF())
        self.addItem(pg.PlotCurveItem(x, (low + high) / 2, pen=pen, antialias=True, connect="finite"))

    def _add_held_out(self, line: Line) -> None:
        pen = pg.mkPen(line.colour, width=1.4 * self.devicePixelRatioF(), style=Qt.PenStyle.DashLine)
        symbol = SYMBOLS[line.place % len(SYMBOLS)]
        points = pg.PlotDataItem(
            line.held_steps,
            line.held_out,
            pen=pen,
            symbol=symbol,
            symbolSize=7,
            symbolBrush=line.colour,
            symbolPen=line.colour,
            antialias=True,
            connect="finite",
        )
        self.addItem(points)

    def _follow_palette(self) -> None:
        self.setBackground(self.palette().window().color())
        for side in ("left", "bottom"):
            self.getAxis(side).setPen(pg.mkPen(muted(self.palette(), 0.35)))
            self.getAxis(side).setTextPen(muted(self.palette()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "getAxis"):
            self._follow_palette()

    def mouseDoubleClickEvent(self, event: QEvent) -> None:
        self._is_moved = True
        self.enableAutoRange()


def _late_heights(lines: Sequence[Line], has_training: bool, has_held_out: bool) -> tuple[float, float] | None:
    """The least and the greatest number after the first tenth of each run's steps; None where there is none."""
    trained = [line.training[_are_late(line.steps)] for line in lines if has_training]
    tested = [line.held_out[_are_late(line.held_steps)] for line in lines if has_held_out]
    late = np.concatenate([*(_smooth(each) for each in trained if len(each)), *tested, np.zeros(0)])
    late = late[np.isfinite(late)]
    return (float(late.min()), float(late.max())) if len(late) else None


def _are_late(steps: Numbers) -> NDArray[np.bool_]:
    are_late: NDArray[np.bool_] = steps >= _EARLY * steps.max(initial=0.0)
    return are_late


def _smooth(numbers: Numbers) -> Numbers:
    averages: Numbers = Averages(1, weight=1 - 1 / SMOOTHING).of(numbers[None])[0]
    return averages


def mark(place: int, colour: QColor, side: int) -> QPixmap:
    """The mark of the run at this place, as its points have it, `side` device pixels high."""
    symbol = SYMBOLS[place % len(SYMBOLS)]
    return QPixmap.fromImage(renderSymbol(symbol, side - 2, pg.mkPen(colour), pg.mkBrush(colour)))
