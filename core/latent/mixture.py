"""Where the codes really lie: a mixture of Gaussians fitted to them, to draw samples from instead of N(0, I)."""

import math
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError
from core.latent.place_verdict import shrunk_covariance

Floats = NDArray[np.float32]

MOST_CODES = 20_000  # that it is fitted to
MOST_COMPONENTS = 128
CODES_EACH, CODES_EACH_DIM = 12, 3  # what a component has on average, at least: so many, and so many a dimension
ITERATIONS = 30
LEAST_VARIANCE = 1e-6  # added to every variance, so that codes that coincide do no harm


@dataclass(frozen=True, eq=False)
class Mixture:
    """Σ weight·N(mean, root·rootᵀ): weights (K,), means (K, d), roots, lower triangles, (K, d, d)."""

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
        spread = np.empty_like(noise)
        for k, root in enumerate(self.roots):  # one root at a time: (count, d, d) would be large
            spread[chosen == k] = noise[chosen == k] @ root.T
        return spread

    def _log_prob(self, k: int, z: Floats) -> NDArray[np.float64]:
        from scipy.linalg import solve_triangular

        away, root = z.astype(np.float64) - self.means[k], self.roots[k]
        scaled = solve_triangular(root, away.T, lower=True).T
        log_root = np.log(np.diag(root)).sum() + 0.5 * z.shape[1] * math.log(2 * math.pi)
        density: NDArray[np.float64] = -0.5 * np.square(scaled).sum(axis=1) - log_root
        return density


def fit_mixture(codes: Floats, seed: int = 0) -> Mixture:
    """Fit codes (N, d): k-means parts them, and each part is a Gaussian, its covariance shrunk as its size asks.

    That is classification EM begun and ended at k-means (Celeux & Govaert 1992), with the covariances of Chen et al.
    2010. Fitted to the codes of a trained model it is a prior for them found afterwards (Ghosh et al. 2020). EM of a
    full mixture took a hundred times as long, and what it drew was as good (tests/benchmarks/test_made_up.py).
    Rows that are NaN are left out. Raises ConfigError when fewer than two codes are known.
    """
    known = codes[np.isfinite(codes).all(axis=1)]
    if len(known) < 2:
        raise ConfigError(
            "A mixture is fitted to the codes of images, and none are known yet: train for a while first."
        )
    some: NDArray[np.float64] = known[:: -(-len(known) // MOST_CODES)].astype(np.float64)
    count, dims = some.shape
    parts = _parted(some, min(MOST_COMPONENTS, max(1, count // max(CODES_EACH, CODES_EACH_DIM * dims))), seed)
    spare = LEAST_VARIANCE * np.eye(dims)
    return Mixture(
        np.array([len(part) for part in parts]) / count,
        np.stack([part.mean(axis=0) for part in parts]),
        np.linalg.cholesky(np.stack([shrunk_covariance(part) + spare for part in parts])),
    )


def _parted(codes: NDArray[np.float64], components: int, seed: int) -> list[NDArray[np.float64]]:
    """The codes of each part, (n, d), none empty."""
    if components == 1:
        return [codes]
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():  # codes that coincide make fewer parts
        warnings.simplefilter("ignore", ConvergenceWarning)
        labels = KMeans(components, n_init=1, max_iter=ITERATIONS, random_state=seed).fit_predict(codes)
    return [codes[labels == label] for label in np.unique(labels)]
