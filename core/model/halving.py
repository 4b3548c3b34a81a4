"""Work on many rows that memory does not hold at once: it is done in parts, half as large each time memory runs out."""

import gc
from collections.abc import Callable
from itertools import pairwise
from typing import TypeVar

from core import freed_memory
from core.errors import is_out_of_memory

Result = TypeVar("Result")


class Halving:
    """How many rows are worked on at once, `at_once`: as many as memory has held so far."""

    def __init__(self, at_once: int) -> None:
        self.at_once = at_once

    def work(self, count: int, of: Callable[[list[slice]], Result]) -> Result:
        """What comes of all `count` rows, in as few parts as memory allows; `of` begins anew when it runs out.

        Raises what `of` does, also when memory runs out over a single row.
        """
        while True:
            parts = parts_of(count, self.at_once)
            try:
                return of(parts)
            except (MemoryError, RuntimeError) as error:
                if len(parts) == count or not is_out_of_memory(error):
                    raise
            self.at_once = -(-min(self.at_once, count) // 2)  # out there the error is gone, and with it what it held
            _let_go()


def parts_of(count: int, at_once: int) -> list[slice]:
    """As few parts of at most `at_once` rows as there can be; they differ by one row at most."""
    number = max(1, -(-count // at_once))
    return [slice(*ends) for ends in pairwise(count * n // number for n in range(number + 1))]


def in_halves(count: int, of: Callable[[slice], Result], join: Callable[[list[Result]], Result]) -> Result:
    """What comes of `count` rows, each of which is worked on by itself."""

    def every(parts: list[slice]) -> Result:
        found = [of(rows) for rows in parts]
        return found[0] if len(found) == 1 else join(found)

    return Halving(max(1, count)).work(count, every)


def _let_go() -> None:
    import torch  # which a latent space that is seen before it is loaded does without

    gc.collect()
    freed_memory.give_back()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    elif torch.backends.mps.is_available():
        torch.mps.empty_cache()
