"""A decoder of convolutions begins with the mean colour of what it is to learn: it need not learn that first."""

from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.model.likelihoods import Likelihood
from core.model.networks import ConvDecoder
from core.model.vae import VAE

MOST_IMAGES = 1_000  # of which the mean is taken
FARTHEST, HALVINGS = 6.0, 30  # of a decoder's output: of a coin, a chance of 0.0025 or 0.9975


def begin_with_mean_colour(vae: VAE, pixels: NDArray[np.uint8], rows: NDArray[np.int64]) -> None:
    """Have an untrained decoder say the mean colour of these rows of pixels (N, H, W, C).

    Other networks stay as they are: an MLP has a bias for each pixel, and learns it at once.
    """
    if isinstance(vae.decoder, ConvDecoder):
        some = rows[:: -(-len(rows) // MOST_IMAGES)]
        colour = torch.tensor(np.mean(pixels[some], axis=(0, 1, 2), dtype=np.float64) / 255.0, dtype=torch.float32)
        device = next(vae.parameters()).device
        vae.decoder.begin_with(_output_of(cast(Likelihood, vae.likelihood), colour.to(device)))


@torch.no_grad()
def _output_of(likelihood: Likelihood, colour: Tensor) -> Tensor:
    """The output (C,) whose mean is this colour (C,), in [0, 1]; found by halves: every mean rises with its output."""
    low = torch.full_like(colour, -FARTHEST).view(-1, 1, 1)
    high = -low
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        is_low = likelihood.mean(middle[None])[0] < colour.view(-1, 1, 1)
        low, high = torch.where(is_low, middle, low), torch.where(is_low, high, middle)
    return (0.5 * (low + high)).flatten()
