"""Errors in words: what a user can mend is said in its own sentence, anything else is called a fault of ours."""

import logging

from core.errors import OUT_OF_MEMORY, LatentscapeError, is_out_of_memory, of_disk
from explorer.workspace.remedies import REMEDIES

FAULTS = logging.getLogger("latentscape.faults")  # each with its error; whoever listens keeps them and shows them


def sentence(error: BaseException) -> str:
    """What to show; a fault of ours also goes to `FAULTS` with its traceback, for a report."""
    if isinstance(error, LatentscapeError):
        return error.in_words(REMEDIES)
    if is_out_of_memory(error):
        return OUT_OF_MEMORY
    if isinstance(error, OSError) and error.filename is not None:
        return of_disk(error)
    FAULTS.error("An error that nobody expected", exc_info=error)
    return fault_words(f"{type(error).__name__}: {error}")


def fault_words(what: str) -> str:
    """The sentence for a fault of ours."""
    return f"Something went wrong inside Latentscape ({what}). Nothing that was saved is lost: try again."
