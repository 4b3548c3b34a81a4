"""How a decoder of convolutions comes to finer grids and to pixels: each time by a 3 × 3 convolution and a shuffle."""

from collections.abc import Mapping
from math import isqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.model.drawing_taps import fading

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]  # by the names that PyTorch gives them


class Taps(NamedTuple):
    """Weights (3, 3, C, outputs · patch²) with their bias; beyond the edge are zeros, or the edge `goes_on`."""

    weight: Floats
    bias: Floats
    patch: int
    goes_on: bool = False


def doubling_taps(weights: Weights, name: str) -> Taps:
    """A transposed convolution, 4 × 4 with stride 2, padded by one: each place becomes four that see 2 × 2 each."""
    weight = weights[f"{name}.weight"]  # (C, outputs, 4, 4)
    inputs, outputs = weight.shape[:2]
    taps = np.zeros((3, 3, inputs, outputs, 2, 2), np.float32)
    for row, column, down, right in np.ndindex(2, 2, 3, 3):
        above, left = row + 3 - 2 * down, column + 3 - 2 * right
        if 0 <= above < 4 and 0 <= left < 4:
            taps[down, right, :, :, row, column] = weight[:, :, above, left]
    return Taps(taps.reshape(3, 3, inputs, 4 * outputs), np.repeat(weights[f"{name}.bias"], 4), 2)


def stages(weights: Weights, at: str, channels: int, is_smooth: bool) -> list[Taps]:
    """From the last grid to pixels, in one stage or in two with SiLU between them; `at` is the decoder's body."""
    one, two = f"{at}.5", f"{at}.8"
    if f"{two}.bias" not in weights:
        return [_stage(weights, one, channels, is_smooth)]
    finer = weights[f"{two}.weight"].shape[1]
    return [_stage(weights, one, finer, is_smooth), _stage(weights, two, channels, is_smooth)]


def _stage(weights: Weights, name: str, channels: int, is_smooth: bool) -> Taps:
    is_larger = len(weights[f"{name}.weight"]) > channels  # than a pixel: there is something to fade
    return (_fading if is_smooth and is_larger else _free)(weights, name, channels)


def _free(weights: Weights, name: str, channels: int) -> Taps:
    weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
    return Taps(weight.transpose(2, 3, 1, 0), bias, isqrt(len(bias) // channels))


def _fading(weights: Weights, name: str, channels: int) -> Taps:
    weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
    patch = isqrt(len(weight) // channels)
    faded = weight * np.tile(fading(patch), (channels, 1, 1))[:, None]
    return Taps(faded.transpose(2, 3, 1, 0), np.repeat(bias, patch**2), patch, goes_on=True)
