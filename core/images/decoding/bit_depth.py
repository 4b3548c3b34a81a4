"""Pictures of more than 8 bits, signed ones and floats: what their numbers span, and which are black and white."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.pixel_range import AUTO, EVERY, PICTURE, TYPE, Range, parse_ranges

_WHITES = (255.0, 1023.0, 4095.0, 16383.0, 32767.0, 65535.0, 4294967295.0)  # 12 bits are often kept in 16
_FLOAT_WHITES = (1.0, 255.0)
_FILLED = 0.5  # of a usual range: numbers that span less are shown from their lowest to their highest
_NO_NUMBER = float(np.finfo(np.float32).max)  # what tables of heights hold where nothing was measured
_BLOCK_VALUES = 4_000_000
_SAMPLED = 65_536  # numbers of a picture, by which nearly all of them are told from stray ones
_STRAY = 2000  # one of so many may be stray at either end
_CROWDED = 0.5  # of a range: where nearly all numbers span no more, most levels are of stray ones
_SINGLE_BYTES = 2  # numbers of so many bytes are exact in float32

Numbers = NDArray[Any]  # of any kind
Clear = NDArray[np.bool_]


@dataclass(frozen=True)
class Depth:
    """What a picture's numbers were: their kind, the lowest and highest of them, and what they were scaled by.

    Nearly all are from `bottom` to `top`; `beyond` is the share of those that are not, in [0, 1].
    """

    kind: str  # as numpy calls it; with "/4095" where the file says what is white
    low: float
    high: float
    black: float
    white: float
    bottom: float
    top: float
    beyond: float


@dataclass(frozen=True, eq=False)
class DeepPicture:
    """A picture's numbers (H, W, C), and what there is to know about them.

    C is 1: grey, 2: red and green, 3: colours or 4: inks. `is_clear` (H, W) is where there is no data; `alpha` (H, W)
    in [0, 1]; `note` what else is to be said.
    """

    values: Numbers
    kind: str
    is_clear: Clear | None = None
    alpha: NDArray[np.float32] | None = None
    is_negative: bool = False  # the lowest number is white
    profile: bytes | None = None  # of its colours
    note: str = ""

    def scaled(self, setting: str, ranges: Mapping[str, Range]) -> tuple[Image.Image, Depth]:
        """In 8 bits: L, RGB, RGBA or CMYK; raises ValueError when there is no number in it at all.

        `ranges` are those of its set, by kind; without one, `auto` goes by this picture alone.
        """
        values, is_clear = self.values, _without_number(self.values, self.is_clear)
        low, high, *bulk = _spans(values, is_clear)
        black, white = _range(setting, ranges, self.kind, low, high)
        levels = _levels(values, black, white)
        if self.is_negative:
            np.subtract(255, levels, out=levels)
        return self._image(levels, is_clear), Depth(self.kind, low, high, black, white, *bulk)

    def _image(self, levels: NDArray[np.uint8], is_clear: Clear | None) -> Image.Image:
        bands = levels.shape[2]
        if bands == 2:
            levels, bands = np.concatenate([levels, np.zeros_like(levels[..., :1])], axis=2), 3
        if bands == 4:
            return Image.frombytes("CMYK", (levels.shape[1], levels.shape[0]), levels.tobytes())
        image = Image.fromarray(levels[..., 0] if bands == 1 else levels)
        if is_clear is None and self.alpha is None:
            return image
        opaque = np.ones(levels.shape[:2], np.float32) if self.alpha is None else self.alpha
        alpha = np.rint(opaque * 255.0).astype(np.uint8)
        if is_clear is not None:
            alpha[is_clear] = 0
        picture = image.convert("RGBA")
        picture.putalpha(Image.fromarray(alpha))
        return picture

    def brightest(self, other: "DeepPicture") -> "DeepPicture":
        """The higher number of two at each place; the other counts for nothing where it is of another size or kind."""
        if self.values.shape != other.values.shape or self.kind != other.kind:
            return self
        values = np.fmax(self.values, other.values)
        is_clear = None
        if self.is_clear is not None and other.is_clear is not None:
            is_clear = self.is_clear & other.is_clear
            values[self.is_clear] = other.values[self.is_clear]
            values[other.is_clear & ~is_clear] = self.values[other.is_clear & ~is_clear]
        return replace(self, values=values, is_clear=is_clear)


def auto_range(kind: str, low: float, high: float) -> Range:
    """What is black and white where numbers of a kind span from `low` to `high`.

    From 0 to what the file says, or to all of 8, 10, 12, 14, 16 or 32 bits, of a float to 1 or 255, where that is at
    least half filled; else from the lowest to the highest.
    """
    if "/" in kind:
        return 0.0, float(kind.split("/")[1])
    whites = _FLOAT_WHITES if kind.startswith("float") else _WHITES
    white = next((each for each in whites if low >= 0.0 and high <= each), None)
    if white is not None and (high == low or high - low >= _FILLED * white):
        return 0.0, white
    return (low, high) if high > low else (low, low + 1.0)


def offered_ranges(ranges: Mapping[str, Range], bulk: Mapping[str, tuple[float, float, float]]) -> dict[str, Range]:
    """The kinds of number of which nearly all lie so close that another range shows them better, with that range.

    `bulk` is of each kind the lowest and the highest number without stray ones, and the largest share of those.
    """
    offered = dict[str, Range]()
    for kind, (black, white) in ranges.items():
        if kind in bulk and "/" not in kind:
            low, high = auto_range(kind, *bulk[kind][:2])
            if high - low <= _CROWDED * (white - black):
                offered[kind] = low, high
    return offered


def type_range(kind: str) -> Range:
    """All that a kind of number can hold; of a float 0 to 1."""
    if "/" in kind:
        return 0.0, float(kind.split("/")[1])
    if kind.startswith("float"):
        return 0.0, 1.0
    bits = int(kind.lstrip("uint"))
    return (0.0, 2.0**bits - 1.0) if kind.startswith("u") else (-(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1.0)


def _range(setting: str, ranges: Mapping[str, Range], kind: str, low: float, high: float) -> Range:
    if setting == PICTURE:
        return (low, high) if high > low else (low, low + 1.0)
    if setting == TYPE:
        return type_range(kind)
    given = ranges if setting == AUTO else parse_ranges(setting)
    return given.get(kind) or given.get(EVERY) or auto_range(kind, low, high)


def _without_number(values: Numbers, is_clear: Clear | None) -> Clear | None:
    """Where there is none: NaN, what stands for "nothing was measured", and what is said to be clear."""
    if values.dtype.kind != "f":
        return is_clear
    none = np.asarray(np.isnan(values).any(axis=2))
    if values.itemsize > _SINGLE_BYTES:
        none |= np.asarray(np.abs(values) == np.asarray(_NO_NUMBER, values.dtype)).any(axis=2)
    if is_clear is not None:
        none |= is_clear
    return none if none.any() else None


def _spans(values: Numbers, is_clear: Clear | None) -> tuple[float, float, float, float, float]:
    """Of the numbers that are finite and not clear the lowest and the highest, and the same without stray ones.

    Those are told by a sample, evenly spread; the last is the share of all numbers that are stray.
    """
    seen = values if is_clear is None else values[~is_clear]
    if values.dtype.kind == "f":
        seen = seen[np.isfinite(seen)]
    if not seen.size:
        raise ValueError("it holds no finite value")
    some = seen.ravel()[:: max(1, seen.size // _SAMPLED) | 1]
    stray = max(1, some.size // _STRAY)  # at either end
    ends = np.partition(some, (stray, some.size - 1 - stray)) if some.size > 2 * stray else np.sort(some)
    bottom, top = (ends[stray], ends[-1 - stray]) if some.size > 2 * stray else (ends[0], ends[-1])
    beyond = np.count_nonzero(seen < bottom) + np.count_nonzero(seen > top)
    return float(seen.min()), float(seen.max()), float(bottom), float(top), float(beyond / seen.size)


def _levels(values: Numbers, black: float, white: float) -> NDArray[np.uint8]:
    """(H, W, C) in 8 bits; a few rows at a time, as numbers of 32 bits are scaled in 64."""
    levels = np.empty(values.shape, np.uint8)
    rows = max(1, _BLOCK_VALUES // max(1, values[0].size))
    precision = np.float32 if values.itemsize <= _SINGLE_BYTES else np.float64
    for first in range(0, len(values), rows):
        part: NDArray[np.floating[Any]] = values[first : first + rows].astype(precision)
        part -= black
        part *= 255.0 / (white - black)
        np.nan_to_num(part, copy=False, nan=0.0, posinf=255.0, neginf=0.0)
        levels[first : first + rows] = np.rint(np.clip(part, 0.0, 255.0, out=part), out=part)
    return levels
