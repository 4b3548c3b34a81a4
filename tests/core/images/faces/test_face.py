"""What a person would lose if the drawn faces did not follow their factors."""

import numpy as np
import pytest

from core.images.faces.face import FACTORS, draw_faces, sample_factors
from core.images.faces.hair import HAIR_STYLES


def moved(name: str, to: float, count: int = 30) -> tuple[np.ndarray, np.ndarray]:
    factors = sample_factors(count, 1)
    changed = factors.copy()
    changed[name] = to
    return draw_faces(factors).astype(int), draw_faces(changed).astype(int)


def test_the_same_factors_give_the_same_pixels() -> None:
    factors = sample_factors(40, 3)
    pixels = draw_faces(factors)
    assert pixels.shape == (40, 64, 64, 3)
    assert pixels.dtype == np.uint8
    assert (draw_faces(factors) == pixels).all()
    assert (draw_faces(factors[7:8])[0] == pixels[7]).all()  # whatever else is drawn with it


def test_a_longer_list_begins_with_the_shorter() -> None:
    assert (sample_factors(100, 0)[:10] == sample_factors(10, 0)).all()
    assert (sample_factors(10, 1) != sample_factors(10, 0)).all()


@pytest.mark.parametrize(("name", "low", "high"), FACTORS)
def test_every_factor_is_seen(name: str, low: float, high: float) -> None:
    factors = sample_factors(30, 1)
    ends = []
    for value in (low, high):
        changed = factors.copy()
        changed[name] = value
        ends.append(draw_faces(changed).astype(int))
    seen = np.abs(ends[0] - ends[1]).max(axis=(1, 2, 3))
    assert (seen >= 25).all() or name == "background"  # red at both ends of the circle of hues
    if name != "background":
        assert factors[name].min() < low + 0.2 * (high - low)
        assert factors[name].max() > high - 0.2 * (high - low)


def test_the_background_follows_its_hue() -> None:
    before, after = moved("background", 0.33)
    assert (after[:, 2, 2].argmax(axis=-1) == 1).all()  # a third of the circle is green
    assert not (before[:, 2, 2].argmax(axis=-1) == 1).all()


def test_the_gaze_goes_where_it_says() -> None:
    dark = [(draw_faces(_level("gaze_x", value)).sum(axis=-1) < 150)[:, 26:36] for value in (-1.0, 1.0)]
    middles = [(each * np.arange(64)).sum() / each.sum() for each in dark]
    assert middles[1] - middles[0] > 1.5


def _level(name: str, value: float) -> np.ndarray:
    factors = sample_factors(40, 2).copy()
    factors[name], factors["tilt"], factors["skin"], factors["hair"] = value, 0.0, 0.0, 0
    return factors


def test_every_hair_style_looks_different() -> None:
    factors = np.repeat(sample_factors(1, 0), len(HAIR_STYLES))
    factors["hair"] = np.arange(len(HAIR_STYLES))
    pixels = draw_faces(factors).astype(int)
    for one in range(len(HAIR_STYLES)):
        for other in range(one):
            assert np.abs(pixels[one] - pixels[other]).mean() > 1.0


@pytest.mark.parametrize("size", [16, 32, 128])
def test_other_sizes_show_the_same_face(size: int) -> None:
    factors = sample_factors(12, 0)
    small, large = sorted((size, 64))
    step = large // small
    reduced = draw_faces(factors, large).reshape(12, small, step, small, step, 3).mean(axis=(2, 4))
    assert np.abs(reduced - draw_faces(factors, small)).mean() < 6.0
