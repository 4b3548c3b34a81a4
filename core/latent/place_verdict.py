"""Whether there are pictures at a place in latent space: among them, near few, between groups, or far from any."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from threading import RLock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.latent.neighbours import TREE_DIMS, Neighbours
from core.verdicts import VERDICTS, Verdict

Floats = NDArray[np.float32]
Reals = NDArray[np.float64]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.int8]
Scatter = Callable[[Floats], Floats]

AMONG, FEW, BETWEEN, FAR = range(len(VERDICTS))
K = 5  # the neighbour whose distance counts: a stray image or two make no group, and no place among the pictures
USUAL, RARE = 0.95, 0.99  # shares of the held-out draws that are no farther away, and no farther out
DEAD = 0.01  # variance of its codes up to which a dimension says nothing (active units: Burda et al. 2016)
FEWEST = 20  # codes to compare with, and held-out ones to compare, below which nothing is said or others are taken
MOST, MOST_BEYOND_TREES = 200_000, 20_000  # learned-from codes compared with
MOST_JUDGED = 4_000  # held-out draws that the limits come from
SCATTERED = 64  # codes whose posteriors say how wide posteriors are: their mean is within a tenth or so
NARROWEST = 1e-6  # of the codes' mean variance: posteriors count as no narrower, a plain autoencoder's too
ENOUGH_NUMBERS = 2_000_000  # a covariance from codes of so many numbers does not visibly differ from that of all
TINY = 1e-30  # so that nothing is divided by 0
OPPOSITE = -0.5  # cosine of 120°: what lies at a wider angle from the nearest code is on the other side of a place
MOST_ACROSS, AT_ONCE = 5_000, 256  # codes that are looked for there, for so many places in one pass


class Limits(NamedTuple):
    """Of the figures of held-out images the median, and what USUAL and RARE of them do not pass."""

    median: float
    usual: float
    rare: float

    def passed(self, figure: float) -> int:
        """How many of the last two a figure is larger than."""
        return int(figure > self.usual) + int(figure > self.rare)

    def passed_by(self, figures: Reals) -> Numbers:
        """The same of many, (M,)."""
        return np.add(figures > self.usual, figures > self.rare, dtype=np.int8)


@dataclass(frozen=True)
class Standing:
    """How a place stands to the pictures: the verdict, and the two figures that it comes from, with their limits."""

    verdict: Verdict
    away: float  # distance to the K-th nearest learned-from code
    out: float  # standard deviations from the middle of the draws
    away_limits: Limits
    out_limits: Limits

    @property
    def passed(self) -> int:
        """How many limits the figure that decides is larger than: 0 to 2."""
        return max(self.away_limits.passed(self.away), self.out_limits.passed(self.out))

    @property
    def is_far_out(self) -> bool:
        """Whether it is the distance from the middle that decides, not that from the nearest codes."""
        away, out = self.away_limits.passed(self.away), self.out_limits.passed(self.out)
        return out > away or (out == away and self.out * self.away_limits.rare > self.away * self.out_limits.rare)


class Support:
    """Where a decoder knows what to draw, judged from codes (N, d), and which of them are held out (N,).

    A decoder learns from draws z ~ q(z|x), not from codes, their means: so what is typical comes from draws. Of codes
    with the variances c_j and posteriors with the mean variances s_j (`scatter`), draws have the covariance
    cov(codes) + diag(s), the law of total variance (the aggregate posterior: Hoffman & Johnson 2016). Two figures:

    *Away*: the distance to the 5th nearest learned-from code, in standard deviations of a posterior, each dimension
    counted by the share of a draw's variance that is its image's and not noise, ρ_j = c_j / (c_j + s_j), its
    reliability (Spearman 1904): √Σ ρ_j (z_j − μ_j)² / s_j. One that carries nothing (c = 0, s = 1) adds nothing.
    *Out*: the distance from the middle in standard deviations of the draws (Mahalanobis 1936), covariance of the codes
    after Chen et al. 2010: here every dimension counts, since none is ever drawn far out.

    Both are compared with those of one draw for each held-out code. **Among** the pictures: neither is larger than in
    95 % of them. Near **few**: neither is larger than in 99 %; or the place could be a draw of a real image, of either
    side: Σ (z_j − μ_j)² / s_j from the nearest code is within the 95 % of χ², over the dimensions that carry something
    and over the others. Else it is **between** groups where at least 5 of at most 5,000 codes lie across from the
    nearest one, at more than 120° from it; and **far** from any picture where they do not.

    Without held-out codes the learned-from ones are compared, each with the others. Cheap to make, fitted by the first
    question (see `fit`); any thread may use it, and nothing in it changes afterwards.
    `scatter` gives, for some codes (M, d), the mean variances (d,) of posteriors: none without it, draws are codes.
    """

    def __init__(self, codes: Floats, is_held_out: Mask | None = None, scatter: Scatter | None = None) -> None:
        self._codes = codes
        self._is_held_out = is_held_out
        self._scatter = scatter
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
        """How the place of one latent (d,) stands to the pictures; None where too little is known."""
        if not self.fit().is_known:
            return None
        row = np.asarray(z, np.float32)[None]
        away, out = self._figures(row)
        number = int(self._judged(row, away, out)[0])
        return Standing(VERDICTS[number], float(away[0]), float(out[0]), *self._limits)

    def verdicts(self, z: Floats) -> Numbers:
        """Of many latents (M, d) the index into VERDICTS, (M,); all 0 where too little is known."""
        if not len(z) or not self.fit().is_known:
            return np.zeros(len(z), np.int8)
        z = np.asarray(z, np.float32)
        return self._judged(z, *self._figures(z))

    def _judged(self, z: Floats, away: Reals, out: Reals) -> Numbers:
        near, central = self._limits
        numbers = np.maximum(near.passed_by(away), central.passed_by(out))
        rows = np.flatnonzero(numbers > FEW)
        if len(rows):
            numbers[rows] = self._judged_beyond(z[rows])
        return numbers

    def _judged_beyond(self, z: Floats) -> Numbers:
        """Of latents (M, d) that are rarer than the rarest draws: is one a real image's, and what is around others?"""
        nearest, _ = self._every_code.nearest(self._scaled(z), 1)
        codes = self._codes[nearest[:, 0]]
        is_between = self._are_across(self._scaled(z), self._scaled(codes))
        return np.where(self._could_be_draws(z, codes), FEW, np.where(is_between, BETWEEN, FAR)).astype(np.int8)

    def _could_be_draws(self, z: Floats, codes: Floats) -> Mask:
        squares = np.square(z.astype(np.float64) - codes) / self._spread
        kinds = self.is_active, ~self.is_active
        fits = [squares[:, of].sum(axis=1) <= chi_square(int(of.sum())) for of in kinds]
        return np.asarray(fits[0] & fits[1], np.bool_)

    def _are_across(self, z: Floats, nearest: Floats) -> Mask:
        """Whether there is a group on the other side of places (M, a) from the codes nearest to them, (M, a)."""
        found = np.zeros(len(z), np.bool_)
        for start in range(0, len(z), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            found[part] = _count_across(z[part], nearest[part], self._across) >= K
        return found

    def _figures(self, z: Floats, itself: int = 0) -> tuple[Reals, Reals]:
        """*Away* and *out* of latents (M, d); `itself` is 1 when they are draws of those compared with."""
        away = self._neighbours.distances(self._scaled(z), min(K + itself, self._neighbours.count))
        out = np.linalg.norm((z.astype(np.float64) - self._middle) @ self._whitening, axis=1)
        return away.astype(np.float64), out

    @cached_property
    def _limits(self) -> tuple[Limits, Limits]:
        judged, itself = self._held_out, 0
        if judged.sum() < FEWEST:
            judged, itself = self._learned_from, 1
        codes = _evenly(self._codes, judged, MOST_JUDGED)
        noise = np.random.default_rng(0).standard_normal(codes.shape)
        away, out = self._figures((codes + np.sqrt(self._drawn) * noise).astype(np.float32), itself)
        return limits_of(away), limits_of(out)

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
        return _evenly(self._codes, self._learned_from, max(2_000, ENOUGH_NUMBERS // self._codes.shape[1]))

    @cached_property
    def _middle(self) -> Reals:
        middle: Reals = self._sample.mean(axis=0, dtype=np.float64)
        return middle

    @cached_property
    def _variances(self) -> Reals:
        """Of the codes, (d,)."""
        variances: Reals = self._sample.var(axis=0, dtype=np.float64)
        return variances

    @cached_property
    def is_active(self) -> Mask:
        """The dimensions (d,) whose codes vary, and so count; all of them where none does."""
        if not self.is_known:
            return np.ones(self._codes.shape[1], np.bool_)
        is_active = np.asarray(self._variances >= DEAD, np.bool_)
        return is_active if is_active.any() else ~is_active  # a model that has learned nothing yet

    @cached_property
    def _drawn(self) -> Reals:
        """The mean variances of posteriors, (d,)."""
        if self._scatter is None:
            return np.zeros(self._codes.shape[1])
        return self._scatter(_evenly(self._codes, self._learned_from, SCATTERED)).astype(np.float64)

    @cached_property
    def _spread(self) -> Reals:
        """The same, where it is divided by: above 0."""
        return np.maximum(self._drawn, max(NARROWEST * float(self._variances.mean()), TINY))

    @cached_property
    def _scale(self) -> Floats:
        """What a distance in each active dimension is multiplied by, (a,)."""
        reliability = self._variances / np.maximum(self._variances + self._drawn, TINY)
        return np.sqrt(reliability / self._spread)[self.is_active].astype(np.float32)

    def _scaled(self, z: Floats) -> Floats:
        """Latents (M, d) as distances are measured, (M, a)."""
        return np.asarray(z[:, self.is_active] * self._scale, np.float32)

    @cached_property
    def _neighbours(self) -> Neighbours:
        most = MOST if self.is_active.sum() <= TREE_DIMS else MOST_BEYOND_TREES
        return Neighbours(self._scaled(self._codes), self._learned_from, most)

    @cached_property
    def _every_code(self) -> Neighbours:
        return Neighbours(self._scaled(self._codes), most=len(self._codes))

    @cached_property
    def _across(self) -> Reals:
        return self._scaled(_evenly(self._codes, self._learned_from, MOST_ACROSS)).astype(np.float64)  # see plane.along

    @cached_property
    def _whitening(self) -> Reals:
        """(d, d): (z − middle) @ this is N(0, I) when the draws are Gaussian."""
        active = np.flatnonzero(self.is_active)
        covariance = np.diag(self._variances)
        covariance[np.ix_(active, active)] = shrunk_covariance(self._sample[:, active])
        variances, axes = np.linalg.eigh(covariance + np.diag(self._drawn))
        whitening: Reals = axes / np.sqrt(np.maximum(variances, 1e-12))
        return whitening


def shrunk_covariance(rows: Floats | Reals) -> Reals:
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


def chi_square(dims: int) -> float:
    """What 95 % of χ² with so many degrees of freedom do not pass, to 1 % from 2 on (Wilson & Hilferty 1931)."""
    if dims == 0:
        return 0.0
    step = 2.0 / (9.0 * dims)
    return dims * (1.0 - step + 1.6448536 * math.sqrt(step)) ** 3


def limits_of(figures: Reals) -> Limits:
    """The ⌈(n + 1)·share⌉-th smallest of n figures: a further one is no larger with that chance, however few these are.

    Split conformal prediction: Papadopoulos et al. 2002; Lei et al. 2018, theorem 2.
    """
    ordered = np.sort(figures)
    places = [min(len(ordered), math.ceil((len(ordered) + 1) * share)) - 1 for share in (USUAL, RARE)]
    return Limits(float(np.median(ordered)), *(float(ordered[place]) for place in places))


def _evenly(codes: Floats, chosen: Mask, most: int) -> Floats:
    """Some of the chosen codes, no more than `most`, every n-th."""
    rows = np.flatnonzero(chosen)
    return codes[rows[:: max(1, -(-len(rows) // most))]]


def _count_across(z: Floats, nearest: Floats, codes: Reals) -> NDArray[np.int64]:
    """How many codes (n, a) are at more than 120° from the nearest one, (M, a), as seen from places (M, a)."""
    ahead = nearest - z
    along = ahead @ codes.T - np.einsum("ma,ma->m", ahead, z)[:, None]
    squares = np.square(codes).sum(axis=1) - 2.0 * z @ codes.T + np.square(z).sum(axis=1)[:, None]
    lengths = np.linalg.norm(ahead, axis=1)[:, None] * np.sqrt(np.maximum(squares, 0.0))
    return np.asarray(np.count_nonzero(along < OPPOSITE * lengths, axis=1), np.int64)
