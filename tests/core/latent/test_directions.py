"""Directions: what is there is found and trusted, what is not there is not, and a figure means what it says."""

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from core.errors import ConfigError
from core.exploration import Direction
from core.latent.directions import (
    CHANCE_TURN,
    RULE,
    Side,
    analogy,
    angle,
    area,
    find_direction,
    mix,
    precision_of,
    separate,
    trust,
    turn,
)

TRUE = np.array([1.0, 0.0, -1.0, 0.5, 0.0, 0.0, 0.0, 0.0])


def side(codes: np.ndarray, held_out: float = 0.0, words: str = "these", first: int | None = 0) -> Side:
    """Images from `first` on; every so manieth held out."""
    count = len(codes)
    is_held_out = np.arange(count) % 100 < 100 * held_out
    indices = None if first is None else np.arange(first, first + count)
    return Side(words, np.asarray(codes, np.float32), is_held_out, indices)


def two_sides(count: int, apart: float, held_out: float = 0.0, seed: int = 0, dims: int = 8) -> tuple[Side, Side]:
    """Standard normal codes, those of one side moved along TRUE so that the means are `apart` σ apart."""
    rng = np.random.default_rng(seed)
    codes = rng.standard_normal((2, count, dims))
    codes[0, :, :8] += apart * TRUE / np.linalg.norm(TRUE)
    return side(codes[0], held_out), side(codes[1], held_out, "those", first=count)


@settings(max_examples=40, deadline=None)
@given(
    plus=st.lists(st.integers(-3, 3), min_size=1, max_size=20),
    minus=st.lists(st.integers(-3, 3), min_size=1, max_size=20),
)
def test_the_area_is_that_of_scikit_learn_ties_too(plus: list[int], minus: list[int]) -> None:
    told = roc_auc_score([1] * len(plus) + [0] * len(minus), plus + minus)
    assert area(np.array(plus, float), np.array(minus, float)) == pytest.approx(told)


def test_a_direction_is_one_mean_less_the_other_and_points_the_right_way() -> None:
    plus, minus = two_sides(2000, apart=2.0)
    found = find_direction("smile", plus, minus)
    np.testing.assert_allclose(found.vector, plus.codes.mean(0) - minus.codes.mean(0), atol=1e-6)
    assert angle(found.vector.astype(float), TRUE) < 4
    assert (found.plus, found.minus, found.counts) == ("these", "those", (2000, 2000))


@pytest.mark.parametrize("held_out", [0.0, 0.3])
def test_the_separation_is_what_it_is_for_two_normal_clouds(held_out: float) -> None:
    found, by_chance = separate(*two_sides(2000, apart=1.0, held_out=held_out))
    assert found == pytest.approx(NormalDist().cdf(1 / np.sqrt(2)), abs=0.025)  # P(x > y) of N(1, 1) and N(0, 1)
    assert by_chance is not None
    assert 0.5 < by_chance < 0.56


def test_held_out_images_have_no_part_in_the_direction_they_are_measured_along() -> None:
    plus, minus = two_sides(400, apart=2.0, held_out=0.3)
    turned = [
        replace(each, codes=np.where(each.is_held_out[:, None], -each.codes, each.codes)) for each in (plus, minus)
    ]
    found, _ = separate(*turned)
    assert found is not None
    assert found < 0.15  # they lie the other way round, and it shows


def test_what_images_differ_in_besides_does_not_hide_what_they_were_chosen_for() -> None:
    rng = np.random.default_rng(0)
    codes = rng.normal(0, [5.0, 1.0], (2, 60, 2))  # hair spreads five times as widely as smiles
    codes[0, :, 1] += 2.0
    plus, minus = side(codes[0]), side(codes[1], first=60)
    hidden, _ = separate(plus, minus)
    found, _ = separate(plus, minus, precision_of(rng.normal(0, [5.0, 1.0], (4000, 2)).astype(np.float32)))
    assert hidden is not None
    assert found is not None
    assert hidden < 0.8
    assert found == pytest.approx(NormalDist().cdf(2 / np.sqrt(2)), abs=0.04)


def test_how_widely_codes_spread_is_told_of_those_that_are_known() -> None:
    codes = np.random.default_rng(0).multivariate_normal([1, 2], [[2.0, 0.9], [0.9, 1.0]], 5000).astype(np.float32)
    codes[::10] = np.nan
    wanted = np.linalg.inv(np.cov(codes[np.isfinite(codes[:, 0])].T))
    np.testing.assert_allclose(precision_of(codes), wanted, rtol=0.02)
    dead = np.where([True, False], codes, np.float32(0.0))
    assert np.isfinite(precision_of(dead)).all()
    np.testing.assert_array_equal(precision_of(codes[:1]), np.eye(2))


