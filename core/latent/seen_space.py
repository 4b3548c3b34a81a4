"""A run's latent space before PyTorch is loaded."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.latent.plane import Floats
from core.latent.projection import AnyPlane


class Decoder(Protocol):
    """z → picture, before PyTorch is loaded."""

    @property
    def latent_dims(self) -> int:
        """The length of z."""

    def decode(self, z: Floats, label: int | NDArray[np.int64] = 0) -> NDArray[np.uint8]:
        """Pictures of latents (M, d), uint8 (M, H, W, C), of one class or of these (M,)."""


@dataclass(frozen=True, eq=False)
class SeenSpace:
    """What can be looked at of a run's last checkpoint: its codes (N, d), its plane, and the picture of any place.

    Any thread may use it. A class-conditional model decodes the class `label`. Pixels may differ by one level of 255
    from those of the LatentSpace that follows.
    """

    decoder: Decoder
    codes: Floats
    plane: AnyPlane
    step: int
    label: int = 0

    @property
    def latent_dims(self) -> int:
        """The length of z."""
        return self.decoder.latent_dims

    @cached_property
    def points(self) -> Floats:
        """Where the codes lie on the plane, (N, 2)."""
        return self.plane.points_of_codes(self.codes)

    @cached_property
    def first_place(self) -> Floats:
        """Where to look at first: the code (d,) nearest to the middle of the plane, the middle itself without codes."""
        middle: Floats = self.plane.to_latent(np.zeros((1, 2), np.float32))[0]
        distances = np.linalg.norm(self.codes - middle, axis=1)
        if not np.isfinite(distances).any():
            return middle
        found: Floats = self.codes[np.nanargmin(distances)]
        return found

    def decode(self, z: Floats) -> NDArray[np.uint8]:
        """The mean of p(x|z) for latents (M, d), as uint8 (M, H, W, C)."""
        return self.decoder.decode(z, self.label)
