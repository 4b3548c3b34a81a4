"""How a long job reports: often enough to watch, rarely enough to cost nothing."""

import time
from collections.abc import Iterator

from core.reports.progress import Progress

REPORT_SECONDS = 0.1


class Pace:
    """Progress at most ten times a second, with the time left at the pace so far."""

    def __init__(self, doing: str, total: int) -> None:
        self._doing, self._total = doing, total
        self._began = self._last = time.monotonic()

    def reports(self, done: int) -> Iterator[Progress]:
        """A report if one is due."""
        now = time.monotonic()
        if now - self._last < REPORT_SECONDS and done < self._total:
            return
        self._last = now
        left = (now - self._began) / done * (self._total - done) if done else None
        yield Progress(self._doing, done, self._total, left)
