"""How fast a folder becomes an image set, beside torchvision's ImageFolder with a DataLoader, in the same run.

Both make 64 × 64 pixels with two worker processes, of the same files, turn and turn about; ours also writes its cache.
The workers of both wait for a core as willingly, or on a busy machine ours would only show their good manners.
"""

import gzip
import os
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
from tests.benchmarks.table.conftest import Record
from tests.benchmarks.table.machine import Machine
from tests.benchmarks.table.rows import Row, reaching, sized, times_the_peer

ROUNDS = sized(3, 1)
PHOTOGRAPHS, SMALL_FILES, UNCHANGED = sized((120, 10_000, 100_000), (12, 500, 1_000))
FASHION = Path("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz")
SLOW = "0.95 s on an AMD EPYC with AVX-512, which asks for sizes and times in 0.3 s"
OTHERWISE = "on a processor of another make, with AMX, the same rows were 6 × and 1.4 ×; why not here is not known"


@pytest.fixture(scope="module")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """JPEGs of 2,560 × 1,708: scikit-learn's two sample photographs, mirrored side by side to keep their detail."""
    from sklearn.datasets import load_sample_images

    folder, rng = tmp_path_factory.mktemp("photographs"), np.random.default_rng(0)
    for number in range(PHOTOGRAPHS):
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
    for number, pixels in enumerate(images[:SMALL_FILES]):
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


def beside_image_folder(folder: Path, what: str, least: float) -> Row:
    count = theirs(folder)  # files are in memory now, for both
    assert len(ours(folder)) == count
    pairs = [(count / seconds(ours, folder), count / seconds(theirs, folder)) for _ in range(ROUNDS)]
    mine, other = zip(*pairs, strict=True)
    mark = times_the_peer(least)
    return Row(what, "images/s", mine, mark, "ImageFolder", other, more_is_better=True, why_not=OTHERWISE)


def test_photographs(photographs: Path, monkeypatch: pytest.MonkeyPatch, record: Record) -> None:
    with_two_workers(monkeypatch)
    record(beside_image_folder(photographs, f"{PHOTOGRAPHS} photographs of 4.4 megapixels read", 6.0))


@pytest.mark.skipif(not FASHION.exists(), reason="needs dataset-fashion-mnist")
def test_small_files(small_files: Path, monkeypatch: pytest.MonkeyPatch, record: Record) -> None:
    with_two_workers(monkeypatch)
    record(beside_image_folder(small_files, f"{SMALL_FILES:,} PNGs of 28 × 28 read", 1.4))


@pytest.mark.skipif(not FASHION.exists(), reason="needs dataset-fashion-mnist")
def test_an_unchanged_folder(tmp_path: Path, record: Record, machine: Machine) -> None:
    with gzip.open(FASHION) as file:
        images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)
    for number in range(UNCHANGED):
        if number % 1000 == 0:
            (tmp_path / "set" / str(number // 1000)).mkdir(parents=True)
        Image.fromarray(images[number % len(images)]).save(tmp_path / "set" / str(number // 1000) / f"{number}.png")
    ours(tmp_path / "set")
    settings = ImagesConfig(image_size=64)
    again = [
        seconds(lambda folder: list(build_image_set(str(folder), settings)), tmp_path / "set") for _ in range(ROUNDS)
    ]
    looked = [seconds(names_and_sizes, tmp_path / "set") for _ in range(ROUNDS)]
    limit = f"{min(looked):.2g} s to ask for each file's size and time"
    what = f"{UNCHANGED:,} unchanged images opened again"
    record(Row(what, "s", again, reaching(1.0), limit=limit, why_not=SLOW))


def opened_again(folder: Path) -> list[object]:
    return list(build_image_set(str(folder), ImagesConfig(image_size=64)))


def names_and_sizes(folder: Path) -> list[int]:
    """The least that has to be known of every file."""
    return [file.stat().st_size for each in os.scandir(folder) for file in os.scandir(each.path)]
