"""The image sets that torchvision reads, by its own names, in its own layout and splits: one table."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from core.images.decoding.target import Target
from core.images.named_sets.named_set import NamedPart, NamedSet, Source, Split, is_there, not_here, stamp_of
from core.images.named_sets.torchvision_reading import Place, read_files, read_pictures
from core.places import datasets_folder

_TRAIN_AND_TEST = (Split("train", {"train": True}), Split("test", {"train": False}, is_test=True))
_DIGITS = tuple("0123456789")
_GIVES_PATHS: dict[str, Any] = {"loader": str}  # where a dataset would give a picture
_MB = 1_000_000
_VERSION = 1  # raise it when pixels, names or labels change: the cache is keyed by it


@dataclass(frozen=True)
class _Row:
    """A set and where it is below a root of torchvision's datasets; `count` and sizes are those of its publishers."""

    name: str
    description: str
    count: int
    size: int  # the images' own, or else what a folder of photographs is scaled to
    needed: tuple[str, ...]
    source: Source
    channels: int = 3
    classes: tuple[str, ...] = ()
    are_files: bool = False


def _splits(*words: str, test: str = "test", **arguments: Any) -> tuple[Split, ...]:
    return tuple(Split(word, {"split": word, **arguments}, is_test=word == test) for word in words)


_ROWS = (
    _Row(
        "usps",
        "9,298 handwritten digits of American zip codes, 16 × 16, grey (Hull 1994)",
        *(9_298, 16, ("usps.bz2", "usps.t.bz2")),
        Source("USPS", _TRAIN_AND_TEST, 8_411_109, 9 * _MB),
        channels=1,
        classes=_DIGITS,
    ),
    _Row(
        "cifar10",
        "60,000 photographs of ten kinds of things, 32 × 32, colour (Krizhevsky 2009)",
        *(60_000, 32, ("cifar-10-batches-py/test_batch", "cifar-10-batches-py/data_batch_5")),
        Source("CIFAR10", _TRAIN_AND_TEST, 170_498_071, 360 * _MB),
    ),
    _Row(
        "cifar100",
        "60,000 photographs of a hundred kinds of things, 32 × 32, colour (Krizhevsky 2009)",
        *(60_000, 32, ("cifar-100-python/train", "cifar-100-python/test")),
        Source("CIFAR100", _TRAIN_AND_TEST, 169_001_437, 360 * _MB),
    ),
    _Row(
        "svhn",
        "99,289 digits of house numbers, 32 × 32, colour (Netzer et al. 2011)",
        *(99_289, 32, ("train_32x32.mat", "test_32x32.mat")),
        Source("SVHN", _splits("train", "test"), 246_316_178, 250 * _MB, module="scipy"),
        classes=_DIGITS,
    ),
    _Row(
        "stl10",
        "13,000 photographs of ten kinds of things, 96 × 96, colour; without its unlabelled part (Coates et al. 2011)",
        *(13_000, 64, ("stl10_binary/train_X.bin", "stl10_binary/test_X.bin")),
        Source("STL10", _splits("train", "test"), 2_640_397_119, 5_800 * _MB),
    ),
    _Row(
        "celeba",
        "202,599 faces of celebrities with 40 attributes of each, colour (Liu et al. 2015)",
        *(202_599, 64, ("celeba/img_align_celeba", "celeba/list_attr_celeba.txt", "celeba/list_eval_partition.txt")),
        Source("CelebA", _splits("train", "valid", "test"), 1_494_710_798, 3_000 * _MB, module="gdown"),
        classes=("face",),
        are_files=True,
    ),
    _Row(
        "flowers102",
        "8,189 photographs of 102 flowers, colour; three in four are its test part (Nilsback & Zisserman 2008)",
        *(8_189, 64, ("flowers-102/jpg", "flowers-102/imagelabels.mat", "flowers-102/setid.mat")),
        Source("Flowers102", _splits("train", "val", "test", **_GIVES_PATHS), 344_878_000, 700 * _MB, module="scipy"),
        are_files=True,
    ),
    _Row(
        "oxford-iiit-pet",
        "7,349 photographs of 37 breeds of cats and dogs, colour (Parkhi et al. 2012)",
        *(7_349, 64, ("oxford-iiit-pet/images", "oxford-iiit-pet/annotations")),
        Source("OxfordIIITPet", _splits("trainval", "test"), 811_092_049, 1_700 * _MB),
    ),
    _Row(
        "food101",
        "101,000 photographs of 101 dishes, colour (Bossard et al. 2014)",
        *(101_000, 64, ("food-101/images", "food-101/meta")),
        Source("Food101", _splits("train", "test", **_GIVES_PATHS), 4_996_278_331, 10_100 * _MB),
        are_files=True,
    ),
    _Row(
        "dtd",
        "5,640 photographs of 47 textures, colour (Cimpoi et al. 2014)",
        *(5_640, 64, ("dtd/dtd/images", "dtd/dtd/labels")),
        Source("DTD", _splits("train", "val", "test", **_GIVES_PATHS), 625_239_812, 1_300 * _MB),
        are_files=True,
    ),
    _Row(
        "eurosat",
        "27,000 pictures of land from a satellite, of ten kinds, 64 × 64, colour (Helber et al. 2019)",
        *(27_000, 64, ("eurosat/2750",)),
        Source("EuroSAT", (Split("all", _GIVES_PATHS),), 94_280_567, 200 * _MB),
        are_files=True,
    ),
    _Row(
        "fgvc-aircraft",
        "10,000 photographs of a hundred kinds of aircraft, colour (Maji et al. 2013)",
        *(10_000, 64, ("fgvc-aircraft-2013b/data/images",)),
        Source("FGVCAircraft", _splits("trainval", "test", **_GIVES_PATHS), 2_753_340_328, 5_600 * _MB),
        are_files=True,
    ),
    _Row(
        "imagenette",
        "13,394 photographs of ten easy kinds of ImageNet, 160 pixels, colour (Howard 2019)",
        *(13_394, 64, ("imagenette2-160/train", "imagenette2-160/val")),
        Source("Imagenette", _splits("train", "val", test="val", size="160px", **_GIVES_PATHS), 99_003_388, 220 * _MB),
        are_files=True,
    ),
)


def _missing(row: _Row) -> str:
    return "" if is_there(datasets_folder(), row.needed) else not_here(row.name, row.source.download_bytes)


def _parts(row: _Row, size: int) -> Iterator[NamedPart]:
    """Raises ImagesError also when there are not as many images as there should be."""
    place, count = Place(row.name, row.source, datasets_folder()), 0
    for part in (read_files if row.are_files else read_pictures)(place, Target(size, row.channels)):
        count += len(part.names)
        yield part
    if count != row.count:
        raise place.damaged(f"they hold {count:,} images instead of {row.count:,}")


def _named(row: _Row) -> NamedSet:
    return NamedSet(
        name=row.name,
        description=row.description,
        classes=row.classes,
        count=row.count,
        size=row.size,
        channels=row.channels,
        has_test=any(split.is_test for split in row.source.splits),
        missing=partial(_missing, row),
        stamp=lambda: [_VERSION, stamp_of(datasets_folder(), row.needed)],
        parts=partial(_parts, row),
        source=row.source,
    )


TORCHVISION_SETS = tuple(map(_named, _ROWS))
