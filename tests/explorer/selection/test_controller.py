"""The list of a selection: in the order that was asked for, with the pictures that belong to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from core.images.decoding.target import Target
from explorer.selection.controller import Listing
from explorer.selection.listed_images import Listed
from explorer.workspace.place_in_hand import Table
from explorer.workspace.undo_history import Exploring
from explorer.workspace.unusual_images import Unusual

COUNT = 60


@dataclass(frozen=True, eq=False)
class Space:
    codes: NDArray[np.float32]

    @property
    def latent_dims(self) -> int:
        return self.codes.shape[1]


class Pictures:
    """What listing asks of an image set: picture number i has i in every pixel."""

    def __init__(self, folder: Path) -> None:
        self.pixels = np.broadcast_to(np.arange(COUNT, dtype=np.uint8)[:, None, None, None], (COUNT, 8, 8, 3))
        self._folder = folder

    def __len__(self) -> int:
        return COUNT

    def path(self, index: int) -> Path:
        return self._folder / f"{index}.png"

    def target(self, index: int) -> Target:
        return Target(8, 3)


class View:
    """The latent space and the images in hand."""

    def __init__(self, space: Space, image_set: Pictures) -> None:
        self.latent_space, self.image_set = space, image_set


class Made:
    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        codes = np.random.default_rng(0).normal(size=(COUNT, 2)).astype(np.float32)
        codes[9] = np.nan
        names = tuple(f"{index}.png" for index in range(COUNT))
        self.table = Table(names, np.arange(COUNT) % 2, ("even", "odd"), np.zeros(COUNT, np.bool_))
        self.view = View(Space(codes), Pictures(folder))
        self.exploring, self.unusual = Exploring(), Unusual()
        self.listing = Listing(self.exploring, self.view, self.unusual)
        self.listing.watch(True)
        self.listing.show_map(self.view.latent_space, self.table)

    def select(self, *indices: int) -> Listed:
        with self.qtbot.waitSignal(
            self.listing.listed, check_params_cb=lambda each: len(each.indices) == len(indices)
        ) as listed:
            self.exploring.change("choice", selection=np.array(sorted(indices), np.int64))
        return listed.args[0]

    def sort_by(self, order: str) -> Listed:
        def is_it(listed: Listed) -> bool:
            return listed.order == order and (order == "index") == (listed.numbers is None)

        with self.qtbot.waitSignal(self.listing.listed, timeout=20_000, check_params_cb=is_it) as listed:
            self.listing.sort_by(order)
        return listed.args[0]


@pytest.fixture
def made(qtbot: QtBot, tmp_path: Path) -> Iterator[Made]:
    made = Made(qtbot, tmp_path)
    yield made
    for each in (made.listing, made.unusual, made.exploring):
        each.stop()


def test_counts_of_classes_are_those_of_the_selection(made: Made) -> None:
    listed = made.select(3, 4, 5, 7)
    assert listed.indices.tolist() == [3, 4, 5, 7]
    assert listed.total == COUNT
    assert listed.counts == (("odd", 3), ("even", 1))
    assert listed.class_of(4) == "even"


def test_nearest_to_the_cursor_first_and_again_when_it_moves(made: Made) -> None:
    codes = made.view.latent_space.codes
    made.exploring.look(codes[5])
    made.select(3, 4, 5, 9, 20)
    listed = made.sort_by("cursor")
    apart = np.linalg.norm(codes[[3, 4, 5, 9, 20]] - codes[5], axis=1)
    assert listed.indices.tolist() == [[3, 4, 5, 9, 20][place] for place in np.argsort(apart)]
    assert listed.indices[0] == 5
    assert listed.indices[-1] == 9  # has no code, so no distance
    np.testing.assert_allclose(listed.numbers, np.sort(apart), rtol=1e-6)
    with made.qtbot.waitSignal(made.listing.listed, check_params_cb=lambda each: each.indices[0] == 20):
        made.exploring.look(codes[20])


def test_most_unusual_first(made: Made) -> None:
    codes = made.view.latent_space.codes
    made.select(*range(COUNT))
    listed = made.sort_by("unusual")
    apart = np.linalg.norm(codes[:, None] - codes[None], axis=2)
    fifth = np.sort(np.where(np.isnan(apart), np.inf, apart), axis=1)[:, 5]
    fifth[9] = -1.0
    assert listed.indices.tolist() == np.argsort(-fifth, kind="stable").tolist()


def test_what_is_done_with_them_goes_in_the_order_that_is_shown(made: Made) -> None:
    made.select(2, 11, 17, 30)
    shown = made.sort_by("unusual").indices.tolist()
    assert shown != [2, 11, 17, 30]
    assert made.listing.in_order(np.array([2, 11, 17, 30])).tolist() == shown
    assert made.listing.in_order(np.array([2, 11])).tolist() == [2, 11]  # another selection, of which no list is made
    made.sort_by("index")
    assert made.listing.in_order(np.array([2, 11, 17, 30])).tolist() == [2, 11, 17, 30]


def test_what_nobody_watches_is_not_listed(made: Made) -> None:
    made.listing.watch(False)
    with made.qtbot.assertNotEmitted(made.listing.listed, wait=100):
        made.exploring.change("choice", selection=np.array([1]))
    with made.qtbot.waitSignal(made.listing.listed):
        made.listing.watch(True)


def test_a_known_order_is_not_listed_over_and_over(made: Made) -> None:
    made.select(1, 2, 3)
    made.sort_by("unusual")
    with made.qtbot.assertNotEmitted(made.listing.listed, wait=200):
        pass


def test_thumbnails_are_those_of_their_images_and_as_large_as_asked(made: Made) -> None:
    with made.qtbot.waitSignal(made.listing.thumbnails_read) as read:
        made.listing.read_thumbnails(np.array([7, 30]), 24)
    indices, pictures, side = read.args
    assert (indices.tolist(), side) == ([7, 30], 24)
    assert all(isinstance(picture, QImage) and picture.width() == 24 for picture in pictures)
    assert [picture.pixelColor(3, 3).red() for picture in pictures] == [7, 30]


def test_a_list_of_more_images_than_there_are_now_fails_at_nothing(made: Made) -> None:
    with made.qtbot.waitSignal(made.listing.thumbnails_read) as read:
        made.listing.read_thumbnails(np.array([COUNT - 1, COUNT]), 16)
    assert read.args[0].tolist() == [COUNT - 1]


def test_an_image_is_read_whole_from_its_own_file(made: Made, tmp_path: Path) -> None:
    Image.fromarray(np.full((30, 50, 3), 200, np.uint8)).save(tmp_path / "4.png")
    with made.qtbot.waitSignal(made.listing.picture_read, timeout=20_000) as read:
        made.listing.read_picture(4)
    assert read.args[0] == 4
    assert read.args[1].shape == (30, 50, 3)
    with made.qtbot.waitSignal(made.listing.picture_failed) as failed:
        made.listing.read_picture(5)
    assert failed.args[0] == 5


def test_copies_side_by_side(made: Made) -> None:
    made.view.image_set.twins = np.arange(COUNT)
    made.view.image_set.twins[[9, 30]] = 4
    made.select(4, 5, 9, 20, 30)
    with made.qtbot.waitSignal(made.listing.listed, check_params_cb=lambda each: each.order == "twins") as listed:
        made.listing.sort_by("twins")
    assert listed.args[0].indices.tolist() == [4, 9, 30, 5, 20]