@pytest.mark.parametrize("count", [12, 60])
def test_images_put_to_sides_at_random_are_no_better_than_chance(count: int) -> None:
    found = [
        find_direction("odd", *two_sides(count, apart=0.0, held_out=0.1, seed=seed, dims=12)) for seed in range(100)
    ]
    said = [trust(each) for each in found]
    assert said.count("no better than chance") >= 95
    assert said.count("reliable") == 0
    assert np.mean([each.separation for each in found]) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("dims", [16, 64])
def test_noise_turns_by_as_much_as_is_said_of_it(dims: int) -> None:
    plus, minus = two_sides(300, apart=0.0, dims=dims)
    assert turn(plus.codes, minus.codes) == pytest.approx(CHANCE_TURN, abs=2.0)


def test_a_direction_of_more_images_turns_less_as_statistics_has_it() -> None:
    for count in (50, 800):
        angles = [turn(plus.codes, minus.codes) for plus, minus in (two_sides(count, 3.0, seed=s) for s in range(10))]
        across = np.sqrt(2 * 7 / (9 * count))  # the mean of nine tenths less that of all, in the seven other dimensions
        assert np.mean(angles) == pytest.approx(np.degrees(across / 3.0), rel=0.15)


def test_images_on_both_sides_and_images_not_met_yet_have_no_say() -> None:
    plus, minus = two_sides(30, apart=2.0)
    shared = replace(plus, indices=np.arange(20, 50))  # the last twenty are the first twenty of the other side
    found = find_direction("smile", shared, minus)
    np.testing.assert_allclose(found.vector, plus.codes[:10].mean(0) - minus.codes[20:].mean(0), atol=1e-6)
    assert found.counts == (10, 10)
    unmet = replace(plus, codes=np.where(np.arange(30)[:, None] < 5, np.nan, plus.codes))
    assert find_direction("smile", unmet, minus).counts == (25, 30)


def test_what_cannot_be_a_direction_is_said_in_words() -> None:
    plus, minus = two_sides(30, apart=2.0)
    with pytest.raises(ConfigError, match="Nothing is left of these"):
        find_direction("none", plus, replace(minus, indices=plus.indices))
    with pytest.raises(ConfigError, match="same mean code"):
        find_direction("none", plus, replace(plus, indices=None))


def test_few_images_and_two_places_are_not_said_to_be_reliable() -> None:
    few = find_direction("few", *two_sides(5, apart=9.0))
    assert (few.separation, few.turn, trust(few)) == (None, None, "too few images to say")
    places = find_direction("two places", side(np.ones((1, 8)), first=None), side(np.zeros((1, 8)), first=None))
    assert trust(places) == "not measured"
    np.testing.assert_array_equal(places.vector, np.ones(8))


def test_trust_follows_the_rule_that_is_stated() -> None:
    base = Direction("d", np.ones(2, np.float32), "a", "b", (50, 50), separation=0.85, turn=5.0, by_chance=0.6)
    assert trust(base) == "reliable"
    assert trust(replace(base, turn=CHANCE_TURN / 2 + 0.1)) == "weak"
    assert trust(replace(base, separation=0.79)) == "weak"
    assert trust(replace(base, separation=0.6)) == "no better than chance"
    for word in ("80%", "9°", "18°", "once in forty"):
        assert word in RULE


def test_a_mix_is_the_weighted_sum_and_says_what_of() -> None:
    one = Direction("smile", np.array([1, 0], np.float32), "a", "b", (9, 9))
    other = Direction("age", np.array([0, 2], np.float32), "a", "b", (9, 9))
    mixed = mix("both", [(0.5, one), (-1.0, other)])
    np.testing.assert_array_equal(mixed.vector, [0.5, -2.0])
    assert mixed.plus == "0.5 × smile − 1 × age"
    assert trust(mixed) == "not measured"


def test_arithmetic_adds_the_difference_of_two_means_to_a_third() -> None:
    three = [side(np.array(rows, float)) for rows in ([[2, 2], [4, 2]], [[1, 1]], [[0, 7]])]
    np.testing.assert_array_equal(analogy(*three), [2, 8])
    with pytest.raises(ConfigError, match="no image of nobody"):
        analogy(three[0], three[1], side(np.full((2, 2), np.nan), words="nobody"))
