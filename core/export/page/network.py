"""A decoder as a list of layers and one row of numbers, which a page's own JavaScript evaluates."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isqrt
from typing import Any

import numpy as np

from core.config import ModelConfig
from core.model.by_numpy.means import sharpness_of
from core.model.by_numpy.taps import Floats, Taps, Weights, doubling_taps, stages

Layer = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Network:
    """Layers as web/network.js knows them; where they say `weight` or `bias`, these begin there in `numbers`.

    Images are (H, W, C) between them, weights (outputs, inputs) or (outputs, 3, 3, inputs). `work` is how many
    multiplications and additions a picture takes.
    """

    layers: list[Layer]
    numbers: Floats
    work: int


def read_network(config: ModelConfig, image_shape: tuple[int, int, int], weights: Weights, told: Floats) -> Network:
    """The decoder and the mean of its likelihood, by the weights of a checkpoint.

    `told` (F,) is what it is always told beside z, and need not be told any more: its part of the first layer is added
    to the bias. Of a class-conditional model it is empty, and the class goes in beside z as it does in the model.
    """
    reader = _Reader(weights, image_shape, told, config.upsampling == "smooth")
    made = {"linear": reader.linear_network, "mlp": reader.mlp}.get(config.network, reader.convolutions)()
    layers = [*made, _mean(config, weights)]
    return Network(layers, np.concatenate(reader.numbers), reader.work)


class _Reader:
    """Collects the numbers of layers as these are read."""

    def __init__(self, weights: Weights, image_shape: tuple[int, int, int], told: Floats, is_smooth: bool) -> None:
        self._is_smooth = is_smooth
        self.numbers: list[Floats] = []
        self.work = 0
        self._count, self._weights, self._told = 0, weights, told
        self._channels = image_shape[2]

    def linear_network(self) -> Iterator[Layer]:
        yield self._linear("decoder.0", self._channels, is_first=True)

    def mlp(self) -> Iterator[Layer]:
        yield self._linear("decoder.0", is_first=True)
        yield {"op": "silu"}
        yield self._mlp_block("decoder.2")
        yield self._mlp_block("decoder.3")
        yield self._linear("decoder.4", self._channels)

    def convolutions(self) -> Iterator[Layer]:
        top = len(self._weights["decoder.body.0.inner.bias"])
        side = isqrt(len(self._weights["decoder.head.bias"]) // top)
        yield self._linear("decoder.head", top, is_first=True)
        yield self._conv_block("decoder.body.0", side)
        yield {"op": "silu"}
        yield from self._drawn(doubling_taps(self._weights, "decoder.body.2"), side)
        yield self._conv_block("decoder.body.3", 2 * side)
        side *= 2
        for taps in stages(self._weights, "decoder.body", self._channels, self._is_smooth):
            yield {"op": "silu"}
            yield from self._drawn(taps, side)
            side *= taps.patch

    def _drawn(self, taps: Taps, side: int) -> Iterator[Layer]:
        yield self._shifted(taps.weight.transpose(3, 0, 1, 2), taps.bias, side, taps.goes_on)
        yield {"op": "shuffle", "side": side, "patch": taps.patch}

    def _linear(self, name: str, channels: int = 0, is_first: bool = False) -> Layer:
        """Of `channels` of an image the outputs are put from PyTorch's order (C, H, W) into (H, W, C)."""
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        if is_first and len(self._told):
            weight, bias = weight[:, : -len(self._told)], bias + weight[:, -len(self._told) :] @ self._told
        if channels:
            order = np.arange(len(bias)).reshape(channels, -1).T.ravel()
            weight, bias = weight[order], bias[order]
        self.work += weight.size
        outputs, inputs = weight.shape
        return {"op": "linear", "inputs": inputs, "outputs": outputs, **self._kept(weight, bias)}

    def _mlp_block(self, name: str) -> Layer:
        norm = self._kept(self._weights[f"{name}.norm.weight"], self._weights[f"{name}.norm.bias"])
        inner, outer = self._linear(f"{name}.inner"), self._linear(f"{name}.outer")
        return {"op": "residual", "layers": [{"op": "norm", **norm}, inner, {"op": "silu"}, outer]}

    def _conv_block(self, name: str, side: int) -> Layer:
        inner, outer = self._convolution(f"{name}.inner", side), self._convolution(f"{name}.outer", side)
        return {"op": "residual", "layers": [{"op": "silu"}, inner, {"op": "silu"}, outer]}

    def _convolution(self, name: str, side: int) -> Layer:
        weight = self._weights[f"{name}.weight"].transpose(0, 2, 3, 1)
        return self._shifted(weight, self._weights[f"{name}.bias"], side)

    def _shifted(self, weight: Floats, bias: Floats, side: int, goes_on: bool = False) -> Layer:
        """A 3 × 3 convolution by weights (outputs, 3, 3, C) on side × side places; its edge `goes_on` beyond them."""
        outputs, inputs = weight.shape[0], weight.shape[3]
        self.work += side**2 * weight.size
        shape = {"side": side, "inputs": inputs, "outputs": outputs, "goesOn": goes_on}
        return {"op": "convolution", **shape, **self._kept(weight, bias)}

    def _kept(self, weight: Floats, bias: Floats) -> Layer:
        return {"weight": self._keep(weight), "bias": self._keep(bias)}

    def _keep(self, numbers: Floats) -> int:
        """Where these begin."""
        begin, flat = self._count, np.asarray(numbers, np.float32).ravel()
        self.numbers.append(flat)
        self._count += len(flat)
        return begin


def _mean(config: ModelConfig, weights: Weights) -> Layer:
    """What the likelihood makes of the output: pixels in [0, 1]."""
    match config.likelihood:
        case "bernoulli" | "continuous-bernoulli":
            return {"op": config.likelihood}
        case "discretised-logistic":
            return {"op": config.likelihood, "sharpness": sharpness_of(weights).tolist()}
        case _:
            return {"op": "gaussian"}
