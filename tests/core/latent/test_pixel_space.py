import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from core.latent.pixel_space import PixelSpace, arrange_by_pixels, features
from core.returned import returned


def arranged(pixels: NDArray[np.uint8]) -> PixelSpace:
    return returned(arrange_by_pixels(pixels))


def patterned(count: int, height: int, width: int, channels: int) -> NDArray[np.uint8]:
    """A few patterns mixed, so that the widest directions are far apart."""
    rng = np.random.default_rng(0)
    patterns = rng.normal(size=(6, height, width, channels))
    mixed = np.einsum("nk,khwc->nhwc", rng.normal(size=(count, 6)) * (40, 25, 16, 10, 6, 4), patterns)
    return np.clip(128 + mixed, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("shape", [(16, 16, 1), (16, 16, 3), (16, 20, 5), (64, 32, 3)])
def test_images_lie_where_scikit_learn_puts_them(shape: tuple[int, int, int]) -> None:
    pixels = patterned(300, *shape)
    space = arranged(pixels)
    seen = features(pixels, np.arange(len(pixels))).astype(np.float64)
    expected = PCA(4, svd_solver="full").fit_transform(seen)
    expected /= expected[:, 0].std()
    ours = space.codes[:, :4] * np.sign((space.codes[:, :4] * expected).sum(axis=0))
    np.testing.assert_allclose(ours, expected, atol=1e-3)


def test_large_images_are_looked_at_in_blocks_of_pixels() -> None:
    pixels = patterned(5, 64, 64, 3)
    blocks = pixels.reshape(5, 16, 4, 16, 4, 3).astype(np.float32).sum(axis=(2, 4))
    np.testing.assert_allclose(features(pixels, np.arange(5)), blocks.reshape(5, -1))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_so_few_images_have_places(count: int) -> None:
    points = arranged(patterned(count, 16, 16, 3)).points
    assert points.shape == (count, 2)
    assert np.isfinite(points).all()
    assert len(np.unique(points.round(3), axis=0)) == count


def test_images_all_alike_lie_in_one_place() -> None:
    space = arranged(np.full((9, 32, 32, 1), 7, np.uint8))
    assert not space.codes.any()
    assert len(space.nearest(space.codes[0], 3)[0]) == 3


def test_the_nearest_are_those_of_all_components() -> None:
    space = arranged(patterned(400, 16, 16, 1))
    found, distances = space.nearest(space.codes[7], 5)
    away = np.linalg.norm(space.codes - space.codes[7], axis=1)
    assert found.tolist() == np.argsort(away)[:5].tolist()
    np.testing.assert_allclose(distances, np.sort(away)[:5], atol=1e-5)
    on_map = np.linalg.norm(space.points - (0.3, -0.2), axis=1)
    assert space.nearest_on_map(0.3, -0.2) == int(on_map.argmin())


def test_a_sample_of_many_images_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = patterned(3_000, 16, 16, 1)
    whole = arranged(pixels).points
    monkeypatch.setattr("core.latent.pixel_space.ENOUGH_IMAGES", 500)
    monkeypatch.setattr("core.latent.pixel_space.AT_ONCE", 50 * 256)
    part = arranged(pixels).points
    assert abs(np.corrcoef(whole[:, 0], part[:, 0])[0, 1]) > 0.99
