"""Traversals: one number changes and no other, as far as was asked, the telling dimensions first."""

from statistics import NormalDist
from typing import Any, cast

import numpy as np
import pytest
from scipy.stats import norm

from core.latent.latent_space import LatentSpace
from core.latent.traversals import Reach, by_kl, traverse, values_of

CODES = np.random.default_rng(0).normal([0.0, 5.0, -2.0], [1.0, 0.1, 3.0], (400, 3)).astype(np.float32)


class MadeUp:
    """Codes, and a prior that was learned."""

    conditional = "none"
    latent_dims = 3

    def __init__(self, codes: np.ndarray = CODES) -> None:
        self.codes = codes

    @property
    def has_standard_prior(self) -> bool:
        return self.conditional != "completion"

    def sample(self, count: int, seed: int) -> np.ndarray:
        return np.random.default_rng(seed).normal([1.0, 2.0, 3.0], 0.5, (count, 3)).astype(np.float32)


def values(reach: Reach, made_up: MadeUp | None = None, steps: int = 5) -> np.ndarray:
    return values_of(cast(LatentSpace, made_up or MadeUp()), reach, steps)


def test_only_the_dimension_that_is_asked_for_changes() -> None:
    z = np.arange(8, dtype=np.float32).reshape(2, 4)
    latents = traverse(z, 2, np.array([-1, 0, 1], np.float32))
    assert latents.shape == (2, 3, 4)
    for start in range(2):
        np.testing.assert_array_equal(latents[start, :, 2], [-1, 0, 1])
        np.testing.assert_array_equal(np.delete(latents[start], 2, axis=1), np.tile(np.delete(z[start], 2), (3, 1)))
    np.testing.assert_array_equal(z, np.arange(8).reshape(2, 4))


def test_all_but_one_in_a_hundred_of_the_prior_lies_between_the_ends_on_either_side() -> None:
    found = values(Reach("prior"), steps=11)
    np.testing.assert_allclose(norm.cdf(found[:, [0, -1]]), np.tile([0.01, 0.99], (3, 1)), atol=1e-6)
    np.testing.assert_allclose(np.diff(found, axis=1), (found[0, -1] - found[0, 0]) / 10, rtol=1e-5)


def test_a_learned_prior_is_asked_for_its_own_quantiles() -> None:
    made_up: Any = MadeUp()
    made_up.conditional = "completion"
    found = values(Reach("prior"), made_up)
    np.testing.assert_allclose(found[:, 2], [1.0, 2.0, 3.0], atol=0.15)
    np.testing.assert_allclose(found[:, -1] - found[:, 0], 2 * 0.5 * NormalDist().inv_cdf(0.99), rtol=0.1)


def test_the_data_range_ends_at_the_outermost_images() -> None:
    some = CODES.copy()
    some[::7] = np.nan
    found = values(Reach("data"), MadeUp(some))
    np.testing.assert_array_equal(found[:, 0], np.nanmin(some, axis=0))
    np.testing.assert_array_equal(found[:, -1], np.nanmax(some, axis=0))


def test_sigmas_are_those_of_the_images() -> None:
    some = np.tile(CODES, (200, 1))  # more than are looked at together
    some[::7] = np.nan
    found = values(Reach("sigma", 2.0), MadeUp(some))
    mean, std = np.nanmean(some, axis=0, dtype=float), np.nanstd(some, axis=0, dtype=float)
    np.testing.assert_allclose(found[:, 0], mean - 2 * std, rtol=1e-4)
    np.testing.assert_allclose(found[:, 2], mean, rtol=1e-4)


@pytest.mark.parametrize("rule", ["data", "sigma"])
def test_a_model_that_has_met_no_image_yet_can_be_traversed(rule: Any) -> None:
    assert np.isfinite(values(Reach(rule), MadeUp(np.full((4, 3), np.nan, np.float32)))).all()


def test_telling_dimensions_come_first_and_dead_ones_apart() -> None:
    alive, dead = by_kl(np.array([0.2, 0.0, 3.0, 0.0099, np.nan, 0.0101], np.float32))
    assert alive.tolist() == [2, 0, 5]
    assert sorted(dead.tolist()) == [1, 3, 4]
