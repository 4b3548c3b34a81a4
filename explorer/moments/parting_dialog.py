"""When two classes parted: how surely they were told from each other, as a curve over training."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.reports.moments import APART, Parting
from explorer.toolkit.descriptions import describe_choice
from explorer.toolkit.properties import having
from explorer.toolkit.theme import TRAINING, muted, set_tone

WIDTH, HEIGHT = 560, 380
MOST_TICKS = 8  # steps that stand under the curve
WORDS = "How often an image of one lies on its own side of one of the other, on the line between them; 50% is chance."
NOT_KNOWN = "There are too few images of one of them."


class PartingDialog(QDialog):
    """Two classes chosen, a curve shown; signals out, setters in."""

    asked = Signal(int, int)  # the labels of both
    sought = Signal(float)  # a step that was clicked

    def __init__(self, classes: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("When did two classes part?")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._classes = classes
        self._steps, self._looked_at = np.zeros(0), float("nan")  # those of the curve, and that which is looked back at
        self._one, self._other = self._box("One class", 0), self._box("The other class", 1)
        self._said, note = QLabel(wordWrap=True), QLabel(WORDS, wordWrap=True)
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        set_tone(note, "quiet")
        self._build_plot()
        row = having(QHBoxLayout(), spacing=8)
        row.addWidget(self._one, 1)
        row.addWidget(QLabel("and"))
        row.addWidget(self._other, 1)
        column = having(QVBoxLayout(self), spacing=8)
        column.addLayout(row)
        column.addWidget(self._plot, 1)
        column.addWidget(self._said)
        column.addWidget(note)
        self.resize(WIDTH, HEIGHT)

    def ask(self) -> None:
        """Have the classes that are chosen compared."""
        one, other = self._one.currentIndex(), self._other.currentIndex()
        if one == other:
            self.show_message("Choose two different classes.")
        else:
            self._said.setText("Opening the moments…")
            self.asked.emit(one, other)

    def show_parting(self, parting: Parting) -> None:
        """What was found; moment by moment, as in the bar of time: most of them are of the first steps."""
        apart = 100.0 * np.array(parting.apart, float)
        is_known, places = np.isfinite(apart), np.arange(len(apart))
        self._steps = np.array(parting.steps, float)
        self._line.setData(places[is_known], apart[is_known])
        every = -(-len(places) // MOST_TICKS) or 1
        ticks = [(int(place), f"{parting.steps[place]:,}") for place in places[::-every][::-1]]
        self._plot.getAxis("bottom").setTicks([ticks, [(int(place), "") for place in places]])
        self.show_time(self._looked_at)
        self._plot.setYRange(min(45.0, apart[is_known].min(initial=45.0)), 101)
        one, other = (self._classes[box.currentIndex()] for box in (self._one, self._other))
        if not is_known[-1:].all():
            self._said.setText(NOT_KNOWN)
        elif (since := parting.since) is None:
            self._said.setText(f"“{one}” and “{other}” have not parted: told apart {apart[-1]:.0f}% of the time now.")
        else:
            self._said.setText(f"“{one}” and “{other}” have been apart since step {since:,}: {apart[-1]:.0f}% now.")

    def show_message(self, sentence: str) -> None:
        """Why there is no curve."""
        self._line.setData([], [])
        self._steps = self._steps[:0]
        self.show_time(self._looked_at)
        self._said.setText(sentence)

    def show_time(self, step: float) -> None:
        """The step that is looked back at; NaN: now."""
        self._looked_at = step
        is_seen = bool(np.isfinite(step)) and len(self._steps) > 0
        self._time.setVisible(is_seen)
        if is_seen:
            self._time.setValue(np.interp(step, self._steps, np.arange(len(self._steps))))

    def _box(self, name: str, chosen: int) -> QComboBox:
        box = QComboBox()
        box.addItems(list(self._classes))
        box.setCurrentIndex(chosen)
        describe_choice(box, name, "Which classes are compared")
        box.activated.connect(lambda _: self.ask())
        return box

    def _build_plot(self) -> None:
        self._plot = pg.PlotWidget(enableMenu=False)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # no key does anything there
        self._plot.setAccessibleName("How surely both classes were told apart, against training steps")
        self._plot.setLabel("bottom", "step, moment by moment")
        self._plot.setLabel("left", "told apart, %")
        self._plot.setYRange(45, 101)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        for side in ("left", "bottom"):
            self._plot.getAxis(side).enableAutoSIPrefix(False)
        pen = pg.mkPen(TRAINING, width=1.6 * self.devicePixelRatioF())
        marks = {"symbol": "o", "symbolSize": 6, "symbolBrush": TRAINING, "symbolPen": None}
        self._line = self._plot.plot([], [], pen=pen, antialias=True, **marks)
        self._bound = pg.InfiniteLine(100 * APART, angle=0)
        self._time = pg.InfiniteLine(angle=90)
        self._time.setVisible(False)
        for line in (self._bound, self._time):
            self._plot.addItem(line, ignoreBounds=True)
        self._plot.scene().sigMouseClicked.connect(self._take_click)
        self._follow_palette()

    def _take_click(self, event: Any) -> None:
        if len(self._steps):
            place = round(self._plot.getViewBox().mapSceneToView(event.scenePos()).x())
            self.sought.emit(float(self._steps[min(max(place, 0), len(self._steps) - 1)]))

    def _follow_palette(self) -> None:
        self._plot.setBackground(self.palette().color(QPalette.ColorRole.Window))
        for side in ("left", "bottom"):
            self._plot.getAxis(side).setPen(pg.mkPen(muted(self.palette(), 0.35)))
            self._plot.getAxis(side).setTextPen(muted(self.palette()))
        self._bound.setPen(pg.mkPen(muted(self.palette(), 0.35), style=Qt.PenStyle.DashLine))
        self._time.setPen(pg.mkPen(self.palette().color(QPalette.ColorRole.Accent), width=1.5))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_time"):
            self._follow_palette()
