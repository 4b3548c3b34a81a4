"""How a page draws the picture of a place: by the model itself where a browser can, else from a sheet of pictures."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch

from core.export.page.dots import Extent
from core.export.page.network import Network, read_network
from core.export.page.sheets import FromSheets, bake_sheets
from core.latent.latent_space import LatentSpace
from core.model.by_numpy.decoder import NumpyDecoder
from core.model.by_numpy.taps import Floats, Weights
from core.model.conditions import NOTHING_GIVEN
from core.reports.progress import Progress

MOST_NUMBERS = 600_000  # weights in a page: 1.6 MB as text
MOST_WORK = 50_000_000  # multiplications a picture: some 30 ms in a browser on a laptop, more on a phone
TRIED = 256  # pictures by which rounded weights are compared with the model


@dataclass(frozen=True, eq=False)
class ByModel:
    """Drawn by the decoder itself; `is_half`: its weights are float16. `off` is by how many of 255 levels at most."""

    network: Network
    is_half: bool
    off: int


Drawing = ByModel | FromSheets


def bake_drawing(space: LatentSpace, view: Extent) -> Generator[Progress, None, Drawing]:
    """Returns the one that this model can be drawn by: of one that was trained elsewhere a page knows no network."""
    yield Progress("Reading the model", 0)
    if not space.was_trained_here:
        return (yield from bake_sheets(space, view))
    weights = {name: tensor.numpy() for name, tensor in space.vae.state_dict().items()}
    network = read_network(space.vae.config, space.image_shape, weights, _always_told(space))
    if len(network.numbers) <= MOST_NUMBERS and network.work <= MOST_WORK:
        return _by_model(space, weights, network)
    return (yield from bake_sheets(space, view))


def _always_told(space: LatentSpace) -> Floats:
    """What a model of completion is told of a picture of which nothing is visible, (F,); nothing of any other."""
    if space.conditional != "completion":
        return np.zeros(0, np.float32)
    height, width, channels = space.image_shape
    with torch.inference_mode():
        told = space.vae.condition(torch.zeros((1, channels, height, width)), NOTHING_GIVEN)
    assert told is not None
    found: Floats = told[0].numpy()
    return found


def _by_model(space: LatentSpace, weights: Weights, network: Network) -> ByModel:
    """With weights of half the size where no picture shows it."""
    with np.errstate(over="ignore"):
        halved = {name: np.asarray(each, np.float16).astype(np.float32) for name, each in weights.items()}
    is_small = all(np.isfinite(each).all() for each in halved.values())
    off = _off(space, halved) if is_small else 255
    if off <= 1:
        return ByModel(network, True, off)
    return ByModel(network, False, _off(space, weights))


def _off(space: LatentSpace, weights: Weights) -> int:
    """The largest difference, in levels, between pictures by these weights and the model's own."""
    known = np.flatnonzero(np.isfinite(space.codes).all(axis=1))
    z = space.codes[known[:: max(1, len(known) // TRIED)]][:TRIED]
    labels = space.learned_labels if space.conditional == "class" else np.zeros(1, np.int64)
    of_each = labels[np.arange(len(z)) % len(labels)]
    decoder = NumpyDecoder(space.vae.config, space.image_shape, weights, max(1, len(space.classes)))
    found = decoder.decode(z, of_each).astype(np.int16) - space.decode(z, of_each)
    return int(np.abs(found).max(initial=0))
