"""Where decoding processes write: a file with a row for each picture, and a twin with narrower rows for grey ones."""

import os
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.images.decoding.colour_modes import to_channels
from core.images.decoding.target import Target


def grey_twin(pixels: Path) -> Path:
    """Where pictures of one channel are, when the rows of `pixels` have three; the same rows of both are one place."""
    return pixels.with_suffix(".grey")


class RowsFile:
    """Both files, opened to be written by any number of processes; `pixels` is there before."""

    def __init__(self, pixels: Path, target: Target) -> None:
        self._target = target
        with ExitStack() as files:
            self._pixels = files.enter_context(open(pixels, "r+b", buffering=0))
            self._grey = files.enter_context(open(grey_twin(pixels), "r+b", buffering=0, opener=_made_when_missing))
            self.close = files.pop_all().close

    def write(self, first: int, levels: NDArray[np.uint8]) -> None:
        """Levels (H, W, C) of a row, or (N, H, W, C) of rows that follow one another. Raises OSError."""
        channels = levels.shape[-1]
        file = self._pixels if channels == self._target.channels else self._grey
        file.seek(first * self._target.size**2 * channels)
        left = levels.data.cast("B")
        while left:
            left = left[file.write(left) :]


def read_rows(pixels: Path, first: int, is_grey: NDArray[np.bool_], target: Target) -> NDArray[np.uint8]:
    """Pictures (N, H, W, C) from rows that follow one another; `is_grey` (N,) tells which of them are."""
    found = np.empty((len(is_grey), *target.shape), np.uint8)
    for run in np.split(np.arange(len(is_grey)), np.flatnonzero(np.diff(is_grey)) + 1):
        if len(run):
            channels = 1 if is_grey[run[0]] else target.channels
            source = pixels if channels == target.channels else grey_twin(pixels)
            shape, start = (len(run), target.size, target.size, channels), int(first + run[0])
            levels = np.memmap(source, np.uint8, "r", start * target.size**2 * channels, shape)
            found[run[0] : run[-1] + 1] = to_channels(levels, target.channels)
    return found


def _made_when_missing(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CREAT, 0o666)
