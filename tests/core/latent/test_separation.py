"""What a user would be told wrongly about two classes: that they lie apart by chance, or since another step."""

from math import nan

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from core.latent.separation import separation
from core.reports.moments import Parting


def classes(gap: float, dims: int = 3, count: int = 300) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 3, count)
    codes = rng.standard_normal((count, dims)).astype(np.float32)
    codes[labels == 2, 0] += np.float32(gap)
    return codes, labels


@pytest.mark.parametrize("gap", [0.5, 1.5, 4.0])
def test_it_is_the_area_under_the_curve_of_images_that_did_not_say_where_the_line_is(gap: float) -> None:
    codes, labels = classes(gap)
    one, other = codes[labels == 0].astype(float), codes[labels == 2].astype(float)
    areas = []
    for half in (0, 1):
        line = other[half::2].mean(axis=0) - one[half::2].mean(axis=0)
        tried = np.concatenate([one[1 - half :: 2], other[1 - half :: 2]]) @ line
        truth = np.repeat([0, 1], [len(one[1 - half :: 2]), len(other[1 - half :: 2])])
        areas.append(roc_auc_score(truth, tried))
    assert separation(codes, labels, 0, 2) == pytest.approx(np.mean(areas), abs=1e-9)
    assert separation(codes, labels, 2, 0) == pytest.approx(np.mean(areas), abs=1e-9)


def test_what_lies_apart_only_by_chance_is_half() -> None:
    codes, labels = classes(0.0, dims=64, count=60)
    assert separation(codes, labels, 0, 1) == pytest.approx(0.5, abs=0.2)
    assert separation(*classes(9.0), 0, 2) > 0.99


def test_too_few_known_images_say_nothing() -> None:
    codes, labels = classes(3.0)
    codes[labels == 2] = nan
    assert np.isnan(separation(codes, labels, 0, 2))


def test_they_have_parted_when_they_stay_apart() -> None:
    assert Parting((0, 5, 9, 20), (0.5, 0.99, 0.9, 0.97)).since == 20
    assert Parting((0, 5, 9, 20), (nan, 0.96, 0.98, 0.97)).since == 5
    assert Parting((0, 5), (1.0, 0.6)).since is None
