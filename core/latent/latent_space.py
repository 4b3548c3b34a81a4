"""`LatentSpace`: a frozen CPU copy of a model with the codes; all viewing uses it, training never touches it."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from core.latent.plane import Plane
from core.model.vae import VAE

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

Rows = TypeVar("Rows", Floats, Pixels)

SPARE = 32  # more neighbours than asked for are measured exactly, past rounding in the rough distances
AT_ONCE = 256  # images in one pass through the networks when viewing


@dataclass(frozen=True, eq=False)
class LatentSpace:
    """What the window sees of a model. Any thread may use it: nothing in it changes.

    `codes` (N, d) are in the order of the image set; rows are NaN where training has not met the image yet.
    `kl_per_dim` (d,) is in nats, averaged over images. `step` is the training step it was frozen at.
    """

    vae: VAE
    codes: Floats
    kl_per_dim: Floats
    plane: Plane
    step: int

    @property
    def latent_dims(self) -> int:
        """The length of z."""
        return self.vae.latent_dims

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(H, W, C)."""
        return self.vae.image_shape

    @cached_property
    def points(self) -> Floats:
        """Where the codes lie on the plane, (N, 2)."""
        return self.plane.to_points(self.codes)

    @cached_property
    def _squares(self) -> Floats:
        squares: Floats = np.einsum("nd,nd->n", self.codes, self.codes)
        return squares

    def decode(self, z: Floats) -> Pixels:
        """The mean of p(x|z) for latents (M, d), as uint8 (M, H, W, C)."""
        parts = [self._decode(part) for part in _parts(np.asarray(z, np.float32))]
        return np.concatenate(parts) if parts else np.zeros((0, *self.image_shape), np.uint8)

    def encode(self, pixels: Pixels) -> tuple[Floats, Floats]:
        """Posterior means (the codes) and log-variances of uint8 images (M, H, W, C), each (M, d)."""
        means, log_variances = zip(*(self._encode(part) for part in _parts(pixels)), strict=True)
        return np.concatenate(means), np.concatenate(log_variances)

    def nearest(self, z: Floats, count: int) -> tuple[NDArray[np.int64], Floats]:
        """The images whose codes lie nearest to one latent (d,): indices and Euclidean distances, nearest first."""
        roughly = self._squares - 2.0 * (self.codes @ z)  # plus |z|², the same for all
        roughly[np.isnan(roughly)] = np.inf
        spare = min(count + SPARE, int(np.isfinite(roughly).sum()))
        if spare == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        close = np.argpartition(roughly, spare - 1)[:spare]
        distances = np.sqrt(np.square(self.codes[close] - z).sum(axis=1))
        order = np.argsort(distances)[:count]
        return close[order].astype(np.int64), distances[order].astype(np.float32)

    @torch.inference_mode()
    def _decode(self, z: Floats) -> Pixels:
        mean = self.vae.mean_image(torch.from_numpy(z))
        return mean.mul(255.0).round_().to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()

    @torch.inference_mode()
    def _encode(self, pixels: Pixels) -> tuple[Floats, Floats]:
        posterior = self.vae.posterior(to_tensor(pixels))
        return posterior.mean.numpy(), posterior.log_variance.numpy()


def freeze(vae: VAE, codes: Floats, kl_per_dim: Floats, plane: Plane, step: int) -> LatentSpace:
    """A latent space of copies: what happens to the arguments afterwards does not reach it."""
    frozen = copy.deepcopy(vae).to("cpu", torch.float32).eval().requires_grad_(False)
    space = LatentSpace(frozen, codes.copy(), kl_per_dim.copy(), plane, step)
    space.points  # noqa: B018  (found here, in the thread that freezes, not later in the window's)
    return space


def to_tensor(pixels: Pixels) -> torch.Tensor:
    """uint8 (N, H, W, C) → float32 (N, C, H, W) in [0, 1], channels last in memory: convolutions on a CPU like it."""
    return torch.from_numpy(np.require(pixels, requirements=("C", "W"))).permute(0, 3, 1, 2).float().div_(255.0)


def _parts(rows: Rows) -> Iterator[Rows]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
