"""Numbers over the part of the plane in view: coarse, then finer, and begun anew when the view moves on."""

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from explorer.map.frame import Extent
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence

if TYPE_CHECKING:
    from core.latent.backdrop_values import Kind, Terrain

Floats = NDArray[np.float32]

AT_ONCE = 64  # points asked for between two looks at the clock
SECONDS = 0.15  # in one question, so that a newer one does not wait
MOST_ROWS = 3  # a column


@dataclass(frozen=True, eq=False)
class View:
    """What to find, over which part of the plane, on grids of how many columns; the first row is at the top.

    `values` are those found so far of the grid in hand: row after row.
    """

    terrain: "Terrain"
    kind: "Kind"
    extent: Extent
    levels: tuple[int, ...]
    values: Floats = field(default_factory=lambda: np.zeros(0, np.float32))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the grid in hand: its cells are about square."""
        left, bottom, right, top = self.extent
        columns = self.levels[0]
        return min(max(1, round(columns * (top - bottom) / (right - left))), MOST_ROWS * columns), columns

    @property
    def points(self) -> Floats:
        """The middles (M, 2) of its cells, row after row."""
        rows, columns = self.shape
        left, bottom, right, top = self.extent
        u = left + (np.arange(columns) + 0.5) * (right - left) / columns
        v = top - (np.arange(rows) + 0.5) * (top - bottom) / rows
        return np.asarray(np.stack(np.meshgrid(u, v), axis=-1).reshape(-1, 2), np.float32)


class Field(QObject):
    """Asks for one view after another in a thread of its own; what an older one was asked for is dropped."""

    found = Signal(object, object, object)  # View, values (h, w), and the ends of their colours
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view: View | None = None
        self._asking = LatestOnly(_find_part, self)
        self._asking.answered.connect(self._take)
        self._asking.failed.connect(self._fail)

    def ask(self, view: View) -> None:
        """Find this, whatever is being found."""
        self._view = view
        self._asking.ask(view)

    def forget(self) -> None:
        """Nothing is wanted."""
        self._view = None

    def stop(self) -> None:
        """Leave the thread."""
        self._view = None
        self._asking.stop()

    def _fail(self, asked: View, error: Exception) -> None:
        if asked is self._view:
            self.failed.emit(sentence(error))

    def _take(self, asked: View, answer: tuple[Floats, tuple[float, float]]) -> None:
        if asked is not self._view:
            return
        values, ends = answer
        rows, columns = asked.shape
        if len(values) < rows * columns:
            self.ask(replace(asked, values=values))
            return
        self.found.emit(asked, values.reshape(rows, columns), ends)
        if len(asked.levels) > 1 and asked is self._view:
            self.ask(replace(asked, levels=asked.levels[1:], values=values[:0]))


def _find_part(view: View) -> tuple[Floats, tuple[float, float]]:
    """More of the values, as many as there is time for, and the ends of the colours."""
    from core.model.one_core import use_one_core

    use_one_core()
    parts, points = [view.values], view.points[len(view.values) :]
    until = time.monotonic() + SECONDS
    for start in range(0, len(points), AT_ONCE):
        parts.append(view.terrain.values(view.kind, points[start : start + AT_ONCE]))
        if time.monotonic() > until:
            break
    values = np.concatenate(parts)
    return values, view.terrain.range_of(view.kind, values)
