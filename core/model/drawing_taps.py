"""How what a position of a decoder's grid draws fades into what its neighbours draw, in NumPy."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def fading(patch: int) -> Floats:
    """(patch², 3, 3): a window over what a position draws, which is three patches wide.

    Its taps are those of a 3 × 3 convolution, which a pixel shuffle makes pixels of (Shi et al. 2016). It is a sine
    that falls to nothing at its end, as that of a lapped transform (Malvar 1992), made such that the windows of all
    positions sum to one number; its mean is 1/4.
    """
    reach = 3 * patch
    window = np.sin(np.pi * (np.arange(reach) + 0.5) / reach)
    window *= 1.5 / np.tile(window.reshape(3, patch).sum(axis=0), 3)
    # The position above a patch draws there with the lowest of its three: taps come in the other order.
    one_way = window.reshape(3, patch)[::-1].T
    both = one_way[:, None, :, None] * one_way[None, :, None, :]
    return np.asarray(both.reshape(patch**2, 3, 3), np.float32)
