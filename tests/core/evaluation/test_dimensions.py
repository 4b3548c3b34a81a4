"""What is said of each latent dimension, against numpy over all images at once."""

import numpy as np
import pytest

from core.evaluation.dimensions import Dimensions


def test_dimensions_in_parts_are_those_of_all_images_at_once() -> None:
    random = np.random.default_rng(0)
    codes = (1e3 + random.normal(0, [1.0, 0.05, 0.2, 0.0], (100, 4))).astype(np.float32)
    kl = random.random((100, 4)).astype(np.float32)
    dimensions = Dimensions(4)
    for part in np.split(np.arange(100), [1, 30, 31, 77]):
        dimensions.add(codes[part], kl[part])
    np.testing.assert_allclose(dimensions.kl_per_dim, kl.mean(0, dtype=np.float64), rtol=1e-6)
    np.testing.assert_allclose(dimensions.variance, codes.var(0, dtype=np.float64), rtol=1e-6, atol=1e-12)
    assert dimensions.images == 100


@pytest.mark.parametrize(("variance", "active"), [(0.02, 1), (0.005, 0)])
def test_a_unit_is_active_when_its_codes_vary_by_more_than_a_hundredth(variance: float, active: int) -> None:
    dimensions = Dimensions(1)
    dimensions.add(np.array([[-1.0], [1.0]]) * np.sqrt(variance), np.zeros((2, 1)))
    assert dimensions.active_units == active
