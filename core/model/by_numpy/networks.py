"""The networks of `core.model.networks`, made of their weights."""

from collections.abc import Callable
from math import isqrt

import numpy as np

from core.config import ModelConfig
from core.model.by_numpy.layers import (
    Layer,
    as_images,
    beside,
    chain,
    channels_first,
    convolution,
    drawing,
    halving_convolution,
    layer_norm,
    linear,
    pixel_unshuffle,
    silu,
)
from core.model.by_numpy.taps import Floats, Weights, doubling_taps, stages

Encoder = Callable[[Floats, Floats], Floats]


def read_decoder(config: ModelConfig, image_shape: tuple[int, int, int], weights: Weights, at: str) -> Layer:
    """z with what is told beside it, (N, inputs) → what the likelihood calls its parameters, (N, H, W, C).

    `at` is what the names of the network's weights begin with; raises KeyError where one is missing.
    """
    side, _, channels = image_shape
    match config.network:
        case "linear":
            return chain(linear(weights, f"{at}.0"), as_images(channels, side))
        case "mlp":
            blocks = chain(_mlp_block(weights, f"{at}.2"), _mlp_block(weights, f"{at}.3"))
            ends = linear(weights, f"{at}.0"), linear(weights, f"{at}.4")
            return chain(ends[0], silu, blocks, ends[1], as_images(channels, side))
        case _:
            return _conv_decoder(weights, at, channels, config.upsampling == "smooth")


def read_encoder(config: ModelConfig, weights: Weights, at: str) -> Encoder:
    """Images (N, H, W, C) in [0, 1], and what is told beside them, (N, F) → (N, outputs)."""
    body: Layer = channels_first
    match config.network:
        case "linear":
            head = linear(weights, f"{at}.1")
        case "mlp":
            into, block = linear(weights, f"{at}.1"), _mlp_block(weights, f"{at}.3")
            norm = [layer_norm(weights, f"{at}.4")] if config.encoder_norm == "layer" else []
            ends = linear(weights, f"{at}.{4 + len(norm)}")
            head = chain(into, silu, block, *norm, ends)
        case _:
            body, head = _conv_encoder(weights, at), linear(weights, f"{at}.head")
    return lambda x, told: head(np.concatenate((body(x), told), axis=1))


def _conv_decoder(weights: Weights, at: str, channels: int, is_smooth: bool) -> Layer:
    top = len(weights[f"{at}.body.0.inner.bias"])
    return chain(
        linear(weights, f"{at}.head"),
        as_images(top, isqrt(len(weights[f"{at}.head.bias"]) // top)),
        _conv_block(weights, f"{at}.body.0"),
        silu,
        drawing(doubling_taps(weights, f"{at}.body.2")),
        _conv_block(weights, f"{at}.body.3"),
        *(chain(silu, drawing(taps)) for taps in stages(weights, f"{at}.body", channels, is_smooth)),
    )


def _conv_encoder(weights: Weights, at: str) -> Layer:
    into = convolution(weights, f"{at}.body.1")
    rest = (
        _conv_block(weights, f"{at}.body.2"),
        halving_convolution(weights, f"{at}.body.3"),
        _conv_block(weights, f"{at}.body.4"),
        silu,
        channels_first,
    )
    patched = weights[f"{at}.body.1.weight"].shape[1]

    def encode(x: Floats) -> Floats:
        patch = isqrt(patched // x.shape[-1])
        return chain(pixel_unshuffle(patch), into, *rest)(x)

    return encode


def _mlp_block(weights: Weights, at: str) -> Layer:
    norm = layer_norm(weights, f"{at}.norm")
    return beside(chain(norm, linear(weights, f"{at}.inner"), silu, linear(weights, f"{at}.outer")))


def _conv_block(weights: Weights, at: str) -> Layer:
    return beside(chain(silu, convolution(weights, f"{at}.inner"), silu, convolution(weights, f"{at}.outer")))
