"""Amounts are said so that a person can compare them with a disk."""

import pytest

from core.byte_sizes import bytes_said
from core.reports.progress import Progress


@pytest.mark.parametrize(
    ("amount", "said"),
    [(0, "0 bytes"), (999, "1.0 kB"), (8_411_109, "8.4 MB"), (11_594_722, "12 MB"), (999_999_999, "1.0 GB")],
)
def test_bytes_are_said_in_the_unit_that_fits(amount: int, said: str) -> None:
    assert bytes_said(amount) == said


def test_progress_counts_things_or_bytes() -> None:
    assert Progress("Reading mnist", 1_234, 70_000).counted == "1,234 of 70,000"
    assert Progress("Looking", 1_234).counted == "1,234"
    assert Progress("Downloading mnist", 4_100_000, 11_594_722, in_bytes=True).counted == "4.1 of 12 MB"
    assert Progress("Downloading food101", 4_100_000, 4_996_278_331, in_bytes=True).counted == "0.0 of 5.0 GB"
    assert Progress("Unpacking mnist", 11_594_722, in_bytes=True).counted == "12 MB"
