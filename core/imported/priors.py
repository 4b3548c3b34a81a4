"""What an imported decoder's latents were drawn from while it learned."""

import numpy as np
from numpy.typing import NDArray

from core.imported.settings import Prior

Floats = NDArray[np.float32]


def drawn(count: int, latent_dims: int, prior: Prior, seed: int) -> Floats:
    """Latents (count, d) from N(0, I), or evenly between −1 and 1 in each dimension; the same for the same seed."""
    random = np.random.default_rng(seed)
    if prior == "uniform":
        return random.uniform(-1.0, 1.0, (count, latent_dims)).astype(np.float32)
    return random.standard_normal((count, latent_dims)).astype(np.float32)
