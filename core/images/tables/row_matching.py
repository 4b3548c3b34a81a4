"""Which image a row of a table is about: the one whose path has the longest end in common with what the row says."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.images.tables.file_paths import exact, folded, number, stem

NO_IMAGE, SEVERAL_IMAGES, OTHER_ROW = -1, -2, -3  # instead of an image
Codes = NDArray[np.int64]
_Form = Callable[[str], str]


@dataclass(frozen=True)
class Way:
    """What of an image's path must be what of a key; `weight` is what an image found in this way says for a column."""

    of_name: _Form
    of_key: _Form
    weight: float


WAYS = (  # each only for what is left by those before
    Way(exact, exact, 1.0),
    Way(folded, folded, 1.0),
    Way(lambda name: stem(exact(name)), exact, 0.9),
    Way(lambda name: stem(folded(name)), folded, 0.9),
    Way(lambda name: stem(exact(name)), lambda key: stem(exact(key)), 0.9),
    Way(lambda name: stem(folded(name)), lambda key: stem(folded(key)), 0.9),
    Way(lambda name: number(stem(folded(name))), lambda key: number(folded(key)), 0.3),
)


@dataclass(frozen=True, eq=False)
class Fit:
    """Of each key (K,): the image or why there is none, and in which way it was found."""

    image_of: Codes
    way_of: Codes


def fit(keys: Sequence[str], names: Sequence[str], folder: Path | None = None) -> Fit:
    """What each of different keys is about, whatever the others are; `folder` is where the images are.

    Looser ways are tried until every image is found. A key that fits several images equally well, in the first way in
    which it fits any, is of none of them.
    """
    found = Fit(np.full(len(keys), NO_IMAGE, np.int64), np.full(len(keys), len(WAYS), np.int64))
    left = [place for place, key in enumerate(keys) if key.strip()]
    for number_of_way, way in enumerate(WAYS):
        if number_of_way == 1:
            left = _possible(keys, names, left)
        if not left or len(np.unique(found.image_of[found.image_of >= 0])) == len(names):
            break
        forms = {place: form for place in left if (form := way.of_key(keys[place]))}
        ends = _Ends(names, way.of_name, _lead(folder, way), {_base(form) for form in forms.values()})
        for place, form in forms.items():
            if (image := ends.find(form)) != NO_IMAGE:
                found.image_of[place], found.way_of[place] = image, number_of_way
        left = [place for place in left if found.image_of[place] == NO_IMAGE]
    return found


def without_rivals(found: Fit, keys: Sequence[str], names: Sequence[str], folder: Path | None = None) -> Codes:
    """The image (K,) of each key, once those of the keys that want the same one, but less clearly, have none.

    Keys that are spelt alike share an image; of keys that fit it equally well in other folders, none has it.
    """
    image_of = found.image_of.copy()
    wanted = defaultdict[int, list[int]](list)
    for key, image in enumerate(image_of.tolist()):
        if image >= 0:
            wanted[image].append(key)
    for image, rivals in wanted.items():
        if len(rivals) > 1:
            ranks = {key: _rank(int(found.way_of[key]), keys[key], names[image], folder) for key in rivals}
            best = min(ranks.values())
            first = [key for key in rivals if ranks[key] == best]
            is_one = len({folded(keys[key]) for key in first}) == 1
            image_of[list(set(rivals) - set(first if is_one else []))] = OTHER_ROW
    return image_of


def _rank(number_of_way: int, key: str, name: str, folder: Path | None) -> tuple[int, bool, int]:
    """The more exact way first, then the whole path, then the longest common end."""
    way = WAYS[number_of_way]
    parts, own = _parts(way.of_key(key)), _parts(way.of_name(name))
    return number_of_way, parts != own, -_alike(parts, [*own, *_lead(folder, way)])


def _lead(folder: Path | None, way: Way) -> list[str]:
    """The parts above every image, from the last to the first."""
    return [] if folder is None else _parts(way.of_name(f"{folder}/x"))[1:]


def _possible(keys: Sequence[str], names: Sequence[str], left: Iterable[int]) -> list[int]:
    """Those whose last part is that of any image in the loosest way: a table of a million others is done with soon."""
    wanted = {place: _loosely(_base(folded(keys[place]))) for place in left}
    among = {form for forms in wanted.values() for form in forms}
    known = {form for name in names for form in _loosely(folded(_base(name))) if form in among} if among else set()
    return [place for place, forms in wanted.items() if not known.isdisjoint(forms)]


def _loosely(base: str) -> tuple[str, ...]:
    bare = stem(base)
    return base, bare, number(bare) or bare


class _Ends:
    """Images by the ends of their paths; only of those whose last part is among the `wanted`."""

    def __init__(self, names: Sequence[str], form: _Form, lead: list[str], wanted: set[str]) -> None:
        self._names, self._form, self._lead = names, form, lead
        self._only = dict[str, int]()  # where one image has such a last part, there is no more to look at
        self._several = dict[str, _Branch]()
        for image, name in enumerate(names):
            if (base := _base(form(name))) in wanted and self._only.setdefault(base, image) != image:
                self._several.setdefault(base, _Branch(1, [self._only[base]])).images.append(image)

    def find(self, key: str) -> int:
        """The image whose path has the longest end in common with a key."""
        base = _base(key)
        if (branch := self._several.get(base)) is None:
            return self._only.get(base, NO_IMAGE)
        parts, best, alike = _parts(key), SEVERAL_IMAGES, 0
        while len(branch.images) > 1:
            branch.grow(self._parts_of)
            rest = parts[branch.depth :]
            if not rest:
                return SEVERAL_IMAGES if branch.end is None else branch.end
            if branch.end is not None and (above := _alike(rest, self._lead)):
                best, alike = branch.end, branch.depth + above
            if (further := branch.branches.get(rest[0])) is None:
                return best if alike > branch.depth else SEVERAL_IMAGES
            branch = further
        image = branch.images[0]
        reach = _alike(parts, [*self._parts_of(image), *self._lead])
        return image if reach > alike else best

    def _parts_of(self, image: int) -> list[str]:
        return _parts(self._form(self._names[image]))


class _Branch:
    """Images whose paths end alike, in `depth` parts; it grows further branches only where somebody looks."""

    def __init__(self, depth: int, images: list[int]) -> None:
        self.depth, self.images = depth, images
        self.branches = dict[str, _Branch]()
        self.end: int | None = None  # the image that has no more parts; None where there are two of one form
        self._is_grown = False

    def grow(self, parts_of: Callable[[int], list[str]]) -> None:
        """Tell its images apart by the part before."""
        if self._is_grown:
            return
        self._is_grown, ends = True, list[int]()
        for image in self.images:
            parts = parts_of(image)
            if len(parts) == self.depth:
                ends.append(image)
            else:
                self.branches.setdefault(parts[self.depth], _Branch(self.depth + 1, [])).images.append(image)
        self.end = ends[0] if len(ends) == 1 else None


def _parts(path: str) -> list[str]:
    """From its end to its beginning, without what leads nowhere."""
    parts = path.split("/")
    parts.reverse()
    return parts if "" not in parts and "." not in parts else [part for part in parts if part not in ("", ".")] or [""]


def _base(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many parts, from the first on, are the same."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
