"""How a long job over many images reports: often enough to watch, rarely enough to cost nothing."""

import time
from collections.abc import Iterator, Sequence

import numpy as np

from core.images.decode import Picture
from core.reports import ImagesPreview, Progress

_REPORT_SECONDS = 0.1
_PREVIEW_SECONDS = 0.34
PREVIEW = 24


class Pace:
    """Progress at most ten times a second, with the time left at the pace so far."""

    def __init__(self, doing: str, total: int) -> None:
        self._doing, self._total = doing, total
        self._began = self._last = time.monotonic()

    def reports(self, done: int) -> Iterator[Progress]:
        """A report if one is due."""
        now = time.monotonic()
        if now - self._last < _REPORT_SECONDS and done < self._total:
            return
        self._last = now
        left = (now - self._began) / done * (self._total - done) if done else None
        yield Progress(self._doing, done, self._total, left)


class Preview:
    """The first few images as they come in, at most three times a second, and then no more."""

    def __init__(self) -> None:
        self._pictures: list[Picture] = []
        self._shown = 0
        self._last = float("-inf")

    def reports(self, pictures: Sequence[Picture]) -> Iterator[ImagesPreview]:
        """A report if there is something new and one is due."""
        self._pictures += pictures[: PREVIEW - len(self._pictures)]
        if len(self._pictures) == self._shown or time.monotonic() - self._last < _PREVIEW_SECONDS:
            return
        self._last, self._shown = time.monotonic(), len(self._pictures)
        yield ImagesPreview(np.stack([each.pixels for each in self._pictures]))
