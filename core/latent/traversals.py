"""Traversals: z as one dimension goes from end to end and all others stay, for each dimension in turn."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.latent.latent_space import LatentSpace

Floats = NDArray[np.float32]
Rule = Literal["prior", "data", "sigma"]

RULES: tuple[Rule, ...] = ("prior", "data", "sigma")
QUANTILES = (0.01, 0.99)  # of the prior
DRAWS = 4_096  # to find the quantiles of a prior that was learned
DEAD_NATS = 0.01  # of KL: a dimension that says less of an image says nothing
AT_ONCE = 65_536  # codes looked at together


@dataclass(frozen=True)
class Reach:
    """How far a traversal goes: by the prior's quantiles, as far as the codes do, or ± `sigmas` of the codes."""

    rule: Rule = "prior"
    sigmas: float = 3.0


def values_of(space: LatentSpace, reach: Reach, steps: int) -> Floats:
    """The values (d, steps) each dimension takes: evenly spaced, lowest first."""
    match reach.rule:
        case "prior":
            low, high = _prior_ends(space)
        case "data":
            low, high = _data_ends(space.codes)
        case "sigma":
            low, high = _sigma_ends(space.codes, reach.sigmas)
    return np.asarray(np.linspace(low, high, steps, axis=1), np.float32)


def traverse(z: Floats, dimension: int, values: Floats) -> Floats:
    """Latents (..., n, d): each of z (..., d) with one dimension set to each of `values` (n,)."""
    latents = np.repeat(np.asarray(z, np.float32)[..., np.newaxis, :], len(values), axis=-2)
    latents[..., dimension] = values
    return latents


def by_kl(kl_per_dim: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The dimensions, most nats first: those that say something of an image, and the dead ones.

    Where nothing is known of any, of a model that was trained elsewhere, all of them in their own order.
    """
    if np.isnan(kl_per_dim).all():
        return np.arange(len(kl_per_dim), dtype=np.int64), np.zeros(0, np.int64)
    order = np.argsort(-np.nan_to_num(kl_per_dim), kind="stable").astype(np.int64)
    is_dead = ~(kl_per_dim[order] >= DEAD_NATS)
    return order[~is_dead], order[is_dead]


def _prior_ends(space: LatentSpace) -> tuple[Floats, Floats]:
    """The outer QUANTILES of the prior; a completion model's is what it learned for images it sees nothing of."""
    if not space.has_standard_prior:
        low, high = np.quantile(space.sample(DRAWS, seed=0), QUANTILES, axis=0).astype(np.float32)
        return low, high
    low, high = (np.full(space.latent_dims, NormalDist().inv_cdf(share), np.float32) for share in QUANTILES)
    return low, high


def _data_ends(codes: Floats) -> tuple[Floats, Floats]:
    """The least and the greatest of each dimension, of codes that are known; −1 and 1 where none is."""
    if not np.isfinite(codes).any():
        return -np.ones(codes.shape[1], np.float32), np.ones(codes.shape[1], np.float32)
    return np.fmin.reduce(codes, axis=0), np.fmax.reduce(codes, axis=0)


def _sigma_ends(codes: Floats, sigmas: float) -> tuple[Floats, Floats]:
    """The mean of the codes, ± `sigmas` standard deviations; part by part, so that a million codes are not copied."""
    count, total, squares = 0, np.zeros(codes.shape[1]), np.zeros(codes.shape[1])
    for start in range(0, len(codes), AT_ONCE):
        part = codes[start : start + AT_ONCE].astype(np.float64)
        part = part[np.isfinite(part).all(axis=1)]
        count, total, squares = count + len(part), total + part.sum(axis=0), squares + np.square(part).sum(axis=0)
    if not count:
        return -np.full(codes.shape[1], sigmas, np.float32), np.full(codes.shape[1], sigmas, np.float32)
    mean = total / count
    reach = sigmas * np.sqrt(np.maximum(squares / count - mean**2, 0.0))
    return np.asarray(mean - reach, np.float32), np.asarray(mean + reach, np.float32)
