"""What the positions of a decoder's grid draw where no seam is to be left between patches: fixed numbers, in NumPy.

Taps are those of a 3 × 3 convolution to `patch²` numbers for each channel, which a pixel shuffle makes pixels of (Shi
et al. 2016).
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def fading(patch: int) -> Floats:
    """(patch², 3, 3): a window over what a position draws, which is three patches wide.

    It falls to nothing at its end, and the windows of all positions sum to one number: as those of a lapped transform
    (Malvar 1992).
    """
    reach = 3 * patch
    window = np.sin(np.pi * (np.arange(reach) + 0.5) / reach) ** 2
    # The position above a patch draws there with the lowest of its three: taps come in the other order.
    one_way = window.reshape(3, patch)[::-1].T
    both = one_way[:, None, :, None] * one_way[None, :, None, :]
    return np.asarray(both.reshape(patch**2, 3, 3), np.float32)


def between() -> Floats:
    """(4, 9, 9): the 3 × 3 taps on a grid for each of 2 × 2 places of one twice as fine, whose own taps come last.

    A 3 × 3 convolution on the finer grid, of what is interpolated linearly between the positions of this one (Odena et
    al. 2016).
    """
    one_way = np.zeros((2, 3, 3), np.float32)
    for place, tap in np.ndindex(2, 3):
        fine = place + tap - 1
        near, far = fine // 2, fine // 2 + (1 if fine % 2 else -1)
        one_way[place, near + 1, tap] += 0.75
        one_way[place, far + 1, tap] += 0.25
    return np.asarray(np.einsum("pct,qds->pqcdts", one_way, one_way).reshape(4, 9, 9), np.float32)
