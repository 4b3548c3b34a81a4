"""What a person would lose if the split were unfair: numbers that cannot be compared, or a test on what was learned."""

import hashlib
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.images.held_out import hashes_of
from core.images.held_out import held_out as held_out_by_hash
from core.reports.images import NOTHING_SAID, Column

NAMES = [f"pictures/{number}.png" for number in range(200)]
SHARES = st.floats(0.01, 0.5)


def held_out(names: Sequence[str], share: float, group: Column | None = None) -> NDArray[np.bool_]:
    return held_out_by_hash(hashes_of(names), share, group)


def grouped(codes: list[int]) -> Column:
    levels = tuple(f"patient {number}" for number in range(max(codes) + 1))
    return Column("patient", levels, np.array(codes))


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_runs_of_earlier_versions_keep_their_split(share: float) -> None:
    ranked = sorted(NAMES, key=lambda name: hashlib.sha256(name.encode()).digest())
    expected = set(ranked[: round(share * len(NAMES))])
    assert {NAMES[index] for index in np.flatnonzero(held_out(NAMES, share))} == expected


def test_one_image_more_changes_hardly_anything() -> None:
    before, after = held_out(NAMES, 0.2), held_out([*NAMES, "new.png"], 0.2)
    assert np.count_nonzero(before != after[:-1]) <= 1


def test_no_share_holds_nothing_out_and_any_share_holds_something_out() -> None:
    assert not held_out(NAMES, 0.0).any()
    assert held_out(NAMES[:3], 0.01).sum() == 1
    assert not len(held_out([], 0.1))


def test_a_name_that_is_not_utf8_can_be_held_out() -> None:
    assert held_out(["caf\udce9.png", "b.png"], 0.5).sum() == 1


@given(st.lists(st.integers(0, 30), min_size=1, max_size=120), SHARES)
@example([0, 1, 1], 0.5)
def test_a_group_is_never_on_both_sides(codes: list[int], share: float) -> None:
    sides = held_out([f"{number}.png" for number in range(len(codes))], share, grouped(codes))
    by_group = [{bool(side) for side, other in zip(sides, codes, strict=True) if other == code} for code in set(codes)]
    assert all(len(each) == 1 for each in by_group)
    assert not sides.all()
    assert sides.any() == (len(set(codes)) > 1)


def test_small_groups_come_as_near_to_the_share_as_images_would() -> None:
    sides = held_out(NAMES, 0.2, grouped([number // 4 for number in range(200)]))
    assert abs(sides.sum() - 40) <= 2


def test_one_large_group_does_not_eat_the_images_to_learn_from() -> None:
    for large in range(8):  # whichever comes first by its hash
        codes = [large] * 150 + [number % 8 for number in range(50)]
        assert 0 < held_out(NAMES, 0.1, grouped(codes)).sum() <= 50


def test_images_that_belong_to_no_group_are_split_one_by_one() -> None:
    everyone = Column("patient", (NOTHING_SAID,), np.zeros(200, np.int64))
    assert (held_out(NAMES, 0.3, everyone) == held_out(NAMES, 0.3)).all()


def test_groups_known_by_a_number_are_not_lumped_into_ranges() -> None:
    numbers = np.repeat(np.arange(50.0), 4)
    lumped = Column("patient", ("0 to 24", "25 to 49"), (numbers > 24).astype(np.int64), numbers)
    sides = held_out(NAMES, 0.1, lumped)
    assert sides.sum() == 20
    assert len(set(numbers[sides])) == 5


def test_a_million_names_take_seconds() -> None:
    names = [f"{number}.png" for number in range(100_000)]
    group = Column("half", ("a", "b", NOTHING_SAID), np.arange(100_000) % 3)
    assert held_out(names, 0.1).sum() == 10_000
    assert held_out(names, 0.1, group).sum() == 10_000
