"""Numbers to colour by: measured when wanted, stopped when not, never those of another model without saying so."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from pytestqt.qtbot import QtBot

from core.config import ModelConfig, RunConfig
from core.evaluation import per_image
from core.images.image_set import ImageSet
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import first_two_dims
from core.model.vae import VAE
from core.reports.images import Column
from explorer.map.colours.controller import NO_IMAGES, WHEN_AT_REST, Measuring
from explorer.map.colours.number_scale import Scale
from explorer.map.colours.offered_numbers import ALONE, FROM_PLANE, KL, RECONSTRUCTION
from explorer.workspace.place_in_hand import Table
from explorer.workspace.unusual_images import Unusual

COUNT, DIMS = 60, 3
RUN = Path("/runs/one")
CONFIG = RunConfig.model_validate({"source": "/pictures", "training": {"device": "cpu"}})
CODES = np.random.default_rng(0).normal(size=(COUNT, DIMS)).astype(np.float32)


def a_space(step: int = 5, dims: int = DIMS) -> LatentSpace:
    torch.manual_seed(step)
    vae = VAE(ModelConfig(network="mlp", latent_dims=dims, width=4, likelihood="bernoulli"), (16, 16, 1))
    return freeze(vae, CODES[:, :dims], np.ones(dims, np.float32), first_two_dims(dims), step)


def a_table(columns: tuple[Column, ...] = ()) -> Table:
    names = [f"{index}.png" for index in range(COUNT)]
    return Table(names, np.zeros(COUNT, np.int64), ("one",), np.zeros(COUNT, np.bool_), columns)


@pytest.fixture
def image_set() -> ImageSet:
    pixels = np.random.default_rng(1).integers(0, 256, (COUNT, 16, 16, 1), np.uint8)
    table = a_table()
    return ImageSet("/pictures", pixels, table.labels, table.classes, table.names, table.is_held_out, (), "key")


class Heard:
    """What a measuring has said."""

    def __init__(self, measuring: Measuring) -> None:
        self.scales: list[Scale | None] = []
        self.notes: list[str] = []
        self.failures: list[str] = []
        self.progress: list = []
        self.offers: list = []
        measuring.scaled.connect(self.scales.append)
        measuring.noted.connect(self.notes.append)
        measuring.failed.connect(self.failures.append)
        measuring.progressed.connect(self.progress.append)
        measuring.offered.connect(self.offers.append)

    @property
    def scale(self) -> Scale | None:
        return self.scales[-1] if self.scales else None


@pytest.fixture
def measuring(qtbot: QtBot) -> Iterator[Measuring]:
    unusual = Unusual()
    made = Measuring(unusual)
    made.show_map(a_space(), a_table())
    made.open(RUN, CONFIG)
    yield made
    unusual.stop()
    made.stop()


@pytest.fixture
def heard(measuring: Measuring) -> Heard:
    return Heard(measuring)


def test_nothing_is_measured_until_it_is_chosen_and_then_as_soon_as_the_images_are_there(
    measuring: Measuring, heard: Heard, image_set: ImageSet, qtbot: QtBot
) -> None:
    measuring.choose(RECONSTRUCTION.name)
    assert heard.notes[-1] == NO_IMAGES
    assert measuring.images._job is None
    measuring.show_images(image_set)
    qtbot.waitUntil(lambda: heard.scale is not None and heard.scale.known == COUNT)
    assert heard.notes[-1] == ""
    assert heard.scale.unit == "nats"
    np.testing.assert_array_equal(heard.scale.numbers, measuring.numbers.reconstruction)
    qtbot.waitUntil(lambda: heard.progress[-1] is None)
    measuring.choose(KL.name)  # measured in the same pass
    qtbot.waitUntil(lambda: heard.scale.name == KL.name)
    assert measuring.images._job is None
    np.testing.assert_array_equal(heard.scale.numbers, measuring.numbers.kl)


def test_choosing_another_thing_stops_the_measuring(
    measuring: Measuring, image_set: ImageSet, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(per_image, "VALUES_AT_ONCE", 256)  # an image at a time
    measuring.show_images(image_set)
    measuring.choose(RECONSTRUCTION.name)
    assert measuring.images._job is not None
    measuring.choose("")
    qtbot.waitUntil(lambda: measuring.images._job is None)
    assert measuring.numbers is None or measuring.numbers.measured < COUNT


def test_someone_else_may_want_the_numbers_too(
    measuring: Measuring, heard: Heard, image_set: ImageSet, qtbot: QtBot
) -> None:
    measuring.show_images(image_set)
    measuring.want("backdrop", True)
    measuring.choose("")
    qtbot.waitUntil(lambda: measuring.numbers is not None and measuring.numbers.measured == COUNT)
    assert heard.scale is None  # the map is coloured by something else


def test_while_the_model_learns_numbers_are_old_and_say_so_and_afterwards_they_are_new(
    measuring: Measuring, heard: Heard, image_set: ImageSet, qtbot: QtBot
) -> None:
    measuring.show_images(image_set)
    measuring.choose(KL.name)
    qtbot.waitUntil(lambda: measuring.images._job is None and heard.scale is not None)
    table = measuring._table
    measuring.show_state("training")
    measuring.show_map(a_space(step=90), table)
    qtbot.waitUntil(lambda: heard.scale.is_stale)
    assert heard.scale.note == "as of step 5"
    assert measuring.images._job is None
    said = len(heard.scales)
    measuring.show_map(a_space(step=91), table)  # no older than before: nothing to say again
    measuring.show_state("finished")
    qtbot.waitUntil(lambda: measuring.numbers.step == 91)
    qtbot.waitUntil(lambda: not heard.scale.is_stale)
    assert len(heard.scales) == said + 1


def test_numbers_are_measured_again_when_asked_while_the_model_learns(
    measuring: Measuring, heard: Heard, image_set: ImageSet, qtbot: QtBot
) -> None:
    measuring.show_images(image_set)
    measuring.choose(KL.name)
    qtbot.waitUntil(lambda: measuring.images._job is None and heard.scale is not None)
    measuring.show_state("training")
    measuring.show_map(a_space(step=90), measuring._table)
    measuring.measure_again()
    qtbot.waitUntil(lambda: measuring.numbers.step == 90)
    qtbot.waitUntil(lambda: not heard.scale.is_stale and heard.scale.note == "")


def test_numbers_of_another_run_are_never_shown(
    measuring: Measuring, heard: Heard, image_set: ImageSet, qtbot: QtBot
) -> None:
    measuring.show_images(image_set)
    measuring.choose(KL.name)
    qtbot.waitUntil(lambda: measuring.images._job is None and heard.scale is not None)
    measuring.show_images(None)
    measuring.show_map(a_space(step=5), a_table())  # as many images and steps, and yet another run
    measuring.open(Path("/runs/two"), CONFIG)
    assert measuring.numbers is None
    assert heard.scale is None
    measuring.show_images(image_set)
    qtbot.waitUntil(lambda: heard.scale is not None)
    measuring.show_state("training")
    measuring.start(Path("/runs/three"), CONFIG)  # learned from the same images
    assert heard.scale is None
    measuring.show_map(a_space(step=1), measuring._table)
    assert measuring.images._job is None  # a model that has just begun to learn is not slowed down for nothing
    assert (heard.scale.known, heard.scale.note, heard.scale.is_stale) == (0, WHEN_AT_REST, True)
    measuring.measure_again()
    qtbot.waitUntil(lambda: measuring.numbers is not None and measuring.numbers.step == 1)


def test_what_fails_is_said_once_and_not_tried_again_by_itself(
    measuring: Measuring, heard: Heard, image_set: ImageSet, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(per_image, "encode_part", broken)
    measuring.show_images(image_set)
    measuring.choose(KL.name)
    qtbot.waitUntil(lambda: len(heard.failures) == 1 and measuring.images._job is None)
    measuring.show_map(measuring._space, measuring._table)
    assert measuring.images._job is None


def test_the_distance_from_the_plane_is_that_of_the_other_dimensions(
    measuring: Measuring, heard: Heard, qtbot: QtBot
) -> None:
    assert FROM_PLANE in measuring._offers
    measuring.choose(FROM_PLANE.name)
    qtbot.waitUntil(lambda: heard.scale is not None)
    np.testing.assert_allclose(heard.scale.numbers, np.abs(CODES[:, 2]), rtol=1e-5)
    measuring.show_map(a_space(dims=2), measuring._table)
    assert FROM_PLANE not in heard.offers[-1]


def test_the_distance_to_the_fifth_nearest_code_is_that_of_every_code_compared_with_every_other(
    measuring: Measuring, heard: Heard, qtbot: QtBot
) -> None:
    measuring.choose(ALONE.name)
    qtbot.waitUntil(lambda: heard.scale is not None)
    away = np.linalg.norm(CODES[:, None].astype(float) - CODES[None], axis=2)
    np.testing.assert_allclose(heard.scale.numbers, np.sort(away, axis=1)[:, 5], rtol=1e-4)


def test_amounts_of_the_metadata_get_a_bar_too(measuring: Measuring, heard: Heard, qtbot: QtBot) -> None:
    numbers = np.linspace(1, 2, COUNT)
    column = Column("KL", ("1 to 2",), np.zeros(COUNT, np.int64), numbers)
    measuring.show_map(a_space(), a_table((column,)))
    measuring.choose("KL (metadata)")
    qtbot.waitUntil(lambda: heard.scale is not None)
    assert heard.scale.name == "KL (metadata)"
    np.testing.assert_array_equal(heard.scale.numbers, numbers)
