"""Small image sets written in torchvision's own layouts, as its documentation and its classes describe them."""

import bz2
import json
import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
from PIL import Image

Pixels = np.ndarray
BREEDS = ("Abyssinian", "american_bulldog", "Bengal")


@dataclass(frozen=True, eq=False)
class Expected:
    """One image of a layout, in the order of the set: its pixels, class, whether it is for testing, its name's end."""

    pixels: Pixels
    class_name: str
    is_test: bool
    name: str


def noise(count: int, side: int, channels: int = 3) -> Pixels:
    shape = (count, side, side) if channels == 1 else (count, side, side, channels)
    return np.random.default_rng(count).integers(0, 256, shape).astype(np.uint8)


def flat(seeds: Iterator[int], width: int = 80, height: int = 64) -> Pixels:
    """A picture of one colour that no other has: it stays so at every size and crop."""
    seed = next(seeds)
    return np.full((height, width, 3), (7 * seed % 256, 101 * seed % 256, 31 * seed % 256), np.uint8)


def put(path: Path, pixels: Pixels) -> Pixels:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, "PNG")  # whatever the name says: flat colours come back exactly
    return pixels


def numbered(pixels: Pixels, labels: Sequence[str], tests: int) -> list[Expected]:
    """Images whose names count within their split; the last ones are for testing."""
    learned = len(pixels) - tests
    return [
        Expected(some, label, index >= learned, f"{index if index < learned else index - learned:05d}")
        for index, (some, label) in enumerate(zip(pixels, labels, strict=True))
    ]


def usps(root: Path) -> list[Expected]:
    images, labels = noise(12, 16, 1), [str(index % 10) for index in range(12)]
    lines = [
        f"{int(label) + 1} " + " ".join(f"{at}:{2 * value / 255 - 1:.6f}" for at, value in enumerate(image.flat, 1))
        for image, label in zip(images + 0.01, labels, strict=True)  # torchvision rounds down
    ]
    (root / "usps.bz2").write_bytes(bz2.compress("\n".join(lines[:8]).encode()))
    (root / "usps.t.bz2").write_bytes(bz2.compress("\n".join(lines[8:]).encode()))
    return numbered(images[..., np.newaxis], labels, tests=4)


def cifar10(root: Path) -> list[Expected]:
    return _cifar(root / "cifar-10-batches-py", 10, "labels", ("batches.meta", "label_names"), "test_batch", 5)


def cifar100(root: Path) -> list[Expected]:
    return _cifar(root / "cifar-100-python", 100, "fine_labels", ("meta", "fine_label_names"), "test", 1)


def _cifar(folder: Path, kinds: int, key: str, meta: tuple[str, str], test: str, batches: int) -> list[Expected]:
    folder.mkdir()
    per_file, classes = 4, [f"kind_{index}" for index in range(kinds)]
    images = noise(per_file * (batches + 1), 32)
    labels = [(7 * index) % kinds for index in range(len(images))]
    rows = images.transpose(0, 3, 1, 2).reshape(len(images), -1)  # all red, then all green, then all blue
    names = [f"data_batch_{number}" for number in range(1, batches + 1)] if batches > 1 else ["train"]
    for start, name in zip(count(0, per_file), [*names, test], strict=False):
        some = slice(start, start + per_file)
        (folder / name).write_bytes(pickle.dumps({"data": rows[some], key: labels[some]}))
    (folder / meta[0]).write_bytes(pickle.dumps({meta[1]: classes}))
    return numbered(images, [classes[label].replace("_", " ") for label in labels], tests=per_file)


def svhn(root: Path) -> list[Expected]:
    from scipy.io import savemat

    images, labels = noise(15, 32), np.arange(15) % 10
    for name, some in (("train", slice(0, 10)), ("test", slice(10, None))):
        stored = np.where(labels[some] == 0, 10, labels[some])  # its digit 0 is called 10
        savemat(root / f"{name}_32x32.mat", {"X": images[some].transpose(1, 2, 3, 0), "y": stored[:, np.newaxis]})
    return numbered(images, [str(label) for label in labels], tests=5)


def stl10(root: Path) -> list[Expected]:
    folder, seeds = root / "stl10_binary", count(1)
    folder.mkdir()
    images, labels = np.stack([flat(seeds, 96, 96) for _ in range(9)]), np.arange(9) % 3
    for name, some in (("train", slice(0, 6)), ("test", slice(6, None))):
        (folder / f"{name}_X.bin").write_bytes(images[some].transpose(0, 3, 2, 1).tobytes())
        (folder / f"{name}_y.bin").write_bytes((labels[some] + 1).astype(np.uint8).tobytes())
    (folder / "unlabeled_X.bin").write_bytes(b"")
    classes = ["airplane", "bird", "car"]
    (folder / "class_names.txt").write_text("\n".join(classes))
    return numbered(images, [classes[label] for label in labels], tests=3)


def celeba(root: Path) -> list[Expected]:
    folder, seeds, parts = root / "celeba", count(1), (0, 0, 1, 1, 2, 2)  # torchvision reads no split of one
    names = [f"{number:06d}.jpg" for number in range(1, 7)]
    expected = [
        Expected(put(folder / "img_align_celeba" / name, flat(seeds, 178, 218)), "face", part == 2, name)
        for name, part in zip(names, parts, strict=True)
    ]
    signs = {name: (-1 if index % 2 else 1, -1) for index, name in enumerate(names)}
    _table(folder / "list_attr_celeba.txt", ["6", "Smiling Bald "], signs)
    _table(folder / "list_eval_partition.txt", [], {name: (part,) for name, part in zip(names, parts, strict=True)})
    _table(folder / "identity_CelebA.txt", [], dict.fromkeys(names, (1,)))
    _table(folder / "list_bbox_celeba.txt", ["6", "image_id x_1 y_1 width height"], dict.fromkeys(names, (1, 2, 3, 4)))
    _table(folder / "list_landmarks_align_celeba.txt", ["6", "lefteye_x lefteye_y"], dict.fromkeys(names, (1, 2)))
    return expected


