"""The axis of training steps under a plot."""

import math

import pyqtgraph as pg
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

_APART = 10  # pixels between two numbers


class StepsAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Round numbers of steps, as many as stand apart; those between have a tick alone."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.setStyle(maxTextLevel=0)

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:  # noqa: N803
        levels: list[tuple[float, float]] = super().tickSpacing(minVal, maxVal, size)
        metrics = QFontMetrics(self.style["tickFont"] or QApplication.font())
        most = max(self.tickStrings([minVal, maxVal], 1.0, 1.0), key=len)
        needed = (metrics.horizontalAdvance(most) + _APART) * (maxVal - minVal) / max(1.0, size)
        while levels and levels[0][0] < needed:
            spacing = levels[0][0]
            is_two = round(spacing / 10 ** math.floor(math.log10(spacing))) == 2
            levels = [(spacing * (2.5 if is_two else 2.0), 0.0), (spacing, 0.0)]
        return levels
