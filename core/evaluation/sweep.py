"""What came of the same training for several values of one flag: a row for each, as a table for eyes and as CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

from core.atomic_write import write_whole
from core.config import RunConfig
from core.errors import RunError
from core.evaluation.diagnosis import diagnose
from core.evaluation.run_comparison import read_compared
from core.places import is_run
from core.training import run_folder
from core.training.image_table import read_images

TABLE = "sweep.csv"
ELSEWHERE = ("device", "precision", "threads")  # where a run is trained makes it no other run
LONGER = ("epochs", "minutes")
State = Literal["new", "begun", "done"]


@dataclass(frozen=True)
class Row:
    """One value: objective, reconstruction and KL of held-out images in nats per image, or why there are none."""

    value: str
    run: Path
    parameters: int | None = None
    objective: float | None = None
    reconstruction: float | None = None
    kl: float | None = None
    active_units: int | None = None
    seconds: float | None = None
    found: tuple[str, ...] = ()  # names of what the diagnosis found
    problem: str | None = None


def state_of(run: Path, asked: RunConfig) -> State:
    """How far the run of one value is; raises RunError when the folder holds a run with another configuration."""
    if not is_run(run):
        return "new"
    kept = run_folder.read_config(run).config
    others = [name for name, here, there in _pairs(asked, kept) if here not in ("auto", there)]
    if strange := [name for name in others if name not in (*LONGER, *ELSEWHERE)]:
        raise RunError(f"{run} holds another run ({', '.join(strange)} differs): choose another folder to write to.")
    is_longer = any(name in LONGER for name in others)
    return "done" if read_compared(run).finished and not is_longer else "begun"


def read_row(value: str, run: Path, problem: str | None = None) -> Row:
    """The figures of a run that has ended; the sentence of a run that cannot be read is its problem."""
    if problem is not None:
        return Row(value, run, problem=problem)
    try:
        read, held_out = read_compared(run), read_images(run).held_out
    except RunError as error:
        return Row(value, run, problem=str(error))
    learned_from = int((~held_out).sum())
    found = diagnose(read.config, read.steps, read.held_out, read.kl_per_dim, learned_from, read.untrained)
    terms = asdict(read.held_out[-1].terms) if read.held_out else {}
    names = tuple(finding.name for finding in found)
    return Row(value, run, read.parameters, **terms, active_units=read.active_units, seconds=read.seconds, found=names)


def write_table(path: Path, flag: str, rows: Sequence[Row]) -> None:
    """The rows as CSV; the first column is named after the flag."""
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow([flag, *(field.name for field in fields(Row)[1:])])
    for row in rows:
        writer.writerow(["; ".join(cell) if isinstance(cell, tuple) else cell for cell in vars(row).values()])
    write_whole(path, content.getvalue())


def described(flag: str, rows: Sequence[Row]) -> Iterator[str]:
    """The rows as lines of a table, numbers under each other; * marks the lowest objective."""
    lowest = min((row.objective for row in rows if row.objective is not None), default=None)
    cells = [_cells(row, row.objective == lowest) for row in rows]
    head = [flag, "parameters", "objective", "reconstruction", "KL", "active units", "seconds"]
    widths = [max(len(line[column]) for line in (head, *cells)) for column in range(len(head))]
    for line, row in ((head, None), *zip(cells, rows, strict=True)):
        said = "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        notes = "" if row is None else (row.problem or ", ".join(row.found))
        yield f"{said}   {notes}".rstrip()


def _cells(row: Row, is_lowest: bool) -> list[str]:
    numbers = [(row.reconstruction, ",.2f"), (row.kl, ",.2f"), (row.active_units, ","), (row.seconds, ",.0f")]
    objective = "–" if row.objective is None else f"{'* ' if is_lowest else ''}{row.objective:,.2f}"
    first = [row.value, _number(row.parameters, ","), objective]
    return first + [_number(value, form) for value, form in numbers]


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def _pairs(asked: RunConfig, kept: RunConfig) -> Iterator[tuple[str, object, object]]:
    for group, there in kept.model_dump().items():
        here = getattr(asked, group)
        if not isinstance(there, dict):
            yield group, here, there
            continue
        yield from ((name.replace("_", "-"), getattr(here, name), value) for name, value in there.items())
