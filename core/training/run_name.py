"""What a person calls a run: kept inside it, so that its folder may stay where it is."""

from pathlib import Path

from core.bounded_read import read_text
from core.errors import RunError
from core.places import bundled_run
from core.training.checksums import vouch_for_none, write_vouched

NAME = "name.txt"
DEMONSTRATION = "demonstration"  # which lies in a folder that no one chose
LONGEST = 200  # letters


def name_of(run: Path) -> str:
    """The name it was given, else that of its folder."""
    try:
        given = " ".join(read_text(run / NAME, errors="replace")[:LONGEST].split())
    except OSError:
        given = ""
    return given or (DEMONSTRATION if run == bundled_run() else run.absolute().name)


def name_run(run: Path, name: str) -> None:
    """Call it that; as its folder again when the name is empty. Raises RunError when it cannot be written."""
    given = " ".join(name.split())[:LONGEST]
    try:
        if given and given != run.absolute().name:
            write_vouched(run / NAME, given + "\n")
        elif (run / NAME).exists():
            vouch_for_none(run, NAME)
            (run / NAME).unlink()
    except OSError as error:
        raise RunError(f"The name cannot be written in {run}: {error.strerror or error}.") from error
