"""What lies on the map beside the dots: whoever finds it says it here, and the map draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

Floats = NDArray[np.floating]
Ellipse = tuple[Floats, Floats, bool]  # centre (2,), covariance (2, 2), is it strong
Arrow = tuple[Floats, Floats, str]  # from (2,), to (2,), name
Pin = tuple[int, tuple[float, float]]  # number, place
LetteredSet = tuple[str, Floats]  # letter, points (k, 2)
Style = Literal["prior", "aggregate"]


@dataclass(frozen=True, eq=False)
class Route:
    """A way of places (k, 2) past its stops (m, 2), and the share of it that has been played, None: not played."""

    points: Floats
    stops: Floats
    at: float | None


class Marks(QObject):
    """Keeps what the setters are given, in units of the plane."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ellipses: Sequence[Ellipse] = ()
        self.contours: dict[str, tuple[Sequence[Floats], Style]] = {}
        self.arrows: Sequence[Arrow] = ()
        self.route: Route | None = None
        self.sets: Sequence[LetteredSet] = ()
        self.pins: Sequence[Pin] = ()
        self.trails: Sequence[Floats] = ()

    def show_ellipses(self, ellipses: Sequence[Ellipse]) -> None:
        """Posteriors, (centre (2,), covariance (2, 2), is_strong), at one and two sigma."""
        self.ellipses = tuple(ellipses)
        self.changed.emit()

    def show_contours(self, name: str, lines: Sequence[Floats], style: Style) -> None:
        """Lines (k, 2) of one name, "prior" dashed; none: those of that name go."""
        self.contours.pop(name, None)
        if len(lines):
            self.contours[name] = (tuple(lines), style)
        self.changed.emit()

    def show_arrows(self, arrows: Sequence[Arrow]) -> None:
        """Directions: (from (2,), to (2,), name)."""
        self.arrows = tuple(arrows)
        self.changed.emit()

    def show_route(self, points: Floats, stops: Floats, at: float | None) -> None:
        """A way (k, 2) with its stops (m, 2); `at` in [0, 1] is how far it has been played. No points: none."""
        self.route = Route(points, stops, at) if len(points) or len(stops) else None
        self.changed.emit()

    def show_sets(self, sets: Sequence[LetteredSet]) -> None:
        """Sets of images or places, (letter, points (k, 2)); those that lie nowhere yet are left out."""
        found = ((letter, points[np.isfinite(points).all(axis=1)]) for letter, points in sets)
        self.sets = tuple((letter, points) for letter, points in found if len(points))
        self.changed.emit()

    def show_pins(self, pins: Sequence[Pin]) -> None:
        """Bookmarks, (number, (u, v)); those that a plane does not know, as one of UMAP, have no pin on it."""
        self.pins = tuple(pin for pin in pins if np.isfinite(pin[1]).all())
        self.changed.emit()

    def show_trails(self, trails: Sequence[Floats]) -> None:
        """Ways (k, 2) that images have gone as the model learned, the first place first."""
        if trails or self.trails:
            self.trails = tuple(each for each in trails if len(each) > 1)
            self.changed.emit()
