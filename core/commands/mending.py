"""`mend`: a damaged run goes on with what is whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tyro.conf import Positional

from core.commands.parsing import parse


@dataclass(frozen=True)
class MendFlags:
    """Make a damaged run one that goes on with what is whole of it, and say what that is."""

    run: Positional[Path]
    """The run's folder."""
    exactly: bool = False
    """Where the newest weights are whole but not what training needs beside them: go back to an older checkpoint, from
    which it goes on bit for bit, and not on from those weights with a fresh optimiser."""


def mend(words: Sequence[str]) -> None:
    """What is damaged, and what is done about it."""
    flags = parse(MendFlags, "mend", words)
    from core.training.mend import mend as mend_run

    for sentence in mend_run(flags.run, flags.exactly):
        print(sentence)
    print(f"{flags.run} is whole.")
