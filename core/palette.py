"""Colours for classes and for ranges of numbers that every kind of eye can tell apart, on white and on near-black."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

# Okabe & Ito (2008): their hues, with grey and violet for the black that a dark map would swallow, moved by a search
# until the closest two are 0.08 apart in OKLab to every kind of eye, and each is 1.9:1 or better on both backgrounds.
_FIRST = [
    "#4376f1",
    "#cd965c",
    "#2c8c6c",
    "#f888cd",
    "#e33e03",
    "#02bdfe",
    "#b3c103",
    "#7e43b8",
    "#a72548",
    "#8c7ba9",
]

# From little to much: lightness rises all the way, on a path through OKLCH cut where any two are 0.06 apart to every
# kind of eye, and each is 1.9:1 or better on both backgrounds.
_RANGES = ["#5325af", "#98269e", "#bd2984", "#d5326a", "#e5414d", "#f1571b", "#e3920b", "#d3bc18"]

# Linear RGB as a deuteranope and a protanope have it: Viénot, Brettel & Mollon (1999).
_EYES = np.array(
    [
        np.eye(3),
        [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]],
        [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]],
    ]
)
# Linear RGB → LMS → OKLab: Ottosson (2020).
_TO_LMS = np.array(
    [[0.41222147, 0.53633254, 0.05144599], [0.2119035, 0.6806995, 0.10739696], [0.08830246, 0.28171884, 0.6299787]]
)
_TO_LAB = np.array(
    [[0.21045426, 0.79361779, -0.00407205], [1.9779985, -2.42859221, 0.45059371], [0.02590404, 0.78277177, -0.80867577]]
)


def class_colours(count: int) -> NDArray[np.uint8]:
    """`count` colours, uint8 (count, 3): each the farthest from all before it; they repeat after 256."""
    colours: NDArray[np.uint8] = _sequence(16 if count <= 16 else 256)[np.arange(count) % 256]
    return colours


def range_colours(count: int) -> NDArray[np.uint8]:
    """Colours for at most eight ranges of a number, in its order, uint8 (count, 3)."""
    colours: NDArray[np.uint8] = rgb(*_RANGES)[np.linspace(0, len(_RANGES) - 1, count).round().astype(int)]
    return colours


def ramp(count: int) -> NDArray[np.uint8]:
    """Colours from little to much without steps, uint8 (count, 3): the way of `range_colours`, at an even pace.

    Equal steps are as far apart to the eye that sees least of each: to most eyes none is twice another (CIELAB).
    """
    colours: NDArray[np.uint8] = _way()[np.linspace(0, len(_way()) - 1, count).round().astype(int)]
    return colours


def rgb(*codes: str) -> NDArray[np.uint8]:
    """Colours written as "#rrggbb", uint8 (count, 3)."""
    return np.array([[int(code[at : at + 2], 16) for at in (1, 3, 5)] for code in codes], np.uint8).reshape(-1, 3)


@lru_cache(maxsize=1)
def _way() -> NDArray[np.uint8]:
    """The ramp in a thousand steps: straight in OKLab from each of `_RANGES` to the next."""
    stops = _as_seen(rgb(*_RANGES))[:, 0]
    place = np.linspace(0, len(stops) - 1, 4001)
    path = np.stack([np.interp(place, np.arange(len(stops)), stops[:, axis]) for axis in range(3)], axis=1)
    pace = np.linalg.norm(np.diff(_seen(_linear(path)), axis=0), axis=-1).min(axis=1)
    walked = np.concatenate([[0.0], np.cumsum(pace)])
    even = np.interp(np.linspace(0, walked[-1], 1024), walked, np.arange(len(path)))
    colours: NDArray[np.uint8] = _encoded(_linear(path))[even.round().astype(int)]
    return colours


@lru_cache(maxsize=2)
def _sequence(count: int) -> NDArray[np.uint8]:
    first = rgb(*_FIRST)
    candidates = _candidates()
    seen = _as_seen(candidates)
    distance = np.full(len(candidates), np.inf)
    for place in _as_seen(first):
        distance = np.minimum(distance, _difference(seen, place))
    chosen = [*first]
    while len(chosen) < count:
        best = int(np.argmax(distance))
        chosen.append(candidates[best])
        distance = np.minimum(distance, _difference(seen, seen[best]))
    return np.array(chosen)


def _candidates() -> NDArray[np.uint8]:
    """The colours, of all on a grid in OKLCH, that a screen has and that stand out on both backgrounds."""
    lightness, chroma, hue = np.meshgrid([0.46, 0.53, 0.6, 0.67, 0.74], [0.04, 0.09, 0.14, 0.2], np.arange(0, 360, 7.5))
    angle = np.deg2rad(hue)
    lab = np.stack([lightness, chroma * np.cos(angle), chroma * np.sin(angle)], axis=-1).reshape(-1, 3)
    linear = _linear(lab)
    return _encoded(linear[((linear >= 0) & (linear <= 1)).all(axis=1)])


def _linear(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """OKLab → linear RGB; outside [0, 1] where no screen has it."""
    return np.asarray(((lab @ np.linalg.inv(_TO_LAB).T) ** 3) @ np.linalg.inv(_TO_LMS).T)


def _encoded(linear: NDArray[np.float64]) -> NDArray[np.uint8]:
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.round(255 * encoded).astype(np.uint8)


def _as_seen(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    """OKLab as each kind of eye has it, (count, eyes, 3)."""
    encoded = colours / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return _seen(linear)


def _seen(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """OKLab of linear RGB (count, 3) as each kind of eye has it, (count, eyes, 3)."""
    eyes = np.clip(np.einsum("eij,nj->nei", _EYES, linear), 0, 1)
    seen: NDArray[np.float64] = np.cbrt(eyes @ _TO_LMS.T) @ _TO_LAB.T
    return seen


def _difference(seen: NDArray[np.float64], place: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far apart to the eye that sees least of it."""
    apart: NDArray[np.float64] = np.linalg.norm(seen - place, axis=-1).min(axis=-1)
    return apart
