"""Processes that do not run their caller's script again, as those of multiprocessing do to find what it defines."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

MAIN = "__main__"


@contextmanager
def not_run_again() -> Iterator[None]:
    """Of processes that start in this context: what they work on is in modules of ours.

    Else a plain script, one without `if __name__ == "__main__":`, would begin once more in each of them.
    """
    script = sys.modules[MAIN]
    sys.modules[MAIN] = ModuleType(MAIN)
    try:
        yield
    finally:
        sys.modules[MAIN] = script
