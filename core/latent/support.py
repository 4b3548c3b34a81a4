"""Whether there is data at a place in latent space: inside the data, at its edge, or empty space."""

import math
from dataclasses import dataclass
from functools import cached_property
from threading import RLock
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.latent.neighbours import TREE_DIMS, Neighbours

Floats = NDArray[np.float32]
Reals = NDArray[np.float64]
Mask = NDArray[np.bool_]
Verdict = Literal["inside", "edge", "empty"]

VERDICTS: tuple[Verdict, Verdict, Verdict] = ("inside", "edge", "empty")  # as `verdicts` numbers them: 0, 1, 2
K = 5  # the neighbour whose distance counts: a stray image or two make no inhabited place
INSIDE, EDGE = 0.95, 0.99  # shares of the held-out codes that are no farther away, and no farther out
DEAD = 0.01  # variance of its codes up to which a dimension says nothing (active units: Burda et al. 2016)
FEWEST = 20  # codes to compare with, and held-out ones to compare, below which nothing is said or others are taken
MOST, MOST_BEYOND_TREES = 200_000, 20_000  # learned-from codes compared with
MOST_JUDGED = 4_000  # held-out codes that the limits come from
ENOUGH_NUMBERS = 2_000_000  # a covariance from codes of so many numbers does not visibly differ from that of all


class Limits(NamedTuple):
    """Of the held-out codes the median, and what INSIDE and EDGE of them do not pass."""

    usual: float
    inside: float
    edge: float

    def passed(self, figure: float) -> int:
        """How many of the last two a figure is larger than."""
        return int(figure > self.inside) + int(figure > self.edge)


@dataclass(frozen=True)
class Standing:
    """How a place stands to the data: the verdict, and the two figures that it comes from, with their limits."""

    verdict: Verdict
    away: float  # distance to the K-th nearest learned-from code
    out: float  # standard deviations from the middle of them
    away_limits: Limits
    out_limits: Limits

    @property
    def is_far_out(self) -> bool:
        """Whether it is the distance from the middle that decides, not that from the nearest codes."""
        away, out = self.away_limits.passed(self.away), self.out_limits.passed(self.out)
        return out > away or (out == away and self.out * self.away_limits.edge > self.away * self.out_limits.edge)


