"""What a person would lose if a named set were not what its name says."""

import gzip
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.commands.remedies import REMEDIES
from core.config import ImagesConfig
from core.errors import ImagesError
from core.images.faces.face import FACTORS, sample_factors
from core.images.image_set import ImageSet, build_image_set
from core.images.named_sets import catalogue, idx_files
from core.reports.images import ImageSetReady

DEBIAN = Path("/usr/share/datasets/fashion-mnist")
FASHION = "FashionMNIST/raw"
needs_debian = pytest.mark.skipif(not DEBIAN.is_dir(), reason="dataset-fashion-mnist is not installed")
IDX_SETS = [row.name for row in idx_files._ROWS]


def built(name: str, config: ImagesConfig) -> ImageSet:
    *_, last = build_image_set(name, config)
    assert isinstance(last, ImageSetReady)
    return last.image_set


def idx(values: np.ndarray) -> bytes:
    kind = 8 if values.dtype == np.uint8 else 12
    header = bytes((0, 0, kind, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape)
    return header + values.astype(values.dtype.newbyteorder(">")).tobytes()


def put_small(home: Path, monkeypatch: pytest.MonkeyPatch, name: str, packed: bool = False) -> np.ndarray:
    """A set of 30 + 10 random images in torchvision's layout."""
    row = next(each for each in idx_files._ROWS if each.name == name)
    folder = home / "datasets" / row.folder
    folder.mkdir(parents=True)
    images = np.random.default_rng(0).integers(0, 256, (40, 28, 28)).astype(np.uint8)
    labels = np.arange(40, dtype=np.uint8) % 10
    if name == "qmnist":
        labels = np.stack([labels, *np.arange(7 * 40).reshape(7, 40)], axis=1).astype(np.int32)
    for files, some in zip(row.files, (slice(0, 30), slice(30, 40)), strict=True):
        for file, values in zip(files, (images[some], labels[some]), strict=True):
            path = folder / (f"{file}.gz" if packed else file)
            path.write_bytes(gzip.compress(idx(values)) if packed else idx(values))
    small = idx_files._named(replace(row, count=40))
    table = tuple(small if each.name == name else each for each in catalogue._TABLE)
    monkeypatch.setattr(catalogue, "_TABLE", table)
    return images


@pytest.fixture
def small_fashion(home: Path, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """A fashion-mnist of 30 + 10 images in the folder of image sets, which goes before Debian's."""
    return put_small(home, monkeypatch, "fashion-mnist", packed=True)


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


@pytest.mark.debian
@needs_debian
@pytest.mark.parametrize(("name", "dataset"), [("fashion-mnist", "FashionMNIST"), ("kmnist", "KMNIST")])
def test_debians_files_are_read_as_torchvision_reads_them(name: str, dataset: str, home: Path) -> None:
    from torchvision import datasets

    folder = home / "datasets" / dataset / "raw"
    folder.mkdir(parents=True)
    for path in DEBIAN.iterdir():
        (folder / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
    images = built(name, ImagesConfig())
    for is_train, some in ((True, slice(0, 60_000)), (False, slice(60_000, None))):
        theirs = getattr(datasets, dataset)(home / "datasets", train=is_train)
        assert (images.pixels[some, ..., 0] == theirs.data.numpy()).all()
        assert (images.labels[some] == theirs.targets.numpy()).all()


@pytest.mark.parametrize("name", IDX_SETS)
def test_every_set_like_mnist_is_read_as_torchvision_reads_it(
    name: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from torchvision import datasets

    put_small(home, monkeypatch, name)
    row = next(each for each in idx_files._ROWS if each.name == name)
    images = built(name, ImagesConfig())
    position = 0
    for split in row.source.splits:
        for picture, label in getattr(datasets, row.source.dataset)(home / "datasets", **split.arguments):
            upright = np.asarray(picture).T if name == "emnist" else np.asarray(picture)  # it gives EMNIST lying
            assert (images.pixels[position, ..., 0] == upright).all()
            assert (images.labels[position], images.held_out[position]) == (label, split.is_test)
            position += 1
    assert position == len(images) == 40


def test_classes_are_those_of_torchvision() -> None:
    from torchvision import datasets

    emnist = next(row for row in idx_files._ROWS if row.name == "emnist")
    assert list(emnist.classes) == datasets.EMNIST.classes_split_dict["balanced"]
    for name, theirs in (("fashion-mnist", datasets.FashionMNIST), ("kmnist", datasets.KMNIST)):
        assert list(catalogue.known_set(name).classes) == theirs.classes
    assert [each.split(" - ")[0] for each in datasets.MNIST.classes] == list(catalogue.known_set("mnist").classes)


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


def test_the_true_factors_of_faces_come_with_them() -> None:
    parts = list(catalogue.known_set("faces").parts(16))
    true = sample_factors(catalogue.FACES_COUNT, catalogue.FACES_SEED)
    for name, low, high in FACTORS:
        numbers = np.concatenate([part.numbers[name] for part in parts])
        assert (numbers == true[name]).all()
        assert low <= numbers.min() < numbers.max() <= high


def test_a_missing_set_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path) -> None:
    monkeypatch.setattr(idx_files, "DEBIAN", tmp_path)
    with pytest.raises(ImagesError, match=r"31 MB.*package dataset-fashion-mnist") as caught:
        built("fashion-mnist", ImagesConfig())
    assert str(home / "datasets") in str(caught.value)
    states = {each.name: each for each in catalogue.list_named_sets()}
    assert (states["faces"].available, states["faces"].download_bytes) == (True, 0)
    assert not states["fashion-mnist"].available
    assert f"{states['fashion-mnist'].missing}." == str(caught.value)
    assert states["cifar10"].download_bytes == 170_498_071


def test_nothing_is_fetched_when_it_was_not_asked_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def touched(*_: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr("socket.socket.connect", touched)
    monkeypatch.setattr("core.images.named_sets.torchvision_reading.in_own_process", touched)
    for state in catalogue.list_named_sets():
        if not state.available:
            with pytest.raises(ImagesError, match=f"{state.name} .* is not on this machine") as caught:
                built(state.name, ImagesConfig())
            assert f"--download {state.name}" in caught.value.in_words(REMEDIES)
    assert not (home / "datasets").exists()


def test_a_link_to_a_drive_that_is_unplugged_hides_its_sets_and_no_others(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(idx_files, "DEBIAN", tmp_path)
    (home / "datasets").symlink_to(tmp_path / "unplugged")
    assert [each.name for each in catalogue.list_named_sets() if each.available] == ["faces"]
    (tmp_path / "unplugged" / "MNIST").mkdir(parents=True)
    put_small(home, monkeypatch, "kmnist")
    assert [each.name for each in catalogue.list_named_sets() if each.available] == ["faces", "kmnist"]
    assert len(built("kmnist", ImagesConfig())) == 40


def cut_short(content: bytes) -> bytes:
    return content[:-200]


def of_other_shape(content: bytes) -> bytes:
    return idx(np.zeros((30, 27, 27), np.uint8))


def too_few(content: bytes) -> bytes:
    return idx(np.zeros((29, 28, 28), np.uint8))


def no_idx(content: bytes) -> bytes:
    return b"<!DOCTYPE html>"


@pytest.mark.parametrize("harm", [cut_short, of_other_shape, too_few, no_idx, lambda _: b"", lambda _: b"\0\0\x08"])
def test_a_damaged_set_is_a_sentence(
    harm: Callable[[bytes], bytes], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_small(home, monkeypatch, "mnist")
    path = home / "datasets" / "MNIST" / "raw" / "train-images-idx3-ubyte"
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(ImagesError, match="damaged") as caught:
        built("mnist", ImagesConfig())
    assert str(path.parent) in str(caught.value)
    assert not list((home / "cache" / "image_sets").glob("*"))


def test_a_damaged_packed_set_is_a_sentence(small_fashion: np.ndarray, home: Path) -> None:
    path = home / "datasets" / FASHION / "train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ImagesError, match="damaged"):
        built("fashion-mnist", ImagesConfig())


def test_a_part_of_a_set_is_not_passed_off_as_the_set(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = catalogue._TABLE
    put_small(home, monkeypatch, "kmnist")
    monkeypatch.setattr(catalogue, "_TABLE", table)
    with pytest.raises(ImagesError, match="40 images instead of 70,000"):
        built("kmnist", ImagesConfig())
