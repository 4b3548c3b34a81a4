"""A set that torchvision knows must come out as torchvision means it: pixels, classes, test part, order."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.commands.remedies import REMEDIES
from core.config import ImagesConfig
from core.errors import ImagesError
from core.images.image_set import ImageSet, build_image_set
from core.images.named_sets import catalogue, torchvision_reading, torchvision_sets
from core.reports.images import ImageSetReady
from core.reports.progress import Progress
from tests.core.images.named_sets.torchvision_layouts import LAYOUTS, Expected, celeba, food101, usps


@pytest.fixture
def root(home: Path) -> Path:
    (home / "datasets").mkdir()
    return home / "datasets"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """All is done in this process, where torchvision takes our files for the published ones whatever their md5."""
    monkeypatch.setattr("torchvision.datasets.utils.check_md5", lambda *_, **__: True)
    monkeypatch.setattr(torchvision_reading, "in_own_process", lambda generate, *arguments: generate(*arguments))


def resized(monkeypatch: pytest.MonkeyPatch, name: str, count: int) -> None:
    """The table says that a set has so many images."""
    row = next(each for each in torchvision_sets._ROWS if each.name == name)
    small = torchvision_sets._named(replace(row, count=count))
    table = tuple(small if each.name == name else each for each in catalogue._TABLE)
    monkeypatch.setattr(catalogue, "_TABLE", table)


def built(name: str) -> ImageSet:
    *_, last = build_image_set(name, ImagesConfig())
    assert isinstance(last, ImageSetReady)
    return last.image_set


def check(images: ImageSet, expected: list[Expected]) -> None:
    assert len(images) == len(expected)
    size = images.shape[0]
    for index, image in enumerate(expected):
        pixels = image.pixels if image.pixels.shape[:2] == (size, size) else image.pixels[:1, :1]  # of one colour
        assert (images.pixels[index] == pixels).all(), index
        assert images.classes[images.labels[index]] == image.class_name
        assert images.held_out[index] == image.is_test or not any(each.is_test for each in expected)
        assert images.names[index].endswith(image.name)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_set_is_read_as_it_is_laid_out(name: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = LAYOUTS[name](root)
    resized(monkeypatch, name, len(expected))
    check(built(name), expected)


@pytest.mark.parametrize("name", ["usps", "eurosat"])
def test_a_set_is_read_in_a_process_of_its_own(name: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = LAYOUTS[name](root)
    resized(monkeypatch, name, len(expected))
    check(built(name), expected)


def test_the_table_covers_every_set_once() -> None:
    names = [each.name for each in catalogue.list_named_sets()]
    assert len(names) == len(set(names))
    assert set(LAYOUTS) == {row.name for row in torchvision_sets._ROWS}


@pytest.mark.usefixtures("here")
def test_celebas_attributes_come_with_its_faces(root: Path) -> None:
    celeba(root)
    row = next(each for each in torchvision_sets._ROWS if each.name == "celeba")
    parts = list(torchvision_sets._parts(replace(row, count=6), 64))
    assert np.concatenate([part.numbers["Smiling"] for part in parts if part.names]).tolist() == [1, 0, 1, 0, 1, 0]
    assert np.concatenate([part.numbers["Bald"] for part in parts if part.names]).tolist() == [0.0] * 6


@pytest.mark.usefixtures("here")
def test_files_come_in_order_however_many_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torchvision_reading, "_BLOCK", 3)
    expected = food101(root)
    resized(monkeypatch, "food101", len(expected))
    check(built("food101"), expected)


@pytest.mark.usefixtures("here")
def test_an_image_set_is_read_anew_when_its_files_change(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = usps(root)
    resized(monkeypatch, "usps", len(expected))
    before = built("usps")
    (root / "usps.t.bz2").write_bytes((root / "usps.bz2").read_bytes())
    resized(monkeypatch, "usps", 16)
    after = built("usps")
    assert before.key != after.key
    assert (after.pixels[:8] == after.pixels[8:]).all()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("name", "file", "content"),
    [
        ("usps", "usps.bz2", b"no bz2 at all"),
        ("usps", "usps.t.bz2", b""),
        ("food101", "food-101/meta/train.json", b"{"),
        ("food101", "food-101/images/waffles/2.jpg", b"no picture"),
        ("dtd", "dtd/dtd/labels/val1.txt", b"nonsense\n"),
        ("oxford-iiit-pet", "oxford-iiit-pet/images/Bengal_1.jpg", b"\xff\xd8\xff"),
    ],
)
def test_damaged_files_are_a_sentence_and_leave_nothing(
    name: str, file: str, content: bytes, root: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resized(monkeypatch, name, len(LAYOUTS[name](root)))
    (root / file).write_bytes(content)
    with pytest.raises(ImagesError, match=f"files of {name}") as caught:
        built(name)
    assert str(root) in str(caught.value)
    assert f"--download {name}" in caught.value.in_words(REMEDIES)
    assert "\n" not in str(caught.value)
    assert not list((home / "cache" / "image_sets").glob("*"))


def test_files_with_another_md5_are_not_unpickled(root: Path) -> None:
    LAYOUTS["cifar10"](root)
    with pytest.raises(ImagesError, match="cifar10"):
        built("cifar10")


@pytest.mark.usefixtures("here")
def test_a_part_of_a_set_is_not_passed_off_as_the_set(root: Path) -> None:
    usps(root)
    with pytest.raises(ImagesError, match="12 images instead of 9,298"):
        built("usps")


def test_reading_can_be_cancelled_at_once(root: Path, home: Path) -> None:
    food101(root)
    reading = build_image_set("food101", ImagesConfig())
    assert isinstance(next(reading), Progress)  # while torchvision is being imported elsewhere
    began = time.monotonic()
    reading.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 1.0
    assert not list((home / "cache" / "image_sets").glob("*"))


def test_torchvision_is_not_imported_to_list_the_sets() -> None:
    code = (
        "import sys\nfrom core.images.named_sets import catalogue, fetch\ncatalogue.list_named_sets()\n"
        "sys.exit(bool({'torch', 'torchvision', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
