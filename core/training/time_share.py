"""How often the costly extras of training may happen."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class TimeShare:
    """Says when something is due: not sooner than `least` seconds, and never for more than `share` of all time.

    With a `first` it is due after so many seconds, then after twice as many, until `least` is reached.
    """

    def __init__(self, least: float, share: float, first: float | None = None) -> None:
        self._most, self._least = least, least if first is None else first
        self._share = share
        self._cost = 0.0
        self._last = time.monotonic()

    def is_due(self) -> bool:
        """Whether it may happen now."""
        return time.monotonic() - self._last >= max(self._least, self._cost / self._share)

    @contextmanager
    def spent(self) -> Iterator[None]:
        """Measure what it costs this time."""
        start = time.monotonic()
        yield
        self._last = time.monotonic()
        self._cost = self._last - start
        self._least = min(2.0 * self._least, self._most)
