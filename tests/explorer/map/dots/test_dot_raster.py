"""What a user would lose: dots that are where the codes are, and classes that are not hidden by others."""

import numpy as np
import pytest

from explorer.map.dots.dot_raster import DotRaster, dot_radius

RED, BLUE = 0xFFFF0000, 0xFF0000FF


def draw(x, y, rgb, width=40, height=30, radius=4.0, opacity=0.8, outline=None) -> np.ndarray:
    """Straight (alpha, red, green, blue) as shares, (height, width, 4), without the margin."""
    raster = DotRaster()
    raster.begin(width, height, radius)
    raster.stamp(np.array(x, np.float32), np.array(y, np.float32), np.array(rgb, np.uint32), opacity, outline)
    return straight(raster, width, height)


def straight(raster: DotRaster, width: int, height: int) -> np.ndarray:
    picture, margin = raster.finish()
    inner = picture[margin : margin + height, margin : margin + width]
    return np.stack([inner >> 24, inner >> 16 & 255, inner >> 8 & 255, inner & 255], axis=-1) / 255


@pytest.mark.parametrize("place", [(20.0, 15.0), (20.25, 14.6), (12.9, 8.1)])
def test_a_dot_is_centred_on_its_code(place: tuple[float, float]) -> None:
    alpha = draw([place[0]], [place[1]], [RED])[..., 0]
    rows, columns = np.indices(alpha.shape) + 0.5
    centre = (columns * alpha).sum() / alpha.sum(), (rows * alpha).sum() / alpha.sum()
    assert centre == pytest.approx(place, abs=0.15)


def test_a_dot_has_the_area_of_its_disc() -> None:
    alpha = draw([20.4], [15.3], [RED], opacity=0.8)[..., 0]
    assert alpha.sum() / 0.8 == pytest.approx(np.pi * 4.0**2, rel=0.06)


def test_colours_are_premultiplied() -> None:
    picture = draw([20.0], [15.0], [RED], opacity=0.5)
    assert picture[15, 20] == pytest.approx([0.5, 0.5, 0, 0], abs=0.01)
    assert (picture[..., 1:] <= picture[..., :1] + 1e-9).all()


def test_overlapping_dots_of_two_classes_are_both_seen_whatever_the_order() -> None:
    for first, second in ((RED, BLUE), (BLUE, RED)):
        picture = draw([18.5, 21.5], [15.5, 15.5], [first, second])
        assert (picture[15, 17, 1] > 0.5) == (first == RED)
        assert (picture[15, 23, 1] > 0.5) == (second == RED)


def test_more_dots_on_one_place_are_denser() -> None:
    one, three = draw([20], [15], [RED], opacity=0.5), draw([20] * 3, [15] * 3, [RED] * 3, opacity=0.5)
    assert one[15, 20, 0] == pytest.approx(0.5, abs=0.01)
    assert three[15, 20, 0] == pytest.approx(1 - 0.5**3, abs=0.01)


def test_dots_at_and_beyond_the_edge_do_not_wrap_round() -> None:
    picture = draw([0.0, -50.0, 41.0], [15.0, 15.0, 15.0], [RED] * 3)
    assert picture[15, 0, 0] > 0.5
    assert picture[15, 39, 0] > 0.1
    assert picture[:, 8:34, 0].sum() == 0


def test_an_outline_rings_the_dot() -> None:
    picture = draw([20.5], [15.5], [RED], outline=0xFFFFFFFF)
    assert picture[15, 20, 2] == 0
    assert picture[15, 25, 2] > 0.2


def test_a_crowd_keeps_every_class() -> None:
    generator = np.random.default_rng(0)
    count = 300_000
    rgb = np.where(generator.random(count) < 0.5, RED, BLUE)
    picture = draw(generator.uniform(0, 400, count), generator.uniform(0, 300, count), rgb, 400, 300, 1.0)
    red, blue = (picture[..., 1] > 0).sum(), (picture[..., 3] > 0).sum()
    assert red == pytest.approx(blue, rel=0.05)


def test_few_dots_are_large_and_many_are_small() -> None:
    radii = [dot_radius(count, 800 * 600) for count in (0, 10, 1_000, 10_000, 100_000)]
    assert radii == sorted(radii, reverse=True)
    assert radii[0] <= 5
    assert radii[-1] == 1
