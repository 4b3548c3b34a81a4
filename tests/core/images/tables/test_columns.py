"""What a person would lose: a column that says something else than the table did."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.images.tables.columns import (
    MOST_LEVELS,
    OTHER,
    are_kinds,
    capped,
    column,
    integer_levels,
    number_column,
    texts_of,
)
from core.reports.images import NOTHING_SAID, Column

NUMBERS = st.lists(
    st.none() | st.integers(-(10**6), 10**6).map(float) | st.floats(-1e99, 1e99),
    min_size=1,
    max_size=60,
)


def of(*cells: str) -> Column:
    texts = sorted({cell for cell in cells if cell})
    return column("c", texts, np.array([texts.index(cell) if cell else -1 for cell in cells]))


def said(column: Column) -> list[str]:
    return [column.levels[code] for code in column.codes]


def test_words_are_levels_in_the_order_a_person_counts() -> None:
    found = of("day 10", "day 9", "", "day 10")
    assert found.levels == ("day 9", "day 10", NOTHING_SAID)
    assert said(found) == ["day 10", "day 9", NOTHING_SAID, "day 10"]
    assert found.numbers is None


ODD = [("01234", "99999"), ("1_000", "2"), ("12", "a"), ("1" * 16, "2"), ("inf", "1"), ("1e200", "1"), (".", "1")]


@pytest.mark.parametrize("cells", ODD)
def test_what_only_looks_like_numbers_stays_as_it_is_written(cells: tuple[str, ...]) -> None:
    found = of(*cells)
    assert found.numbers is None
    assert said(found) == list(cells)


@pytest.mark.parametrize("missing", ["", "NA", "n/a", "NaN", "null", "None"])
def test_a_missing_number_does_not_make_words_of_the_others(missing: str) -> None:
    found = of("0.5", missing, "1e-3")
    assert found.numbers is not None
    assert found.numbers.tolist() == pytest.approx([0.5, np.nan, 0.001], nan_ok=True)
    assert said(found)[1] == NOTHING_SAID


def test_a_set_that_knows_no_number_says_nothing() -> None:
    assert number_column("c", np.array([np.inf, np.nan])).levels == (NOTHING_SAID,)


def test_namibia_is_not_a_missing_word() -> None:
    assert said(of("NA", "DE")) == ["NA", "DE"]


def test_a_few_whole_numbers_are_kinds() -> None:
    found = of("10", "2", "2", "")
    assert (found.levels, found.numbers) == (("2", "10", NOTHING_SAID), None)


def test_numbers_that_are_nearly_the_same_are_told_apart() -> None:
    assert len(set(of("1.00000001", "1.00000002").levels)) == 2


def test_a_few_other_numbers_keep_their_values_as_levels() -> None:
    found = of("0.5", "0.25", "0.5")
    assert found.levels == ("0.25", "0.5")
    assert found.numbers is not None


@given(NUMBERS)
def test_every_number_lies_in_the_range_that_is_said_of_it(values: list[float | None]) -> None:
    numbers = np.array([np.nan if value is None else value for value in values])
    found = number_column("c", numbers)
    assert len(found.levels) <= 13
    assert len(set(found.levels)) == len(found.levels)
    order = np.argsort(numbers, kind="stable")
    assert (np.diff(found.codes[order]) >= 0).all()  # levels in the order of the numbers, what is missing last
    assert ((found.codes == len(found.levels) - 1) == np.isnan(numbers)).all() or NOTHING_SAID not in found.levels
    assert (NOTHING_SAID in found.levels) == bool(np.isnan(numbers).any())
    assert set(found.codes) == set(range(len(found.levels)))


@given(st.lists(st.integers(-500, 500), min_size=20, max_size=300, unique=True))
def test_the_ends_of_a_range_of_whole_numbers_are_true(values: list[int]) -> None:
    found = number_column("c", np.array(values, float))
    for value, level in zip(values, said(found), strict=True):
        low, _, high = level.partition(" to ")
        assert int(low) <= value <= int(high or low)


@given(st.lists(st.floats(-1, 1), min_size=20, max_size=300, unique=True), st.sampled_from([1e-3, 1.0, 2e4]))
def test_the_ends_of_a_range_are_true(values: list[float], scale: float) -> None:
    numbers = np.array(values) * scale
    found = number_column("c", numbers)
    slack = 1e-5 * np.ptp(numbers) + 1e-12  # an end is written with a few decimals
    for number, level in zip(numbers, said(found), strict=True):
        low, _, high = level.replace(",", "").partition(" to ")
        assert float(low) - slack <= number <= float(high) + slack


def test_ranges_hold_about_as_many_images_each_and_have_round_ends() -> None:
    found = number_column("length", np.random.default_rng(0).uniform(0, 10, 8_000))
    assert np.bincount(found.codes).min() > 500
    assert all(len(end) <= 4 for level in found.levels for end in level.split(" to "))


def test_years_are_written_without_commas_and_large_numbers_with_them() -> None:
    assert number_column("year", np.arange(1900.0, 2020)).levels[0].startswith("1900 to ")
    assert "10,000" in " ".join(number_column("people", np.arange(0.0, 80_000, 100)).levels)


def test_many_images_of_one_value_do_not_hide_the_others() -> None:
    found = number_column("rain", np.r_[np.zeros(900), np.random.default_rng(0).integers(1, 500, 100)])
    assert len(found.levels) >= 4


def test_the_rarest_of_too_many_words_are_lumped_and_what_is_missing_stays_missing() -> None:
    counts = np.r_[np.full(MOST_LEVELS, 3), np.full(500, 1)]
    texts = [f"word {number}" for number in range(len(counts))]
    found = capped(column("c", texts, np.r_[np.repeat(np.arange(len(counts)), counts), -1]))
    assert len(found.levels) == MOST_LEVELS + 2
    assert found.levels[-2:] == (OTHER, NOTHING_SAID)
    assert np.bincount(found.codes)[-2:].tolist() == [500, 1]
    assert said(found)[:-501] == [text for text in texts[:MOST_LEVELS] for _ in range(3)]


def test_labels_written_as_numbers_can_be_classes_but_measures_cannot() -> None:
    labels, measures = number_column("label", np.arange(100.0)), number_column("mass", np.arange(100) / 7)
    assert are_kinds(labels)
    assert not are_kinds(measures)
    assert labels.numbers is not None
    assert integer_levels("label", labels.numbers).levels == tuple(map(str, range(100)))


WORDS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5).map(str.strip), min_size=1, max_size=30)


def same(one: Column, other: Column) -> bool:
    numbers = [np.zeros(0) if each.numbers is None else each.numbers for each in (one, other)]
    return (
        one.levels == other.levels
        and np.array_equal(one.codes, other.codes)
        and (one.numbers is None) == (other.numbers is None)
        and np.array_equal(*numbers, equal_nan=True)
    )


@given(WORDS | NUMBERS.map(lambda values: ["" if value is None else repr(value) for value in values]))
def test_a_column_comes_back_from_a_table_as_it_was(cells: list[str]) -> None:
    once = of(*cells)
    assert same(of(*texts_of(once)), once)


@given(NUMBERS)
def test_numbers_come_back_from_a_table_to_the_last_bit(values: list[float | None]) -> None:
    once = number_column("c", np.array([np.nan if value is None else value for value in values]))
    assert same(of(*texts_of(once)), once)
