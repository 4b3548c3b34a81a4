"""What becomes of long work whose reports are not looked at."""

from collections.abc import Generator
from typing import Any, TypeVar

Result = TypeVar("Result")


def returned(reports: Generator[Any, None, Result]) -> Result:
    """What a generator returns, once it has been driven to its end."""
    while True:
        try:
            next(reports)
        except StopIteration as end:
            result: Result = end.value
            return result
