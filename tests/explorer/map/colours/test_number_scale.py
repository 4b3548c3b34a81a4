"""The bins of a number, against numpy's own quantiles and histogram."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.palette import rgb
from explorer.map.colours.colourings import NOTHING_KNOWN, by_number
from explorer.map.colours.number_scale import ABOVE, BELOW, BINS, UNKNOWN, scale_of

NUMBERS = np.random.default_rng(0).lognormal(5, 1, 5_000)


def test_the_ends_are_the_quantiles_and_the_bins_those_of_a_histogram() -> None:
    scale = scale_of("error", "nats", NUMBERS)
    assert (scale.low, scale.high) == pytest.approx(tuple(np.quantile(NUMBERS, [0.01, 0.99])))
    expected, _ = np.histogram(NUMBERS, BINS, (scale.low, scale.high))
    assert np.abs(scale.counts[:BINS] - expected).sum() <= 2  # a number on an edge may fall to either side
    assert scale.counts[BELOW] == (scale.low > NUMBERS).sum()
    assert scale.counts[ABOVE] == (scale.high < NUMBERS).sum()


def test_images_without_a_number_are_counted_and_named() -> None:
    numbers = NUMBERS.copy()
    numbers[:7] = [np.nan, np.inf, -np.inf, np.nan, np.nan, np.nan, np.nan]
    scale = scale_of("error", "nats", numbers)
    assert (scale.bins[:7] == UNKNOWN).all()
    assert scale.known == len(numbers) - 7
    assert scale.said(0) == "not known"
    assert scale.said(10) == f"{numbers[10]:.6g} nats"


@pytest.mark.parametrize("numbers", [[], [np.nan], [3.0], [2.0] * 50, [0.0] * 999 + [1.0], [1e30, 1e30], [-5, -5.0]])
def test_a_few_numbers_or_all_alike_have_a_scale_too(numbers: list[float]) -> None:
    scale = scale_of("n", "", np.array(numbers))
    assert scale.low < scale.high
    assert scale.counts.sum() == len(numbers)
    assert len(scale.levels) == len(scale.counts) == UNKNOWN + 1


@given(arrays(np.float32, st.integers(0, 60), elements=st.floats(width=32)))
@example(np.array([1e-44, 0.0], np.float32))
@example(np.array([-3.39e38], np.float32))
@example(np.array([3.39e38], np.float32))
def test_every_number_lies_in_its_bin(numbers: np.ndarray) -> None:
    scale = scale_of("n", "", numbers)
    assert scale.counts.sum() == len(numbers)
    slack = (scale.high - scale.low) / BINS + 1e-6 * max(abs(scale.low), abs(scale.high))
    for number, level in zip(numbers.astype(float), scale.bins, strict=True):
        if level < BINS:
            assert scale.edges[level] - slack <= number <= scale.edges[level + 1] + slack
        elif level == UNKNOWN:
            assert not np.isfinite(number)
        else:
            assert number < scale.low + slack if level == BELOW else number > scale.high - slack


def test_colours_run_from_little_to_much_between_the_ends_and_grey_is_not_known() -> None:
    scale = scale_of("error", "nats", NUMBERS)
    whole, part = by_number(scale), by_number(scale, 64, 128)
    assert (whole.colours[BELOW] == whole.colours[0]).all()
    assert (whole.colours[ABOVE] == whole.colours[BINS - 1]).all()
    assert (part.colours[:64] == whole.colours[0]).all()
    assert (part.colours[128:BINS] == whole.colours[BINS - 1]).all()
    assert (part.colours[UNKNOWN] == rgb(NOTHING_KNOWN)[0]).all()
    assert np.abs(part.colours[96].astype(int) - whole.colours[128].astype(int)).max() <= 6


def test_texts_have_the_decimals_that_tell_the_ends_apart() -> None:
    assert scale_of("a", "", np.linspace(0, 1, 1000)).text(0.123456) == "0.123"
    assert scale_of("a", "", np.linspace(0, 20_000, 1000)).text(12_345.6) == "12,346"
    assert scale_of("a", "", np.linspace(0, 1e12, 1000)).text(5e11) == "5e+11"
