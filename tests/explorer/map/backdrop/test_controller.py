"""What lies behind the dots follows the choice, the view and the model, coarse first, and never shows an old one."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from pytestqt.qtbot import QtBot

from core.config import ModelConfig
from core.export.grid import decode_grid
from core.latent.backdrop_values import Terrain
from core.latent.density import density_of
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import principal_plane
from core.latent.plane_choices import plane_of_dimensions
from core.latent.projection import project
from core.model.vae import VAE
from core.reports.evaluation import ImageNumbers
from explorer.map.backdrop.controller import Backdrop
from explorer.map.backdrop.heat import Heat
from explorer.map.marks.contour_controller import Contouring
from explorer.workspace.place_in_hand import Table

COUNT = 120
EXTENT = (-2.0, -1.0, 2.0, 1.0)
TABLE = Table([str(n) for n in range(COUNT)], np.zeros(COUNT, np.int64), ("all",), np.arange(COUNT) % 4 == 0)


def a_space(seed: int = 0, step: int = 1) -> LatentSpace:
    torch.manual_seed(0)
    codes = np.random.default_rng(seed).normal(size=(COUNT, 4)).astype(np.float32)
    vae = VAE(ModelConfig(network="mlp", latent_dims=4, width=4, likelihood="bernoulli"), (16, 16, 1))
    return freeze(vae, codes, np.zeros(4, np.float32), principal_plane(codes), step)


@pytest.fixture
def backdrop(qtbot: QtBot) -> Iterator[Backdrop]:
    made = Backdrop()
    made.show_map(a_space(), TABLE)
    made.see(*EXTENT)
    yield made
    made.stop()


def heats(backdrop: Backdrop) -> list[Heat]:
    found: list[Heat] = []
    backdrop.heat_found.connect(lambda heat: heat is not None and found.append(heat))
    return found


def test_density_is_that_of_the_codes_in_view(qtbot: QtBot, backdrop: Backdrop) -> None:
    found = heats(backdrop)
    backdrop.choose("density")
    qtbot.waitUntil(lambda: bool(found))
    (heat,) = found
    rows, columns = heat.values.shape
    assert (rows, columns, heat.extent) == (80, 160, EXTENT)
    middle = np.array([[-2 + 4 * 30.5 / columns, 1 - 2 * 10.5 / rows]], np.float32)  # first row at the top
    density = density_of(a_space().points)
    assert heat.values[10, 30] == pytest.approx(density.at(middle)[0], rel=1e-3)
    assert (heat.low, heat.high) == (0, pytest.approx(density.highest))


def test_the_change_of_the_picture_comes_coarse_then_fine_in_colours_that_stay(
    qtbot: QtBot, backdrop: Backdrop
) -> None:
    found = heats(backdrop)
    backdrop.choose("change")
    qtbot.waitUntil(lambda: len(found) == 3)
    assert [heat.values.shape for heat in found] == [(4, 8), (8, 16), (16, 32)]
    assert [heat.high for heat in found] == sorted(heat.high for heat in found)
    most = found[-1].high
    backdrop.see(-0.1, -0.05, 0.1, 0.05)
    qtbot.waitUntil(lambda: len(found) == 6)
    assert found[-1].high == most


def test_the_expected_error_waits_for_the_errors_and_says_so(qtbot: QtBot, backdrop: Backdrop) -> None:
    found, wanted, noted = heats(backdrop), [], []
    backdrop.numbers_wanted.connect(wanted.append)
    backdrop.noted.connect(noted.append)
    backdrop.choose("error")
    assert wanted == [True]
    assert "being measured" in noted[-1]
    errors = np.random.default_rng(1).normal(size=COUNT).astype(np.float32) + 100
    backdrop.show_numbers(ImageNumbers(errors, errors, errors, 1, COUNT, COUNT))
    assert noted[-1] == ""
    qtbot.waitUntil(lambda: len(found) == 3)
    values = Terrain(a_space(), errors).error(np.array([[-2 + 2 / 96 * 1, 1 - 1 / 48]], np.float32))
    assert found[-1].values[0, 0] == pytest.approx(values[0], rel=1e-4)
    assert found[-1].low == pytest.approx(np.quantile(errors, 0.01), rel=1e-4)
    backdrop.choose("none")
    assert wanted == [True, False]


def test_decoded_pictures_are_what_lies_at_their_places(qtbot: QtBot, backdrop: Backdrop) -> None:
    sheets: list[np.ndarray] = []
    backdrop.grid_decoded.connect(lambda pixels, _: sheets.append(pixels))
    backdrop.choose_tiles(True)
    qtbot.waitUntil(lambda: len(sheets) == 3)
    np.testing.assert_array_equal(sheets[-1], decode_grid(a_space(), EXTENT, 24))
    assert backdrop.grid is not None
    backdrop.choose("density")
    assert backdrop.grid is None
    backdrop.choose_tiles(False)  # the button follows; what was chosen stays
    assert backdrop.kind == "density"


def test_what_was_asked_before_the_choice_changed_is_not_shown(qtbot: QtBot, backdrop: Backdrop) -> None:
    found = heats(backdrop)
    backdrop.choose("change")
    backdrop.choose("density")
    qtbot.waitUntil(lambda: bool(found))
    qtbot.wait(300)
    assert {heat.name for heat in found} == {"Codes a square unit"}


def test_empty_places_are_tinted_while_that_is_wished(qtbot: QtBot, backdrop: Backdrop) -> None:
    tints: list[np.ndarray | None] = []
    backdrop.tint_found.connect(lambda strength, _: tints.append(strength))
    backdrop.see(-40, -20, 40, 20)
    backdrop.set_tint(True)
    qtbot.waitUntil(lambda: len(tints) == 2)
    rows, columns = tints[-1].shape
    assert tints[-1][0, 0] == 1
    assert tints[-1][rows // 2, columns // 2] == 0
    backdrop.set_tint(False)
    assert tints[-1] is None


def test_a_projection_has_no_change_and_no_empty_places(qtbot: QtBot, backdrop: Backdrop) -> None:
    space = a_space()
    found: list[Heat | None] = []
    backdrop.choose("change")
    backdrop.heat_found.connect(found.append)
    backdrop.show_map(space.with_plane(project(space.codes, space.points * 5, 1)), TABLE)
    assert None in found
    found.clear()
    qtbot.wait(300)
    assert set(found) <= {None}


def test_another_plane_takes_the_backdrop_of_the_last_away_and_a_moved_one_keeps_it(
    qtbot: QtBot, backdrop: Backdrop
) -> None:
    space = a_space()
    backdrop.show_map(space, TABLE)
    shown: list[Heat | None] = []
    backdrop.heat_found.connect(shown.append)
    backdrop.choose("density")
    qtbot.waitUntil(lambda: shown[-1] is not None)
    backdrop.show_map(space.with_plane(space.plane.moved(np.ones(4, np.float32))), TABLE)
    assert shown[-1] is not None
    backdrop.show_map(space.with_plane(plane_of_dimensions(space.codes, 0, 1)), TABLE)
    assert shown[-1] is None
    qtbot.waitUntil(lambda: shown[-1] is not None)


def test_a_learning_model_gets_coarse_heat_maps_now_and_then_and_a_fine_one_when_it_has_learned(
    qtbot: QtBot, backdrop: Backdrop
) -> None:
    found = heats(backdrop)
    backdrop.choose("change")
    qtbot.waitUntil(lambda: len(found) == 3)
    for step in range(2, 12):
        backdrop.show_map(a_space(step, step), TABLE)
    assert len(found) == 3
    backdrop._timer.timeout.emit()
    qtbot.waitUntil(lambda: len(found) == 4)
    qtbot.wait(100)
    assert [heat.values.shape for heat in found[3:]] == [(4, 8)]
    backdrop._quiet.timeout.emit()
    qtbot.waitUntil(lambda: len(found) == 7)
    assert found[-1].values.shape == (16, 32)


def test_contours_come_and_go_and_the_prior_needs_no_images(qtbot: QtBot) -> None:
    contouring, found = Contouring(), []
    contouring.found.connect(found.append)
    contouring.show_map(a_space(), TABLE)
    assert found == []
    contouring.show(True)
    qtbot.waitUntil(lambda: bool(found))
    lines = {name: each for name, each, _ in found[-1]}
    assert [bool(lines[name]) for name in ("prior 50%", "prior 95%")] == [True, True]
    assert [bool(lines[name]) for name in ("aggregate posterior 50%", "aggregate posterior 95%")] == [False, False]
    contouring.show(False)
    assert not any(each for _, each, _ in found[-1])
    contouring.stop()
