"""Errors in words: what a user can mend is said in its own sentence, anything else is called a fault of ours."""

import sys
import traceback
from collections.abc import Callable
from types import TracebackType

from core.errors import OUT_OF_MEMORY, LatentscapeError, is_out_of_memory, of_disk
from explorer.workspace.remedies import REMEDIES


def sentence(error: BaseException) -> str:
    """What to show; a fault of ours also goes to stderr with its traceback, for a report."""
    if isinstance(error, LatentscapeError):
        return error.in_words(REMEDIES)
    if is_out_of_memory(error):
        return OUT_OF_MEMORY
    if isinstance(error, OSError) and error.filename is not None:
        return of_disk(error)
    traceback.print_exception(error)
    what = f"{type(error).__name__}: {error}"
    return f"Something went wrong inside Latentscape ({what}). Nothing that was saved is lost: try again."


def show_uncaught(show: Callable[[str], None]) -> None:
    """Send what nobody caught in the window's thread to `show` instead of letting it vanish."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        show(sentence(error))

    sys.excepthook = hook
