"""Finds images by a part of their names: a million of them while one types."""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from core.unicode_names import normal, place_of

Indices = NDArray[np.int64]

_BETWEEN, _SLASH = 0, ord("/")  # no file name has a zero
_BLOCK = 4096  # names folded at once: no call holds up the other threads for long


class NameSearch:
    """All names in one run of bytes, case folded; made once, then safe to share between threads."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._letters = np.frombuffer(b"\0".join([b"", *_folded_blocks(names), b""]), np.uint8)
        self._starts = np.flatnonzero(self._letters == _BETWEEN)[:-1]
        self._breaks = np.flatnonzero((self._letters == _BETWEEN) | (self._letters == _SLASH))
        self._usual = np.bincount(self._letters[:: 1 + len(self._letters) // 100_000], minlength=256)

    def find(self, query: str) -> Indices:
        """Images whose name has every word of the query, whatever their case and order.

        First those whose file is called so from its beginning, then those whose file has the first word at all, then
        those whose folder has it. Nothing for a query without words.
        """
        words = query.split()
        if not words:
            return np.zeros(0, np.int64)
        first = self._places(_folded(words[0]))
        found = self._images_at(first)
        for word in words[1:]:
            found = np.intersect1d(found, self._images_at(self._places(_folded(word))), assume_unique=True)
        of_file = first[self._is_of_file(first)]
        before = self._letters[of_file - 1]
        begins = np.isin(found, self._images_at(of_file[(before == _BETWEEN) | (before == _SLASH)]))
        has = np.isin(found, self._images_at(of_file)) & ~begins
        return np.concatenate([found[begins], found[has], found[~begins & ~has]])

    def place_of(self, name: str) -> int | None:
        """The image of exactly this name, else of one that differs in its Unicode form only."""
        candidates = self._images_at(self._places(b"\0" + _folded(name) + b"\0") + 1).tolist()
        place = place_of(name, [self._names[index] for index in candidates])
        return None if place is None else candidates[place]

    def _places(self, pattern: bytes) -> Indices:
        """Where the pattern begins: its rarest letter is looked for first, then the others around what was found."""
        letters = np.frombuffer(pattern, np.uint8)
        order = np.argsort(self._usual[letters], kind="stable")
        rarest, last = int(order[0]), len(self._letters) - len(letters)
        places = (
            np.flatnonzero(self._letters[rarest : last + rarest + 1] == letters[rarest]) if last >= 0 else order[:0]
        )
        for offset in order[1:].tolist():
            places = places[self._letters[places + offset] == letters[offset]]
        return places

    def _is_of_file(self, places: Indices) -> NDArray[np.bool_]:
        """Whether no slash follows before the name ends."""
        following = np.searchsorted(self._breaks, places)
        is_of_file: NDArray[np.bool_] = self._letters[self._breaks[following]] == _BETWEEN
        return is_of_file

    def _images_at(self, places: Indices) -> Indices:
        """Sorted, each once; `places` are sorted."""
        images = np.searchsorted(self._starts, places, side="right") - 1
        return images[np.flatnonzero(np.diff(images, prepend=-1))]


def _folded_blocks(names: Sequence[str]) -> Iterator[bytes]:
    rest = iter(names)
    while block := list(islice(rest, _BLOCK)):
        yield _folded("\0".join(block))


def _folded(text: str) -> bytes:
    return normal(text).casefold().encode("utf-8", "surrogateescape")
