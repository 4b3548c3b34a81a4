"""The names of a million images in the memory of their letters: one run of bytes and where each name ends."""

import os
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from core.unicode_names import normal

_LETTERS, _ENDS = "names.bin", "names_ends.npy"
_BLOCK = 4096


class NamesFile:
    """Names written one after the other, as they come; `Names.read` finds them."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lengths = folder, array("q")

    def __enter__(self) -> "NamesFile":
        self._file = open(self._folder / _LETTERS, "wb")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        np.save(self._folder / _ENDS, np.cumsum(self._lengths, dtype=np.int64))

    def add(self, names: Iterable[str]) -> None:
        """Some more."""
        self._lengths.extend(self._file.write(os.fsencode(name)) for name in names)


class Names(Sequence[str]):
    """File names of any bytes the system allows, in order; safe to share between threads."""

    def __init__(self, letters: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        self._letters, self._ends = letters, ends

    @classmethod
    def of(cls, names: Iterable[str]) -> "Names":
        """Names held in memory."""
        encoded = [os.fsencode(name) for name in names]
        ends = np.cumsum([len(name) for name in encoded], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), np.uint8), ends)

    @classmethod
    def read(cls, folder: Path) -> "Names":
        """Names as `NamesFile` left them, mapped and not loaded; raises OSError or ValueError when they are damaged."""
        ends = np.load(folder / _ENDS, allow_pickle=False)
        if not len(ends):
            return cls.of(())
        letters = np.memmap(folder / _LETTERS, np.uint8, "r")
        if len(letters) != ends[-1]:
            raise ValueError("the names are not as long as they were")
        return cls(letters, ends)

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[index] for index in range(*place.indices(len(self)))]
        index = range(len(self))[place]
        start = self._ends[index - 1] if index else 0
        return os.fsdecode(self._letters[start : self._ends[index]].tobytes())

    def __iter__(self) -> Iterator[str]:
        for first in range(0, len(self), _BLOCK):
            start = int(self._ends[first - 1]) if first else 0
            ends = (self._ends[first : first + _BLOCK] - start).tolist()
            letters = self._letters[start : start + ends[-1]].tobytes()
            yield from (os.fsdecode(letters[low:high]) for low, high in zip([0, *ends], ends, strict=False))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Names):
            return np.array_equal(self._ends, other._ends) and np.array_equal(self._letters, other._letters)
        if isinstance(other, Sequence):
            return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]


def same_names(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two image sets have the same files in the same order, however a Mac or another system wrote them."""
    if one == other if type(one) is type(other) else list(one) == list(other):
        return True
    return len(one) == len(other) and all(map(_are_one, one, other))


def _are_one(one: str, other: str) -> bool:
    return one == other or normal(one) == normal(other)
