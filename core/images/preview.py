"""The first few images of a set, to be seen while the others are read."""

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.images.decoding.row_files import read_rows
from core.images.decoding.target import Target
from core.images.decoding.worker_process import Decoded
from core.reports.images import ImagesPreview

_PREVIEW_SECONDS = 0.34
PREVIEW = 24


class Preview:
    """The first few images as they come in, at most three times a second, and then no more."""

    def __init__(self, pixels: Path, target: Target) -> None:
        self._pixels, self._target = pixels, target
        self._pictures: list[NDArray[np.uint8]] = []
        self._shown = 0
        self._last = float("-inf")

    def reports(self, written: Iterable[Decoded]) -> Iterator[ImagesPreview]:
        """A report if there is something new and one is due; `written` are those just written."""
        self._pictures += (
            read_rows(self._pixels, each.row, np.array([each.is_grey]), self._target)[0]
            for each in islice(written, PREVIEW - len(self._pictures))
        )
        if len(self._pictures) == self._shown or time.monotonic() - self._last < _PREVIEW_SECONDS:
            return
        self._last, self._shown = time.monotonic(), len(self._pictures)
        yield ImagesPreview(np.stack(self._pictures))
