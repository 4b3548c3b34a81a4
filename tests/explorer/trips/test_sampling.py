"""Samples: a user must not take for the model's skill what was decoded where it never learned anything."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.latent.support import Support
from explorer.trips.sampling import COUNT, Wish, _draw


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
