"""What a user would lose: the picture as it is, right side up and in its own colours."""

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from explorer.toolkit.image_conversion import to_pixmap, to_qimage


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("width", [1, 5, 28])
def test_every_pixel_is_where_it_was(channels: int, width: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (7, width, channels), dtype=np.uint8)
    picture = to_qimage(pixels)
    assert (picture.width(), picture.height()) == (width, 7)
    shown = [[picture.pixelColor(x, y).getRgb()[:3] for x in range(width)] for y in range(7)]
    assert np.array_equal(shown, np.broadcast_to(pixels, (7, width, 3)))


def test_a_picture_outlives_and_ignores_its_array() -> None:
    pixels = np.full((4, 4, 3), 200, dtype=np.uint8)
    picture = to_qimage(pixels)
    pixels[:] = 0
    del pixels
    assert picture.pixelColor(3, 3).red() == 200


def test_a_slice_of_a_larger_array_is_shown_right() -> None:
    whole = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    picture = to_qimage(whole[::2, ::-1])
    assert picture.pixelColor(0, 1).getRgb()[:3] == tuple(int(value) for value in whole[2, 7])


def test_enlarging_shows_the_pixels_and_shrinking_is_smooth(qapp: QApplication) -> None:
    checks = (np.indices((2, 2)).sum(axis=0) % 2 * 255).astype(np.uint8)[:, :, None]
    enlarged = to_pixmap(checks, 8).toImage()
    assert {enlarged.pixelColor(x, y).red() for x in range(8) for y in range(8)} == {0, 255}
    shrunk = to_pixmap(np.tile(checks, (32, 32, 1)), 8).toImage()
    assert 100 < shrunk.pixelColor(4, 4).red() < 155


def test_a_pixmap_is_sharp_on_a_dense_screen_and_keeps_its_aspect(qapp: QApplication) -> None:
    pixmap = to_pixmap(np.zeros((16, 32, 3), np.uint8), 50, device_pixel_ratio=2.0)
    assert (pixmap.width(), pixmap.height(), pixmap.devicePixelRatio()) == (100, 50, 2.0)
