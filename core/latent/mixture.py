"""Where the codes really lie: a mixture of Gaussians fitted to them, to draw samples from instead of N(0, I)."""

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError

if TYPE_CHECKING:
    from sklearn.mixture import GaussianMixture

Floats = NDArray[np.float32]

MOST_CODES = 20_000  # that it is fitted to
MOST_FULL = 16  # latent dimensions for which every component has a full covariance; with more, a diagonal one
COMPONENTS = (1, 2, 4, 8, 16, 32)  # tried until BIC no longer falls
CODES_EACH = 5  # the fewest codes a component stands for
LEAST_VARIANCE = 1e-6  # added to every variance, so that codes that coincide do no harm


@dataclass(frozen=True, eq=False)
class Mixture:
    """Σ weight·N(mean, root·rootᵀ): weights (K,), means (K, d), roots lower triangles (K, d, d) or diagonals (K, d)."""

    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    roots: NDArray[np.float64]

    def sample(self, count: int, seed: int) -> Floats:
        """Latents (count, d)."""
        random = np.random.default_rng(seed)
        chosen = random.choice(len(self.weights), size=count, p=self.weights)
        noise = random.standard_normal((count, self.means.shape[1]))
        return np.asarray(self.means[chosen] + self._spread(chosen, noise), np.float32)

    def log_prob(self, z: Floats) -> NDArray[np.float64]:
        """The log-density of latents (N, d) in nats, (N,)."""
        each = np.stack([np.log(weight) + self._log_prob(k, z) for k, weight in enumerate(self.weights)])
        total: NDArray[np.float64] = np.logaddexp.reduce(each, axis=0)
        return total

    def _spread(self, chosen: NDArray[np.int64], noise: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.roots.ndim == 2:
            return self.roots[chosen] * noise
        spread = np.empty_like(noise)
        for k, root in enumerate(self.roots):  # one root at a time: (count, d, d) would be large
            spread[chosen == k] = noise[chosen == k] @ root.T
        return spread

    def _log_prob(self, k: int, z: Floats) -> NDArray[np.float64]:
        from scipy.linalg import solve_triangular

        away, root = z.astype(np.float64) - self.means[k], self.roots[k]
        is_diagonal = root.ndim == 1
        scaled = away / root if is_diagonal else solve_triangular(root, away.T, lower=True).T
        log_root = np.log(root if is_diagonal else np.diag(root)).sum() + 0.5 * z.shape[1] * math.log(2 * math.pi)
        density: NDArray[np.float64] = -0.5 * np.square(scaled).sum(axis=1) - log_root
        return density


def fit_mixture(codes: Floats, seed: int = 0) -> Mixture:
    """Fit codes (N, d) by expectation-maximisation, with as many components as BIC finds best (Schwarz 1978).

    Rows that are NaN are left out. Raises ConfigError when fewer than two codes are known.
    """
    known = codes[np.isfinite(codes).all(axis=1)]
    if len(known) < 2:
        raise ConfigError(
            "A mixture is fitted to the codes of images, and none are known yet: train for a while first."
        )
    some: NDArray[np.float64] = known[:: -(-len(known) // MOST_CODES)].astype(np.float64)
    best, lowest = None, math.inf
    for components in COMPONENTS:
        if best is not None and components * CODES_EACH > len(some):
            break
        fitted = _fitted(some, components, seed)
        if (bic := fitted.bic(some)) >= lowest:
            break
        best, lowest = fitted, bic
    assert best is not None
    return Mixture(best.weights_ / best.weights_.sum(), best.means_, _roots(best))


def _fitted(codes: NDArray[np.float64], components: int, seed: int) -> "GaussianMixture":
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    kind = "full" if codes.shape[1] <= MOST_FULL else "diag"
    mixture = GaussianMixture(components, covariance_type=kind, reg_covar=LEAST_VARIANCE, random_state=seed)
    with warnings.catch_warnings():  # a fit that still moves a little is good enough to draw from
        warnings.simplefilter("ignore", ConvergenceWarning)
        return mixture.fit(codes)


def _roots(mixture: "GaussianMixture") -> NDArray[np.float64]:
    """Square roots of the covariances."""
    is_diagonal = mixture.covariance_type == "diag"
    roots: NDArray[np.float64] = (np.sqrt if is_diagonal else np.linalg.cholesky)(mixture.covariances_)
    return roots
