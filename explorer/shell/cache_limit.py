"""The cache of decoded images: how full it is, how full it may become, and clearing it."""

from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence


@dataclass(frozen=True)
class CacheState:
    """Bytes that are used, by how many image sets, and bytes that may be."""

    used: int
    sets: int
    limit: int


@dataclass(frozen=True)
class _Wish:
    clears: bool = False
    limit: int | None = None


class Housekeeping(QObject):
    """Looks, limits and clears in a thread of its own: a cache may be many files on a slow disk."""

    cache_seen = Signal(object)  # CacheState
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wish = _Wish()  # all that is not done yet: a newer question may overtake an older one
        self._caring = LatestOnly(_carry_out, self)
        self._caring.answered.connect(self._take)
        self._caring.failed.connect(self._take_failure)

    def look(self) -> None:
        """See how full the cache is."""
        self._ask(replace(self._wish))

    def clear(self) -> None:
        """Delete every image set that was decoded."""
        self._ask(replace(self._wish, clears=True))

    def set_limit(self, limit: int) -> None:
        """Keep at most this many bytes."""
        self._ask(replace(self._wish, limit=limit))

    def stop(self) -> None:
        """Leave the thread; what was begun is done first."""
        self._caring.stop()

    def _ask(self, wish: _Wish) -> None:
        self._wish = wish
        self._caring.ask(wish)

    def _take(self, wish: _Wish, state: CacheState) -> None:
        if wish is self._wish:
            self._wish = _Wish()
            self.cache_seen.emit(state)

    def _take_failure(self, wish: _Wish, error: Any) -> None:
        if wish is self._wish:
            self._wish = _Wish()
            self.failed.emit(sentence(error))


def _carry_out(wish: _Wish) -> CacheState:
    from core.images import cache

    if wish.limit is not None:
        cache.set_limit(wish.limit)
    if wish.clears:
        cache.clear()
    usage = cache.usage()
    return CacheState(usage.bytes, usage.sets, cache.limit())
