"""What a person would lose if a named set were not what its name says."""

import gzip
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.config import ImagesConfig
from core.errors import ImagesError
from core.images import named_sets
from core.images.image_set import ImageSet, build_image_set
from core.reports import ImageSetReady

DEBIAN = Path("/usr/share/datasets/fashion-mnist")
needs_debian = pytest.mark.skipif(not DEBIAN.is_dir(), reason="dataset-fashion-mnist is not installed")


def built(name: str, config: ImagesConfig) -> ImageSet:
    *_, last = build_image_set(name, config)
    assert isinstance(last, ImageSetReady)
    return last.image_set


def write_idx(path: Path, values: np.ndarray) -> None:
    header = bytes((0, 0, 8, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(gzip.compress(header + values.tobytes()))


@pytest.fixture
def small_fashion(home: Path, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """A fashion-mnist of 30 + 10 images in the cache folder, where it goes before Debian's."""
    folder = home / "cache" / "named" / "fashion-mnist"
    folder.mkdir(parents=True)
    images = np.random.default_rng(0).integers(0, 256, (40, 28, 28)).astype(np.uint8)
    for prefix, some in (("train", slice(0, 30)), ("t10k", slice(30, 40))):
        write_idx(folder / f"{prefix}-images-idx3-ubyte.gz", images[some])
        write_idx(folder / f"{prefix}-labels-idx1-ubyte.gz", np.arange(40, dtype=np.uint8)[some] % 10)
    table = tuple(replace(each, count=40) if each.name == "fashion-mnist" else each for each in named_sets._TABLE)
    monkeypatch.setattr(named_sets, "_TABLE", table)
    return images


@pytest.mark.debian
@needs_debian
def test_fashion_mnist_is_the_published_one() -> None:
    images = built("fashion-mnist", ImagesConfig())
    assert images.pixels.shape == (70_000, 28, 28, 1)
    assert (images.names[0], images.names[-1]) == ("train/00000", "test/09999")
    assert images.held_out[60_000:].all()
    assert not images.held_out[:60_000].any()
    assert (np.bincount(images.labels) == 7_000).all()
    assert images.classes[images.labels[0]] == "Ankle boot"
    # The mean and deviation that the field normalises by, of the 60,000 training images.
    train = np.asarray(images.pixels[:60_000], np.float64) / 255.0
    assert train.mean() == pytest.approx(0.2860, abs=5e-5)
    assert train.std() == pytest.approx(0.3530, abs=5e-5)


def test_the_test_part_is_held_out_whatever_the_share(small_fashion: np.ndarray) -> None:
    images = built("fashion-mnist", ImagesConfig(held_out=0.5))
    assert images.held_out.tolist() == [False] * 30 + [True] * 10
    assert (images.pixels[..., 0] == small_fashion).all()
    assert not built("fashion-mnist", ImagesConfig(held_out=0.0)).held_out.any()


def test_28_pixels_become_32_by_a_black_edge(small_fashion: np.ndarray) -> None:
    pixels = np.asarray(built("fashion-mnist", ImagesConfig(image_size=32)).pixels)[..., 0]
    assert (pixels[:, 2:30, 2:30] == small_fashion).all()
    assert pixels[:, :2].sum() == pixels[:, :, 30:].sum() == 0


@pytest.mark.parametrize("size", [16, 64])
def test_other_sizes_keep_the_brightness(small_fashion: np.ndarray, size: int) -> None:
    pixels = np.asarray(built("fashion-mnist", ImagesConfig(image_size=size)).pixels)
    assert pixels.shape == (40, size, size, 1)
    assert pixels.mean() == pytest.approx(small_fashion.mean() * (28 / 32) ** 2, rel=0.02)


def test_colour_is_given_when_asked_for(small_fashion: np.ndarray) -> None:
    assert (np.asarray(built("fashion-mnist", ImagesConfig(channels=3)).pixels) == small_fashion[..., np.newaxis]).all()


def test_a_missing_set_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(named_sets, "_DEBIAN_FASHION", tmp_path)
    with pytest.raises(ImagesError, match="package dataset-fashion-mnist"):
        built("fashion-mnist", ImagesConfig())
    states = {each.name: each for each in named_sets.list_named_sets()}
    assert states["faces"].available
    assert not states["fashion-mnist"].available
    assert "dataset-fashion-mnist" in states["fashion-mnist"].how_to_get


def test_a_damaged_set_is_a_sentence(small_fashion: np.ndarray, home: Path) -> None:
    path = home / "cache" / "named" / "fashion-mnist" / "train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ImagesError, match="damaged"):
        built("fashion-mnist", ImagesConfig())
    assert not list((home / "cache" / "image_sets").glob("*"))
