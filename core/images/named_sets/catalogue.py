"""Image sets known by name: drawn by our own code, or found on this machine; fetched only when asked (`fetch`)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.errors import ImagesError
from core.images.faces.face import DRAWING_VERSION, FACTORS, draw_faces, sample_factors
from core.images.faces.hair import HAIR_STYLES
from core.images.named_sets.idx_files import IDX_SETS
from core.images.named_sets.named_set import NamedPart, NamedSet
from core.images.named_sets.torchvision_sets import TORCHVISION_SETS

__all__ = [
    "NamedPart",
    "NamedSet",
    "NamedSetState",
    "is_named",
    "known_set",
    "list_named_sets",
    "list_names",
    "named_set",
]

FACES_COUNT = 4_000
FACES_SEED = 0
_CHUNK = 500


@dataclass(frozen=True)
class NamedSetState:
    """A line of `latentscape datasets`: `missing` says that it is not on this machine, empty when it is.

    `download_bytes` is what fetching it takes, 0 when it cannot be fetched.
    """

    name: str
    description: str
    available: bool
    missing: str
    download_bytes: int


def list_named_sets() -> tuple[NamedSetState, ...]:
    """Every named set, available or not, in the order to show."""
    return tuple(map(_state, _TABLE))


def list_names() -> tuple[str, ...]:
    """The names of all of them."""
    return tuple(each.name for each in _TABLE)


def is_named(source: str) -> bool:
    """Whether this is the name of a set rather than a folder."""
    return any(each.name == source for each in _TABLE)


def known_set(name: str) -> NamedSet:
    """The set of that name, whether it is on this machine or not; raises ImagesError when there is none."""
    found = next((each for each in _TABLE if each.name == name), None)
    if found is None:
        known = ", ".join(each.name for each in _TABLE)
        raise ImagesError(f"There is no image set called {name}: the named ones are {known}.")
    return found


def named_set(name: str) -> NamedSet:
    """The set of that name; raises ImagesError when it is unknown or not on this machine."""
    found = known_set(name)
    if why := found.missing():
        raise ImagesError(why, "download", name)
    return found


def _state(found: NamedSet) -> NamedSetState:
    missing = found.missing()
    return NamedSetState(found.name, found.description, not missing, missing, found.download_bytes)


def _faces_parts(size: int) -> Iterator[NamedPart]:
    factors = sample_factors(FACES_COUNT, FACES_SEED)
    for start in range(0, FACES_COUNT, _CHUNK):
        some = factors[start : start + _CHUNK]
        names = tuple(f"faces/{start + index:05d}" for index in range(len(some)))
        numbers = {name: some[name].astype(np.float64) for name, _, _ in FACTORS}
        yield NamedPart(draw_faces(some, size), some["hair"].astype(np.int64), names, is_test=False, numbers=numbers)


_FACES = NamedSet(
    name="faces",
    description=f"{FACES_COUNT:,} cartoon faces drawn from twelve known factors, 64 × 64, colour; built in",
    classes=HAIR_STYLES,
    count=FACES_COUNT,
    size=64,
    channels=3,
    has_test=False,
    missing=lambda: "",
    stamp=lambda: [DRAWING_VERSION, FACES_COUNT, FACES_SEED],
    parts=_faces_parts,
)
_TABLE = (_FACES, *IDX_SETS, *TORCHVISION_SETS)
