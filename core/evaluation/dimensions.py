"""What each latent dimension holds: its KL, and whether it is used at all."""

import numpy as np
from numpy.typing import NDArray

ACTIVE = 0.01  # variance of the codes over images (Burda et al. 2016, §5.2)


class Dimensions:
    """Statistics of each latent dimension over images that come a part at a time; memory does not grow with them."""

    def __init__(self, latent_dims: int) -> None:
        self.images = 0
        self._kl = np.zeros(latent_dims)
        self._mean = np.zeros(latent_dims)
        self._squares = np.zeros(latent_dims)  # Σ (code − mean)²

    def add(self, codes: NDArray[np.floating], kl: NDArray[np.floating]) -> None:
        """Take the codes of some images and their KL in nats, each (n, d)."""
        part = Dimensions(len(self._kl))
        codes, part.images = codes.astype(np.float64), len(codes)
        part._kl, part._mean = kl.sum(0, dtype=np.float64), codes.mean(0)
        part._squares = np.square(codes - part._mean).sum(0)
        self.join(part)

    def join(self, other: "Dimensions") -> None:
        """Take what is known of other images (Chan et al. 1983)."""
        if not other.images:
            return
        together, shift = self.images + other.images, other._mean - self._mean
        self._squares += other._squares + shift**2 * self.images * other.images / together
        self._mean += shift * other.images / together
        self._kl += other._kl
        self.images = together

    @property
    def kl_per_dim(self) -> NDArray[np.float64]:
        """Nats, averaged over images, (d,)."""
        return self._kl / self.images

    @property
    def variance(self) -> NDArray[np.float64]:
        """Of the codes over images, (d,)."""
        return self._squares / self.images

    @property
    def active_units(self) -> int:
        """How many dimensions have codes that vary by more than 0.01 (Burda et al. 2016)."""
        return int((self.variance > ACTIVE).sum())