def _table(path: Path, head: list[str], rows: dict[str, tuple[int, ...]]) -> None:
    path.write_text("\n".join([*head, *(" ".join([name, *map(str, values)]) for name, values in rows.items())]))


def flowers102(root: Path) -> list[Expected]:
    from scipy.io import savemat
    from torchvision.datasets import Flowers102

    folder, seeds = root / "flowers-102", count(1)
    pictures = {number: put(folder / "jpg" / f"image_{number:05d}.jpg", flat(seeds)) for number in range(1, 10)}
    labels = np.array([1, 102, 3, 4, 5, 6, 7, 8, 9])
    splits = {"trnid": [2, 9], "valid": [1, 4], "tstid": [3, 5, 6, 7, 8]}
    savemat(folder / "imagelabels.mat", {"labels": labels[np.newaxis]})
    savemat(folder / "setid.mat", {name: np.array(some)[np.newaxis] for name, some in splits.items()})
    return [
        Expected(pictures[id_], Flowers102.classes[labels[id_ - 1] - 1], split == "tstid", f"image_{id_:05d}.jpg")
        for split, ids in splits.items()
        for id_ in ids
    ]


def oxford_iiit_pet(root: Path) -> list[Expected]:
    folder, seeds, expected = root / "oxford-iiit-pet", count(1), list[Expected]()
    (folder / "annotations").mkdir(parents=True)
    for split, numbers in (("trainval", (1, 2)), ("test", (3,))):
        lines = list[str]()
        for kind, breed in enumerate(BREEDS, 1):
            for number in numbers:
                pixels = put(folder / "images" / f"{breed}_{number}.jpg", flat(seeds))
                name = f"{len(lines):05d}"
                expected.append(Expected(pixels, breed.replace("_", " ").title(), split == "test", name))
                lines.append(f"{breed}_{number} {kind} 1 1")
        (folder / "annotations" / f"{split}.txt").write_text("\n".join(lines) + "\n")
    return expected


def food101(root: Path) -> list[Expected]:
    folder, seeds, expected = root / "food-101", count(1), list[Expected]()
    (folder / "meta").mkdir(parents=True)
    for split, numbers in (("train", range(3)), ("test", range(3, 5))):
        listed: dict[str, list[str]] = {}
        for dish in ("apple_pie", "waffles"):
            for number in numbers:
                pixels = put(folder / "images" / dish / f"{number}.jpg", flat(seeds))
                listed.setdefault(dish, []).append(f"{dish}/{number}")
                name = f"food-101/images/{dish}/{number}.jpg"
                expected.append(Expected(pixels, dish.replace("_", " "), split == "test", name))
        (folder / "meta" / f"{split}.json").write_text(json.dumps(listed))
    return expected


def dtd(root: Path) -> list[Expected]:
    folder, seeds, expected = root / "dtd" / "dtd", count(1), list[Expected]()
    (folder / "labels").mkdir(parents=True)
    for split in ("train", "val", "test"):
        names = [f"{kind}/{kind}_{split}.jpg" for kind in ("banded", "zigzagged")]
        for name in names:
            pixels = put(folder / "images" / name, flat(seeds))
            expected.append(Expected(pixels, name.split("/")[0], split == "test", name))
        (folder / "labels" / f"{split}1.txt").write_text("\n".join(names) + "\n")
    return expected


def eurosat(root: Path) -> list[Expected]:
    seeds = count(1)
    names = [f"{kind}/{kind}_{number}.jpg" for kind in ("AnnualCrop", "SeaLake") for number in (1, 2)]
    return [
        Expected(put(root / "eurosat" / "2750" / name, flat(seeds)), name.split("/")[0], False, name) for name in names
    ]


def fgvc_aircraft(root: Path) -> list[Expected]:
    folder, seeds, expected = root / "fgvc-aircraft-2013b" / "data", count(1), list[Expected]()
    folder.mkdir(parents=True)
    (folder / "variants.txt").write_text("707-320\nA340-600\n")
    for split, first in (("trainval", 100), ("test", 200)):
        lines = list[str]()
        for number, kind in enumerate(("A340-600", "707-320"), first):
            pixels = put(folder / "images" / f"{number}.jpg", flat(seeds))
            expected.append(Expected(pixels, kind, split == "test", f"{number}.jpg"))
            lines.append(f"{number} {kind}")
        (folder / f"images_variant_{split}.txt").write_text("\n".join(lines) + "\n")
    return expected


def imagenette(root: Path) -> list[Expected]:
    folder, seeds, expected = root / "imagenette2-160", count(1), list[Expected]()
    for split in ("train", "val"):
        for kind, name in (("n01440764", "tench"), ("n03394916", "French horn")):
            for number in (1, 2):
                path = f"{split}/{kind}/{number}.jpeg"
                expected.append(Expected(put(folder / path, flat(seeds)), name, split == "val", path))
    return expected


LAYOUTS: dict[str, Callable[[Path], list[Expected]]] = {
    "usps": usps,
    "cifar10": cifar10,
    "cifar100": cifar100,
    "svhn": svhn,
    "stl10": stl10,
    "celeba": celeba,
    "flowers102": flowers102,
    "oxford-iiit-pet": oxford_iiit_pet,
    "food101": food101,
    "dtd": dtd,
    "eurosat": eurosat,
    "fgvc-aircraft": fgvc_aircraft,
    "imagenette": imagenette,
}
