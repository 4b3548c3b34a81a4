"""The errors a user can read: each message is one sentence saying what, where and what to do."""

import os
from collections.abc import Mapping
from typing import Literal

from core.written_paths import said

# What mends an error where that is another thing in the window than on the command line: each has words of its own.
Remedy = Literal[
    "completion", "device", "download", "held-out images", "images", "list of sets", "mend", "room", "run folder"
]


class LatentscapeError(Exception):
    """Something a user can mend; `str(error)` is the sentence to show, `in_words` adds the remedy."""

    def __init__(self, sentence: str = "", remedy: Remedy | None = None, what: str = "") -> None:
        super().__init__(*((sentence,) if remedy is None else (sentence, remedy, what)))
        self._sentence, self._remedy, self._what = sentence, remedy, what

    def __str__(self) -> str:
        return self._sentence if self._remedy is None else f"{self._sentence}."

    @property
    def remedy(self) -> Remedy | None:
        """What mends it, where that has words of its own on each side."""
        return self._remedy

    def in_words(self, remedies: Mapping[Remedy, str]) -> str:
        """The whole sentence, as one side says it; `{what}` in its words is what is to be mended."""
        if self._remedy is None:
            return self._sentence
        return f"{self._sentence}: {remedies[self._remedy].format(what=self._what)}."


class ImagesError(LatentscapeError):
    """The images cannot be used: no such folder, nothing readable in it, an unknown named set."""


class RunError(LatentscapeError):
    """A run folder cannot be used: missing, damaged, of a newer format, or busy elsewhere."""


class ModelError(LatentscapeError):
    """A model from elsewhere cannot be used: it is no such model, needs what is not allowed, or takes too much."""


class PlaceError(LatentscapeError):
    """What the program keeps on this machine has no place: `LATENTSCAPE_HOME` is a file, read-only, full or gone."""


class ConfigError(LatentscapeError):
    """A configuration asks for something impossible."""


class TrainingError(LatentscapeError):
    """Training cannot go on: not enough images, or the numbers are no longer finite."""


_NO_MEMORY = (
    "out of memory",  # CUDA, Metal
    "can't allocate memory",  # PyTorch
    "could not create a primitive",  # oneDNN, which multiplies for it on a CPU
    "could not create a memory",
    "bad_alloc",  # C++
)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether this is Python's, PyTorch's or CUDA's way to say that memory has run out."""
    said = str(error).lower()
    return isinstance(error, MemoryError) or any(words in said for words in _NO_MEMORY)


OUT_OF_MEMORY = "There is not enough memory for this: close other programs, or choose a smaller width or image size."


def of_disk(error: OSError) -> str:
    """The sentence for what the disk refused where nobody had a better one."""
    what = f"{said(os.fsdecode(error.filename))} cannot be used" if error.filename is not None else "The disk says no"
    return f"{what}: {error.strerror or error}."
