"""How fast a folder becomes an image set, beside torchvision's ImageFolder with a DataLoader, in the same run.

Both make 64 × 64 pixels with two worker processes, of the same files, turn and turn about; ours also writes its cache.
The workers of both wait for a core as willingly, or on a busy machine ours would only show their good manners.
"""

import gzip
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder

from core.config import ImagesConfig
from core.images import cache, from_folder
from core.images.decoding.worker_process import NICE
from core.images.decoding.workers import Decoders
from core.images.image_set import ImageSet, build_image_set
from core.reports.images import ImageSetReady

ROUNDS = 3
FASHION = Path("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz")


@pytest.fixture(scope="module")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """JPEGs of 2,560 × 1,708: scikit-learn's two sample photographs, mirrored side by side to keep their detail."""
    from sklearn.datasets import load_sample_images

    folder, rng = tmp_path_factory.mktemp("photographs"), np.random.default_rng(0)
    for number in range(120):
        photograph = load_sample_images().images[number % 2]
        row = np.concatenate([photograph, photograph[:, ::-1]] * 2, axis=1)
        mosaic = np.roll(np.concatenate([row, row[::-1]] * 2), rng.integers(0, 400, 2), axis=(0, 1))
        kind = folder / ("china", "flower")[number % 2]
        kind.mkdir(exist_ok=True)
        Image.fromarray(mosaic).save(kind / f"{number}.jpg", quality=90)
    return folder


@pytest.fixture(scope="module")
def small_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten thousand PNGs of 28 × 28 in ten folders."""
    folder = tmp_path_factory.mktemp("small")
    with gzip.open(FASHION) as file:
        images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)
    for number, pixels in enumerate(images[:10_000]):
        (folder / str(number % 10)).mkdir(exist_ok=True)
        Image.fromarray(pixels).save(folder / str(number % 10) / f"{number}.png")
    return folder


def seconds(work: Callable[[Path], object], folder: Path) -> float:
    began = time.perf_counter()
    work(folder)
    return time.perf_counter() - began


def ours(folder: Path) -> ImageSet:
    cache.clear()
    *_, last = build_image_set(str(folder), ImagesConfig(image_size=64))
    assert isinstance(last, ImageSetReady)
    return last.image_set


def theirs(folder: Path) -> int:
    usual = transforms.Compose([transforms.Resize(64), transforms.CenterCrop(64), transforms.PILToTensor()])
    loader = DataLoader(
        ImageFolder(str(folder), usual), batch_size=128, num_workers=2, worker_init_fn=lambda _: wait_as_ours()
    )
    return sum(len(images) for images, _ in loader)


def wait_as_ours() -> None:
    if hasattr(os, "nice"):
        os.nice(NICE)


def with_two_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(from_folder, "Decoders", partial(Decoders, workers=2))


def ratio(folder: Path, what: str) -> float:
    count = theirs(folder)  # files are in memory now, for both
    assert len(ours(folder)) == count
    pairs = [(seconds(ours, folder), seconds(theirs, folder)) for _ in range(ROUNDS)]
    mine, other = (statistics.median(each) for each in zip(*pairs, strict=True))
    found = statistics.median(other / mine for mine, other in pairs)
    print(f"\n{what}: {count / mine:,.0f} images/s, ImageFolder {count / other:,.0f}: {found:.2f} times as fast")
    return found


def test_photographs_are_read_three_times_as_fast(photographs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_two_workers(monkeypatch)
    assert ratio(photographs, "120 photographs of 4.4 megapixels") >= 3.0


@pytest.mark.skipif(not FASHION.exists(), reason="needs dataset-fashion-mnist")
def test_small_files_are_read_faster(small_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_two_workers(monkeypatch)
    assert ratio(small_files, "10,000 PNGs of 28 × 28") >= 1.2


@pytest.mark.skipif(not FASHION.exists(), reason="needs dataset-fashion-mnist")
def test_an_unchanged_folder_is_ready_in_two_seconds_for_a_hundred_thousand(tmp_path: Path) -> None:
    with gzip.open(FASHION) as file:
        images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)
    for number in range(100_000):
        if number % 1000 == 0:
            (tmp_path / "set" / str(number // 1000)).mkdir(parents=True)
        Image.fromarray(images[number % len(images)]).save(tmp_path / "set" / str(number // 1000) / f"{number}.png")
    first = seconds(ours, tmp_path / "set")
    again = statistics.median(
        seconds(lambda folder: list(build_image_set(str(folder), ImagesConfig(image_size=64))), tmp_path / "set")
        for _ in range(ROUNDS)
    )
    print(f"\n100,000 images: {first:.0f} s at first, {again:.2f} s opened again")
    assert again <= 2.0
