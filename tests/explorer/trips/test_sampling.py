"""Samples: a user must not take for the model's skill what was decoded where it never learned anything."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.latent.support import Support
from explorer.trips.sampling import COUNT, Wish, _draw


def test_each_in_turn_is_each_class_that_was_learned() -> None:
    space: Any = SimpleNamespace(
        conditional="class",
        classes=("coat", "hat", "shirt"),
        learned_labels=np.array([0, 2]),
        step=7,
        support=Support(np.zeros((10, 2), np.float32)),
        sample=lambda count, *_: np.zeros((count, 2), np.float32),
        decode=lambda z, labels: np.zeros((len(z), 4, 4, 1), np.uint8),
    )
    drawn = _draw((space, Wish()))
    assert set(drawn.class_names) == {"coat", "shirt"}
    assert list(drawn.class_names).count("coat") == list(drawn.class_names).count("shirt")


@pytest.mark.parametrize(("middle", "in_empty_space"), [(0.0, 0), (9.0, COUNT)])
def test_samples_that_lie_where_no_codes_are_are_counted(middle: float, in_empty_space: int) -> None:
    codes = np.random.default_rng(0).normal(middle, 1.0, (400, 2)).astype(np.float32)
    space: Any = SimpleNamespace(
        conditional="none",
        classes=(),
        step=7,
        support=Support(codes),
        sample=lambda count, *_: np.random.default_rng(1).normal(0.0, 0.2, (count, 2)).astype(np.float32),
        decode=lambda z: np.zeros((len(z), 4, 4, 1), np.uint8),
    )
    assert _draw((space, Wish())).in_empty_space == in_empty_space
