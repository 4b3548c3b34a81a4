"""Stops of paths: added, moved and removed, each as a step of exploring; one path at a time is shown, by its name."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from core.exploration import Exploration, LatentPath
from explorer.workspace.undo_history import Exploring

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace

Floats = NDArray[np.float32]

TWO_STOPS = 2
LEG_FRAMES = 30  # that each stop after the second adds; the first two have twice as many
MOST_STOPS = 50
TOO_MANY = f"A path has at most {MOST_STOPS} stops: choose fewer."
NOTHING_SELECTED = "Select images on the map first: each becomes a stop."
NO_BOOKMARKS = "Set bookmarks first (Ctrl+1 to Ctrl+9): each becomes a stop."


class Routing(QObject):
    """Says which path is shown, and what it is now; runs in the window's thread."""

    paths_changed = Signal(object, str)  # names, the one shown
    path_changed = Signal(object)  # LatentPath, or None: there is none
    adding_changed = Signal(bool)  # whether each click on the map adds a stop
    said = Signal(str)

    def __init__(self, exploring: Exploring, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exploring = exploring
        self._space: LatentSpace | None = None
        self._name, self._place = "", 0  # of the path that is shown, and where it stands among them
        self._is_adding = False

    @property
    def path(self) -> LatentPath | None:
        """The path that is shown."""
        return next((each for each in self._exploring.now.paths if each.name == self._name), None)

    def show_map(self, latent_space: "LatentSpace", _: Any = None) -> None:
        """Places of the map are of this latent space from now on."""
        self._space = latent_space

    def show_exploration(self, exploration: Exploration, fields: frozenset[str]) -> None:
        """Follow what was done, undone, or read from the run's folder."""
        if "paths" in fields:
            names = [each.name for each in exploration.paths]
            if self._name not in names:  # it was renamed, or removed
                self._name = names[min(self._place, len(names) - 1)] if names else ""
            self._show()

    def clear(self) -> None:
        """There is no model."""
        self._space, self._name = None, ""
        self._show()

    def choose(self, name: str) -> None:
        """Show this path."""
        if name != self._name:
            self._name = name
            self._show()

    def begin(self) -> None:
        """Begin another path; it is there once it has a stop."""
        self._name = ""
        self._show()

    def rename(self, name: str) -> None:
        """Call the path something else; a name that another has gets a number."""
        path, name = self.path, name.strip()
        if path is not None and name and name != path.name:
            others = [each.name for each in self._exploring.now.paths if each is not path]
            self._replace(replace(path, name=_free_name(name, others)), "renaming of the path")

    def remove(self) -> None:
        """The path is there no more."""
        if (path := self.path) is not None:
            rest = tuple(each for each in self._exploring.now.paths if each is not path)
            self._name = rest[-1].name if rest else ""
            self._exploring.change(f"removal of {path.name}", paths=rest)

    def change(self, **fields: Any) -> None:
        """Another kind, number of frames, or look of the path."""
        if (path := self.path) is not None:
            together = "frames of a path" if "frames" in fields else ""
            if "frames" in fields:
                fields["frames"] = max(int(fields["frames"]), len(path.stops), 2)
            self._replace(replace(path, **fields), "change of the path", together)

    def add_cursor(self) -> None:
        """The cursor's place is the next stop."""
        if self._exploring.now.z is not None:
            self.add(self._exploring.now.z[None], "stop at the cursor")

    def add_selection(self) -> None:
        """The selected images are the next stops, each followed by the one nearest to it."""
        if self._space is None:
            return
        codes = self._space.codes[self._exploring.now.selection[: MOST_STOPS + 1]]
        codes = codes[np.isfinite(codes).all(axis=1)]
        if not len(codes):
            self.said.emit(NOTHING_SELECTED)
            return
        self.add(_one_after_the_other(codes, self._last_stop()), "stops at the selection")

    def add_bookmarks(self) -> None:
        """The bookmarks are the next stops, by their numbers."""
        marks = [mark.z for _, mark in sorted(self._exploring.now.bookmarks.items())]
        if not marks:
            self.said.emit(NO_BOOKMARKS)
            return
        self.add(np.stack(marks), "stops at the bookmarks")

    def add_by_clicking(self, is_adding: bool) -> None:
        """Whether each click on the map adds a stop."""
        self._is_adding = is_adding
        self.adding_changed.emit(is_adding)

    def click(self, u: float, v: float, index: int) -> None:
        """The map was clicked at a place, on the dot of an image or (−1) beside them."""
        if self._is_adding and self._space is not None:
            place = self._space.plane.to_latent(np.array([[u, v]], np.float32))
            self.add(place if index < 0 else self._space.codes[index : index + 1], "stop on the map")

    def add(self, z: Floats, words: str) -> None:
        """More stops (n, d), after the last; the first ones make a path."""
        space, path = self._space, self.path
        if space is None or z.shape[1] != space.latent_dims:
            return
        if len(z) + (0 if path is None else len(path.stops)) > MOST_STOPS:
            self.said.emit(TOO_MANY)
        elif path is None:
            self._make(np.array(z, np.float32), words)
        else:
            stops = np.concatenate((path.stops, z)).astype(np.float32)
            more = LEG_FRAMES * (len(stops) - max(TWO_STOPS, len(path.stops)))
            self._replace(replace(path, stops=stops, frames=path.frames + max(0, more)), words)

    def remove_stop(self, stop: int) -> None:
        """One stop less; a path without stops is none."""
        path = self.path
        if path is None or not 0 <= stop < len(path.stops):
            return
        if len(path.stops) == 1:
            self.remove()
            return
        stops = np.delete(path.stops, stop, axis=0)
        fewer = path.frames - LEG_FRAMES
        frames = fewer if fewer >= LEG_FRAMES * max(TWO_STOPS, len(stops) - 1) else path.frames
        self._replace(replace(path, stops=stops, frames=frames), f"removal of stop {stop + 1}")

    def move_stop(self, stop: int, to: int) -> None:
        """A stop comes earlier, or later."""
        path = self.path
        if path is not None and stop != to and {stop, to} <= set(range(len(path.stops))):
            order = list(range(len(path.stops)))
            order.insert(to, order.pop(stop))
            self._replace(replace(path, stops=path.stops[order]), f"move of stop {stop + 1}")

    def reverse(self) -> None:
        """The other way round."""
        if (path := self.path) is not None:
            self._replace(replace(path, stops=path.stops[::-1].copy()), "reversal of the path")

    # inside

    def _make(self, stops: Floats, words: str) -> None:
        paths = self._exploring.now.paths
        name = _free_name("Path", [each.name for each in paths], is_numbered=True)
        frames = LEG_FRAMES * max(TWO_STOPS, len(stops) - 1)
        self._name = name
        made = LatentPath(name, "straight", stops, frames, class_name=self._exploring.now.class_name)
        self._exploring.change(words, paths=(*paths, made))

    def _replace(self, path: LatentPath, words: str, together: str = "") -> None:
        paths = tuple(path if each.name == self._name else each for each in self._exploring.now.paths)
        self._name = path.name
        self._exploring.change(words, together, paths=paths)

    def _last_stop(self) -> Floats | None:
        path = self.path
        return self._exploring.now.z if path is None else path.stops[-1]

    def _show(self) -> None:
        names = tuple(each.name for each in self._exploring.now.paths)
        if self._name in names:
            self._place = names.index(self._name)
        self.paths_changed.emit(names, self._name)
        self.path_changed.emit(self.path)


def _free_name(name: str, taken: Sequence[str], is_numbered: bool = False) -> str:
    """The name, with the first number that makes it one of its own."""
    if name not in taken and not is_numbered:
        return name
    number = 1 if is_numbered else 2
    while f"{name} {number}" in taken:
        number += 1
    return f"{name} {number}"


def _one_after_the_other(z: Floats, start: Floats | None) -> Floats:
    """Latents (n, d), each followed by the nearest of those that are left; the first is nearest to `start`."""
    left, here, order = list(range(len(z))), z[0] if start is None else start, []
    while left:
        nearest = min(left, key=lambda index: float(np.square(z[index] - here).sum()))
        left.remove(nearest)
        order.append(nearest)
        here = z[nearest]
    return z[order]
