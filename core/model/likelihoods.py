"""p(x|z): what the decoder's output says about pixels; all constants are kept, so numbers compare with papers."""

import math
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional as nnf


class Likelihood(Protocol):
    """How a decoder's output (N, C, H, W) is read as a distribution of pixels."""

    def log_prob(self, output: Tensor, x: Tensor) -> Tensor:
        """log p(x|z) in nats per image, (N,), of pixels x in [0, 1], (N, C, H, W)."""
        ...

    def mean(self, output: Tensor) -> Tensor:
        """E[x|z] in [0, 1], (N, C, H, W)."""
        ...


class Bernoulli(nn.Module):
    """Each pixel is a coin with this probability; grey pixels count as probabilities (Kingma & Welling 2014, C.1)."""

    def log_prob(self, output: Tensor, x: Tensor) -> Tensor:
        """Nats per image, (N,)."""
        return -nnf.binary_cross_entropy_with_logits(output, x, reduction="none").flatten(1).sum(1)

    def mean(self, output: Tensor) -> Tensor:
        """The probabilities, in [0, 1]."""
        return output.sigmoid()


class GaussianLearned(nn.Module):
    """A normal density with one learned σ for all pixels (Rybkin et al. 2021, eq. 4).

    Pixels are numbers in [0, 1], not 256 levels: the density can pass 1 and the objective can fall below 0.
    """

    def __init__(self) -> None:
        super().__init__()
        self.log_sigma = nn.Parameter(torch.tensor(-1.0))

    def log_prob(self, output: Tensor, x: Tensor) -> Tensor:
        """Nats per image, (N,)."""
        log_sigma = softly_above(self.log_sigma, -6.0)
        distance = ((x - output - 0.5).flatten(1) / log_sigma.exp()).square().sum(1)
        return -0.5 * distance - x[0].numel() * (log_sigma + 0.5 * math.log(2 * math.pi))

    def mean(self, output: Tensor) -> Tensor:
        """The means, clipped into [0, 1]."""
        return (output + 0.5).clamp(0.0, 1.0)


def softly_above(value: Tensor, floor: float) -> Tensor:
    """The value, bent so that it stays above a floor with a gradient everywhere (as Rybkin et al. do)."""
    return floor + nnf.softplus(value - floor)


LIKELIHOODS: dict[str, type[Bernoulli | GaussianLearned]] = {
    "bernoulli": Bernoulli,
    "gaussian-learned": GaussianLearned,
}
