"""How a place, or an image, stands to the pictures that a model learned from: the same words everywhere."""

from typing import Literal

Verdict = Literal["among", "few", "between", "far"]

VERDICTS: tuple[Verdict, ...] = ("among", "few", "between", "far")  # as numbers: 0, 1, 2, 3; each worse
WORDS: dict[Verdict, str] = {
    "among": "among the pictures",
    "few": "near few pictures",
    "between": "between groups",
    "far": "far from any picture",
}
