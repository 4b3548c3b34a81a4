"""A line that is copied must be the same words again, in the shell of whoever pastes it."""

import shlex

import pytest

from core.shell_line import shell_line

ODD = ["latentscape", "open", "my pictures/a b", "it's", "$HOME", "--class=-x y", ""]


def test_a_posix_shell_reads_the_words_again() -> None:
    assert shlex.split(shell_line(ODD, is_windows=False)) == ODD


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("C:\\my pictures\\cats", '"C:\\my pictures\\cats"'),
        ("C:\\cats", "C:\\cats"),
        ("it's", "it's"),
        ('a"b', 'a\\"b'),
    ],
)
def test_windows_is_given_double_quotes_alone(word: str, written: str) -> None:
    """By the rules of Microsoft's C runtime: a backslash counts only before a double quote."""
    assert shell_line(["open", word], is_windows=True) == f"open {written}"
