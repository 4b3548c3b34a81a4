"""The hair styles of the drawn faces, and the record of the faces that wear them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.images.faces.shapes import (
    EVERYWHERE,
    Canvas,
    Colours,
    Plane,
    disc,
    ellipse,
    glow,
    inside_both,
    rounded,
    shaded,
)

HAIR_STYLES = ("bald", "short", "fringe", "long", "curly", "bun")
Factors = NDArray[np.void]


@dataclass(frozen=True, eq=False)
class Face:
    """Some faces' factors as (n, 1, 1) and the colours (n, 3) that follow from them."""

    factors: Factors
    wide: Plane  # half the head's width
    skin: Colours
    hair: Colours
    shirt: Colours

    def __getitem__(self, name: str) -> Plane:
        factor: Plane = self.factors[name]
        return factor

    def all(self, colour: tuple[int, int, int]) -> Colours:
        """One colour for every face."""
        return np.full((len(self.skin), 3), colour, np.float32)


@dataclass(frozen=True)
class Cut:
    """A hair style: what is behind the head, and what is in front of it."""

    behind: Callable[[Canvas, Face], None]
    front: Callable[[Canvas, Face], None]


def _cap(canvas: Canvas, face: Face, hairline: Callable[[Plane], Plane]) -> None:
    """Hair over the skull, down to the hairline's y at each x, with a sheen."""

    def cap(x: Plane, y: Plane) -> Plane:
        return inside_both(ellipse(x, y, face.wide + 0.05, 0.66), 0.7 * (y - hairline(x)))

    canvas.paint((-0.85, -0.85, 0.85, 0.45), cap, face.hair)
    sheen = shaded(face.hair, 1.22)
    canvas.tint((-0.7, -0.85, 0.7, -0.1), lambda x, y: 0.9 * glow(x + 0.16, 2.2 * (y + 0.5), 0.26), sheen)


def _no_hair(canvas: Canvas, face: Face) -> None:
    pass


def _shine(canvas: Canvas, face: Face) -> None:
    canvas.tint((-0.6, -0.85, 0.6, 0.0), lambda x, y: 0.8 * glow(x + 0.15, y + 0.38, 0.22), shaded(face.skin, 1.5))


def _short(canvas: Canvas, face: Face) -> None:
    _cap(canvas, face, lambda x: -0.36 + 0.95 * x * x + 0.12 * x)


def _bob(canvas: Canvas, face: Face) -> None:
    canvas.paint((-0.95, -0.9, 0.95, 0.75), lambda x, y: rounded(x, y + 0.1, face.wide + 0.13, 0.58, 0.42), face.hair)


def _fringe(canvas: Canvas, face: Face) -> None:
    _cap(canvas, face, lambda x: -0.235 + 0.5 * np.abs(x) ** 3)


def _mane(canvas: Canvas, face: Face) -> None:
    canvas.paint(EVERYWHERE, lambda x, y: rounded(x, y - 0.12, face.wide + 0.17, 0.84, 0.5), face.hair)


def _parted(canvas: Canvas, face: Face) -> None:
    _cap(canvas, face, lambda x: -0.52 + 0.9 * np.abs(x + 0.08))


def _cloud(canvas: Canvas, face: Face) -> None:
    def cloud(x: Plane, y: Plane) -> Plane:
        curls = 0.035 * np.cos(13.0 * np.arctan2(y + 0.22, x))
        return disc(x / (1.0 + 0.4 * (face.wide - 0.43)), y + 0.22, 0.68 + curls)

    canvas.paint(EVERYWHERE, cloud, face.hair)


def _curls(canvas: Canvas, face: Face) -> None:
    _cap(canvas, face, lambda x: -0.34 + 0.5 * x * x + 0.03 * np.cos(26.0 * x))


def _bun(canvas: Canvas, face: Face) -> None:
    canvas.paint((-0.7, -1.0, 0.7, -0.3), lambda x, y: disc(x, y + 0.75, 0.2), face.hair)
    canvas.paint((-0.6, -1.0, 0.6, -0.3), lambda x, y: rounded(x, y + 0.635, 0.15, 0.035, 0.03), face.shirt)


def _sleek(canvas: Canvas, face: Face) -> None:
    _cap(canvas, face, lambda x: -0.42 + 1.1 * x * x)


CUTS = (  # as HAIR_STYLES
    Cut(_no_hair, _shine),
    Cut(_no_hair, _short),
    Cut(_bob, _fringe),
    Cut(_mane, _parted),
    Cut(_cloud, _curls),
    Cut(_bun, _sleek),
)
