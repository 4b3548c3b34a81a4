"""An image that the model did not learn from, placed in latent space: where it lies, and what is lost on the way."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.latent.latent_space import LatentSpace
from core.latent.projection import AnyPlane

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Placement:
    """A placed image: its code and log-variance (d,), the reconstruction (H, W, C), and where that is wrong.

    `error` (H, W) is the absolute difference of pixels in [0, 1], averaged over channels. `latent_space` placed it; the
    plane of a newer one may show it.
    """

    latent_space: LatentSpace
    name: str
    pixels: Pixels
    z: Floats
    log_variance: Floats
    reconstruction: Pixels
    error: Floats

    @property
    def mean_error(self) -> float:
        """The absolute difference of pixels in [0, 1], averaged over all."""
        return float(self.error.mean())


def place(latent_space: LatentSpace, name: str, pixels: Pixels) -> Placement:
    """Place an image uint8 (H, W, C) of the model's own shape."""
    codes, log_variances = latent_space.encode(pixels[None])
    reconstruction = latent_space.decode(codes)[0]
    error = np.abs(pixels.astype(np.float32) - reconstruction).mean(axis=2) / np.float32(255.0)
    return Placement(latent_space, name, pixels, codes[0], log_variances[0], reconstruction, error)


Ellipse = tuple[Floats, Floats]  # the middle (2,) and the covariance (2, 2) of a Gaussian on a plane


def ellipses_on(plane: AnyPlane, codes: Floats, log_variances: Floats) -> list[Ellipse]:
    """Posteriors with independent dimensions, codes and log-variances (M, d), as they lie on a plane.

    None on a map that is no plane, which has no directions.
    """
    if not plane.is_exact or not len(codes):
        return []
    middles = plane.to_points(codes)
    spreads = np.einsum("ad,md,bd->mab", plane.axes, np.exp(log_variances), plane.axes).astype(np.float32)
    return list(zip(middles, spreads, strict=True))
