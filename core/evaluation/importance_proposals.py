"""What importance sampling draws from: q(z|x) and the same widened, so that no sample outweighs all others unseen."""

import math

import torch
from torch import Tensor

# How much wider the noise is, sample by sample in turn: e to the power of this over √d, so that in any number of
# dimensions about as many samples still land where q(z|x) is. Half are of q(z|x) itself.
STEPS = (0.0, 0.57, 0.0, 1.55)


def widened(samples: int, dims: int) -> Tensor:
    """The scale of each sample's noise, (K,).

    Training leaves q(z|x) narrower than p(z|x). Then a rare sample weighs more than all others, and until it comes
    neither estimate nor error know of it. A share of wider samples bounds the weights (Hesterberg 1995).
    """
    steps = torch.tensor(STEPS).repeat(-(-samples // len(STEPS)))[:samples]
    return torch.exp(steps / math.sqrt(dims))


def own_samples(samples: int) -> Tensor:
    """Which of the widened samples are of q(z|x) itself, (K,)."""
    return widened(samples, 1) == 1.0


def log_excess(noise: Tensor, scales: Tensor) -> Tensor:
    """log r(ε) − log N(ε; 0, I) in nats of noise (…, d), (…): r is the mixture that `scales` (K,) draw from in all.

    A flow turns both densities by the same determinant, so this is log r(z) − log q(z|x) with a flow too. Weights by
    the whole mixture are the balance heuristic (Veach & Guibas 1995, eq. 14).
    """
    squares, dims = noise.square().sum(-1), noise.shape[-1]
    parts = [
        math.log(count / len(scales)) - dims * math.log(scale) + 0.5 * squares * (1.0 - scale**-2)
        for scale, count in zip(*(each.tolist() for each in torch.unique(scales, return_counts=True)), strict=True)
    ]
    return torch.logsumexp(torch.stack(parts), 0)