class Support:
    """Where there is data in latent space, judged from codes (N, d) and which of them are held out (N,).

    The rule. A place is *away* by the distance to the 5th nearest learned-from code, and *out* by its distance from
    their middle in standard deviations (Mahalanobis 1936; covariance after Chen et al. 2010). Both are compared with
    those of the held-out codes: **inside** the data, neither is larger than in 95 % of them; in **empty space** one is
    larger than in 99 %; between, it is the **edge**. A dimension whose codes hardly vary says nothing, and the
    decoder was given draws from the prior there: it does not count in the first figure, and has σ 1 in the second.

    Without held-out codes the learned-from ones are compared, each with the others. Cheap to make, fitted by the first
    question (see `fit`); any thread may use it, and nothing in it changes afterwards.
    """

    def __init__(self, codes: Floats, is_held_out: Mask | None = None) -> None:
        self._codes = codes
        self._is_held_out = is_held_out
        self._lock = RLock()

    @property
    def is_known(self) -> bool:
        """Whether there are codes enough to say anything."""
        return bool(self._learned_from.sum() >= FEWEST)

    def fit(self) -> "Support":
        """Find the limits now, in this thread: tens of milliseconds, a second for many codes of many dimensions."""
        with self._lock:
            if self.is_known:
                self._limits  # noqa: B018
        return self

    def verdict(self, z: Floats) -> Standing | None:
        """How the place of one latent (d,) stands to the data; None where too little is known."""
        if not self.fit().is_known:
            return None
        (away,), (out,) = self._figures(np.asarray(z, np.float32)[None])
        number = int(self._judged(np.array([away]), np.array([out]))[0])
        return Standing(VERDICTS[number], float(away), float(out), *self._limits)

    def verdicts(self, z: Floats) -> NDArray[np.int8]:
        """Of many latents (M, d) the index into VERDICTS, (M,); all 0 where too little is known."""
        if not len(z) or not self.fit().is_known:
            return np.zeros(len(z), np.int8)
        return self._judged(*self._figures(np.asarray(z, np.float32)))

    def _judged(self, away: Reals, out: Reals) -> NDArray[np.int8]:
        near, central = self._limits
        numbers = [
            np.add(x > limits.inside, x > limits.edge, dtype=np.int8) for x, limits in ((away, near), (out, central))
        ]
        return np.maximum(*numbers)

    def _figures(self, z: Floats, itself: int = 0) -> tuple[Reals, Reals]:
        """*Away* and *out* of latents (M, d); `itself` is 1 when they are among those compared with."""
        away = self._neighbours.distances(z[:, self.is_active], min(K + itself, self._neighbours.count))
        out = np.linalg.norm((z.astype(np.float64) - self._middle) @ self._whitening, axis=1)
        return away.astype(np.float64), out

    @cached_property
    def _limits(self) -> tuple[Limits, Limits]:
        judged, itself = self._held_out, 0
        if judged.sum() < FEWEST:
            judged, itself = self._learned_from, 1
        rows = np.flatnonzero(judged)
        away, out = self._figures(self._as_drawn(self._codes[rows[:: -(-len(rows) // MOST_JUDGED)]]), itself)
        return _limits(away), _limits(out)

    def _as_drawn(self, codes: Floats) -> Floats:
        """Codes (M, d) with a draw from the prior where the posterior is the prior: the latents that were decoded."""
        noise = np.random.default_rng(0).standard_normal(codes.shape)
        return np.where(self.is_active, codes, self._middle + noise).astype(np.float32)

    @cached_property
    def _known(self) -> Mask:
        return np.asarray(np.isfinite(self._codes).all(axis=1), np.bool_)

    @cached_property
    def _held_out(self) -> Mask:
        return np.zeros_like(self._known) if self._is_held_out is None else self._known & self._is_held_out

    @cached_property
    def _learned_from(self) -> Mask:
        return self._known & ~self._held_out

    @cached_property
    def _sample(self) -> Floats:
        """Learned-from codes enough for a mean and a covariance."""
        rows = np.flatnonzero(self._learned_from)
        enough = max(2_000, ENOUGH_NUMBERS // self._codes.shape[1])
        return self._codes[rows[:: max(1, -(-len(rows) // enough))]]

    @cached_property
    def _middle(self) -> Reals:
        middle: Reals = self._sample.mean(axis=0, dtype=np.float64)
        return middle

    @cached_property
    def is_active(self) -> Mask:
        """The dimensions (d,) whose codes vary, and so count; all of them where none does."""
        if not self.is_known:
            return np.ones(self._codes.shape[1], np.bool_)
        is_active: Mask = self._sample.var(axis=0) >= DEAD
        return is_active if is_active.any() else ~is_active  # a model that has learned nothing yet

    @cached_property
    def _neighbours(self) -> Neighbours:
        most = MOST if self.is_active.sum() <= TREE_DIMS else MOST_BEYOND_TREES
        return Neighbours(self._codes[:, self.is_active], self._learned_from, most)

    @cached_property
    def _whitening(self) -> Reals:
        """(d, d): (z − middle) @ this is N(0, I) when the codes are Gaussian."""
        active = np.flatnonzero(self.is_active)
        covariance = np.eye(len(self.is_active))
        covariance[np.ix_(active, active)] = shrunk_covariance(self._sample[:, active])
        variances, axes = np.linalg.eigh(covariance)
        whitening: Reals = axes / np.sqrt(np.maximum(variances, 1e-12))
        return whitening


def shrunk_covariance(rows: Floats) -> Reals:
    """The covariance (d, d) of rows (n, d), shrunk as n asks (OAS: Chen et al. 2010, eq. 23): it has an inverse.

    scikit-learn has the same; here, because to import it would hold up the window while a hand drags.
    """
    count, dims = rows.shape
    covariance = np.atleast_2d(np.cov(rows.astype(np.float64), rowvar=False, bias=True))
    mean_variance, mean_square = np.trace(covariance) / dims, float(np.square(covariance).mean())
    spread = (count + 1) * (mean_square - mean_variance**2 / dims)
    share = 1.0 if spread <= 0.0 else min(1.0, (mean_square + mean_variance**2) / spread)
    shrunk: Reals = (1.0 - share) * covariance + share * mean_variance * np.eye(dims)
    return shrunk


def _limits(figures: Reals) -> Limits:
    """The ⌈(n + 1)·share⌉-th smallest of n figures: a further one is no larger with that chance, however few these are.

    Split conformal prediction: Papadopoulos et al. 2002; Lei et al. 2018, theorem 2.
    """
    ordered = np.sort(figures)
    places = [min(len(ordered), math.ceil((len(ordered) + 1) * share)) - 1 for share in (INSIDE, EDGE)]
    return Limits(float(np.median(ordered)), *(float(ordered[place]) for place in places))
