"""A pass over images without learning: exact codes, and the terms of the objective."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.latent.latent_space import to_tensor
from core.model.objectives import elbo
from core.model.vae import VAE
from core.reports import Terms

AT_ONCE = 500  # images in one pass
NOISE_SEED = 20_140_416  # the same noise every time, so that two evaluations differ only by the model


@dataclass(frozen=True, eq=False)
class Encoded:
    """One part of a pass: which images, and each one's code, KL per dimension and terms in nats."""

    indices: NDArray[np.int64]
    codes: NDArray[np.float32]  # (n, d)
    kl_per_dim: NDArray[np.float32]  # (d,), mean over these images
    reconstruction: NDArray[np.float32]  # (n,)
    kl: NDArray[np.float32]  # (n,)

    def only(self, chosen: NDArray[np.bool_]) -> "Encoded":
        """Some of these images, (n,); the KL per dimension stays that of all."""
        return Encoded(
            self.indices[chosen], self.codes[chosen], self.kl_per_dim, self.reconstruction[chosen], self.kl[chosen]
        )


@torch.no_grad()
def encode_part(vae: VAE, pixels: NDArray[np.uint8], indices: NDArray[np.int64]) -> Encoded:
    """Encode some images, (N, H, W, C) uint8; their objective at β = 1 is reconstruction + KL."""
    device = next(vae.parameters()).device
    generator = torch.Generator().manual_seed(NOISE_SEED + int(indices[0]))
    noise = torch.randn((len(indices), vae.latent_dims), generator=generator).to(device)
    result = elbo(vae, to_tensor(pixels[indices]).to(device), noise)
    return Encoded(
        indices,
        result.posterior.mean.float().cpu().numpy(),
        result.kl_per_dim.float().cpu().numpy(),
        result.reconstruction.float().cpu().numpy(),
        result.kl.float().cpu().numpy(),
    )


def encode_all(vae: VAE, pixels: NDArray[np.uint8], indices: NDArray[np.int64]) -> Iterator[Encoded]:
    """Encode many images a part at a time, so that the caller can show progress or stop."""
    for start in range(0, len(indices), AT_ONCE):
        yield encode_part(vae, pixels, indices[start : start + AT_ONCE])


def mean_terms(parts: list[Encoded], beta: float = 1.0) -> Terms:
    """The averages over all images of the parts, in nats per image."""
    reconstruction = float(np.concatenate([part.reconstruction for part in parts]).mean(dtype=np.float64))
    kl = float(np.concatenate([part.kl for part in parts]).mean(dtype=np.float64))
    return Terms(reconstruction + beta * kl, reconstruction, kl)
