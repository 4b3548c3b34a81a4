"""Means over a batch of which only some images may be at hand: the rest are on other processes, or in other parts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from torch import Tensor


class Shared(NamedTuple):
    """A batch in several parts: how to add up over them, how many of the first images count here, of how many."""

    total: Callable[[Tensor], Tensor]
    counted: int
    whole: int


_shared: ContextVar[Shared | None] = ContextVar("shared", default=None)


@contextmanager
def shared_batch(shared: Shared) -> Iterator[None]:
    """Within it means are those of the whole batch. Every part must take the same ones in the same order."""
    token = _shared.set(shared)
    try:
        yield
    finally:
        _shared.reset(token)


def mean_over_batch(each: Tensor) -> Tensor:
    """(N, …) → (…), over the images of all parts; without a gradient where there are several."""
    if (shared := _shared.get()) is None:
        return each.mean(0)
    return shared.total(each.detach()[: shared.counted].sum(0)) / shared.whole


def sum_over_batch(own: Tensor) -> Tensor:
    """What these images add up to, (…), with those of all other parts; without a gradient where there are some."""
    if (shared := _shared.get()) is None:
        return own
    return shared.total(own.detach() if shared.counted else own.new_zeros(own.shape))
