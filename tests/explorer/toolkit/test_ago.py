"""When a run was saved is said as a person would say it."""

import pytest

from explorer.toolkit.ago import words_for_ago


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (59 * 60 + 59, "59 minutes ago"),
        (2 * 3600 + 1, "2 hours ago"),
        (26 * 3600, "1 day ago"),
        (13 * 86_400, "13 days ago"),
        (15 * 86_400, "2 weeks ago"),
        (70 * 86_400, "2 months ago"),
        (800 * 86_400, "2 years ago"),
    ],
)
def test_an_age_is_said_in_one_unit(seconds: float, words: str) -> None:
    assert words_for_ago(seconds) == words
