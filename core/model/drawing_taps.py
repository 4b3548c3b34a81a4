"""How what a position of a decoder's grid draws fades into what its neighbours draw, in NumPy."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


POWER = 1.25  # of a sine: with 1 the borders of patches are sharper in photographs than within, with 2 blurred


def fading(patch: int) -> Floats:
    """(patch², 3, 3): a window over what a position draws, which is three patches wide.

    Its taps are those of a 3 × 3 convolution, which a pixel shuffle makes pixels of (Shi et al. 2016). It falls to
    nothing at its end, and the windows of all positions sum to one number: as those of a lapped transform (Malvar
    1992). Its mean square is 1, so that what is learned under it is learned as fast as elsewhere.
    """
    reach = 3 * patch
    window = np.sin(np.pi * (np.arange(reach) + 0.5) / reach) ** POWER
    window /= np.tile(window.reshape(3, patch).sum(axis=0), 3)
    window /= np.sqrt(np.mean(window**2))
    # The position above a patch draws there with the lowest of its three: taps come in the other order.
    one_way = window.reshape(3, patch)[::-1].T
    both = one_way[:, None, :, None] * one_way[None, :, None, :]
    return np.asarray(both.reshape(patch**2, 3, 3), np.float32)
