"""What a completion model is given: the parts it learns from, and those it is asked and tested with."""

import numpy as np
import pytest

from core.errors import ConfigError
from core.training.masks import fixed_masks, outside_box, random_masks, visible_part


def test_a_step_that_is_done_again_sees_the_same_parts() -> None:
    assert np.array_equal(random_masks(3, 7, 20, 16, 16), random_masks(3, 7, 20, 16, 16))
    assert not np.array_equal(random_masks(3, 7, 20, 16, 16), random_masks(3, 8, 20, 16, 16))
    assert not np.array_equal(random_masks(3, 7, 20, 16, 16), random_masks(4, 7, 20, 16, 16))


def test_an_image_is_tested_with_the_same_part_whatever_stands_beside_it() -> None:
    every = fixed_masks(np.arange(1000), 16, 16)
    assert np.array_equal(every[[5, 999, 40]], fixed_masks(np.array([5, 999, 40]), 16, 16))
    assert len(np.unique(every.reshape(1000, -1), axis=0)) > 400


@pytest.mark.parametrize("shape", [(16, 16), (28, 28), (64, 64)])
def test_every_kind_of_part_is_learned_from(shape: tuple[int, int]) -> None:
    masks = random_masks(0, 0, 3000, *shape)
    assert masks.shape == (3000, 1, *shape)
    assert masks.dtype == np.float32
    assert set(np.unique(masks)) == {0.0, 1.0}
    shares = masks.mean(axis=(1, 2, 3))
    assert np.mean(shares == 0.0) == pytest.approx(1 / 6, abs=0.03)  # so that it is a model of whole images too
    for name in ("left", "right", "top", "bottom"):
        is_half = (masks[:, 0] == visible_part(name, *shape)).all(axis=(1, 2))
        assert is_half.mean() == pytest.approx(1 / 12, abs=0.03)
    assert np.mean((shares > 0.0) & (shares < 0.4)) > 0.1
    assert np.mean(shares > 0.6) > 0.1
    assert not (shares == 1.0).any()  # an image with nothing hidden teaches nothing


def test_a_named_part_lies_where_its_name_says() -> None:
    left = visible_part("left", 4, 4)
    assert left[:, :2].all()
    assert not left[:, 2:].any()
    top = visible_part("top", 4, 4)
    assert top[:2].all()
    assert not top[2:].any()
    assert np.array_equal(visible_part("right", 4, 4), ~left)
    assert np.array_equal(visible_part("bottom", 4, 4), ~top)
    border = visible_part("border", 8, 8)
    assert not border[2:6, 2:6].any()
    assert border.sum() == 64 - 16
    with pytest.raises(ConfigError, match=r"middle.*left, right"):
        visible_part("middle", 4, 4)


def test_a_box_hides_what_is_in_it_and_must_lie_in_the_image() -> None:
    visible = outside_box((1, 0, 4, 2), 6, 8)
    assert visible.shape == (6, 8)
    assert (~visible).sum() == 6
    assert not visible[0:2, 1:4].any()
    for box in ((-1, 0, 4, 2), (4, 0, 4, 2), (0, 0, 9, 2), (0, 3, 4, 2), (0, 0, 4, 7)):
        with pytest.raises(ConfigError, match="8 × 6"):
            outside_box(box, 6, 8)
