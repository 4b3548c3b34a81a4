"""A model from elsewhere is tried before anything of it is kept or shown, in a process that may end."""

import sys
from collections.abc import Generator
from pathlib import Path
from time import monotonic

from core.child_process import in_own_process
from core.errors import ImagesError, ModelError
from core.imported.limits import CPU_SECONDS
from core.imported.settings import Prior, Range
from core.imported.trial import Refused, Tried, try_out
from core.reports.progress import Progress
from core.written_paths import said

# Seconds by the clock: a process that computes is ended before by its own limit, but on Windows, which has none.
PATIENCE = 60.0 if sys.platform != "win32" else 10.0


def examine(
    decoder: Path, encoder: Path | None = None, prior: Prior = "normal", wanted: Range | None = None
) -> Generator[Progress, None, Tried]:
    """What a decoder is, and the encoder that belongs to it; yields Progress. Raises ModelError, with a whole sentence.

    Closing ends the process. A hostile file costs that process and no more: see core.imported.trial.
    """
    began = monotonic()
    try:
        for found in in_own_process(try_out, decoder, encoder, prior, wanted):
            if isinstance(found, Refused):
                raise ModelError(found.sentence)
            if isinstance(found, Tried):
                return found
            if monotonic() - began > PATIENCE:
                break
            yield Progress("Trying the model", 0)
    except ImagesError as error:
        raise ModelError(
            f"{said(decoder)} cannot be opened: what tried it ended before it was done (it may take {CPU_SECONDS} s)."
        ) from error
    raise ModelError(f"{said(decoder)} cannot be opened: nothing had come of it after {PATIENCE:.0f} s.")
