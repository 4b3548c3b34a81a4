"""`share`: a copy of a run that says nothing of this machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tyro.conf import Positional

from core.commands.parsing import parse
from core.commands.progress import say


@dataclass(frozen=True)
class ShareFlags:
    """Copy a run to give it away: with the names of its images, without the place where they are on this machine."""

    run: Positional[Path]
    """The run's folder."""
    out: Path
    """A new folder for the copy."""


def share(words: Sequence[str]) -> None:
    """The copy."""
    flags = parse(ShareFlags, "share", words)
    from core.export.shared_copy import write_shared_copy

    write_shared_copy(flags.run, flags.out)
    say(f"{flags.out}: the run without paths of this machine; the names of its images are there.")
