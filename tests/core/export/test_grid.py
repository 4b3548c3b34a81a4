import numpy as np
import pytest
import torch

from core.config import ModelConfig
from core.export.grid import central_extent, decode_grid, grid_latents, tile_sheet
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import Plane, first_two_dims
from core.model.vae import VAE


def test_tiles_cover_the_extent_from_its_upper_left() -> None:
    z = grid_latents(first_two_dims(2), (0.0, 0.0, 3.0, 2.0), columns=3, rows=2)
    assert z.tolist() == [[0.5, 1.5], [1.5, 1.5], [2.5, 1.5], [0.5, 0.5], [1.5, 0.5], [2.5, 0.5]]


def test_tiles_lie_on_a_plane_within_more_dimensions() -> None:
    axes = np.linalg.qr(np.random.default_rng(0).normal(size=(5, 2)))[0].T.astype(np.float32)
    plane = Plane(np.arange(5, dtype=np.float32), axes, ("PC 1", "PC 2"))
    z = grid_latents(plane, (-1.0, -1.0, 1.0, 1.0), columns=2, rows=2)
    assert z == pytest.approx(
        plane.origin + np.array([[-0.5, 0.5], [0.5, 0.5], [-0.5, -0.5], [0.5, -0.5]]) @ axes, abs=1e-6
    )


def test_a_sheet_shows_pictures_in_reading_order_with_gaps() -> None:
    tiles = np.stack([np.full((2, 3, 1), value, np.uint8) for value in (10, 20, 30)])
    sheet = tile_sheet(tiles, columns=2, gap=1)[..., 0]
    assert sheet.tolist() == [
        [10, 10, 10, 255, 20, 20, 20],
        [10, 10, 10, 255, 20, 20, 20],
        [255] * 7,
        [30, 30, 30, 255, 255, 255, 255],
        [30, 30, 30, 255, 255, 255, 255],
    ]


def test_every_tile_of_a_grid_is_the_picture_of_its_own_latent() -> None:
    space = _space()
    extent = (-2.0, -1.0, 2.0, 1.0)
    sheet = decode_grid(space, extent, 4)
    assert sheet.shape == (2 * 16, 4 * 16, 1)  # twice as wide as high: two rows
    for row, v in enumerate((0.5, -0.5)):
        for column, u in enumerate((-1.5, -0.5, 0.5, 1.5)):
            tile = sheet[16 * row : 16 * row + 16, 16 * column : 16 * column + 16]
            alone = space.decode(np.array([[u, v]], np.float32))[0]
            assert np.abs(tile.astype(int) - alone).max() <= 1  # a batch may round its last bit otherwise


def test_the_central_extent_leaves_out_strays_and_images_not_seen_yet() -> None:
    points = np.random.default_rng(0).uniform(-1, 1, (1000, 2)).astype(np.float32)
    points[0], points[1] = (900.0, 900.0), np.nan
    assert central_extent(points) == pytest.approx((-1, -1, 1, 1), abs=0.1)


@pytest.mark.parametrize("points", [np.full((3, 2), np.nan), np.zeros((1, 2)), np.array([[0.0, 0.0], [1.0, 0.0]])])
def test_the_central_extent_has_a_width_and_a_height_whatever_the_codes(points: np.ndarray) -> None:
    left, bottom, right, top = central_extent(points.astype(np.float32))
    assert left < right
    assert bottom < top


def _space() -> LatentSpace:
    torch.manual_seed(0)
    vae = VAE(ModelConfig(network="linear", likelihood="bernoulli"), (16, 16, 1))
    return freeze(vae, np.zeros((1, 2), np.float32), np.zeros(2, np.float32), first_two_dims(2), 0)
