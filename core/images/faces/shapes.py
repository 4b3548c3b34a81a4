"""Shapes with smooth edges, painted on many canvases at once from their signed distances."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.floating[Any]]  # float32, (n, H, W), or (n, 1, 1) for one number a canvas
Colours = NDArray[np.floating[Any]]  # (n, 3), 0 to 255
Shape = Callable[[Plane, Plane], Plane]  # signed distance at x, y: below 0 inside
Window = tuple[float, float, float, float]  # left, top, right, bottom; the canvas is -1 to 1, y downwards
EVERYWHERE: Window = (-1.0, -1.0, 1.0, 1.0)


class Canvas:
    """`count` square canvases of `size` pixels; what is painted turns with `tilt` (n, 1, 1) radians about `pivot` y."""

    def __init__(self, colours: Colours, size: int, tilt: Plane, pivot: float) -> None:
        middles = (np.arange(size, dtype=np.float32) + 0.5) * (2.0 / size) - 1.0
        self._size = size
        self._flat = middles[np.newaxis, np.newaxis, :], middles[np.newaxis, :, np.newaxis]
        x, y = self._flat
        cos, sin = np.cos(tilt), np.sin(tilt)
        self._tilted = cos * x + sin * (y - pivot), cos * (y - pivot) - sin * x + pivot
        shade = 1.03 - 0.07 * y
        self._planes = np.clip(colours.T[:, :, np.newaxis, np.newaxis] * shade, 0.0, 255.0) + 0.0 * x

    def paint(self, window: Window, shape: Shape, colours: Colours, *, turns: bool = True) -> None:
        """Fill a shape; only pixels of the window are touched, so it must hold the shape at every tilt."""
        self.tint(window, lambda x, y: np.clip(0.5 - shape(x, y) * np.float32(self._size / 2), 0, 1), colours, turns)

    def tint(self, window: Window, share: Shape, colours: Colours, turns: bool = True) -> None:
        """Mix a colour in by a share from 0 to 1 at each x, y."""
        left, top, right, bottom = (round((edge + 1.0) / 2.0 * self._size) for edge in window)
        rows, columns = slice(max(0, top), bottom), slice(max(0, left), right)
        if turns:
            x, y = (plane[:, rows, columns] for plane in self._tilted)
        else:
            x, y = self._flat[0][:, :, columns], self._flat[1][:, rows]
        cover = share(x, y)
        for plane, level in zip(self._planes, colours.T, strict=True):
            part = plane[:, rows, columns]
            part += cover * (level[:, np.newaxis, np.newaxis] - part)

    def pixels(self) -> NDArray[np.uint8]:
        """What was painted, (n, size, size, 3)."""
        return np.moveaxis(np.rint(self._planes).astype(np.uint8), 0, -1)


def disc(x: Plane, y: Plane, radius: Plane | float) -> Plane:
    """Distance to a circle about the origin."""
    distance: Plane = np.sqrt(x * x + y * y) - radius
    return distance


def ellipse(x: Plane, y: Plane, rx: Plane | float, ry: Plane | float) -> Plane:
    """Distance to an ellipse about the origin, to first order, which is exact at its edge."""
    u, v = x / rx, y / ry
    steepness = np.sqrt((u / rx) ** 2 + (v / ry) ** 2) + 1e-6
    return (u * u + v * v - 1.0) / (2.0 * steepness)


def rounded(x: Plane, y: Plane, rx: Plane | float, ry: float, corner: float) -> Plane:
    """Distance to a box about the origin with round corners."""
    u, v = np.abs(x) - (rx - corner), np.abs(y) - (ry - corner)
    outside: Plane = np.sqrt(np.maximum(u, 0.0) ** 2 + np.maximum(v, 0.0) ** 2)
    return outside + np.minimum(np.maximum(u, v), 0.0) - corner


def capsule(x: Plane, y: Plane, dx: Plane | float, dy: Plane | float, radius: float) -> Plane:
    """Distance to a thick line from the origin to (dx, dy)."""
    along = np.clip((x * dx + y * dy) / (dx * dx + dy * dy), 0.0, 1.0)
    return disc(x - along * dx, y - along * dy, radius)


def inside_both(one: Plane, other: Plane) -> Plane:
    """Distance to what two shapes share."""
    distance: Plane = np.maximum(one, other)
    return distance


def glow(x: Plane, y: Plane, radius: float) -> Plane:
    """A share for `Canvas.tint`: 1 at the origin, fading smoothly to 0 at the radius."""
    near: Plane = np.maximum(1.0 - (x * x + y * y) / np.float32(radius * radius), 0.0)
    share: Plane = near * near
    return share


def ramp_colours(place: Plane, ramp: Sequence[tuple[int, int, int]]) -> Colours:
    """Colours (n, 3) at places from 0 to 1 along a ramp of evenly spaced ones."""
    stops = np.linspace(0.0, 1.0, len(ramp))
    levels = [np.interp(place, stops, channel) for channel in zip(*ramp, strict=True)]
    colours: Colours = np.stack(levels, axis=1).astype(np.float32)
    return colours


def hue_colours(hue: Plane, saturation: float, value: float) -> Colours:
    """Colours (n, 3) of hues in turns, by the usual HSV formula."""
    turns = (hue[:, np.newaxis] * 6.0 + np.array([5.0, 3.0, 1.0])) % 6.0
    dip = np.clip(np.minimum(turns, 4.0 - turns), 0.0, 1.0)
    colours: Colours = (255.0 * value * (1.0 - saturation * dip)).astype(np.float32)
    return colours


def shaded(colours: Colours, by: float) -> Colours:
    """Darker below 1; lighter above: 1.2 goes a fifth of the way to white."""
    if by <= 1.0:
        return colours * by
    return colours + (255.0 - colours) * (by - 1.0)
