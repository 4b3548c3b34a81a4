"""The ways that selected images have gone on the map, from the first moment to now."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from core.exploration import Exploration

if TYPE_CHECKING:
    from explorer.workspace.marks import Marks
    from explorer.workspace.moment_in_hand import Recalling

MOST = 30  # trails: more of them hide the dots
SOME = "Trails of {0} of the {1:,} selected images are drawn: more would hide the dots."
NONE_SELECTED = "Select images first: their trails are drawn."
OTHER_PLANE = (
    "Trails are drawn on the plane that a run opens with, Curved sheet or Widest (PCA): choose it above the map."
)


class Trailing(QObject):
    """Draws while it is on; a trail grows as the moments are opened."""

    said = Signal(str)

    def __init__(self, recalling: "Recalling", marks: "Marks", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._recalling, self._marks = recalling, marks
        self._selection: NDArray[np.int64] = np.zeros(0, np.int64)
        self._is_on = False

    def show(self, is_on: bool) -> None:
        """Whether trails are drawn."""
        self._is_on = is_on
        if is_on:
            self._recalling.open_all()
            self._say()
        self.update()

    def show_exploration(self, exploration: Exploration, fields: frozenset[str]) -> None:
        """Those of the images that are selected now."""
        if "selection" in fields:
            self._selection = exploration.selection
            if self._is_on:
                self._say()
            self.update()

    def update(self) -> None:
        """Draw them anew: more moments are known, or others."""
        if not self._is_on:
            self._marks.show_trails(())
            return
        chosen = self._selection[:: -(-len(self._selection) // MOST) or 1]
        known = self._recalling.known_points()
        if self._recalling.is_on_other_plane or not len(known):
            self._marks.show_trails(())
            return
        chosen = chosen[chosen < len(known[0])]
        ways = np.stack([points[chosen] for points in known], axis=1)  # (images, moments, 2)
        self._marks.show_trails([way[np.isfinite(way).all(axis=1)] for way in ways])

    def _say(self) -> None:
        count = len(self._selection)
        if self._recalling.is_on_other_plane:
            self.said.emit(OTHER_PLANE)
        elif not count:
            self.said.emit(NONE_SELECTED)
        elif count > MOST:
            self.said.emit(SOME.format(len(self._selection[:: -(-count // MOST)]), count))


def moved_most(moved: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """The images that moved farthest (N,), those that moved most first; of those whose way is not known none."""
    known = np.flatnonzero(np.isfinite(moved))
    return known[np.argsort(-moved[known], kind="stable")[:count]]
