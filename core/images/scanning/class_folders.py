"""What the folders of pictures stand for: classes, the parts of a split, or only a way in."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.images.natural_order import natural_key
from core.images.tables.metadata import Known
from core.reports.images import NOTHING_SAID, Intake

LEARNED, TEST, VALIDATION = "train", "test", "val"
# A whole name, in any case: "test tubes" are none of them.
_PARTS = {
    LEARNED: re.compile(r"(train|training)[ _-]?(set|data|images)?"),
    TEST: re.compile(r"(test|testing)[ _-]?(set|data|images)?"),
    VALIDATION: re.compile(r"(val|valid|validation)[ _-]?(set|data|images)?"),
}
# What is called like that in each part of a split says what it holds, and not of which class.
_PICTURES = re.compile(r"(jpeg)?(images?|imgs?)|pictures?|pics?|photos?|jpe?gs?|pngs?|files|data|unknown|unlabell?ed")
_LISTED = 5  # names in a sentence
_LEVELS = {"first": 0, "second": 1, "last": -1}

FolderPath = tuple[str, ...]  # a name for each level, the outermost first
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ClassFolders:
    """Labels (N,) into `classes`; `test` (N,) is the part that is held out as a whole, None where there is no split.

    Two sentences say what is not plain to see, and are empty where all is: about the classes, and about the split.
    """

    labels: Codes
    classes: tuple[str, ...]
    test: NDArray[np.bool_] | None = None
    classes_said: str = ""
    split_said: str = ""


class _Ways(NamedTuple):
    """Of each folder what is left of its path on the way in, and which part of a split it is; empty: of none."""

    left: list[FolderPath]
    parts: list[str]
    split: tuple[str, ...] = ()  # the names of the outermost parts, then of the folders beside them
    passed: FolderPath = ()  # the outermost wrappers


def part_of(name: str) -> str | None:
    """The part of a split that a folder of this name may be: "train", "test" or "val"."""
    plain = name.strip().casefold()
    return next((part for part, names in _PARTS.items() if names.fullmatch(plain)), None)


def is_split(names: Iterable[str]) -> bool:
    """Whether folders side by side are a split: one to learn from and one to test on, or nothing but such parts."""
    parts = {part_of(name) for name in names}
    known = parts - {None}
    return len(known) > 1 and (LEARNED in known or known == parts)


def class_folders(
    folder: Path, names: Sequence[str], labels: Codes, classes: Sequence[str], classes_from: str
) -> ClassFolders:
    """What `ImagesConfig.classes_from` makes of files by these names; `labels` and `classes` are of first folders."""
    own, first = folder.name or str(folder), ClassFolders(labels, tuple(classes))
    if classes_from == "first":
        said = f"{_listed(classes)} look like a split, and are classes." if is_split(classes) else ""
        return replace(first, classes_said=said)
    is_plain = len(classes) > 1 and own not in classes and not is_split(classes)
    if classes_from == "auto" and is_plain and not any(_is_in_part(name) for name in _first_names(names, labels)):
        return first  # without a look at a million names
    paths, of_image = _folders(names)
    ways = _ways_in(paths)
    test, split_said = _test_of(ways, of_image)
    if classes_from != "auto":
        found = _chosen(classes_from, names, paths, of_image)
        return ClassFolders(*_numbered(found, own, NOTHING_SAID), test, _misfits(classes_from, found), split_said)
    uneven = "" if ways.split else _uneven_split(ways.left)
    if not ways.split and not ways.passed:
        return replace(first, classes_said=uneven)
    found = _each(_classes_on(ways), of_image)
    passed = "" if ways.split else f"Classes are the folders in {'/'.join(ways.passed)}."
    said = " ".join(filter(None, (passed, uneven)))
    return ClassFolders(*_numbered(found, own, NOTHING_SAID if ways.split else own), test, said, split_said)


def described(intake: Intake, folders: ClassFolders, known: Known, share: float, classes: Sequence[str] = ()) -> Intake:
    """The intake with what was made of the folders, beside a table that says more; `classes` are those of both."""
    split_said, classes_said = folders.split_said, folders.classes_said if known.classes is None else ""
    head = split_said.partition(":")[0]
    if split_said and known.group is not None:
        split_said = f"{head}, but held out by {known.group.name}, as asked."
    elif split_said and share == 0.0:
        split_said = f"{head}, but nothing is held out, as asked."
    elif split_said and known.classes is None and (only := _held_out_only(folders)):
        split_said = f"{split_said} Nothing is learned of {_listed(only)}."
    said = " ".join(filter(None, (split_said, classes_said, _alike(classes))))
    return replace(intake, folders=said, class_column="" if known.classes is None else known.classes.name)


def _alike(classes: Sequence[str]) -> str:
    """A sentence about classes whose names differ in nothing but capitals, empty where there are none."""
    forms = Counter(map(str.casefold, classes))
    alike = [name for name in classes if forms[name.casefold()] > 1]
    return f"{_listed(alike)} are classes of their own, and differ only in capitals." if alike else ""


def _uneven_split(left: Sequence[FolderPath]) -> str:
    """A sentence about folders of which only some are in the parts of a split, empty where there are none."""
    below = dict[str, set[str]]()
    for path in filter(None, left):
        below.setdefault(path[0], set()).add(path[1] if len(path) > 1 else "")
    in_parts = [head for head, names in below.items() if None not in map(part_of, names) and is_split(names)]
    if not in_parts:
        return ""
    are = "is" if len(in_parts) == 1 else "are"
    parts = sorted({name for head in in_parts for name in below[head]}, key=natural_key)
    others = "other folders are not" if len(below) - len(in_parts) > 1 else "the other folder is not"
    return f"Only {_listed(in_parts)} {are} split into {_listed(parts)}, and {others}: that split is not used."


def _held_out_only(folders: ClassFolders) -> list[str]:
    """The classes without an image to learn from."""
    assert folders.test is not None
    learned = np.bincount(folders.labels[~folders.test], minlength=len(folders.classes)) > 0
    pairs = zip(folders.classes, learned, strict=True)
    return [name for name, is_learned in pairs if not is_learned and name != NOTHING_SAID]


def _folders(names: Iterable[str]) -> tuple[list[FolderPath], Codes]:
    """The folders that hold files, and which of them each file (N,) is in."""
    numbers = dict[str, int]()
    of_image = [numbers.setdefault(name.rpartition("/")[0], len(numbers)) for name in names]
    return [tuple(filter(None, path.split("/"))) for path in numbers], np.array(of_image, np.int64)


def _ways_in(paths: list[FolderPath]) -> _Ways:
    """Past wrappers and splits, also in one another, to where the folders part.

    The parts of a split are looked at as one folder: what one of them holds alone is a class, no wrapper.
    """
    ways = _Ways(paths, [""] * len(paths))
    while True:
        ways = _past_wrappers(_past_own_names(ways))
        inner = [bool(left and (part or not ways.split)) for left, part in zip(ways.left, ways.parts, strict=True)]
        heads = {left[0] for left, is_inner in zip(ways.left, inner, strict=True) if is_inner}
        if not is_split(heads):
            return ways if ways.split else _with_splits_below(ways)
        of_head = {head: part for head in heads if (part := part_of(head)) is not None}
        enters = [is_inner and left[0] in of_head for left, is_inner in zip(ways.left, inner, strict=True)]
        ways = _Ways(
            [left[1:] if does else left for left, does in zip(ways.left, enters, strict=True)],
            [
                part or (of_head[left[0]] if does else "")
                for left, part, does in zip(ways.left, ways.parts, enters, strict=True)
            ],
            ways.split or tuple(sorted(heads, key=lambda head: (head not in of_head, natural_key(head)))),
            ways.passed,
        )


def _with_splits_below(ways: _Ways) -> _Ways:
    """Each class in parts of its own, if nothing else is in any."""
    below = [left[1] if len(left) > 1 else "" for left in ways.left]
    parts = [part for name in below if (part := part_of(name)) is not None]
    if len(parts) < len(below) or not is_split(below):
        return ways
    return ways._replace(parts=parts, split=tuple(sorted(set(below), key=natural_key)))


def _first_names(names: Sequence[str], labels: Codes) -> Iterator[str]:
    """The first name of each stretch of one class: names are in the order of their folders."""
    starts = np.flatnonzero(np.diff(labels, prepend=-1))
    return (names[start] for start in starts.tolist())


def _is_in_part(name: str) -> bool:
    """Whether a file is in a class that may be in parts."""
    _, *inner = name.split("/")[:-1]
    return bool(inner) and part_of(inner[0]) is not None


def _past_own_names(ways: _Ways) -> _Ways:
    """Through a folder that stands alone in a part and is no class of any other.

    It is called as the part is, such as train/train, or as what it holds, such as val/images.
    """
    left, several = list(ways.left), _heads_of_several(ways)
    for part in set(filter(None, ways.parts)):
        rows = [row for row, its in enumerate(ways.parts) if its == part]
        heads = {path[0] if path else "" for path in (left[row] for row in rows)}
        others = {path[0] for path, its in zip(left, ways.parts, strict=True) if path and its != part}
        is_own_name = len(heads) == 1 and part_of(*heads) == part and not heads & others
        if is_own_name or (len(heads) == 1 and _says_pictures(*heads) and not heads & several):
            for row in rows:
                left[row] = left[row][1:]
    return ways._replace(left=left)


def _heads_of_several(ways: _Ways) -> set[str]:
    """The outermost folders of those parts that hold more than one."""
    heads = dict[str, set[str]]()
    for path, part in zip(ways.left, ways.parts, strict=True):
        if path and part:
            heads.setdefault(part, set()).add(path[0])
    return {name for names in heads.values() if len(names) > 1 for name in names}


def _says_pictures(name: str) -> bool:
    return _PICTURES.fullmatch(name.strip().casefold()) is not None


def _past_wrappers(ways: _Ways) -> _Ways:
    """Through folders that stand alone, as long as the folders part somewhere behind them."""
    left, passed, is_alone = ways.left, FolderPath(), True
    inner = [bool(part) or not ways.split for part in ways.parts]
    while len(heads := {path[0] for path, is_inner in zip(left, inner, strict=True) if is_inner and path}) == 1:
        is_alone = is_alone and all(path for path, is_inner in zip(left, inner, strict=True) if is_inner)
        left = [path[1:] if is_inner else path for path, is_inner in zip(left, inner, strict=True)]
        passed += tuple(heads)
    if not is_split(heads) and not (heads and (is_alone or ways.split)):
        return ways
    return ways._replace(left=left, passed=ways.passed or passed)


def _classes_on(ways: _Ways) -> list[str | None]:
    """The class of each folder; one beside a split has them where a class of the split stands, or is one itself."""
    pairs = list(zip(ways.left, ways.parts, strict=True))
    of_split = {left[0] for left, part in pairs if left and (part or not ways.split)}
    depths = dict[str, int]()  # of classes, in each folder beside the split
    for left, part in pairs:
        if left and not part:
            found = next((depth for depth, name in enumerate(left) if name in of_split), 0)
            depths[left[0]] = max(found, depths.get(left[0], 0))
    return [
        None if not left else left[0] if part else left[min(depths[left[0]], len(left) - 1)] for left, part in pairs
    ]


def _chosen(classes_from: str, names: Iterable[str], paths: Sequence[FolderPath], of_image: Codes) -> list[str | None]:
    """The class of each file when it was said what makes one."""
    if classes_from == "none":
        return [None] * len(of_image)
    if classes_from in _LEVELS:
        at = _LEVELS[classes_from]
        return _each([path[at] if -len(path) <= at < len(path) else None for path in paths], of_image)
    pattern = re.compile(classes_from)
    matches = (pattern.search(name.rpartition("/")[2]) for name in names)
    return [(match[1] or None) if match else None for match in matches]


def _each(of_folder: Sequence[str | None], of_image: Codes) -> list[str | None]:
    return [of_folder[place] for place in of_image.tolist()]


def _numbered(found: Sequence[str | None], own: str, nothing: str) -> tuple[Codes, tuple[str, ...]]:
    """Labels and classes; without a class anywhere all are of one, else those without are `nothing`."""
    names = [nothing if name is None else name for name in found] if any(found) else [own] * len(found)
    classes = sorted(set(names), key=lambda name: (name == NOTHING_SAID, natural_key(name)))
    rank = {name: label for label, name in enumerate(classes)}
    return np.array([rank[name] for name in names], np.int64), tuple(classes)


def _misfits(classes_from: str, found: Sequence[str | None]) -> str:
    """How many images what was chosen says nothing of."""
    missing = sum(name is None for name in found)
    if classes_from == "none" or not missing:
        return ""
    lacks = f"no {classes_from} folder" if classes_from in _LEVELS else f"no name that fits {classes_from}"
    if missing == len(found):
        return f"All images are one class: they have {lacks}."
    return f"{missing:,} of the images {'has' if missing == 1 else 'have'} {lacks}."


def _test_of(ways: _Ways, of_image: Codes) -> tuple[NDArray[np.bool_] | None, str]:
    """The images (N,) of the held-out part, and a sentence about it."""
    if not ways.split:
        return None, ""
    held = TEST if TEST in ways.parts else VALIDATION
    held_names = [name for name in ways.split if part_of(name) == held]
    learned = [name for name in ways.split if part_of(name) != held]
    test = np.array([part == held for part in ways.parts], np.bool_)[of_image]
    said = f"Split by folders: {_listed(held_names)} held out, {_listed(learned)} learned from."
    return test, said


def _listed(names: Sequence[str]) -> str:
    plain = [name.strip() for name in names]
    if len(plain) > _LISTED:
        plain[_LISTED - 1 :] = [f"{len(plain) - _LISTED + 1:,} others"]
    *most, last = plain
    return f"{', '.join(most)} and {last}" if most else last
