"""Samples: a user must not take for the model's skill what was decoded where it never learned anything."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.latent.place_verdict import Support
from core.verdicts import VERDICTS
from explorer.samples.controller import COUNT, Wish, _draw


def test_each_in_turn_is_each_class_that_was_learned() -> None:
    space: Any = SimpleNamespace(
        conditional="class",
        classes=("coat", "hat", "shirt"),
        learned_labels=np.array([0, 2]),
        step=7,
        usual_prior="mixture",
        with_label=lambda label: SimpleNamespace(support=_at(0.0 if label == 0 else 9.0)),
        sample=lambda count, *_: np.zeros((count, 2), np.float32),
        decode=lambda z, labels: np.zeros((len(z), 4, 4, 1), np.uint8),
    )
    drawn = _draw((space, Wish()))
    said = [VERDICTS[number] for number in drawn.verdicts]
    assert said == ["among" if name == "coat" else "far" for name in drawn.class_names], "each by its own class's codes"
    assert set(drawn.class_names) == {"coat", "shirt"}
    assert list(drawn.class_names).count("coat") == list(drawn.class_names).count("shirt")


def _at(middle: float) -> Support:
    return Support(np.random.default_rng(0).normal(middle, 1.0, (400, 2)).astype(np.float32))


@pytest.mark.parametrize(("middle", "verdict"), [(0.0, "among"), (9.0, "far")])
def test_samples_say_how_they_stand_to_the_pictures(middle: float, verdict: str) -> None:
    space: Any = SimpleNamespace(
        conditional="none",
        classes=(),
        step=7,
        usual_prior="mixture",
        support=_at(middle),
        sample=lambda count, *_: np.random.default_rng(1).normal(0.0, 0.2, (count, 2)).astype(np.float32),
        decode=lambda z: np.zeros((len(z), 4, 4, 1), np.uint8),
    )
    assert [VERDICTS[number] for number in _draw((space, Wish())).verdicts] == COUNT * [verdict]
