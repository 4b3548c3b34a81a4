"""How a long job reports: often enough to watch, rarely enough to cost nothing."""

import time
from collections.abc import Iterator

from core.reports.progress import Progress

REPORT_SECONDS = 0.1


class Pace:
    """Progress at most ten times a second, with the time left at the pace so far.

    The pace counts from when something was done first: what comes before that is often slow, and would mislead. Until
    more has been done, for REPORT_SECONDS, the time left is None.
    """

    def __init__(self, doing: str, total: int) -> None:
        self._doing, self._total = doing, total
        self._last = time.monotonic()
        self._first: tuple[int, float] | None = None  # how much was done first, and when

    def reports(self, done: int) -> Iterator[Progress]:
        """A report if one is due."""
        now = time.monotonic()
        if done and self._first is None:
            self._first = done, now
        if now - self._last < REPORT_SECONDS and done < self._total:
            return
        self._last = now
        yield Progress(self._doing, done, self._total, self._seconds_left(done, now))

    def _seconds_left(self, done: int, now: float) -> float | None:
        if done >= self._total:
            return 0.0
        before, began = self._first or (done, now)
        is_known = done > before and now - began >= REPORT_SECONDS
        return (now - began) / (done - before) * (self._total - done) if is_known else None
