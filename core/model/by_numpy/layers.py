"""The layers of the networks in NumPy: float32, images as (N, H, W, C); each is prepared once and then called."""

from collections.abc import Callable
from functools import reduce

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.model.by_numpy.taps import Floats, Taps, Weights

Layer = Callable[[Floats], Floats]

EPSILON = np.float32(1e-5)  # of a layer's norm, PyTorch's own
ON_ONE_CORE = 2**18  # multiply-adds of a matrix product; larger ones OpenBLAS spreads over cores that others may hold


def chain(*layers: Layer) -> Layer:
    """One layer after the other."""
    return lambda x: reduce(lambda value, layer: layer(value), layers, x)


def beside(inner: Layer) -> Layer:
    """A residual: x + inner(x)."""
    return lambda x: x + inner(x)


def linear(weights: Weights, name: str) -> Layer:
    """(N, inputs) → (N, outputs)."""
    weight, bias = np.ascontiguousarray(weights[f"{name}.weight"].T), weights[f"{name}.bias"]
    return lambda x: np.asarray(x @ weight + bias, np.float32)


def layer_norm(weights: Weights, name: str) -> Layer:
    """(N, units) → (N, units), each row with mean 0 and variance 1, then scaled (Ba et al. 2016)."""
    weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]

    def norm(x: Floats) -> Floats:
        centred = x - x.mean(axis=1, keepdims=True)
        deviation = np.sqrt(np.square(centred).mean(axis=1, keepdims=True) + EPSILON)
        return np.asarray(centred / deviation * weight + bias, np.float32)

    return norm


def convolution(weights: Weights, name: str) -> Layer:
    """3 × 3, padded by one: (N, H, W, C) → (N, H, W, outputs)."""
    weight = weights[f"{name}.weight"].transpose(2, 3, 1, 0)  # (outputs, C, 3, 3)
    return _shifted_product(weight, weights[f"{name}.bias"])


def drawing(taps: Taps) -> Layer:
    """To the pixels of patches: (N, H, W, C) → (N, H · patch, W · patch, outputs)."""
    return chain(_shifted_product(taps.weight, taps.bias, taps.goes_on), pixel_shuffle(taps.patch))


def halving_convolution(weights: Weights, name: str) -> Layer:
    """4 × 4 with stride 2, padded by one: (N, 2H, 2W, C) → (N, H, W, outputs)."""
    weight = weights[f"{name}.weight"]  # (outputs, C, 4, 4)
    outputs, inputs = weight.shape[:2]
    taps = np.zeros((3, 3, inputs, 2, 2, outputs), np.float32)
    for row, column, down, right in np.ndindex(2, 2, 3, 3):
        above, left = 2 * down + row - 1, 2 * right + column - 1
        if 0 <= above < 4 and 0 <= left < 4:
            taps[down, right, :, row, column] = weight[:, :, above, left].T
    folded = taps.reshape(3, 3, 4 * inputs, outputs)
    return chain(pixel_unshuffle(2), _shifted_product(folded, weights[f"{name}.bias"]))


def pixel_shuffle(patch: int) -> Layer:
    """Channels become patches: (N, H, W, C · patch²) → (N, H · patch, W · patch, C) (Shi et al. 2016)."""

    def shuffle(x: Floats) -> Floats:
        images, height, width, _ = x.shape
        patches = x.reshape(images, height, width, -1, patch, patch).transpose(0, 1, 4, 2, 5, 3)
        return patches.reshape(images, height * patch, width * patch, -1)

    return shuffle


def pixel_unshuffle(patch: int) -> Layer:
    """Patches become channels: the way back."""

    def unshuffle(x: Floats) -> Floats:
        images, height, width, _ = x.shape
        patches = x.reshape(images, height // patch, patch, width // patch, patch, -1).transpose(0, 1, 3, 5, 2, 4)
        return patches.reshape(images, height // patch, width // patch, -1)

    return unshuffle


def silu(x: Floats) -> Floats:
    """x · σ(x), of any shape."""
    return x * sigmoid(x)


def sigmoid(x: Floats) -> Floats:
    """1 / (1 + e⁻ˣ), of any shape, by the form that cannot overflow."""
    half = np.float32(0.5)
    return np.asarray(half * np.tanh(half * x) + half, np.float32)


def channels_first(x: Floats) -> Floats:
    """(N, H, W, C) → rows in PyTorch's order, (N, C · H · W)."""
    return x.transpose(0, 3, 1, 2).reshape(len(x), -1)


def as_images(channels: int, side: int) -> Layer:
    """Rows in PyTorch's order (N, C · side²) → (N, side, side, C)."""
    return lambda x: x.reshape(-1, channels, side, side).transpose(0, 2, 3, 1)


def _shifted_product(weight: Floats, bias: Floats, goes_on: bool = False) -> Layer:
    """A 3 × 3 convolution by weights (3, 3, C, outputs) as one matrix product of nine neighbours side by side.

    Beyond the edge are zeros, or where it `goes_on` the edge itself.
    """
    rows = np.ascontiguousarray(weight.reshape(-1, weight.shape[-1]))

    def convolve(x: Floats) -> Floats:
        images, height, width, channels = x.shape
        padded = np.zeros((images, height + 2, width + 2, channels), np.float32)
        padded[:, 1:-1, 1:-1] = x
        if goes_on:
            padded[:, 0], padded[:, -1] = padded[:, 1], padded[:, -2]
            padded[:, :, 0], padded[:, :, -1] = padded[:, :, 1], padded[:, :, -2]
        around = sliding_window_view(padded, (3, 3), axis=(1, 2)).transpose(0, 1, 2, 4, 5, 3)
        return (_product(around.reshape(-1, len(rows)), rows) + bias).reshape(images, height, width, -1)

    return convolve


def _product(rows: Floats, weight: Floats) -> Floats:
    """(M, K) · (K, outputs), where it can be in parts that stay on one core.

    Waiting for another one that is busy takes longer than all the rest.
    """
    part = ON_ONE_CORE // weight.size
    if part < 2:
        return rows @ weight
    while len(rows) % part:
        part -= 1
    return (rows.reshape(-1, part, len(weight)) @ weight).reshape(len(rows), -1)
