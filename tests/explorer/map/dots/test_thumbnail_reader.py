"""What a user would lose: images at their dots, of the right set, however often another view is asked for."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from explorer.map.dots.thumbnail_reader import AT_ONCE, Picturing


class Images(SimpleNamespace):
    def __len__(self) -> int:
        return len(self.pixels)


def images(count: int, shade: int = 0) -> Images:
    """The first value of each image is its number."""
    pixels = np.full((count, 4, 4, 3), shade, np.uint8)
    pixels[:, 0, 0, 0] = np.arange(count) % 256
    return Images(pixels=pixels)


@pytest.fixture
def picturing() -> Iterator[Picturing]:
    picturing = Picturing()
    yield picturing
    picturing.stop()


def heard(picturing: Picturing) -> dict[int, np.ndarray]:
    came: dict[int, np.ndarray] = {}
    picturing.pictured.connect(lambda indices, pixels: came.update(zip(indices.tolist(), pixels, strict=True)))
    return came


def test_all_that_is_wanted_comes_a_few_at_a_time(picturing: Picturing, qtbot: QtBot) -> None:
    came, sizes = heard(picturing), []
    picturing.pictured.connect(lambda indices, _: sizes.append(len(indices)))
    picturing.picture(images(300), np.arange(5, 205))
    qtbot.waitUntil(lambda: len(came) == 200)
    assert all(pixels[0, 0, 0] == index for index, pixels in came.items())
    assert max(sizes) <= AT_ONCE


def test_another_view_goes_before_the_rest_of_the_last(picturing: Picturing, qtbot: QtBot) -> None:
    came, many = heard(picturing), images(30_000)
    picturing.picture(many, np.arange(20_000))
    picturing.picture(many, np.arange(25_000, 25_010))
    qtbot.waitUntil(lambda: 25_009 in came)
    picturing.stop()
    assert len(came) < 1_000


def test_images_of_another_set_do_not_come_late(picturing: Picturing, qtbot: QtBot) -> None:
    came = heard(picturing)
    picturing.picture(images(100, shade=1), np.arange(60))
    picturing.picture(images(100, shade=2), np.arange(10))
    qtbot.waitUntil(lambda: len(came) >= 10)
    assert {int(pixels[1, 1, 1]) for pixels in came.values()} == {2}


def test_without_images_nothing_is_read(picturing: Picturing) -> None:
    picturing.picture(None, np.arange(5))
    picturing.picture(images(3), np.arange(5))
    picturing.picture(images(3), np.arange(0))
    assert not picturing._reading.is_running


def test_images_that_cannot_be_read_are_said(picturing: Picturing, qtbot: QtBot) -> None:
    class Gone:
        def __getitem__(self, index: int) -> np.ndarray:
            raise OSError("The drive with the images is gone.")

        def __len__(self) -> int:
            return 9

    with qtbot.waitSignal(picturing.failed) as failed:
        picturing.picture(Images(pixels=Gone()), np.arange(5))
    assert "gone" in failed.args[0]
