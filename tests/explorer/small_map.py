"""A map of six codes in three classes, and where they are on it."""

import numpy as np
from PySide6.QtCore import QPoint

from explorer.map.panel import MapPanel

CLASSES = ["cat", "dog", "emu"]
POINTS = np.array([[-2, -2], [2, 2], [-2, 2], [2, -2], [0, 0], [1.5, 0]], dtype=np.float32)
LABELS = np.array([0, 0, 1, 1, 2, 2])


def at(panel: MapPanel, u: float, v: float) -> QPoint:
    """The pixel of the view that shows a point."""
    return (panel._view.frame.to_pixel(u, v) + panel._view._corner()).toPoint()


def line(panel: MapPanel) -> str:
    """What is said under the map."""
    return panel._line.text()
