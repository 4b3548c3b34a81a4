"""skipped.csv: every file that is not used, and why."""

import csv
from collections.abc import Iterable
from pathlib import Path

from core.export.plain_cells import plain_cell, plain_path
from core.skipped_file import Skipped


def write_skipped(path: Path, skipped: Iterable[Skipped]) -> None:
    """Columns file, reason, detail, and no cell is a formula; UTF-8, but a name that is not keeps its own bytes."""
    with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        table = csv.writer(file)
        table.writerow(("file", "reason", "detail"))
        table.writerows((plain_path(each.path), each.reason, plain_cell(each.detail)) for each in skipped)
